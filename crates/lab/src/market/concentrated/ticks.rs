//! Prices and ticks: `√p = √1.0001^tick` as Q64.96, to the unit as `TickMath` computes it.

use alloy_primitives::U256;

use super::SwapError;

/// Lowest tick.
pub const MIN_TICK: i32 = -887_272;
/// Highest tick.
pub const MAX_TICK: i32 = 887_272;

/// `2^128 / √1.0001^(2^k)`, for each bit k of a tick.
const FACTORS: [u128; 20] = [
    0xfffcb933bd6fad37aa2d162d1a594001,
    0xfff97272373d413259a46990580e213a,
    0xfff2e50f5f656932ef12357cf3c7fdcc,
    0xffe5caca7e10e4e61c3624eaa0941cd0,
    0xffcb9843d60f6159c9db58835c926644,
    0xff973b41fa98c081472e6896dfb254c0,
    0xff2ea16466c96a3843ec78b326b52861,
    0xfe5dee046a99a2a811c461f1969c3053,
    0xfcbe86c7900a88aedcffc83b479aa3a4,
    0xf987a7253ac413176f2b074cf7815e54,
    0xf3392b0822b70005940c7a398e4b70f3,
    0xe7159475a2c29b7443b29c7fa6e889d9,
    0xd097f3bdfd2022b8845ad8f792aa5825,
    0xa9f746462d870fdf8a65dc1f90e061e5,
    0x70d869a156d2a1b890bb3df62baf32f7,
    0x31be135f97d08fd981231505542fcfa6,
    0x9aa508b5b7a84e1c677de54f3e99bc9,
    0x5d6af8dedb81196699c329225ee604,
    0x2216e584f5fa1ea926041bedfe98,
    0x48a170391f7dc42444e8fa2,
];

/// The square root of the price at `tick`, Q64.96, rounded up as the contract does.
///
/// # Errors
/// A tick outside [`MIN_TICK`] to [`MAX_TICK`].
pub fn sqrt_price_at(tick: i32) -> Result<U256, SwapError> {
    let steps = tick.unsigned_abs();
    if steps > MAX_TICK.unsigned_abs() {
        return Err(SwapError::TickOutOfRange { tick });
    }
    let mut ratio = U256::ONE << 128;
    for (bit, factor) in FACTORS.into_iter().enumerate() {
        if steps >> bit & 1 == 1 {
            ratio = (ratio * U256::from(factor)) >> 128;
        }
    }
    if tick > 0 {
        ratio = U256::MAX / ratio;
    }
    let low = U256::from(u32::MAX);
    let is_inexact = ratio & low != U256::ZERO;
    Ok((ratio >> 32) + U256::from(u8::from(is_inexact)))
}

/// The highest tick whose price is at most `sqrt_price_x96` squared.
///
/// # Errors
/// A price outside those of [`MIN_TICK`] (included) to [`MAX_TICK`] (not included).
pub fn tick_at(sqrt_price_x96: U256) -> Result<i32, SwapError> {
    let is_inside =
        sqrt_price_at(MIN_TICK)? <= sqrt_price_x96 && sqrt_price_x96 < sqrt_price_at(MAX_TICK)?;
    if !is_inside {
        return Err(SwapError::PriceOutOfRange { sqrt_price_x96 });
    }
    let (mut low, mut high) = (MIN_TICK, MAX_TICK);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if sqrt_price_at(middle)? <= sqrt_price_x96 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
