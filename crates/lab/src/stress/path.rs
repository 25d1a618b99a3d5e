//! One path: the world of a scenario, step by step.

use weir_protocol::model::ModelError;

use super::lending::Book;
use super::opening::{Opening, PUBLIC};
use super::outcome::{COLUMNS, Outcome};
use super::pool::{Range, Stable};
use super::random::{Reversion, Streams, exponential, normal};
use super::shocks::Sources;
use super::slashes::Docket;
use super::tally::Tally;
use super::vault::SimVault;
use crate::market::stableswap::PoolError;
use crate::math::shocks::ShockError;
use crate::replay::History;
use crate::scenario::{EventKind, Scenario, ScenarioError};
use rand::RngExt as _;

/// Why a path has no outcome: each is a defect of the lab or an impossible scenario, never a bad draw.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PathError {
    /// The protocol refused what it must not refuse.
    #[error("path {path}, step {step}: the protocol refused a call that it should take: {error:?}")]
    Refused {
        /// The path.
        path: u64,
        /// The step.
        step: usize,
        /// Why.
        error: ModelError,
    },
    /// Value appeared or disappeared.
    #[error("path {path}: {what} differ by {gap} of {of}")]
    Leak {
        /// The path.
        path: u64,
        /// Which books.
        what: &'static str,
        /// By how much.
        gap: f64,
        /// Of how much.
        of: f64,
    },
    /// A number is not one.
    #[error("path {path}: {column} is not a finite number")]
    NotFinite {
        /// The path.
        path: u64,
        /// Which.
        column: &'static str,
    },
    /// The vault could not be opened.
    #[error("the vault cannot be opened as the scenario says: {0:?}")]
    Opening(ModelError),
    /// A pool cannot be as the scenario says.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// Shocks cannot be as the scenario says.
    #[error(transparent)]
    Shocks(#[from] ShockError),
    /// The scenario is none.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
}

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is assumed.
    pub scenario: Scenario,
    /// 64 bits of the scenario.
    pub fingerprint: u64,
    /// Those of the scenario whose random streams and graph it uses: its own, or another's.
    pub streams: u64,
    /// How every path begins.
    pub opening: Opening,
    /// Where offences come from.
    pub sources: Sources,
    /// What happened in truth, in place of draws.
    pub history: Option<History>,
}

/// The state of a path at the end of a step, for plots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Days from the start.
    pub day: f64,
    /// ETH per share.
    pub rate: f64,
    /// The floor of it.
    pub floor: f64,
    /// The pool's price, ETH per share.
    pub price: f64,
    /// Shares in unpaid batches, part of the supply.
    pub queued_part: f64,
    /// Loans repaid by liquidators so far, ETH.
    pub liquidated: f64,
}

/// What a path leaves besides its outcome, if it is asked to.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Every step.
    pub moments: Vec<Moment>,
    /// Every call of the vault after the opening.
    pub ops: Vec<weir_protocol::model::Op>,
}

impl Plan {
    /// Opens the vault of a scenario and draws its graph.
    pub fn new(scenario: Scenario) -> Result<Self, PathError> {
        let streams = scenario.fingerprint()?;
        Self::with_streams(scenario, streams)
    }

    /// The same with the random streams and the graph of another scenario: policies are compared on the same draws.
    pub fn with_streams(scenario: Scenario, streams: u64) -> Result<Self, PathError> {
        let fingerprint = scenario.fingerprint()?;
        let opening = Opening::new(&scenario, streams).map_err(PathError::Opening)?;
        let sources = Sources::new(&scenario, &opening.graph)?;
        Ok(Self {
            scenario,
            fingerprint,
            streams,
            opening,
            sources,
            history: None,
        })
    }

    /// What path `path` under root seed `seed` comes to. `tilt` multiplies the intensity of shocks; 1 is the scenario's own.
    pub fn path(&self, seed: u64, path: u64, tilt: f64) -> Result<Outcome, PathError> {
        World::new(self, seed, path, tilt, false)?.run(None)
    }

    /// The same, with every step and every call of the vault.
    pub fn recorded(
        &self,
        seed: u64,
        path: u64,
        tilt: f64,
    ) -> Result<(Outcome, Record), PathError> {
        let mut record = Record::default();
        let outcome = World::new(self, seed, path, tilt, true)?.run(Some(&mut record))?;
        Ok((outcome, record))
    }
}

/// A discount under this alarms nobody.
const QUIET_DISCOUNT: f64 = 0.005;

struct World<'a> {
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
    fn new(
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

    fn run(mut self, mut record: Option<&mut Record>) -> Result<Outcome, PathError> {
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

    fn event(
        &mut self,
        event: &crate::scenario::Event,
        day: f64,
        now_s: u64,
    ) -> Result<(), ModelError> {
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

    fn trade(&mut self, step: usize) {
        let trading = &self.plan.scenario.trading;
        let days = self.plan.scenario.time.step_hours / 24.0;
        let mut sale = trading.noise_eth * days.sqrt() * normal(&mut self.streams.markets);
        if trading.panics_per_year > 0.0 {
            let chance = trading.panics_per_year * days / 365.0;
            if self.streams.markets.random::<f64>() < chance {
                sale += exponential(&mut self.streams.markets, trading.panic_eth);
            }
        }
        if let Some(part) = self
            .plan
            .history
            .as_ref()
            .and_then(|history| history.sale_part(step))
        {
            sale = part * self.plan.scenario.stableswap.value_eth;
        }
        if sale > 0.0 {
            self.holders_sell(sale / self.vault.rate);
        } else {
            self.holders_buy(-sale);
        }
        self.align();
    }

    /// Holders sell shares where they get more, in pieces if there are many.
    fn holders_sell(&mut self, shares: f64) {
        let rate = self.vault.rate;
        let left = shares.min(self.holders - self.leaving).max(0.0);
        self.holders -= left;
        let pieces = if left * rate > self.stable.eth * 0.02 {
            8
        } else {
            1
        };
        let piece = left / f64::from(pieces);
        for _ in 0..pieces {
            let mut x = piece * rate;
            if self
                .range
                .price()
                .is_some_and(|price| price > self.stable.price())
            {
                let (taken, out) = self.range.sell(x, rate);
                x -= taken;
                self.cash += out;
            }
            if x > 0.0 {
                self.cash += self.stable.sell(x, rate);
            }
        }
    }

    fn holders_buy(&mut self, eth: f64) {
        let rate = self.vault.rate;
        let mut eth = eth.min(self.stable.eth * 0.2);
        self.cash -= eth;
        if self
            .range
            .price()
            .is_some_and(|price| price < self.stable.price())
        {
            let (taken, out) = self.range.buy(eth, rate);
            eth -= taken;
            self.holders += out / rate;
        }
        if eth > 0.0 {
            self.holders += self.stable.buy(eth, rate) / rate;
        }
    }

    /// Somebody trades the pools against each other until half of their difference is gone.
    fn align(&mut self) {
        let (Some(price), rate) = (self.range.price(), self.vault.rate) else {
            return;
        };
        let other = self.stable.price();
        if (price / other - 1.0).abs() < 0.0015 {
            return;
        }
        let (x, eth) = self.range.distance_to((price + other) / 2.0);
        if x > 0.0 {
            // Bought in the StableSwap pool with what the range pays.
            let (taken, out) = self.range.sell(x * 0.5, rate);
            let bought = self.stable.buy(out, rate);
            self.holders += (bought - taken) / rate;
        } else if eth > 0.0 {
            let (taken, out) = self.range.buy(eth * 0.5, rate);
            let got = self.stable.sell(out, rate);
            self.cash += got - taken;
        }
    }

    fn leave(&mut self, part: f64) {
        let shares = (self.holders - self.leaving).max(0.0) * part.min(1.0);
        let queue = shares * self.plan.scenario.holders.queue_part;
        self.leaving += queue;
        self.tally.left(shares);
        self.holders_sell(shares - queue);
    }

    fn holders_decide(&mut self) {
        let holders = &self.plan.scenario.holders;
        let days = self.plan.scenario.time.step_hours / 24.0;
        let (mood, process) = &mut self.appetite;
        *mood = process.next(*mood, normal(&mut self.streams.flows));
        let factor = mood.exp();
        let price = self.stable.price();
        let discount = (1.0 - price - QUIET_DISCOUNT).max(0.0);
        let alarm =
            holders.run_per_contested * self.vault.contested + holders.run_per_discount * discount;
        let part = (holders.outflow_per_year / 365.0 / factor + alarm) * days;
        self.leave(part);
        if self.vault.contested > 0.0 {
            return;
        }
        let mut value = self.vault.nav() * holders.inflow_per_year / 365.0 * factor * days;
        let fee = self.plan.scenario.stableswap.fee_bps / 1e4;
        if price < 1.0 - fee {
            // Who wants in buys where shares are cheaper.
            let bought = value.min(self.stable.eth_to(1.0 - fee));
            self.holders_buy(bought);
            value -= bought;
        }
        self.entering += value;
    }

    fn arbitrage(&mut self, day: f64, now_s: u64) -> Result<(), ModelError> {
        let terms = &self.plan.scenario.arbitrage;
        let price = self.stable.price();
        let premium = terms.premium_bps / 1e4;
        let fee = self.plan.scenario.stableswap.fee_bps / 1e4;
        if day < self.halted_until || (price > 1.0 - premium && price < 1.0 + premium + fee) {
            return Ok(());
        }
        let rate = self.vault.rate;
        if price > 1.0 + premium + fee {
            // Deposits and sells.
            let value = self.stable.x_to(1.0 + fee).min(self.arbitrage.free);
            if value > 1.0 && self.vault.contested == 0.0 {
                self.vault.advance_to(now_s)?;
                let shares = self.deposit(value)?;
                let got = self.stable.sell(shares * rate, rate);
                self.cash += got;
                if shares > 0.0 {
                    self.arbitrage.gain += got - value;
                }
            }
            return Ok(());
        }
        let fair = self.vault.floor / rate;
        self.instant_exit(price, fair, now_s)?;
        let clock = self.plan.opening.config.clock;
        let maturity_s = clock.maturity_s(clock.epoch_at(now_s));
        let wait_days = maturity_s.saturating_sub(now_s) as f64 / 86_400.0 + self.wait.0.exp();
        let target = fair * (1.0 - terms.cost_per_year * wait_days / 365.0 - premium);
        if self.stable.price() < target && self.arbitrage.free > 1.0 {
            let eth = self.stable.eth_to(target).min(self.arbitrage.free);
            self.arbitrage.shares += self.buy_for_arbitrage(eth);
        }
        Ok(())
    }

    fn buy_for_arbitrage(&mut self, eth: f64) -> f64 {
        let rate = self.vault.rate;
        self.cash -= eth;
        self.arbitrage.free -= eth;
        self.arbitrage.gain -= eth;
        self.stable.buy(eth, rate) / rate
    }

    /// Buys what the vault pays for at once, up to the kink of its fee.
    fn instant_exit(&mut self, price: f64, fair: f64, now_s: u64) -> Result<(), ModelError> {
        let (terms, vault) = (&self.plan.scenario.arbitrage, &self.plan.scenario.vault);
        let worth =
            fair * (1.0 - f64::from(vault.instant_fee_bps[1]) / 1e4 - terms.premium_bps / 1e4);
        if price >= worth || self.arbitrage.free < 1.0 {
            return Ok(());
        }
        let most = vault.instant_outflow_eth[0].min(self.arbitrage.free);
        let eth = self.stable.eth_to(worth).min(most * worth);
        if eth < 1.0 {
            return Ok(());
        }
        let shares = self.buy_for_arbitrage(eth);
        self.vault.advance_to(now_s)?;
        self.vault.post()?;
        let got = self.vault.redeem(shares)?;
        if got > 0.0 {
            self.arbitrage.free += got;
            self.arbitrage.gain += got;
            self.arbitrage.instant += got;
        } else {
            self.arbitrage.shares += shares;
        }
        self.reprice_pools();
        Ok(())
    }

    fn lend(&mut self, day: f64) {
        let years = self.plan.scenario.time.step_years();
        self.book.accrue(years);
        if day < self.halted_until {
            return self
                .tally
                .lend(0.0, 0.0, 0, self.plan.scenario.time.step_hours);
        }
        let rate = self.vault.rate;
        let oracle = self
            .book
            .oracle(self.stable.price() * rate, rate, self.vault.floor);
        let eth = self.stable.eth;
        let round = self.book.play(oracle, &mut self.stable, rate);
        self.cash += eth - self.stable.eth;
        self.tally.lend(
            round.liquidated,
            round.bad_debt,
            round.count,
            self.plan.scenario.time.step_hours,
        );
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

    fn finish(self) -> Result<Outcome, PathError> {
        let path = self.path;
        let public = self.vault.model.shares_of(PUBLIC) as f64 * 1e-18;
        let kept: f64 = self.holdings().iter().sum();
        let leak = |what, gap: f64, of: f64| {
            let is_none = gap.abs() <= 1e-9 * of.max(1.0);
            is_none.then_some(()).ok_or(PathError::Leak {
                path,
                what,
                gap,
                of,
            })
        };
        leak(
            "shares of the public and of those the lab keeps apart",
            public - kept,
            self.vault.supply,
        )?;
        let eth = self.stable.eth + self.range.eth + self.cash;
        leak(
            "ETH in the pools and what went through them",
            eth - self.eth_at_start,
            self.eth_at_start,
        )?;
        let books = self.vault.books;
        let held = self.vault.held_value();
        let gap = books.entered + books.yielded - books.paid - books.slashed - held;
        leak(
            "value that entered and value that is accounted for",
            gap,
            books.entered,
        )?;
        leak(
            "slashes and who bore them",
            self.vault.borne.sum() - books.slashed,
            books.entered,
        )?;
        let queued = self
            .vault
            .tickets
            .iter()
            .map(|ticket| ticket.of_arbitrage)
            .sum::<f64>();
        let arbitrage = self.arbitrage.gain + (queued + self.arbitrage.shares) * self.vault.floor;
        let mut outcome = self
            .tally
            .outcome(&self.vault, &self.stable, &self.range, &self.book);
        outcome.arbitrage_gain_eth = arbitrage;
        outcome.instant_paid_eth = self.arbitrage.instant;
        outcome.held_eth = held;
        outcome.gap_eth = gap;
        for (column, value) in COLUMNS.iter().zip(outcome.row()) {
            if !value.is_finite() {
                return Err(PathError::NotFinite {
                    path,
                    column: column.name,
                });
            }
        }
        Ok(outcome)
    }
}
