//! The pool in floating point, for many paths: no allocation, a few nanoseconds a step.
//!
//! D comes of Newton's method from the last D, which an exchange moves by its fee alone; y is the positive root of the
//! quadratic that the invariant is in y, in closed form:
//!
//! ```text
//! y² + (Σ'x + D/Ann − D)·y = D^(n+1) / (n^n · Π'x · Ann)          Σ', Π' over the other coins
//! marginal price of i in j = (Ann + P/x_i) / (Ann + P/x_j)
//! ```

use super::PoolError;

/// A pool of N coins whose balances are in one unit (such as ETH).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatPool<const N: usize> {
    balances: [f64; N],
    ann: f64,
    fee: f64,
    admin_fee: f64,
    invariant: f64,
}

impl<const N: usize> FloatPool<N> {
    /// A pool of `balances` with `amplification` A (the contracts'), `fee` and `admin_fee` (a part of the fee) as fractions.
    ///
    /// # Errors
    /// A balance that is not positive and finite, an amplification that is not positive, or a fee outside 0 to 1.
    pub fn new(
        balances: [f64; N],
        amplification: f64,
        fee: f64,
        admin_fee: f64,
    ) -> Result<Self, PoolError> {
        if N < 2 {
            return Err(PoolError::Coins { coins: N, rates: N });
        }
        let is_usable = |value: f64| value.is_finite() && value > 0.0;
        if let Some(coin) = balances.iter().position(|balance| !is_usable(*balance)) {
            return Err(PoolError::EmptyBalance { coin });
        }
        if !is_usable(amplification) {
            return Err(PoolError::NoAmplification);
        }
        for part in [fee, admin_fee] {
            if !(0.0..=1.0).contains(&part) {
                let fee = (part * super::FEE_DENOMINATOR as f64) as u64;
                return Err(PoolError::FeeTooHigh { fee });
            }
        }
        let mut pool = Self {
            balances,
            ann: amplification * N as f64,
            fee,
            admin_fee,
            invariant: balances.iter().sum(),
        };
        pool.settle();
        Ok(pool)
    }

    /// Balances of the coins.
    pub fn balances(&self) -> &[f64; N] {
        &self.balances
    }

    /// The invariant D.
    pub fn invariant(&self) -> f64 {
        self.invariant
    }

    /// The fee, a fraction of what is bought.
    pub fn fee(&self) -> f64 {
        self.fee
    }

    /// Sells `amount_in` of `from`; answers what is bought of `to`. A place outside the pool panics, as an index does.
    pub fn exchange(&mut self, from: usize, to: usize, amount_in: f64) -> f64 {
        let amount_out = self.quote(from, to, amount_in);
        let fee = amount_out / (1.0 - self.fee) * self.fee;
        self.balances[from] += amount_in;
        self.balances[to] -= amount_out + fee * self.admin_fee;
        self.settle();
        amount_out
    }

    /// What selling `amount_in` of `from` would buy of `to`; changes nothing.
    pub fn quote(&self, from: usize, to: usize, amount_in: f64) -> f64 {
        let y = self.balance_at(from, to, self.balances[from] + amount_in);
        (self.balances[to] - y).max(0.0) * (1.0 - self.fee)
    }

    /// What one more unit of `from` buys of `to`, before the fee.
    pub fn price(&self, from: usize, to: usize) -> f64 {
        self.price_at(from, to, self.balances[from], self.balances[to])
    }

    /// How much of `from` an arbitrageur sells until a unit of it buys only `price` of `to`, the fee included; 0 where it
    /// buys no more than that now. `price` must be positive. Exact to 1e-12 of the balance for a pool of two coins, whose
    /// other balance has a closed form along the curve; in larger pools the coins that do not trade keep their balances.
    pub fn amount_to_price(&self, from: usize, to: usize, price: f64) -> f64 {
        let target = price / (1.0 - self.fee);
        let x0 = self.balances[from];
        let excess =
            |x: f64| (self.price_at(from, to, x, self.balance_at(from, to, x)) / target).ln();
        let first = excess(x0);
        if first.is_nan() || first <= 0.0 {
            return 0.0;
        }
        // The price falls in x: double until it is below, then close in (Illinois: never slower than halving by much).
        let (mut low, mut at_low) = (x0, first);
        let (mut high, mut at_high) = (x0, first);
        while at_high > 0.0 {
            (low, at_low) = (high, at_high);
            high *= 2.0;
            at_high = excess(high);
            if !high.is_finite() || at_high.is_nan() {
                return low - x0;
            }
        }
        let mut side = 0;
        for _ in 0..100 {
            if high - low <= 1e-12 * high {
                break;
            }
            let x = (low * at_high - high * at_low) / (at_high - at_low);
            let at = excess(x);
            if at > 0.0 {
                (low, at_low) = (x, at);
                if side == 1 {
                    at_high /= 2.0;
                }
                side = 1;
            } else {
                (high, at_high) = (x, at);
                if side == -1 {
                    at_low /= 2.0;
                }
                side = -1;
            }
            if at.abs() <= 1e-13 {
                return x - x0;
            }
        }
        (low + high) / 2.0 - x0
    }

    /// Puts in `amounts` in the pool's own proportions or others; answers the growth of D that they bring, without a fee.
    pub fn add(&mut self, amounts: &[f64; N]) -> f64 {
        let before = self.invariant;
        for (balance, amount) in self.balances.iter_mut().zip(amounts) {
            *balance += amount;
        }
        self.settle();
        self.invariant - before
    }

    /// Takes out the `part` (0 to 1) of every balance.
    pub fn remove(&mut self, part: f64) -> [f64; N] {
        let mut taken = self.balances;
        for (balance, out) in self.balances.iter_mut().zip(&mut taken) {
            *out *= part;
            *balance -= *out;
        }
        self.invariant *= 1.0 - part;
        taken
    }

    fn settle(&mut self) {
        let n = N as f64;
        let sum: f64 = self.balances.iter().sum();
        let mut d = self.invariant.max(f64::MIN_POSITIVE);
        for _ in 0..64 {
            let product = self.product(&self.balances, d);
            let next =
                (self.ann * sum + product * n) * d / ((self.ann - 1.0) * d + (n + 1.0) * product);
            let moved = (next - d).abs();
            d = next;
            if moved <= 1e-14 * d {
                break;
            }
        }
        self.invariant = d;
    }

    fn product(&self, balances: &[f64; N], d: f64) -> f64 {
        let n = N as f64;
        balances.iter().fold(d, |product, x| product * d / (n * x))
    }

    fn balance_at(&self, from: usize, to: usize, x: f64) -> f64 {
        let (n, d) = (N as f64, self.invariant);
        let (mut c, mut sum) = (d, 0.0);
        for coin in 0..N {
            if coin != to {
                let balance = if coin == from { x } else { self.balances[coin] };
                sum += balance;
                c *= d / (n * balance);
            }
        }
        c *= d / (n * self.ann);
        let b = sum + d / self.ann - d;
        let root = (b * b + 4.0 * c).sqrt();
        // Of the two ways to write the root, the one that subtracts nothing from its like.
        if b > 0.0 {
            2.0 * c / (b + root)
        } else {
            (root - b) / 2.0
        }
    }

    fn price_at(&self, from: usize, to: usize, x: f64, y: f64) -> f64 {
        let mut balances = self.balances;
        balances[from] = x;
        balances[to] = y;
        let product = self.product(&balances, self.invariant);
        (self.ann + product / x) / (self.ann + product / y)
    }
}
