//! The pool as its contracts compute it, in integers and in their order of operations.

use alloy_primitives::U256;

use super::PoolError;
use super::narrow;

/// Fees are parts of this.
pub const FEE_DENOMINATOR: u64 = 10_000_000_000;
/// Rates are parts of this: 1e18 leaves a balance as it is.
const PRECISION: u64 = 1_000_000_000_000_000_000;
/// The contracts stop after this many steps.
const STEPS: usize = 255;

/// How a generation of contracts writes the same equation; results can differ by a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// What A is counted in: 1 in the first pools (3pool), 100 in those that can change it (stETH).
    pub a_precision: u64,
    /// Whether `D·D/(x·n + 1)` guards against an empty side (stETH and metapools do).
    pub guards_division: bool,
}

impl Form {
    /// The first pools, such as 3pool; curvesim computes this form.
    pub const PLAIN: Self = Self {
        a_precision: 1,
        guards_division: false,
    };
    /// Pools with a changing A, such as stETH/ETH: A counted in hundredths, and a guarded division.
    pub const PRECISE: Self = Self {
        a_precision: 100,
        guards_division: true,
    };
}

/// A pool of n coins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    balances: Vec<U256>,
    rates: Vec<U256>,
    amplification: u64,
    fee: u64,
    admin_fee: u64,
    form: Form,
    scaled: Vec<U256>,
}

/// What an exchange pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Bought, in the bought coin's unit.
    pub amount_out: U256,
    /// Kept as fee, in the bought coin's unit, the admin's part included.
    pub fee: U256,
    /// The admin's part of it.
    pub admin_fee: U256,
}

impl Pool {
    /// A pool of `balances` (smallest units) with `rates` (1e18 times what brings a balance to 18 decimals: 1e30 for six
    /// decimals), `amplification` A in units of `form.a_precision`, `fee` and `admin_fee` (a part of the fee) in 1e10ths.
    ///
    /// # Errors
    /// Fewer than two coins, a rate missing, no amplification, or a fee above everything.
    pub fn new(
        balances: Vec<U256>,
        rates: Vec<U256>,
        amplification: u64,
        fee: u64,
        admin_fee: u64,
        form: Form,
    ) -> Result<Self, PoolError> {
        let (coins, given) = (balances.len(), rates.len());
        if coins < 2 || coins != given {
            return Err(PoolError::Coins {
                coins,
                rates: given,
            });
        }
        if amplification == 0 || form.a_precision == 0 {
            return Err(PoolError::NoAmplification);
        }
        if let Some(fee) = [fee, admin_fee]
            .into_iter()
            .find(|fee| *fee > FEE_DENOMINATOR)
        {
            return Err(PoolError::FeeTooHigh { fee });
        }
        let mut pool = Self {
            scaled: vec![U256::ZERO; coins],
            balances,
            rates,
            amplification,
            fee,
            admin_fee,
            form,
        };
        for coin in 0..coins {
            pool.scale(coin)?;
        }
        Ok(pool)
    }

    /// Balances, each in its coin's smallest unit.
    pub fn balances(&self) -> &[U256] {
        &self.balances
    }

    /// The invariant D, with 18 decimals.
    ///
    /// # Errors
    /// An empty side, or balances beyond what the contract can compute.
    pub fn invariant(&self) -> Result<U256, PoolError> {
        invariant(&self.scaled, self.amplification, self.form)
    }

    /// `floor(D · 1e18 / supply)`: what a pool token is worth. Zero supply is refused as overflow of the quotient.
    ///
    /// # Errors
    /// As [`Self::invariant`].
    pub fn virtual_price(&self, supply: U256) -> Result<U256, PoolError> {
        let d = self.invariant()?;
        mul(d, U256::from(PRECISION))?
            .checked_div(supply)
            .ok_or(PoolError::Overflow)
    }

    /// What selling `amount_in` of coin `from` would pay in coin `to`; changes nothing.
    ///
    /// # Errors
    /// No such pair, an empty side, or amounts beyond what the contract can compute.
    pub fn quote(&self, from: usize, to: usize, amount_in: U256) -> Result<Exchange, PoolError> {
        let coins = self.scaled.len();
        if from == to || from >= coins || to >= coins {
            return Err(PoolError::NoSuchPair { coins, from, to });
        }
        let into = self.scaled_amount(from, amount_in)?;
        let x = add(self.scaled[from], into)?;
        let y = self.balance_after(from, to, x)?;
        let one = U256::ONE;
        let gross = self.scaled[to].checked_sub(add(y, one)?);
        // The contract reverts where rounding would pay out of nothing.
        let gross = gross.ok_or(PoolError::Overflow)?;
        let fee = part_of(gross, self.fee)?;
        let admin_fee = part_of(fee, self.admin_fee)?;
        Ok(Exchange {
            amount_out: self.unscale(to, gross - fee)?,
            fee: self.unscale(to, fee)?,
            admin_fee: self.unscale(to, admin_fee)?,
        })
    }

    /// Sells `amount_in` of coin `from` for coin `to`.
    ///
    /// # Errors
    /// As [`Self::quote`]; the pool is then unchanged.
    pub fn exchange(
        &mut self,
        from: usize,
        to: usize,
        amount_in: U256,
    ) -> Result<Exchange, PoolError> {
        let paid = self.quote(from, to, amount_in)?;
        let raised = add(self.balances[from], amount_in)?;
        let leaving = add(paid.amount_out, paid.admin_fee)?;
        let left = self.balances[to].checked_sub(leaving);
        self.balances[to] = left.ok_or(PoolError::Overflow)?;
        self.balances[from] = raised;
        self.scale(from)?;
        self.scale(to)?;
        Ok(paid)
    }

    fn balance_after(&self, from: usize, to: usize, x: U256) -> Result<U256, PoolError> {
        if let Some(y) = narrow::balance_after(self, from, to, x) {
            return Ok(y);
        }
        let d = self.invariant()?;
        let mut scaled = self.scaled.clone();
        scaled[from] = x;
        balance_of(&scaled, to, d, self.amplification, self.form)
    }

    pub(super) fn narrow_parts(&self) -> (&[U256], u64, Form) {
        (&self.scaled, self.amplification, self.form)
    }

    fn scale(&mut self, coin: usize) -> Result<(), PoolError> {
        self.scaled[coin] = self.scaled_amount(coin, self.balances[coin])?;
        Ok(())
    }

    /// `floor(amount · rate / 1e18)`.
    fn scaled_amount(&self, coin: usize, amount: U256) -> Result<U256, PoolError> {
        if self.is_plain(coin, amount) {
            return Ok(amount);
        }
        Ok(mul(amount, self.rates[coin])? / U256::from(PRECISION))
    }

    /// `floor(amount · 1e18 / rate)`.
    fn unscale(&self, coin: usize, amount: U256) -> Result<U256, PoolError> {
        if self.is_plain(coin, amount) {
            return Ok(amount);
        }
        mul(amount, U256::from(PRECISION))?
            .checked_div(self.rates[coin])
            .ok_or(PoolError::Overflow)
    }

    /// Whether a rate of 1e18 leaves `amount` as it is; nothing that fits 128 bits overflows on the way.
    fn is_plain(&self, coin: usize, amount: U256) -> bool {
        let [_, _, high, highest] = amount.into_limbs();
        high | highest == 0 && self.rates[coin] == U256::from(PRECISION)
    }
}

/// `floor(amount · part / 1e10)`.
fn part_of(amount: U256, part: u64) -> Result<U256, PoolError> {
    if let Some(part) = narrow::part_of(amount, part, FEE_DENOMINATOR) {
        return Ok(part);
    }
    Ok(mul(amount, U256::from(part))? / U256::from(FEE_DENOMINATOR))
}

/// The invariant D of balances with 18 decimals, by Newton's method from their sum, until two steps differ by one unit at
/// most: the contracts' `get_D`. `amplification` is A in units of `form.a_precision`. Zero when every balance is zero.
///
/// # Errors
/// Some but not all balances are zero, a product leaves 256 bits, or 255 steps do not settle.
pub fn invariant(balances: &[U256], amplification: u64, form: Form) -> Result<U256, PoolError> {
    let mut sum = U256::ZERO;
    for balance in balances {
        sum = add(sum, *balance)?;
    }
    if sum.is_zero() {
        return Ok(sum);
    }
    if let Some(coin) = balances.iter().position(|balance| balance.is_zero()) {
        return Err(PoolError::EmptyBalance { coin });
    }
    let n = U256::from(balances.len());
    let ann = U256::from(u128::from(amplification) * balances.len() as u128);
    let precision = U256::from(form.a_precision);
    let guard = U256::from(u8::from(form.guards_division));
    let weighted = mul(ann, sum)? / precision;
    let mut d = sum;
    for _ in 0..STEPS {
        let mut product = d;
        for balance in balances {
            product = mul(product, d)? / add(mul(*balance, n)?, guard)?;
        }
        let previous = d;
        let above = mul(add(weighted, mul(product, n)?)?, d)?;
        let less = ann.checked_sub(precision).ok_or(PoolError::Overflow)?;
        let below = add(mul(less, d)? / precision, mul(add(n, U256::ONE)?, product)?)?;
        d = above.checked_div(below).ok_or(PoolError::Overflow)?;
        if d.abs_diff(previous) <= U256::ONE {
            return Ok(d);
        }
    }
    Err(PoolError::NotSettled)
}

/// The balance of coin `of` at invariant `d`, the others being `balances`: the contracts' `get_y`. What `balances` says of
/// `of` itself does not count.
///
/// # Errors
/// A balance is zero, a product leaves 256 bits, or 255 steps do not settle.
pub fn balance_of(
    balances: &[U256],
    of: usize,
    d: U256,
    amplification: u64,
    form: Form,
) -> Result<U256, PoolError> {
    let n = U256::from(balances.len());
    let ann = U256::from(u128::from(amplification) * balances.len() as u128);
    if ann.is_zero() {
        return Err(PoolError::NoAmplification);
    }
    let precision = U256::from(form.a_precision);
    let mut c = d;
    let mut sum = U256::ZERO;
    for (coin, balance) in balances.iter().enumerate() {
        if coin != of {
            sum = add(sum, *balance)?;
            let each = mul(*balance, n)?;
            c = mul(c, d)?
                .checked_div(each)
                .ok_or(PoolError::EmptyBalance { coin })?;
        }
    }
    c = mul(mul(c, d)?, precision)? / mul(ann, n)?;
    let b = add(sum, mul(d, precision)? / ann)?;
    let mut y = d;
    for _ in 0..STEPS {
        let previous = y;
        let above = add(mul(y, y)?, c)?;
        let below = add(y, add(y, b)?)?.checked_sub(d);
        let below = below.ok_or(PoolError::NotSettled)?;
        y = above.checked_div(below).ok_or(PoolError::Overflow)?;
        if y.abs_diff(previous) <= U256::ONE {
            return Ok(y);
        }
    }
    Err(PoolError::NotSettled)
}

fn add(a: U256, b: U256) -> Result<U256, PoolError> {
    a.checked_add(b).ok_or(PoolError::Overflow)
}

fn mul(a: U256, b: U256) -> Result<U256, PoolError> {
    a.checked_mul(b).ok_or(PoolError::Overflow)
}
