//! What is counted along a path.

use std::collections::VecDeque;

use weir_protocol::model::{TREASURY, VAULT};

use super::lending::Book;
use super::outcome::Outcome;
use super::pool::{Range, Stable};
use super::vault::SimVault;
use crate::scenario::Scenario;

/// A discount over this is a depeg.
pub const DEPEG: f64 = 0.01;
/// Liquidations within so many hours are one cascade.
pub const CASCADE_HOURS: f64 = 72.0;

/// Counters of a path.
#[derive(Clone, Debug)]
pub struct Tally {
    log_ratio: f64,
    step_days: f64,
    years: f64,
    opening_rate: f64,
    supply: f64,
    kept_rewards: f64,
    loans: f64,
    stable: (f64, f64),
    range: (f64, f64),
    undrained: f64,
    out: Outcome,
    depeg_run: f64,
    /// Repaid by liquidators so far, ETH.
    pub liquidated: f64,
    window: VecDeque<f64>,
    in_window: f64,
    bad_debt: f64,
    rewards: f64,
    slash_drops: f64,
    waits: (f64, f64),
    left: f64,
    bearers: [f64; 4],
    /// Requests filed.
    pub filed: f64,
    /// Requests vetoed.
    pub vetoed: f64,
    /// Offences without a request.
    pub escaped: f64,
    executed: f64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(
        scenario: &Scenario,
        vault: &SimVault,
        stable: &Stable,
        range: &Range,
        book: &Book,
        log_ratio: f64,
    ) -> Self {
        Self {
            log_ratio,
            step_days: scenario.time.step_hours / 24.0,
            years: scenario.time.horizon_days / 365.0,
            opening_rate: vault.rate,
            supply: vault.supply,
            kept_rewards: scenario.network.allocated_part
                * (1.0 - scenario.rewards.commission_part),
            loans: book.opened,
            stable: (stable.shares, stable.eth),
            range: (range.shares, range.eth),
            undrained: 1.0,
            out: Outcome {
                backing_min: 1.0,
                floor_min: 1.0,
                ..Outcome::default()
            },
            depeg_run: 0.0,
            liquidated: 0.0,
            window: VecDeque::new(),
            in_window: 0.0,
            bad_debt: 0.0,
            rewards: 0.0,
            slash_drops: 0.0,
            waits: (0.0, 0.0),
            left: 0.0,
            bearers: [0.0; 4],
            filed: 0.0,
            vetoed: 0.0,
            escaped: 0.0,
            executed: 0.0,
        }
    }

    /// The state at the end of a step; `price` is relative to the rate.
    pub fn step(&mut self, _day: f64, vault: &SimVault, price: f64) {
        let out = &mut self.out;
        out.backing_min = out.backing_min.min(vault.rate / vault.mark);
        out.floor_min = out.floor_min.min(vault.floor / vault.mark);
        let discount = 1.0 - price;
        out.discount_max = out.discount_max.max(discount);
        if discount > DEPEG {
            out.depeg_days += self.step_days;
            self.depeg_run += self.step_days;
            out.depeg_longest_days = out.depeg_longest_days.max(self.depeg_run);
        } else {
            self.depeg_run = 0.0;
        }
        let queued: f64 = vault.tickets.iter().map(|ticket| ticket.shares).sum();
        out.queue_max_part = out.queue_max_part.max(queued / vault.supply);
    }

    /// Services paid `part` of the allocated value.
    pub fn reward(&mut self, part: f64) {
        self.rewards += part * self.kept_rewards;
    }

    /// A part of the liquidity was withdrawn.
    pub fn drained(&mut self, part: f64) {
        self.undrained *= 1.0 - part;
    }

    /// Holders left, with so many shares.
    pub fn left(&mut self, shares: f64) {
        self.left += shares;
    }

    /// A step of the lending market.
    pub fn lend(&mut self, liquidated: f64, bad_debt: f64, count: u32, step_hours: f64) {
        self.liquidated += liquidated;
        self.bad_debt += bad_debt;
        self.out.liquidations += f64::from(count);
        if self.in_window == 0.0 && liquidated == 0.0 {
            return;
        }
        self.window.push_back(liquidated);
        self.in_window += liquidated;
        if self.window.len() as f64 * step_hours > CASCADE_HOURS {
            self.in_window -= self.window.pop_front().unwrap_or(0.0);
        }
        if self.window.iter().all(|amount| *amount == 0.0) {
            self.window.clear();
            self.in_window = 0.0;
        }
        if self.loans > 0.0 {
            self.out.cascade_part = self.out.cascade_part.max(self.in_window / self.loans);
        }
    }

    /// A batch was paid `age_s` after its epoch began; Ethereum's queue takes `wait_days` more.
    pub fn paid(&mut self, age_s: u64, wait_days: f64, epoch_s: u64) {
        let days = (age_s as f64 - epoch_s as f64 / 2.0) / 86_400.0;
        self.waits.0 += days;
        self.waits.1 += 1.0;
        self.out.wait_max_days = self.out.wait_max_days.max(days + wait_days);
    }

    /// A slash was executed: `staying` ETH of it by shares of the public, whose rate fell by `drop`.
    pub fn executed(&mut self, staying: f64, drop: f64, holdings: &[f64; 4]) {
        self.executed += 1.0;
        self.slash_drops += drop;
        let sum: f64 = holdings.iter().sum();
        for (bearer, shares) in self.bearers.iter_mut().zip(holdings) {
            *bearer += staying * shares / sum;
        }
    }

    /// What the path came to.
    pub fn outcome(self, vault: &SimVault, stable: &Stable, range: &Range, book: &Book) -> Outcome {
        let rate = vault.rate;
        let beyond = |now: (f64, f64), then: (f64, f64)| {
            let held = (then.0 * rate + then.1) * self.undrained;
            if held > 0.0 {
                (now.0 * rate + now.1) / held - 1.0
            } else {
                0.0
            }
        };
        let fees = vault
            .model
            .shares_of(VAULT)
            .saturating_add(vault.model.shares_of(TREASURY));
        let fees = fees as f64 * 1e-18 / vault.supply;
        let service = self.rewards / self.years;
        let part_of_loans = |amount: f64| {
            if self.loans > 0.0 {
                amount / self.loans
            } else {
                0.0
            }
        };
        let [holders, loopers, pools, arbitrage] = self.bearers;
        let grown = (rate / self.opening_rate).powf(1.0 / self.years) - 1.0;
        let (fee, slash) = (-fees / self.years, -self.slash_drops / self.years);
        Outcome {
            log_ratio: self.log_ratio,
            end_rate: rate,
            backing_end: rate / vault.mark,
            bad_debt_eth: self.bad_debt + book.shortfall(vault.floor),
            liquidated_part: part_of_loans(self.liquidated),
            wait_mean_days: if self.waits.1 > 0.0 {
                self.waits.0 / self.waits.1
            } else {
                0.0
            },
            run_part: self.left / self.supply,
            lp_stable_il_part: beyond((stable.shares, stable.eth), self.stable),
            lp_range_il_part: beyond((range.shares, range.eth), self.range),
            apy_net_part: grown + service,
            apy_base_part: grown - fee - slash,
            apy_service_part: service,
            apy_fee_part: fee,
            apy_slash_part: slash,
            slashed_eth: vault.books.slashed,
            borne_first_loss_eth: vault.borne.first_loss,
            borne_holders_eth: holders,
            borne_loopers_eth: loopers,
            borne_pools_eth: pools,
            borne_arbitrage_eth: arbitrage,
            borne_queued_eth: vault.borne.queued,
            borne_left_eth: vault.borne.left,
            borne_others_eth: vault.borne.others,
            filed: self.filed,
            executed: self.executed,
            vetoed: self.vetoed,
            escaped: self.escaped,
            entered_eth: vault.books.entered,
            paid_eth: vault.books.paid,
            yielded_eth: vault.books.yielded,
            ..self.out
        }
    }
}
