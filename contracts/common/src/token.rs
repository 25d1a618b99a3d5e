//! Transfers of tokens that others wrote.
//!
//! A token may answer `true` or nothing, as some old ones do. Anything else is a failure: a revert, `false`, any other word,
//! a part of a word, and no answer from an address without code. What really arrived is for the caller to
//! measure with [`balance_of`].

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::{call::RawCall, host::VM, prelude::*};
use weir_abi::{
    IErc20::{balanceOfCall, transferCall, transferFromCall},
    IErc2612::permitCall,
    IShared::TransferFailed,
    IVault::BalanceMismatch,
    words,
};

use crate::{Outcome, call};

/// Gas that a read of a balance may use. A proxied token with cold slots stays well under it.
const BALANCE_GAS: u64 = 1_000_000;

/// Sends `amount` wei of `token` from this contract to `to`.
///
/// # Errors
/// `TransferFailed`, with the values.
pub fn transfer(vm: &VM, token: Address, to: Address, amount: U256) -> Outcome<()> {
    if try_transfer(vm, token, to, amount, u64::MAX) {
        return Ok(());
    }
    Err(TransferFailed { token, to, amount }.into())
}

/// Sends `amount` wei of `token` from this contract to `to` with `gas` at most, and says whether the token did it.
pub fn try_transfer(vm: &VM, token: Address, to: Address, amount: U256, gas: u64) -> bool {
    accepted(
        vm,
        token,
        gas,
        &words::calldata(transferCall { to, value: amount }),
    )
}

/// Takes `amount` wei of `token` from `from` to `to` by this contract's allowance.
///
/// # Errors
/// `TransferFailed`, with the values.
pub fn transfer_from(
    vm: &VM,
    token: Address,
    from: Address,
    to: Address,
    amount: U256,
) -> Outcome<()> {
    if accepted(
        vm,
        token,
        u64::MAX,
        &words::calldata(transferFromCall {
            from,
            to,
            value: amount,
        }),
    ) {
        return Ok(());
    }
    Err(TransferFailed { token, to, amount }.into())
}

/// Takes `amount` wei of `token` from the caller by this contract's allowance: exactly that must arrive.
///
/// # Errors
/// `TransferFailed`, `BalanceMismatch`; `BadAnswer` if the token does not tell balances.
pub fn receive(vm: &VM, token: Address, amount: U256) -> Outcome<()> {
    let this = vm.contract_address();
    let before = balance_of(vm, token, this)?;
    transfer_from(vm, token, vm.msg_sender(), this, amount)?;
    let after = balance_of(vm, token, this)?;
    match after.checked_sub(before) {
        Some(measured) if measured == amount => Ok(()),
        measured => Err(BalanceMismatch {
            token,
            expected: amount,
            measured: measured.unwrap_or_default(),
        }
        .into()),
    }
}

/// Hands a permit to `token`. Whether it took it, the transfer will tell: a permit that somebody else used first is no harm.
pub fn permit(vm: &VM, token: Address, permit: permitCall) {
    let request = RawCall::new(vm)
        .clear_storage_cache()
        .limit_return_data(0, 0);
    // SAFETY: the cache is written back and cleared before the call.
    let _ = unsafe { request.call(token, &words::calldata(permit)) };
}

/// The balance of `account` in wei of `token`.
///
/// # Errors
/// `BadAnswer` if the token reverts or answers less than a word.
pub fn balance_of(vm: &VM, token: Address, account: Address) -> Outcome<U256> {
    call::word(
        vm,
        token,
        BALANCE_GAS,
        &words::calldata(balanceOfCall { account }),
    )
    .ok_or_else(|| call::bad_answer(token, balanceOfCall::SELECTOR))
}

fn accepted(vm: &VM, token: Address, gas: u64, calldata: &[u8]) -> bool {
    let request = RawCall::new(vm).gas(gas).clear_storage_cache();
    // SAFETY: the cache is written back and cleared before the call.
    let Ok(answer) = (unsafe { request.limit_return_data(0, 32).call(token, calldata) }) else {
        return false;
    };
    match <[u8; 32]>::try_from(answer) {
        Ok(word) => U256::from_be_bytes(word) == U256::ONE,
        Err(answer) => answer.is_empty() && vm.code_size(token) > 0,
    }
}
