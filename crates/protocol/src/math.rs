//! Checked arithmetic with the rounding in the name.
//!
//! `None` always means that the exact result has no place in the result type, or a division by zero.

use alloy_primitives::U256;

/// `a · b`, exact: two 128-bit factors never exceed 256 bits.
#[inline]
pub fn product(a: u128, b: u128) -> U256 {
    U256::from(a).wrapping_mul(U256::from(b))
}

/// `floor(numerator / denominator)`. Error: less than one unit, downwards.
#[inline(never)]
pub fn ratio_down(numerator: U256, denominator: U256) -> Option<u128> {
    narrow(numerator.checked_div(denominator)?)
}

/// `ceil(numerator / denominator)`. Error: less than one unit, upwards.
pub fn ratio_up(numerator: U256, denominator: U256) -> Option<u128> {
    let down = ratio_down(numerator, denominator)?;
    let covered = U256::from(down).wrapping_mul(denominator);
    if covered == numerator {
        Some(down)
    } else {
        down.checked_add(1)
    }
}

/// `floor(a · b / c)` with an exact product. Error: less than one unit, downwards.
#[inline(never)]
pub fn mul_div_down(a: u128, b: u128, c: u128) -> Option<u128> {
    ratio_down(product(a, b), U256::from(c))
}

/// `ceil(a · b / c)` with an exact product. Error: less than one unit, upwards.
#[inline(never)]
pub fn mul_div_up(a: u128, b: u128, c: u128) -> Option<u128> {
    ratio_up(product(a, b), U256::from(c))
}

/// The value as 128 bits, if it fits.
#[inline]
pub fn narrow(value: U256) -> Option<u128> {
    let [low, high, 0, 0] = value.into_limbs() else {
        return None;
    };
    Some(u128::from(high) << 64 | u128::from(low))
}
