//! Balances and code of other accounts.

use alloy_primitives::{Address, Bytes};

use super::{COLD_ACCOUNT_GAS, Call, EVM_API, HOSTIO, POINTER, Result, WARM_GAS, window};

/// Gas for the size of the code, on top of touching the account: `EXTCODESIZE` before EIP-2929.
const CODE_GAS: u64 = 700;

fn touch_gas(is_cold: bool) -> u64 {
    if is_cold { COLD_ACCOUNT_GAS } else { WARM_GAS }
}

/// The balance of an account in wei.
pub(super) fn account_balance(call: &mut Call<'_>, address: u32, dest: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER + EVM_API)?;
    call.require_gas(COLD_ACCOUNT_GAS)?;
    let address = call.read_address(address)?;
    let account = call.api().touch_account(address)?;
    call.buy_gas(touch_gas(account.is_cold))?;
    call.write_u256(dest, account.balance)
}

/// The code hash of an account: zero if it does not exist, the hash of nothing if it has no code.
pub(super) fn account_codehash(call: &mut Call<'_>, address: u32, dest: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER + EVM_API)?;
    call.require_gas(COLD_ACCOUNT_GAS)?;
    let address = call.read_address(address)?;
    let account = call.api().touch_account(address)?;
    call.buy_gas(touch_gas(account.is_cold))?;
    call.write(dest, account.code_hash.as_slice())
}

/// Copies a window of an account's code; how many bytes there were.
pub(super) fn account_code(
    call: &mut Call<'_>,
    address: u32,
    offset: u32,
    size: u32,
    dest: u32,
) -> Result<u32> {
    call.buy_ink(HOSTIO + EVM_API)?;
    let code = load_code(call, address)?;
    // The whole code is paid for, however little of it is asked.
    call.pay_for_write(code.len())?;
    let part = window(&code, offset, size);
    call.write(dest, part)?;
    Ok(part.len() as u32)
}

/// Length of an account's code.
pub(super) fn account_code_size(call: &mut Call<'_>, address: u32) -> Result<u32> {
    call.buy_ink(HOSTIO + EVM_API)?;
    Ok(load_code(call, address)?.len() as u32)
}

// The code asked for last is kept, and costs nothing the second time; empty code is not kept.
fn load_code(call: &mut Call<'_>, address: u32) -> Result<Bytes> {
    call.require_gas(COLD_ACCOUNT_GAS)?;
    let address: Address = call.read_address(address)?;
    if let Some((last, code)) = &call.host().last_code
        && *last == address
    {
        return Ok(code.clone());
    }
    let (code, is_cold) = call.api().code(address)?;
    call.buy_gas(CODE_GAS + touch_gas(is_cold))?;
    if !code.is_empty() {
        call.host().last_code = Some((address, code.clone()));
    }
    Ok(code)
}
