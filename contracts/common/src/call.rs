//! Typed calls to other contracts.
//!
//! Every call first writes the storage cache back, so that a callee that calls in again reads what was written, and
//! copies at most [`MAX_ANSWER_BYTES`] of the answer, so that a callee cannot make its caller pay for memory.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::{call::RawCall, host::VM, prelude::*};
use weir_abi::{
    IShared::BadAnswer,
    words::{self, Decode, Encode, Parameters, Returns},
};

use crate::{Outcome, Revert};

/// No contract of the protocol answers with more (the allocator's 64 exposures are 14,400 bytes); of a longer answer the rest is cut off.
pub const MAX_ANSWER_BYTES: usize = 16_384;

/// Calls a contract that the protocol trusts, which may change state. Answers its return values as a tuple.
///
/// # Errors
/// The callee's own revert data, unchanged; `BadAnswer` if it succeeds with an answer that does not decode.
#[inline(always)]
pub fn act<C: SolCall>(vm: &VM, target: Address, call: C) -> Outcome<Returns<C>>
where
    Parameters<C>: Encode + From<C>,
    Returns<C>: Decode,
{
    let request = RawCall::new(vm).clear_storage_cache();
    decode::<C>(target, send(vm, request, target, &words::calldata(call)))
}

/// Calls a function that returns nothing of a contract that the protocol trusts. `calldata` includes the selector.
///
/// # Errors
/// The callee's own revert data, unchanged.
pub fn order(vm: &VM, target: Address, calldata: &[u8]) -> Outcome<()> {
    let request = RawCall::new(vm).clear_storage_cache();
    send(vm, request, target, calldata).map_err(Revert)?;
    Ok(())
}

/// Calls a contract that the protocol trusts with `value` wei of ether. Answers its return values as a tuple.
///
/// # Errors
/// Those of [`act`].
#[inline(always)]
pub fn pay<C: SolCall>(vm: &VM, target: Address, value: U256, call: C) -> Outcome<Returns<C>>
where
    Parameters<C>: Encode + From<C>,
    Returns<C>: Decode,
{
    let request = RawCall::new_with_value(vm, value).clear_storage_cache();
    decode::<C>(target, send(vm, request, target, &words::calldata(call)))
}

/// Calls a view of a contract that the protocol trusts. Answers its return values as a tuple.
///
/// # Errors
/// Those of [`act`].
#[inline(always)]
pub fn view<C: SolCall>(vm: &VM, target: Address, call: C) -> Outcome<Returns<C>>
where
    Parameters<C>: Encode + From<C>,
    Returns<C>: Decode,
{
    let request = RawCall::new_static(vm).flush_storage_cache();
    decode::<C>(target, send(vm, request, target, &words::calldata(call)))
}

/// Asks a contract that the protocol trusts to pass or to refuse, which changes nothing. `calldata` includes the selector.
///
/// # Errors
/// The callee's own revert data, unchanged.
pub fn inspect(vm: &VM, target: Address, calldata: &[u8]) -> Outcome<()> {
    let request = RawCall::new_static(vm).flush_storage_cache();
    send(vm, request, target, calldata).map_err(Revert)?;
    Ok(())
}

/// Asks a contract that nobody trusts for one word, giving it `gas` at most. `calldata` includes the selector.
///
/// Answers nothing if the call fails, or if less than a word comes back, as from an address without code. Only the first 32 bytes
/// of the answer are copied.
pub fn word(vm: &VM, target: Address, gas: u64, calldata: &[u8]) -> Option<U256> {
    let request = RawCall::new_static(vm)
        .gas(gas)
        .flush_storage_cache()
        .limit_return_data(0, 32);
    // SAFETY: the cache is written back, and a static call changes no storage.
    let answer = unsafe { request.call(target, calldata) }.ok()?;
    Some(U256::from_be_bytes(<[u8; 32]>::try_from(answer).ok()?))
}

/// Sends a prepared call: whether it succeeded, and its answer cut to [`MAX_ANSWER_BYTES`].
#[inline(never)]
pub(crate) fn send(
    vm: &VM,
    request: RawCall<'_, VM>,
    target: Address,
    calldata: &[u8],
) -> Result<Vec<u8>, Vec<u8>> {
    // SAFETY: the request writes the cache back, and clears it unless the call is static: no stale value is read after.
    let outcome = unsafe { request.skip_return_data().call(target, calldata) };
    let answer = vm.read_return_data(0, Some(vm.return_data_size().min(MAX_ANSWER_BYTES)));
    match outcome {
        Ok(_) => Ok(answer),
        Err(_) => Err(answer),
    }
}

#[inline(always)]
fn decode<C: SolCall>(target: Address, outcome: Result<Vec<u8>, Vec<u8>>) -> Outcome<Returns<C>>
where
    Returns<C>: Decode,
{
    let answer = outcome.map_err(Revert)?;
    words::decode(&answer).ok_or_else(|| bad_answer(target, C::SELECTOR))
}

/// `BadAnswer` of a function of `target`.
#[inline(never)]
pub(crate) fn bad_answer(target: Address, selector: [u8; 4]) -> Revert {
    BadAnswer {
        target,
        selector: selector.into(),
    }
    .into()
}
