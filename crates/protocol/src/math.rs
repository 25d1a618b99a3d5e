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

    /// Quotient and remainder, some 31 bits at a time: the highest 64 bits of what is left, divided by a bit more than the
    /// highest 32 of the denominator, never say too much.
    #[inline(never)]
    pub(super) fn divide(numerator: U256, denominator: U256) -> Result<(U256, U256), Overflow> {
        if denominator.is_zero() {
            return Err(Overflow);
        }
        let length = denominator.bit_len();
        let divisor = highest(denominator, length, 32).saturating_add(1);
        let (mut quotient, mut rest) = (U256::ZERO, numerator);
        while rest >= denominator {
            let rest_length = rest.bit_len();
            let said = highest(rest, rest_length, 64).checked_div(divisor);
            let said = U256::from(said.ok_or(Overflow)?);
            let scale = rest_length.saturating_sub(length);
            let part = match scale.checked_sub(32) {
                Some(up) => said.wrapping_shl(up),
                None => said.wrapping_shr(32_usize.saturating_sub(scale)),
            };
            // The denominator goes into what is left at least once.
            let part = part.max(U256::ONE);
            quotient = quotient.wrapping_add(part);
            rest = rest.wrapping_sub(part.wrapping_mul(denominator));
        }
        Ok((quotient, rest))
    }

    /// The highest `bits` of a number of `length` bits, with zeros behind them if it is shorter.
    fn highest(value: U256, length: usize, bits: usize) -> u64 {
        let moved = match length.checked_sub(bits) {
            Some(beyond) => value.wrapping_shr(beyond),
            None => value.wrapping_shl(bits.saturating_sub(length)),
        };
        let [low, ..] = moved.into_limbs();
        low
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

        #[test]
        fn multiples_and_their_neighbours_divide_exactly(quotient in wide(), denominator in wide()) {
            let multiple = quotient.saturating_mul(denominator);
            for numerator in [multiple.saturating_sub(U256::ONE), multiple, multiple.saturating_add(U256::ONE)] {
                prop_assert_eq!(small::divide(numerator, denominator), divide(numerator, denominator));
            }
        }
    }
}
