//! Pools of shares and ETH, in floating point.
//!
//! Both pools count shares at the vault's rate (as pools with a rate oracle do), so that a price of 1 is no discount: `x` is shares
//! times rate, `y` ETH, and prices are ETH per unit of x. Fees stay in the pools. What a pool has are amounts of shares and ETH: a trade moves
//! them, and nothing else does.

use crate::market::stableswap::{FloatPool, PoolError};

/// A StableSwap pool of shares, counted at the vault's rate, and ETH.
#[derive(Clone, Copy, Debug)]
pub struct Stable {
    /// Shares.
    pub shares: f64,
    /// ETH.
    pub eth: f64,
    pool: FloatPool<2>,
}

impl Stable {
    /// A balanced pool worth `value` ETH at `rate` ETH per share.
    pub fn new(value: f64, rate: f64, amplification: f64, fee_bps: f64) -> Result<Self, PoolError> {
        let half = value / 2.0;
        Ok(Self {
            shares: half / rate,
            eth: half,
            pool: FloatPool::new([half, half], amplification, fee_bps / 1e4, 0.0)?,
        })
    }

    /// Counts shares at `rate` from now on.
    pub fn reprice(&mut self, rate: f64) {
        let more = self.shares * rate - self.pool.balances()[0];
        self.pool.add(&[more, 0.0]);
    }

    /// ETH for a little x, before the fee.
    pub fn price(&self) -> f64 {
        self.pool.price(0, 1)
    }

    /// ETH for `x` more.
    pub fn quote_sale(&self, x: f64) -> f64 {
        self.pool.quote(0, 1, x)
    }

    /// Takes `x` (worth of shares at `rate`), gives ETH.
    pub fn sell(&mut self, x: f64, rate: f64) -> f64 {
        let out = self.pool.exchange(0, 1, x);
        self.shares += x / rate;
        self.eth -= out;
        out
    }

    /// Takes ETH, gives x (worth of shares at `rate`).
    pub fn buy(&mut self, eth: f64, rate: f64) -> f64 {
        let out = self.pool.exchange(1, 0, eth);
        self.eth += eth;
        self.shares -= out / rate;
        out
    }

    /// ETH to buy with until a little x costs `price`, the fee included; 0 if it does.
    pub fn eth_to(&self, price: f64) -> f64 {
        self.pool.amount_to_price(1, 0, 1.0 / price)
    }

    /// x to sell until a little x fetches only `price`, the fee taken off; 0 if it does.
    pub fn x_to(&self, price: f64) -> f64 {
        self.pool.amount_to_price(0, 1, price)
    }

    /// Takes a part of everything out; shares and ETH.
    pub fn drain(&mut self, part: f64) -> (f64, f64) {
        let [_, eth] = self.pool.remove(part);
        let shares = self.shares * part;
        self.shares -= shares;
        self.eth -= eth;
        (shares, eth)
    }
}

/// A position of concentrated liquidity whose range follows the rate: with q the square root of the price,
/// `x = L(1/q − 1/q_b)`, `y = L(q − q_a)` (Adams et al., Uniswap v3 core, 2021).
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// Shares.
    pub shares: f64,
    /// ETH.
    pub eth: f64,
    low: f64,
    high: f64,
    fee: f64,
    q: f64,
    liquidity: f64,
}

impl Range {
    /// A position worth `value` ETH around a price of 1.
    pub fn new(value: f64, rate: f64, below_bps: f64, above_bps: f64, fee_bps: f64) -> Self {
        let (low, high) = (
            (1.0 - below_bps / 1e4).sqrt(),
            (1.0 + above_bps / 1e4).sqrt(),
        );
        let unit = (1.0 - 1.0 / high) + (1.0 - low);
        let liquidity = value / unit;
        let mut range = Self {
            shares: liquidity * (1.0 - 1.0 / high) / rate,
            eth: liquidity * (1.0 - low),
            low,
            high,
            fee: fee_bps / 1e4,
            q: 1.0,
            liquidity,
        };
        range.reprice(rate);
        range
    }

    /// Lays what it has around `rate`: the price is the one at which the amounts fit the range.
    pub fn reprice(&mut self, rate: f64) {
        let (x, y) = (self.shares * rate, self.eth);
        if x + y < 1e-9 {
            self.liquidity = 0.0;
            return;
        }
        // x·q² + (y/q_b − x·q_a)·q − y = 0
        let b = y / self.high - x * self.low;
        self.q = (2.0 * y / (b + (b * b + 4.0 * x * y).sqrt())).clamp(self.low, self.high);
        self.liquidity = if self.q - self.low > 1e-9 {
            y / (self.q - self.low)
        } else {
            x / (1.0 / self.q - 1.0 / self.high)
        };
    }

    /// ETH for a little x; none if there is nothing here.
    pub fn price(&self) -> Option<f64> {
        (self.liquidity > 0.0).then_some(self.q * self.q)
    }

    /// Takes at most `x`, gives ETH; answers what it took and gave.
    pub fn sell(&mut self, x: f64, rate: f64) -> (f64, f64) {
        if self.liquidity <= 0.0 {
            return (0.0, 0.0);
        }
        let room = self.liquidity * (1.0 / self.low - 1.0 / self.q) / (1.0 - self.fee);
        let taken = x.min(room);
        let q = 1.0 / (1.0 / self.q + taken * (1.0 - self.fee) / self.liquidity);
        let out = (self.liquidity * (self.q - q)).clamp(0.0, self.eth);
        self.shares += taken / rate;
        self.eth -= out;
        self.reprice(rate);
        (taken, out)
    }

    /// Takes at most `eth`, gives x; answers what it took and gave.
    pub fn buy(&mut self, eth: f64, rate: f64) -> (f64, f64) {
        if self.liquidity <= 0.0 {
            return (0.0, 0.0);
        }
        let room = self.liquidity * (self.high - self.q) / (1.0 - self.fee);
        let taken = eth.min(room);
        let q = self.q + taken * (1.0 - self.fee) / self.liquidity;
        let out = (self.liquidity * (1.0 / self.q - 1.0 / q)).clamp(0.0, self.shares * rate);
        self.eth += taken;
        self.shares -= out / rate;
        self.reprice(rate);
        (taken, out)
    }

    /// x to sell until the price is `price`, and ETH to buy with; one of them is 0.
    pub fn distance_to(&self, price: f64) -> (f64, f64) {
        let q = price.sqrt().clamp(self.low, self.high);
        let keep = 1.0 - self.fee;
        let x = self.liquidity * (1.0 / q - 1.0 / self.q) / keep;
        let eth = self.liquidity * (q - self.q) / keep;
        (x.max(0.0), eth.max(0.0))
    }

    /// Takes a part of everything out; shares and ETH.
    pub fn drain(&mut self, part: f64, rate: f64) -> (f64, f64) {
        let out = (self.shares * part, self.eth * part);
        self.shares -= out.0;
        self.eth -= out.1;
        self.reprice(rate);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pool_has_is_what_went_in_and_out() {
        let mut pool = Stable::new(10_000.0, 1.02, 50.0, 4.0).unwrap();
        let out = pool.sell(1_500.0, 1.02);
        let back = pool.buy(out, 1.02);
        assert!(back < 1_500.0 && back > 1_490.0, "{back}");
        pool.reprice(1.03);
        let (shares, eth) = pool.drain(0.5);
        assert!((shares - pool.shares).abs() < 1e-9 && (eth - pool.eth).abs() < 1e-9);
        assert!((pool.shares * 1.03 - pool.pool.balances()[0]).abs() < 1e-9);
    }

    #[test]
    fn trading_to_a_price_arrives_there_with_the_fee() {
        let mut pool = Stable::new(10_000.0, 1.0, 50.0, 4.0).unwrap();
        let x = pool.x_to(0.97);
        pool.sell(x, 1.0);
        let fetched = pool.quote_sale(1e-3) / 1e-3;
        assert!((fetched - 0.97).abs() < 1e-4, "{fetched}");
        let eth = pool.eth_to(0.99);
        pool.buy(eth, 1.0);
        let cost = 1e-3 / ({ pool }.buy(1e-3, 1.0));
        assert!((cost - 0.99).abs() < 1e-4, "{cost}");
    }

    #[test]
    fn a_range_gives_what_its_liquidity_says() {
        let mut range = Range::new(1_000.0, 1.0, 100.0, 100.0, 0.0);
        let l = range.liquidity;
        let (taken, out) = range.sell(50.0, 1.0);
        let q = 1.0 / (1.0 + 50.0 / l);
        assert!((taken - 50.0).abs() < 1e-12 && (out - l * (1.0 - q)).abs() < 1e-9);
        let (all, _) = range.sell(1e9, 1.0);
        assert!(all < 1_000.0 && range.eth < 1e-6, "{all} {}", range.eth);
    }
}
