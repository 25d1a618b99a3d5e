//! The world of a path, and its steps.

mod agents;
mod books;

use weir_protocol::model::ModelError;

use super::lending::Book;
use super::opening::PUBLIC;
use super::outcome::Outcome;
use super::path::{Moment, PathError, Plan, Record};
use super::pool::{Range, Stable};
use super::random::{Reversion, Streams, normal};
use super::slashes::Docket;
use super::tally::Tally;
use super::vault::SimVault;
use crate::scenario::{Event, EventKind};

/// The vault, the markets and everybody in them.
pub(super) struct World<'a> {
    plan: &'a Plan,
    path: u64,
    streams: Streams,
    vault: SimVault,
    docket: Docket,
    tally: Tally,
    stable: Stable,
    range: Range,
    book: Book,
    yields: Vec<(f64, Reversion)>,
    wait: (f64, Reversion),
    appetite: (f64, Reversion),
    reward: f64,
    /// Shares of holders that are in no pool, loan or batch.
    holders: f64,
    /// Of holders, to be put into the queue at the end of the epoch.
    leaving: f64,
    /// ETH to be deposited at the end of the epoch, and what has been, by asset.
    entering: f64,
    deposited: Vec<f64>,
    arbitrage: Arbitrageur,
    halted_until: f64,
    /// ETH that left the pools less what came in.
    cash: f64,
    eth_at_start: f64,
    start_s: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Arbitrageur {
    free: f64,
    /// Shares bought and not yet in the queue.
    shares: f64,
    gain: f64,
    instant: f64,
}

impl<'a> World<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        seed: u64,
        path: u64,
        tilt: f64,
        keep_log: bool,
    ) -> Result<Self, PathError> {
        let scenario = &plan.scenario;
        let refused = |error| PathError::Refused {
            path,
            step: 0,
            error,
        };
        let mut streams = Streams::new(seed, plan.streams, path);
        let vault = SimVault::new(&plan.opening, keep_log).map_err(refused)?;
        let (offences, log_ratio) =
            plan.sources
                .draw(scenario, &plan.opening.graph, tilt, &mut streams);
        let dt = scenario.time.step_years();
        let rate = vault.rate;
        let (pool, range) = (&scenario.stableswap, &scenario.concentrated);
        let stable = Stable::new(pool.value_eth, rate, pool.amplification, pool.fee_bps)?;
        let range = Range::new(
            range.value_eth,
            rate,
            range.below_bps,
            range.above_bps,
            range.fee_bps,
        );
        let book = Book::new(
            &scenario.lending,
            scenario.lending.collateral_part * vault.supply,
            rate,
        );
        let public = vault.model.shares_of(PUBLIC) as f64 * 1e-18;
        let yields = scenario.vault.asset.iter().map(|asset| {
            let process = Reversion::new(
                asset.yield_per_year,
                asset.yield_reversion_per_year,
                asset.yield_volatility,
                dt,
            );
            (asset.yield_per_year, process)
        });
        let queue = &scenario.queue;
        let log_wait = queue.wait_days.ln();
        Ok(Self {
            start_s: vault.model.now_s(),
            holders: public - stable.shares - range.shares - book.shares,
            eth_at_start: stable.eth + range.eth,
            tally: Tally::new(scenario, &vault, &stable, &range, &book, log_ratio),
            docket: Docket::new(
                offences,
                scenario,
                plan.opening.config.clock,
                vault.model.now_s(),
            ),
            yields: yields.collect(),
            wait: (
                log_wait,
                Reversion::new(log_wait, queue.reversion_per_year, queue.volatility, dt),
            ),
            appetite: (
                0.0,
                Reversion::new(0.0, 12.0, scenario.holders.flow_volatility, dt),
            ),
            reward: scenario.rewards.per_year,
            arbitrage: Arbitrageur {
                free: scenario.arbitrage.capital_eth,
                ..Arbitrageur::default()
            },
            deposited: vec![0.0; scenario.vault.asset.len()],
            plan,
            path,
            streams,
            vault,
            stable,
            range,
            book,
            leaving: 0.0,
            entering: 0.0,
            halted_until: 0.0,
            cash: 0.0,
        })
    }

    pub(super) fn run(mut self, mut record: Option<&mut Record>) -> Result<Outcome, PathError> {
        let time = self.plan.scenario.time;
        let steps = time.steps();
        let epoch_steps =
            (self.plan.scenario.vault.epoch_days * 24.0 / time.step_hours).round() as usize;
        let mut events = self.plan.scenario.events.clone();
        events.sort_by(|a, b| a.day.total_cmp(&b.day));
        let mut events = events.into_iter().peekable();
        let path = self.path;
        for step in 1..=steps {
            let refused = |error| PathError::Refused { path, step, error };
            let day = step as f64 * time.step_hours / 24.0;
            let now_s = self.start_s + step as u64 * time.step_s();
            self.rates_move(step);
            while let Some(event) = events.next_if(|event| event.day <= day) {
                self.event(&event, day, now_s).map_err(refused)?;
            }
            self.trade(step);
            self.holders_decide();
            self.arbitrage(day, now_s).map_err(refused)?;
            self.lend(day);
            let holdings = self.holdings();
            self.docket
                .step(&mut self.vault, now_s, day, &holdings, &mut self.tally)
                .map_err(refused)?;
            if (step + 1) % epoch_steps == 0 || epoch_steps == 1 || step == steps {
                self.epoch_ends(now_s).map_err(refused)?;
            }
            let price = self.stable.price();
            self.tally.step(day, &self.vault, price);
            if let Some(record) = record.as_deref_mut() {
                record.moments.push(Moment {
                    day,
                    rate: self.vault.rate,
                    floor: self.vault.floor,
                    price: price * self.vault.rate,
                    queued_part: self
                        .vault
                        .tickets
                        .iter()
                        .map(|ticket| ticket.shares)
                        .sum::<f64>()
                        / self.vault.supply,
                    liquidated: self.tally.liquidated,
                });
            }
        }
        if let (Some(record), Some(ops)) = (record, self.vault.log.take()) {
            record.ops = ops;
        }
        self.finish()
    }

    fn rates_move(&mut self, step: usize) {
        let dt = self.plan.scenario.time.step_years();
        let history = self.plan.history.as_ref();
        for asset in 0..self.yields.len() {
            let (value, process) = &mut self.yields[asset];
            *value = process.next(*value, normal(&mut self.streams.markets));
            let growth = match history.and_then(|history| history.growth(step)) {
                Some(growth) => growth,
                None => 1.0 + *value * dt,
            };
            let rate = self.vault.rates[asset] * growth;
            self.vault.grow(asset, rate);
        }
        let (log_wait, process) = &mut self.wait;
        *log_wait = process.next(*log_wait, normal(&mut self.streams.markets));
        if let Some(days) = history.and_then(|history| history.wait_days(step)) {
            *log_wait = days.max(0.01).ln();
        }
        let rewards = &self.plan.scenario.rewards;
        if rewards.volatility > 0.0 {
            let spread = rewards.volatility * dt.sqrt();
            self.reward *=
                (spread * normal(&mut self.streams.markets) - spread * spread / 2.0).exp();
        }
        self.tally.reward(self.reward * dt);
        self.vault.reprice();
        self.reprice_pools();
    }

    fn reprice_pools(&mut self) {
        self.stable.reprice(self.vault.rate);
        self.range.reprice(self.vault.rate);
    }

    fn event(&mut self, event: &Event, day: f64, now_s: u64) -> Result<(), ModelError> {
        match event.kind {
            EventKind::SellEth => self.holders_sell(event.amount / self.vault.rate),
            EventKind::RunPart => self.leave(event.amount),
            EventKind::DrainPart => {
                let rate = self.vault.rate;
                let (shares, eth) = self.stable.drain(event.amount);
                let (more, more_eth) = self.range.drain(event.amount, rate);
                self.holders += shares + more;
                self.cash += eth + more_eth;
                self.tally.drained(event.amount);
            }
            EventKind::RatePart => {
                let asset = event.which as usize;
                let rate = self.vault.rates[asset] * (1.0 - event.amount);
                self.vault.grow(asset, rate);
                self.vault.advance_to(now_s)?;
                self.vault.post()?;
                self.vault.reprice();
                self.reprice_pools();
            }
            EventKind::HaltDays => self.halted_until = day + event.amount,
            EventKind::QueueDays => self.wait.0 = event.amount.max(0.01).ln(),
            // These are in the docket from the start.
            EventKind::ClientPart | EventKind::ServicePart => {}
        }
        Ok(())
    }

    /// Deposits into the asset that is furthest under its part.
    fn deposit(&mut self, value: f64) -> Result<f64, ModelError> {
        let all: f64 = self.deposited.iter().sum::<f64>() + value;
        let assets = self
            .plan
            .scenario
            .vault
            .asset
            .iter()
            .zip(&self.deposited)
            .enumerate();
        let short = assets.map(|(place, (asset, is))| (place, asset.deposit_part * all - is));
        let (asset, _) = short.fold(
            (0, f64::MIN),
            |best, next| if next.1 > best.1 { next } else { best },
        );
        self.deposited[asset] += value;
        self.vault.deposit(asset, value)
    }

    fn epoch_ends(&mut self, now_s: u64) -> Result<(), ModelError> {
        self.vault.advance_to(now_s)?;
        self.vault.post()?;
        let wait_days = self.wait.0.exp();
        let epoch_s = self.plan.opening.config.clock.epoch_s;
        let tally = &mut self.tally;
        let claimed = self
            .vault
            .claim(|age_s| tally.paid(age_s, wait_days, epoch_s))?;
        self.arbitrage.free += claimed.arbitrage_value;
        self.arbitrage.gain += claimed.arbitrage_value;
        self.arbitrage.shares += claimed.arbitrage_shares;
        self.holders += claimed.holders_shares;
        if self.entering > 1e-3 {
            let value = std::mem::take(&mut self.entering);
            self.holders += self.deposit(value)?;
        }
        let (leaving, of_arbitrage) = (self.leaving.min(self.holders), self.arbitrage.shares);
        if self.vault.request(leaving + of_arbitrage, of_arbitrage)? {
            self.holders -= leaving;
            self.leaving = 0.0;
            self.arbitrage.shares = 0.0;
        } else {
            self.vault.sync()?;
        }
        self.vault.reprice();
        self.reprice_pools();
        Ok(())
    }

    /// Shares of holders, loopers, pools and the arbitrageur.
    fn holdings(&self) -> [f64; 4] {
        [
            self.holders,
            self.book.shares,
            self.stable.shares + self.range.shares,
            self.arbitrage.shares,
        ]
    }
}
