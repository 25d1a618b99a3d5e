//! The same integers as [`super::integer`], faster: where every operand fits 128 bits, with products of 256.
//!
//! Newton's steps are divisions, and nearly all the time goes there. A quotient is guessed in floating point, 53 bits at a
//! time, from a reciprocal, and corrected by exact multiplication until the remainder is in range; so it is the exact
//! quotient whatever the guess was. Whatever does not fit answers `None`, and the caller takes the wide way.

use alloy_primitives::U256;

use super::integer::{Form, Pool};

/// Most coins that are computed here.
const MAX_COINS: usize = 8;
const STEPS: usize = 255;

/// A number of 256 bits.
type Wide = (u128, u128);

/// `get_y` at the pool's own invariant, with coin `from` at `x`.
pub(super) fn balance_after(pool: &Pool, from: usize, to: usize, x: U256) -> Option<U256> {
    let (scaled, amplification, form) = pool.narrow_parts();
    let n = scaled.len();
    let mut balances = [0u128; MAX_COINS];
    for (place, balance) in balances.get_mut(..n)?.iter_mut().zip(scaled) {
        *place = u128::try_from(*balance).ok()?;
    }
    let balances = balances.get_mut(..n)?;
    let ann = u128::from(amplification).checked_mul(n as u128)?;
    let d = invariant(balances, ann, form)?;
    balances[from] = u128::try_from(x).ok()?;
    balance_of(balances, to, d, ann, form).map(U256::from)
}

fn invariant(balances: &[u128], ann: u128, form: Form) -> Option<u128> {
    let n = balances.len() as u128;
    let precision = u128::from(form.a_precision);
    let guard = u128::from(form.guards_division);
    let mut sum = 0u128;
    let mut divisors = [Divisor::ONE; MAX_COINS];
    for (divisor, balance) in divisors.iter_mut().zip(balances) {
        sum = sum.checked_add(*balance)?;
        *divisor = Divisor::new(balance.checked_mul(n)?.checked_add(guard)?)?;
    }
    let weighted = scale(ann, sum, precision)?;
    let less = ann.checked_sub(precision)?;
    let mut d = sum;
    for _ in 0..STEPS {
        let mut product = d;
        for divisor in &divisors[..balances.len()] {
            product = divisor.divide(wide_product(product, d))?;
        }
        let previous = d;
        let above = weighted.checked_add(product.checked_mul(n)?)?;
        let below = scale(less, d, precision)?.checked_add((n + 1).checked_mul(product)?)?;
        d = Divisor::new(below)?.divide(wide_product(above, d))?;
        if d.abs_diff(previous) <= 1 {
            return Some(d);
        }
    }
    None
}

fn balance_of(balances: &[u128], of: usize, d: u128, ann: u128, form: Form) -> Option<u128> {
    let n = balances.len() as u128;
    let precision = u128::from(form.a_precision);
    let (mut c, mut sum) = (d, 0u128);
    for (coin, balance) in balances.iter().enumerate() {
        if coin != of {
            sum = sum.checked_add(*balance)?;
            c = Divisor::new(balance.checked_mul(n)?)?.divide(wide_product(c, d))?;
        }
    }
    let c = U256::from(c).checked_mul(U256::from(d))?;
    let c = c.checked_mul(U256::from(precision))? / U256::from(ann.checked_mul(n)?);
    let [c0, c1, c2, c3] = c.into_limbs();
    let c = (join(c2, c3), join(c0, c1));
    let b = sum.checked_add(scale(d, precision, ann)?)?;
    let mut y = d;
    for _ in 0..STEPS {
        let previous = y;
        let (high, low) = wide_product(y, y);
        let (low, carry) = low.overflowing_add(c.1);
        let high = high.checked_add(c.0)?.checked_add(carry.into())?;
        let below = y.checked_mul(2)?.checked_add(b)?.checked_sub(d)?;
        y = Divisor::new(below)?.divide((high, low))?;
        if y.abs_diff(previous) <= 1 {
            return Some(y);
        }
    }
    None
}

/// `floor(a · b / c)` where `a · b` fits 128 bits.
fn scale(a: u128, b: u128, c: u128) -> Option<u128> {
    let product = a.checked_mul(b)?;
    if c == 1 {
        return Some(product);
    }
    product.checked_div(c)
}

/// A divisor and its reciprocal.
#[derive(Clone, Copy)]
struct Divisor {
    value: u128,
    reciprocal: f64,
}

impl Divisor {
    const ONE: Self = Self {
        value: 1,
        reciprocal: 1.0,
    };

    fn new(value: u128) -> Option<Self> {
        (value > 0).then(|| Self {
            value,
            reciprocal: 1.0 / float(value),
        })
    }

    /// `floor(numerator / self)`, if it fits.
    #[inline]
    fn divide(&self, numerator: Wide) -> Option<u128> {
        let first = approximate(numerator) * self.reciprocal * (1.0 / TWO_48);
        if first >= TWO_49 || self.value >> 120 != 0 {
            return self.divide_any(numerator);
        }
        // The quotient is below 2^97. Guesses are right to six parts of 2^53, so that one less than either is never too much.
        let first = (first as u64).saturating_sub(1);
        let (high, low) = times(self.value, first);
        let taken = (high << 48 | low >> 80, low << 48);
        let rest = minus(numerator, taken);
        let second = ((approximate(rest) * self.reciprocal) as u64).saturating_sub(1);
        let mut rest = minus(rest, times(self.value, second)).1;
        let mut quotient = (u128::from(first) << 48) + u128::from(second);
        while rest >= self.value {
            rest -= self.value;
            quotient += 1;
        }
        Some(quotient)
    }

    /// The same for quotients of any size that fits.
    #[cold]
    fn divide_any(&self, numerator: Wide) -> Option<u128> {
        if numerator.0 >= self.value {
            return None;
        }
        let guess = |numerator| (approximate(numerator) * self.reciprocal) as u128;
        let mut quotient = guess(numerator);
        loop {
            let taken = wide_product(quotient, self.value);
            if taken > numerator {
                quotient = quotient.wrapping_sub(guess(minus(taken, numerator)).max(1));
            } else {
                let rest = minus(numerator, taken);
                if rest.0 == 0 && rest.1 < self.value {
                    return Some(quotient);
                }
                quotient = quotient.wrapping_add(guess(rest).max(1));
            }
        }
    }
}

/// `floor(amount · part / whole)` where the amount fits 128 bits.
pub(super) fn part_of(amount: U256, part: u64, whole: u64) -> Option<U256> {
    let amount = u128::try_from(amount).ok()?;
    let product = times(amount, part);
    Divisor::new(whole.into())?.divide(product).map(U256::from)
}

const TWO_48: f64 = 281_474_976_710_656.0;
const TWO_49: f64 = TWO_48 * 2.0;
const TWO_64: f64 = 18_446_744_073_709_551_616.0;
const TWO_128: f64 = TWO_64 * TWO_64;

#[inline]
fn float(value: u128) -> f64 {
    ((value >> 64) as u64) as f64 * TWO_64 + (value as u64) as f64
}

/// Nearly the number, to three parts of 2^53.
#[inline]
fn approximate((high, low): Wide) -> f64 {
    if high == 0 {
        float(low)
    } else {
        float(high) * TWO_128 + float(low)
    }
}

/// `a · b`.
#[inline]
fn times(a: u128, b: u64) -> Wide {
    let low = u128::from(a as u64) * u128::from(b);
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high >> 64, high << 64 | u128::from(low as u64))
}

fn join(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

#[inline]
fn minus(a: Wide, b: Wide) -> Wide {
    let (low, borrow) = a.1.overflowing_sub(b.1);
    (a.0.wrapping_sub(b.0).wrapping_sub(borrow.into()), low)
}

#[inline]
fn wide_product(a: u128, b: u128) -> Wide {
    let (a0, a1) = (u128::from(a as u64), a >> 64);
    let (b0, b1) = (u128::from(b as u64), b >> 64);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let (middle, carry) = middle.overflowing_add(a0 * b1);
    let high = a1 * b1 + (middle >> 64) + (u128::from(carry) << 64);
    (high, middle << 64 | u128::from(low as u64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_wide(value: U256) -> Wide {
        let [a, b, c, d] = value.into_limbs();
        (join(c, d), join(a, b))
    }

    proptest! {
        #[test]
        fn quotients_are_exact(a: u128, b: u128, c: u128, shift in 0u32..127, other in 0u32..127) {
            let (a, c) = (a >> other, (c >> shift).max(1));
            let product = U256::from(a) * U256::from(b);
            prop_assert_eq!(wide_product(a, b), to_wide(product));
            prop_assert_eq!(times(a, b as u64), to_wide(U256::from(a) * U256::from(b as u64)));
            let quotient = product / U256::from(c);
            let expected = u128::try_from(quotient).ok();
            prop_assert_eq!(Divisor::new(c).and_then(|c| c.divide(to_wide(product))), expected);
        }

        #[test]
        fn narrow_and_wide_pools_are_equal(
            balances in prop::collection::vec(1u64..u64::MAX, 2..6),
            shift in 0u32..24,
            amplification in 1u64..20_000,
            is_precise: bool,
            part in 0u64..u64::MAX,
        ) {
            let form = if is_precise { Form::PRECISE } else { Form::PLAIN };
            let amplification = if is_precise { amplification.max(100) } else { amplification };
            let n = balances.len();
            let narrow: Vec<u128> = balances.iter().map(|b| u128::from(*b) << shift).collect();
            let wide: Vec<U256> = narrow.iter().map(|b| U256::from(*b)).collect();
            let ann = u128::from(amplification) * n as u128;
            let d = super::super::invariant(&wide, amplification, form);
            let fast = invariant(&narrow, ann, form);
            if let (Ok(d), Some(fast)) = (&d, fast) {
                prop_assert_eq!(*d, U256::from(fast));
                let mut moved = narrow.clone();
                moved[0] += u128::from(part) << shift;
                let moved_wide: Vec<U256> = moved.iter().map(|b| U256::from(*b)).collect();
                let y = super::super::balance_of(&moved_wide, 1, *d, amplification, form);
                if let Some(fast) = balance_of(&moved, 1, fast, ann, form) {
                    prop_assert_eq!(y, Ok(U256::from(fast)));
                }
            } else {
                prop_assert!(fast.is_none() || d.is_err(), "{:?} {:?}", d, fast);
            }
        }
    }
}
