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
    if let Some(d) = settled_invariant(balances, ann, form) {
        return Some(d);
    }
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
    if let Some(y) = settled_balance(b, c, d) {
        return Some(y);
    }
    let mut y = d;
    for _ in 0..STEPS {
        let previous = y;
        y = newton_balance(y, b, c, d)?;
        if y.abs_diff(previous) <= 1 {
            return Some(y);
        }
    }
    None
}

/// `(y² + c) / (2y + b − D)`.
#[inline]
fn newton_balance(y: u128, b: u128, c: Wide, d: u128) -> Option<u128> {
    let below = y.checked_mul(2)?.checked_add(b)?.checked_sub(d)?;
    Divisor::new(below)?.divide(plus(wide_product(y, y), c)?)
}

/// What [`balance_of`]'s iteration ends at, without its first steps, where that can be shown; else `None`.
///
/// With ρ the positive root of `p(y) = y² + (b − D)·y − c`, a step is `floor(ρ + e²/(2y + b − D))` with e = y − ρ. The iteration ends
/// when a step moves by one at most, where |e| <= 4, so it ends at floor(ρ), unless a whole number N lies in
/// `(ρ, ρ + 16/(2y + b − D)]`, where p(N) <= 16. So: one step from the root in floating point, and `p(y) <= 0`, `p(y + 1) > 16`.
fn settled_balance(b: u128, c: Wide, d: u128) -> Option<u128> {
    if d >> 118 != 0 || b >> 118 != 0 {
        return None;
    }
    let linear = float(b) - float(d);
    let root = (linear * linear + 4.0 * approximate(c)).sqrt();
    let start = if linear > 0.0 {
        2.0 * approximate(c) / (linear + root)
    } else {
        (root - linear) / 2.0
    };
    if start >= TWO_118 {
        return None;
    }
    let y = newton_balance(start as u128, b, c, d)?;
    // p(y) <= 0 is y² + b·y <= c + D·y, and p(y + 1) = p(y) + 2y + 1 + b − D.
    let left = plus(wide_product(y, y), wide_product(b, y))?;
    let right = plus(c, wide_product(d, y))?;
    if left > right {
        return None;
    }
    let (high, below) = minus(right, left);
    let step = y
        .checked_mul(2)?
        .checked_add(b)?
        .checked_add(1)?
        .checked_sub(d)?;
    (high == 0 && step.checked_sub(below)? > 16).then_some(y)
}

/// What [`invariant`]'s iteration ends at, without its first steps, where that can be shown; else `None`.
///
/// The iteration is Newton's on `f(D) = P(D) + (A − 1)·D − A·S`, with a guarded division counted into P. In real numbers a step is
/// `G(D) = D* + κ·e²` with D* the root, e = D − D* and `κ = f''/2f' <= n/(2·D)`. Divisions inside a step, rounded down, take at most
/// ε off P and so raise G by η, `0 <= η <= 2·ε·D/denominator`. The iteration ends when a step moves by one at most; a step is at
/// least `e/(n + 1)`, so |e| is a few units then, κe² is nothing, and the end is `floor(D* + η)`. One step from near D*, with eight
/// bits behind the point, tells D* to within κe² + η; where that leaves no whole number in doubt, it tells the end.
fn settled_invariant(balances: &[u128], ann: u128, form: Form) -> Option<u128> {
    let n = balances.len() as u128;
    let precision = u128::from(form.a_precision);
    let guard = u128::from(form.guards_division);
    let sum = balances
        .iter()
        .try_fold(0u128, |sum, balance| sum.checked_add(*balance))?;
    if sum >> 112 != 0 || sum >> 40 == 0 || !ann.is_multiple_of(precision) {
        return None;
    }
    let times_a = ann / precision;
    let (count, weight) = (balances.len() as f64, times_a as f64);
    let mut reals = [1.0; MAX_COINS];
    for (real, balance) in reals.iter_mut().zip(balances) {
        *real = 1.0 / (float(*balance) * count);
    }
    let reals = &reals[..balances.len()];
    let mut d = float(sum);
    for _ in 0..8 {
        let product = reals.iter().fold(d, |product, real| product * d * real);
        let next = (weight * float(sum) + product * count) * d
            / ((weight - 1.0) * d + (count + 1.0) * product);
        let is_settled = (next - d).abs() <= d * 1e-14;
        d = next;
        if is_settled {
            break;
        }
    }
    let start = d as u128;
    let (mut product, mut lost) = (start, 0.0);
    for (balance, real) in balances.iter().zip(reals) {
        product = Divisor::new(balance * n + guard)?.divide(wide_product(product, start))?;
        lost = lost * d * real + 1.01;
    }
    let above = times_a
        .checked_mul(sum)?
        .checked_add(product.checked_mul(n)?)?;
    let below = (times_a - 1)
        .checked_mul(start)?
        .checked_add((n + 1).checked_mul(product)?)?;
    if below >> 119 != 0 || above >> 119 != 0 {
        return None;
    }
    let quotient = Divisor::new(below)?.divide(wide_product(above << 8, start))?;
    let (whole, behind) = (quotient >> 8, (quotient & 255) as f64 / 256.0);
    let off = float(whole.abs_diff(start)) + 2.0;
    let doubt = 8.0 * (count + 1.0) * (count + 1.0) * off * off / d
        + 2.0 * lost * d / float(below)
        + 1.0 / 128.0;
    (doubt < 0.4 && behind > doubt && behind < 1.0 - doubt).then_some(whole)
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
const TWO_118: f64 = TWO_64 * TWO_64 / 1024.0;
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
fn plus(a: Wide, b: Wide) -> Option<Wide> {
    let (low, carry) = a.1.overflowing_add(b.1);
    Some((a.0.checked_add(b.0)?.checked_add(carry.into())?, low))
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

    /// Nearly every pool that trades near its peg takes the short way.
    #[test]
    fn the_short_way_is_the_usual_one() {
        let one = 1_000_000_000_000_000_000u128;
        let (mut short, mut balances) = (0, 0);
        for step in 0..1_000u128 {
            let pool = [
                1_000_000 * one + step * 977 * one,
                900_000 * one + step * step * 31 * one / 7,
            ];
            let d = settled_invariant(&pool, 400, Form::PLAIN);
            short += u32::from(d.is_some());
            let d = invariant(&pool, 400, Form::PLAIN).unwrap();
            let c = to_wide(
                U256::from(d) * U256::from(d) / U256::from(2 * pool[0]) * U256::from(d)
                    / U256::from(800),
            );
            balances += u32::from(settled_balance(pool[0] + d / 400, c, d).is_some());
        }
        assert!(short > 900 && balances > 990, "{short} {balances}");
    }

    fn to_wide(value: U256) -> Wide {
        let [a, b, c, d] = value.into_limbs();
        (join(c, d), join(a, b))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

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
            balances in prop_oneof![
                prop::collection::vec(1u64..u64::MAX, 2..6),
                prop::collection::vec(1u64 << 62..u64::MAX, 2..5),
            ],
            shift in 0u32..48,
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
