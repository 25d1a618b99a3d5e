//! Calls and creations.

use alloy_primitives::U256;

use super::{Call, CallKind, CallRequest, CreateRequest, EVM_API, HOSTIO, POINTER, Result};

/// Status of a call that failed. One that succeeded has 0.
const FAILED: u32 = 2;

/// Calls with value. Returns the status, and writes the length of the return data to `ret_len`.
pub(super) fn call_contract(
    call: &mut Call<'_>,
    to: u32,
    data: u32,
    data_len: u32,
    value: u32,
    gas: u64,
    ret_len: u32,
) -> Result<u32> {
    do_call(
        call,
        CallKind::Call,
        to,
        data,
        data_len,
        Some(value),
        gas,
        ret_len,
    )
}

/// Calls another account's code with this account's storage.
pub(super) fn delegate_call_contract(
    call: &mut Call<'_>,
    to: u32,
    data: u32,
    data_len: u32,
    gas: u64,
    ret_len: u32,
) -> Result<u32> {
    do_call(
        call,
        CallKind::Delegate,
        to,
        data,
        data_len,
        None,
        gas,
        ret_len,
    )
}

/// Calls without allowing the state to change.
pub(super) fn static_call_contract(
    call: &mut Call<'_>,
    to: u32,
    data: u32,
    data_len: u32,
    gas: u64,
    ret_len: u32,
) -> Result<u32> {
    do_call(
        call,
        CallKind::Static,
        to,
        data,
        data_len,
        None,
        gas,
        ret_len,
    )
}

#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the host function"
)]
fn do_call(
    call: &mut Call<'_>,
    kind: CallKind,
    to: u32,
    data: u32,
    data_len: u32,
    value: Option<u32>,
    gas: u64,
    ret_len: u32,
) -> Result<u32> {
    call.buy_ink(HOSTIO + 3 * POINTER + EVM_API)?;
    call.pay_for_read(data_len)?;
    call.pay_for_read(data_len)?; // once more for the EVM, which reads it from the program
    let gas_left = call.gas_left();
    let to = call.read_address(to)?;
    let input = call.read_bytes(data, data_len)?;
    let value = match value {
        Some(ptr) => call.read_u256(ptr)?,
        None => U256::ZERO,
    };
    let frame = *call.frame();
    let request = CallRequest {
        kind,
        to,
        input,
        value,
        gas_left,
        gas_requested: gas.min(gas_left),
    };
    let reply = call.api().call(&frame, request)?;
    let len = reply.data.len() as u32;
    // The data can be read even if the call cannot be paid, which ends the program anyway.
    call.host().return_data = reply.data;
    call.buy_gas(reply.cost)?;
    call.write_u32(ret_len, len)?;
    Ok(if reply.ok { 0 } else { FAILED })
}

/// Creates a contract; writes its address, or zero, and the length of the revert data.
pub(super) fn create1(
    call: &mut Call<'_>,
    code: u32,
    code_len: u32,
    endowment: u32,
    contract: u32,
    revert_len: u32,
) -> Result<()> {
    do_create(
        call,
        HOSTIO + 3 * POINTER + EVM_API,
        code,
        code_len,
        endowment,
        None,
        contract,
        revert_len,
    )
}

/// Creates a contract at an address that depends on the code and a salt.
pub(super) fn create2(
    call: &mut Call<'_>,
    code: u32,
    code_len: u32,
    endowment: u32,
    salt: u32,
    contract: u32,
    revert_len: u32,
) -> Result<()> {
    do_create(
        call,
        HOSTIO + 4 * POINTER + EVM_API,
        code,
        code_len,
        endowment,
        Some(salt),
        contract,
        revert_len,
    )
}

#[expect(
    clippy::too_many_arguments,
    reason = "the arguments of the host function"
)]
fn do_create(
    call: &mut Call<'_>,
    price: u64,
    code: u32,
    code_len: u32,
    endowment: u32,
    salt: Option<u32>,
    contract: u32,
    revert_len: u32,
) -> Result<()> {
    call.buy_ink(price)?;
    call.pay_for_read(code_len)?;
    call.pay_for_read(code_len)?; // once more for the EVM, which reads it from the program
    let code = call.read_bytes(code, code_len)?;
    let endowment = call.read_u256(endowment)?;
    let salt = match salt {
        Some(ptr) => Some(call.read_u256(ptr)?),
        None => None,
    };
    let gas_left = call.gas_left();
    let frame = *call.frame();
    let reply = call.api().create(
        &frame,
        CreateRequest {
            code,
            endowment,
            salt,
            gas_left,
        },
    )?;
    let len = reply.data.len() as u32;
    call.host().return_data = reply.data;
    call.buy_gas(reply.cost)?;
    call.write_u32(revert_len, len)?;
    call.write(contract, reply.address.as_slice())
}
