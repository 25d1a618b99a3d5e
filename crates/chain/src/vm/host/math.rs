//! Arithmetic of 256-bit words.

use alloy_primitives::U256;

use super::{Call, HOSTIO, POINTER, Result};

const DIV: u64 = 20_000;
const ADD_MOD: u64 = 21_000;
const MUL_MOD: u64 = 24_100;
const POW_BASE: u64 = 3_000;
const POW_PER_BYTE: u64 = 17_500;

/// `value / divisor`, 0 for a divisor of 0.
pub(super) fn math_div(call: &mut Call<'_>, value: u32, divisor: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 3 * POINTER + DIV)?;
    let (a, b) = (call.read_u256(value)?, call.read_u256(divisor)?);
    call.write_u256(value, a.checked_div(b).unwrap_or_default())
}

/// `value % modulus`, 0 for a modulus of 0.
pub(super) fn math_mod(call: &mut Call<'_>, value: u32, modulus: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 3 * POINTER + DIV)?;
    let (a, b) = (call.read_u256(value)?, call.read_u256(modulus)?);
    call.write_u256(value, a.checked_rem(b).unwrap_or_default())
}

/// `value` to the power of `exponent`, wrapping.
pub(super) fn math_pow(call: &mut Call<'_>, value: u32, exponent: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 3 * POINTER)?;
    let (a, b) = (call.read_u256(value)?, call.read_u256(exponent)?);
    // One byte more than the exponent has; an exponent of 0 has none.
    let bytes = 1 + b.byte_len() as u64;
    call.buy_ink(POW_BASE + bytes * POW_PER_BYTE)?;
    call.write_u256(value, a.wrapping_pow(b))
}

/// `(value + addend) % modulus` without overflow, 0 for a modulus of 0.
pub(super) fn math_add_mod(
    call: &mut Call<'_>,
    value: u32,
    addend: u32,
    modulus: u32,
) -> Result<()> {
    call.buy_ink(HOSTIO + 4 * POINTER + ADD_MOD)?;
    let (a, b, c) = read3(call, value, addend, modulus)?;
    call.write_u256(value, a.add_mod(b, c))
}

/// `(value * multiplier) % modulus` without overflow, 0 for a modulus of 0.
pub(super) fn math_mul_mod(
    call: &mut Call<'_>,
    value: u32,
    multiplier: u32,
    modulus: u32,
) -> Result<()> {
    call.buy_ink(HOSTIO + 4 * POINTER + MUL_MOD)?;
    let (a, b, c) = read3(call, value, multiplier, modulus)?;
    call.write_u256(value, a.mul_mod(b, c))
}

fn read3(call: &mut Call<'_>, a: u32, b: u32, c: u32) -> Result<(U256, U256, U256)> {
    Ok((call.read_u256(a)?, call.read_u256(b)?, call.read_u256(c)?))
}
