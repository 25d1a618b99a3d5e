//! What traders, holders, the arbitrageur, loopers and liquidators do in a step.

use rand::RngExt as _;
use weir_protocol::model::ModelError;

use super::World;
use crate::stress::random::{exponential, normal};

/// A discount under this alarms nobody.
const QUIET_DISCOUNT: f64 = 0.005;

impl World<'_> {
    pub(super) fn trade(&mut self, step: usize) {
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
            let sale = self.sellable(sale);
            self.holders_sell(sale / self.vault.rate);
        } else {
            self.holders_buy(-sale);
        }
        self.align();
    }

    /// Holders sell shares where they get more, in pieces if there are many.
    pub(super) fn holders_sell(&mut self, shares: f64) {
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

    pub(super) fn leave(&mut self, part: f64) {
        let holders = &self.plan.scenario.holders;
        let shares = (self.holders - self.leaving).max(0.0) * part.min(1.0);
        let rate = self.vault.rate;
        let sale = self.sellable(shares * (1.0 - holders.queue_part) * rate);
        self.leaving += shares - sale / rate;
        self.tally.left(shares);
        self.holders_sell(sale / rate);
    }

    /// What of a sale of `value` those who can wait make: none for less than the worst discount that they take.
    fn sellable(&self, value: f64) -> f64 {
        let least = 1.0 - self.plan.scenario.holders.worst_discount;
        if self.stable.quote_sale(value) < value * least {
            value.min(self.stable.x_to(least))
        } else {
            value
        }
    }

    pub(super) fn holders_decide(&mut self) {
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
            let mut after = self.stable;
            after.buy(value, self.vault.rate);
            // Only who would buy the discount away has to find where it ends.
            let bought = if after.price() < 1.0 - 2.0 * fee {
                value
            } else {
                value.min(self.stable.eth_to(1.0 - fee))
            };
            self.holders_buy(bought);
            value -= bought;
        }
        self.entering += value;
    }

    pub(super) fn arbitrage(&mut self, day: f64, now_s: u64) -> Result<(), ModelError> {
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

    pub(super) fn lend(&mut self, day: f64) {
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
}
