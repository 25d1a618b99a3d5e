//! One step of a swap, within one tick's liquidity: `SqrtPriceMath` and `SwapMath`, to the unit.

use alloy_primitives::{U256, U512, aliases::U160};

use super::SwapError;

/// Fees are parts of this.
pub const FEE_DENOMINATOR: u32 = 1_000_000;

/// What a swap is given: how much goes in, or how much comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So much is paid, the fee included.
    In(U256),
    /// So much is wanted.
    Out(U256),
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The square root of the price after it, Q64.96.
    pub sqrt_price_x96: U256,
    /// Paid, without the fee.
    pub amount_in: U256,
    /// Received.
    pub amount_out: U256,
    /// The fee, in the token paid.
    pub fee: U256,
}

/// Swaps from `current` towards `target` (square roots of prices, Q64.96) in liquidity `liquidity` with a fee of `fee_pips`
/// millionths, until the price is reached or `remaining` is used.
///
/// # Errors
/// A fee of everything, no price, or a result that leaves its type.
pub fn swap_step(
    current: U256,
    target: U256,
    liquidity: u128,
    remaining: Amount,
    fee_pips: u32,
) -> Result<Step, SwapError> {
    let denominator = U256::from(FEE_DENOMINATOR);
    if fee_pips >= FEE_DENOMINATOR {
        return Err(SwapError::FeeTooHigh { fee_pips });
    }
    let zero_for_one = current >= target;
    let kept = U256::from(FEE_DENOMINATOR - fee_pips);
    let to_target = |is_in: bool| {
        if zero_for_one == is_in {
            amount0(target, current, liquidity, is_in)
        } else {
            amount1(target, current, liquidity, is_in)
        }
    };
    let sqrt_price_x96 = match remaining {
        Amount::In(amount) => {
            let less_fee = mul_div(amount, kept, denominator)?;
            // What would reach the target may not even fit: then it is not reached.
            match to_target(true) {
                Ok(needed) if less_fee >= needed => target,
                _ => price_from_input(current, liquidity, less_fee, zero_for_one)?,
            }
        }
        Amount::Out(amount) => match to_target(false) {
            Ok(available) if amount >= available => target,
            _ => price_from_output(current, liquidity, amount, zero_for_one)?,
        },
    };
    let reached = sqrt_price_x96 == target;
    let between = |is_in: bool| {
        if zero_for_one == is_in {
            amount0(sqrt_price_x96, current, liquidity, is_in)
        } else {
            amount1(sqrt_price_x96, current, liquidity, is_in)
        }
    };
    let amount_in = between(true)?;
    let mut amount_out = between(false)?;
    if let Amount::Out(amount) = remaining {
        amount_out = amount_out.min(amount);
    }
    let fee = match remaining {
        Amount::In(amount) if !reached => {
            amount.checked_sub(amount_in).ok_or(SwapError::Overflow)?
        }
        _ => mul_div_up(amount_in, U256::from(fee_pips), kept)?,
    };
    Ok(Step {
        sqrt_price_x96,
        amount_in,
        amount_out,
        fee,
    })
}

/// Token 0 between two prices (square roots, Q64.96, in any order): `L · 2^96 · (b − a) / (b · a)`, rounded up or down.
///
/// # Errors
/// A price of zero, or a result that leaves 256 bits.
pub fn amount0(a: U256, b: U256, liquidity: u128, rounds_up: bool) -> Result<U256, SwapError> {
    let (low, high) = (a.min(b), a.max(b));
    if low.is_zero() {
        return Err(SwapError::PriceOutOfRange {
            sqrt_price_x96: low,
        });
    }
    let scaled: U256 = U256::from(liquidity) << 96;
    if rounds_up {
        Ok(mul_div_up(scaled, high - low, high)?.div_ceil(low))
    } else {
        Ok(mul_div(scaled, high - low, high)? / low)
    }
}

/// Token 1 between two prices: `L · (b − a) / 2^96`, rounded up or down.
///
/// # Errors
/// A result that leaves 256 bits.
pub fn amount1(a: U256, b: U256, liquidity: u128, rounds_up: bool) -> Result<U256, SwapError> {
    let (width, one) = (a.abs_diff(b), U256::ONE << 96);
    let liquidity = U256::from(liquidity);
    if rounds_up {
        mul_div_up(liquidity, width, one)
    } else {
        mul_div(liquidity, width, one)
    }
}

/// The price after `amount` is paid, in favour of the pool: token 0 if `zero_for_one`, else token 1.
///
/// # Errors
/// No price or liquidity, or a result that leaves 160 bits.
pub fn price_from_input(
    sqrt_price_x96: U256,
    liquidity: u128,
    amount: U256,
    zero_for_one: bool,
) -> Result<U256, SwapError> {
    if sqrt_price_x96.is_zero() || liquidity == 0 {
        return Err(SwapError::NoLiquidity);
    }
    if zero_for_one {
        after_amount0(sqrt_price_x96, liquidity, amount, true)
    } else {
        after_amount1(sqrt_price_x96, liquidity, amount, true)
    }
}

/// The price after `amount` is received, in favour of the pool: token 1 if `zero_for_one`, else token 0.
///
/// # Errors
/// No price or liquidity, more than the pool has, or a result that leaves 160 bits.
pub fn price_from_output(
    sqrt_price_x96: U256,
    liquidity: u128,
    amount: U256,
    zero_for_one: bool,
) -> Result<U256, SwapError> {
    if sqrt_price_x96.is_zero() || liquidity == 0 {
        return Err(SwapError::NoLiquidity);
    }
    if zero_for_one {
        after_amount1(sqrt_price_x96, liquidity, amount, false)
    } else {
        after_amount0(sqrt_price_x96, liquidity, amount, false)
    }
}

/// `L · √p / (L ± amount · √p)`, rounded up.
fn after_amount0(
    sqrt_price_x96: U256,
    liquidity: u128,
    amount: U256,
    adds: bool,
) -> Result<U256, SwapError> {
    if amount.is_zero() {
        return Ok(sqrt_price_x96);
    }
    let scaled: U256 = U256::from(liquidity) << 96;
    let product = amount.checked_mul(sqrt_price_x96);
    if adds {
        if let Some(below) = product.and_then(|product| scaled.checked_add(product)) {
            return mul_div_up(scaled, sqrt_price_x96, below);
        }
        let below = (scaled / sqrt_price_x96).checked_add(amount);
        return Ok(scaled.div_ceil(below.ok_or(SwapError::Overflow)?));
    }
    let below = product.and_then(|product| scaled.checked_sub(product));
    let below = below.filter(|below| !below.is_zero());
    fits(mul_div_up(
        scaled,
        sqrt_price_x96,
        below.ok_or(SwapError::Overflow)?,
    )?)
}

/// `√p ± amount / L`, rounded down.
fn after_amount1(
    sqrt_price_x96: U256,
    liquidity: u128,
    amount: U256,
    adds: bool,
) -> Result<U256, SwapError> {
    let (one, liquidity) = (U256::ONE << 96, U256::from(liquidity));
    if adds {
        let moved = mul_div(amount, one, liquidity)?;
        let price = sqrt_price_x96.checked_add(moved);
        return fits(price.ok_or(SwapError::Overflow)?);
    }
    let moved = mul_div_up(amount, one, liquidity)?;
    let price = sqrt_price_x96.checked_sub(moved);
    price
        .filter(|price| !price.is_zero())
        .ok_or(SwapError::Overflow)
}

fn fits(price: U256) -> Result<U256, SwapError> {
    if price > U256::from(U160::MAX) {
        return Err(SwapError::Overflow);
    }
    Ok(price)
}

/// `floor(a · b / c)` with an exact product.
fn mul_div(a: U256, b: U256, c: U256) -> Result<U256, SwapError> {
    narrow(product(a, b)?.checked_div(U512::from(c)))
}

/// `ceil(a · b / c)` with an exact product.
fn mul_div_up(a: U256, b: U256, c: U256) -> Result<U256, SwapError> {
    if c.is_zero() {
        return Err(SwapError::Overflow);
    }
    narrow(Some(product(a, b)?.div_ceil(U512::from(c))))
}

fn product(a: U256, b: U256) -> Result<U512, SwapError> {
    let product = U512::from(a).checked_mul(U512::from(b));
    product.ok_or(SwapError::Overflow)
}

fn narrow(wide: Option<U512>) -> Result<U256, SwapError> {
    let value = wide.filter(|wide| wide.bit_len() <= 256);
    Ok(U256::from(value.ok_or(SwapError::Overflow)?))
}
