//! The block, the transaction, the message, and what is left.

use super::{Call, Environment, HOSTIO, INK_PER_GAS, POINTER, Result};

fn environment(call: &mut Call<'_>, price: u64) -> Result<Environment> {
    call.buy_ink(price)?;
    Ok(call.api().environment())
}

/// The block's base fee in wei.
pub(super) fn block_basefee(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    let env = environment(call, HOSTIO + POINTER)?;
    call.write_u256(ptr, env.block_basefee)
}

/// The block's coinbase.
pub(super) fn block_coinbase(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    let env = environment(call, HOSTIO + POINTER)?;
    call.write(ptr, env.block_coinbase.as_slice())
}

/// The block's gas limit.
pub(super) fn block_gas_limit(call: &mut Call<'_>) -> Result<u64> {
    Ok(environment(call, HOSTIO)?.block_gas_limit)
}

/// The block number that `NUMBER` gives.
pub(super) fn block_number(call: &mut Call<'_>) -> Result<u64> {
    Ok(environment(call, HOSTIO)?.block_number)
}

/// The block's time in seconds.
pub(super) fn block_timestamp(call: &mut Call<'_>) -> Result<u64> {
    Ok(environment(call, HOSTIO)?.block_timestamp)
}

/// The chain's id.
pub(super) fn chainid(call: &mut Call<'_>) -> Result<u64> {
    Ok(environment(call, HOSTIO)?.chain_id)
}

/// The price paid per gas, in wei.
pub(super) fn tx_gas_price(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    let env = environment(call, HOSTIO + POINTER)?;
    call.write_u256(ptr, env.tx_gas_price)
}

/// Ink that one gas buys.
pub(super) fn tx_ink_price(call: &mut Call<'_>) -> Result<u32> {
    call.buy_ink(HOSTIO)?;
    Ok(INK_PER_GAS as u32)
}

/// The sender of the transaction.
pub(super) fn tx_origin(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    let env = environment(call, HOSTIO + POINTER)?;
    call.write(ptr, env.tx_origin.as_slice())
}

/// The account whose storage the program uses.
pub(super) fn contract_address(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    call.buy_ink(HOSTIO + POINTER)?;
    let address = call.frame().address;
    call.write(ptr, address.as_slice())
}

/// Who called.
pub(super) fn msg_sender(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    call.buy_ink(HOSTIO + POINTER)?;
    let caller = call.frame().caller;
    call.write(ptr, caller.as_slice())
}

/// Value sent, in wei.
pub(super) fn msg_value(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    call.buy_ink(HOSTIO + POINTER)?;
    let value = call.frame().value;
    call.write_u256(ptr, value)
}

/// Whether the account has another open frame, that was not entered by a delegate call.
pub(super) fn msg_reentrant(call: &mut Call<'_>) -> Result<u32> {
    call.buy_ink(HOSTIO)?;
    Ok(call.frame().reentrant.into())
}

/// Gas left after this call.
pub(super) fn evm_gas_left(call: &mut Call<'_>) -> Result<u64> {
    call.buy_ink(HOSTIO)?;
    Ok(call.gas_left())
}

/// Ink left after this call.
pub(super) fn evm_ink_left(call: &mut Call<'_>) -> Result<u64> {
    call.buy_ink(HOSTIO)?;
    Ok(call.ink())
}

/// Pays for pages before memory grows. Only the low 16 bits count.
pub(super) fn pay_for_memory_grow(call: &mut Call<'_>, pages: u32) -> Result<()> {
    match pages as u16 {
        0 => call.buy_ink(HOSTIO),
        pages => {
            let gas = call.api().add_pages(pages);
            call.buy_gas(gas)
        }
    }
}
