//! Checked arithmetic with the rounding in the name, on 128-bit numbers with 256-bit products.
//!
//! Every function is exact or rounds as it says, and refuses what has no place in its result type.

use alloy_primitives::U256;

use crate::word::{halves, word};

/// A result left the range of its type, or a divisor was zero: a bound elsewhere was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

/// `a + b`.
#[inline(never)]
pub fn add(a: u128, b: u128) -> Result<u128, Overflow> {
    a.checked_add(b).ok_or(Overflow)
}

/// `a − b`.
#[inline(never)]
pub fn sub(a: u128, b: u128) -> Result<u128, Overflow> {
    a.checked_sub(b).ok_or(Overflow)
}

/// `a + b` of 256 bits.
#[inline(never)]
pub fn add_wide(a: U256, b: U256) -> Result<U256, Overflow> {
    a.checked_add(b).ok_or(Overflow)
}

/// `a · b`, exact: two 128-bit factors never exceed 256 bits.
#[inline(never)]
pub fn product(a: u128, b: u128) -> U256 {
    U256::from(a).wrapping_mul(U256::from(b))
}

/// `wide · factor`.
#[inline(never)]
pub fn scale(wide: U256, factor: u128) -> Result<U256, Overflow> {
    let [low, high] = halves(wide);
    let [carry, above] = halves(product(high, factor));
    if above != 0 {
        return Err(Overflow);
    }
    add_wide(product(low, factor), word(0, carry))
}

/// `floor(numerator / denominator)`. Error: less than one unit, downwards.
pub fn ratio_down(numerator: U256, denominator: U256) -> Result<u128, Overflow> {
    let (quotient, _) = divide(numerator, denominator)?;
    narrow(quotient)
}

/// `ceil(numerator / denominator)`. Error: less than one unit, upwards.
#[inline(never)]
pub fn ratio_up(numerator: U256, denominator: U256) -> Result<u128, Overflow> {
    let (quotient, remainder) = divide(numerator, denominator)?;
    add(narrow(quotient)?, (!remainder.is_zero()).into())
}

/// `floor(a · b / c)` with an exact product. Error: less than one unit, downwards.
#[inline(never)]
pub fn mul_div_down(a: u128, b: u128, c: u128) -> Result<u128, Overflow> {
    ratio_down(product(a, b), word(c, 0))
}

/// `ceil(a · b / c)` with an exact product. Error: less than one unit, upwards.
#[inline(never)]
pub fn mul_div_up(a: u128, b: u128, c: u128) -> Result<u128, Overflow> {
    ratio_up(product(a, b), word(c, 0))
}

/// The value as 128 bits, if it fits.
#[inline]
pub fn narrow(value: U256) -> Result<u128, Overflow> {
    match halves(value) {
        [low, 0] => Ok(low),
        _ => Err(Overflow),
    }
}

/// Quotient and remainder.
#[cfg(not(target_arch = "wasm32"))]
fn divide(numerator: U256, denominator: U256) -> Result<(U256, U256), Overflow> {
    if denominator.is_zero() {
        return Err(Overflow);
    }
    Ok(numerator.div_rem(denominator))
}

#[cfg(target_arch = "wasm32")]
use small::divide;

/// Division in a few hundred bytes of WebAssembly, where the general one takes 8,000 of the 24,576 that a contract may
/// have. Both are exact, so results are the same.
#[cfg(any(test, target_arch = "wasm32"))]
mod small {
    use super::{Overflow, U256};

    /// Quotient and remainder, a bit at a time from the numerator's highest down.
    #[inline(never)]
    pub(super) fn divide(numerator: U256, denominator: U256) -> Result<(U256, U256), Overflow> {
        if denominator.is_zero() {
            return Err(Overflow);
        }
        let mut left = numerator.into_limbs();
        let mut remainder = U256::ZERO;
        let mut bits = U256::BITS as u32;
        // Whole limbs of zeros are common and cost nothing.
        while bits > 64 && left[3] == 0 {
            left = [0, left[0], left[1], left[2]];
            bits = bits.saturating_sub(64);
        }
        for _ in 0..bits {
            let top = shift_left(&mut left, 0);
            let mut limbs = remainder.into_limbs();
            let overflow = shift_left(&mut limbs, top);
            remainder = U256::from_limbs(limbs);
            let (less, borrow) = remainder.overflowing_sub(denominator);
            if overflow != 0 || !borrow {
                remainder = less;
                left[0] |= 1;
            }
        }
        Ok((U256::from_limbs(left), remainder))
    }

    /// Doubles the number and puts `low` in; answers the bit that fell out.
    fn shift_left(limbs: &mut [u64; 4], low: u64) -> u64 {
        let mut carry = low;
        for limb in limbs {
            let out = *limb >> 63;
            *limb = *limb << 1 | carry;
            carry = out;
        }
        carry
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers of any length in bits, where divisions differ.
    fn wide() -> impl Strategy<Value = U256> {
        (any::<[u64; 4]>(), 0u32..=256).prop_map(|(limbs, bits)| {
            let bits = bits as usize;
            U256::from_limbs(limbs)
                .checked_shr(bits)
                .unwrap_or(U256::ZERO)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn contracts_divide_as_everybody_else(numerator in wide(), denominator in wide()) {
            prop_assert_eq!(small::divide(numerator, denominator), divide(numerator, denominator));
        }
    }
}
