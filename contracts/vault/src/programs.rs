//! The vault hands on what its other programs answer.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use stylus_sdk::{call::RawCall, host::VM};
use weir_abi::{IShared::NotInitialized, IVault::initCall};
use weir_shell::{Outcome, Revert, deployer};
use weir_vault::Known;

/// Where `init` names `vault-control`: behind its selector and five words.
const CONTROL: core::ops::Range<usize> = 164..196;

/// Lets `vault-control` answer. Before it is known, `init` of the deployer names it.
pub fn control(vm: &VM, input: &[u8]) -> Outcome<Vec<u8>> {
    let known = Known::Control.address(vm);
    if !known.is_zero() || !input.starts_with(&initCall::SELECTOR) {
        return forward(vm, known, input);
    }
    deployer::only(vm)?;
    let named = B256::try_from(input.get(CONTROL).unwrap_or_default()).unwrap_or_default();
    let answer = forward(vm, Address::from_word(named), input)?;
    // An address without code answers too.
    if Known::Control.address(vm).is_zero() {
        return Err(NotInitialized {}.into());
    }
    Ok(answer)
}

/// Lets another program answer.
pub fn other(vm: &VM, program: Known, input: &[u8]) -> Outcome<Vec<u8>> {
    forward(vm, program.address(vm), input)
}

fn forward(vm: &VM, program: Address, input: &[u8]) -> Outcome<Vec<u8>> {
    if program.is_zero() {
        return Err(NotInitialized {}.into());
    }
    let request = RawCall::new_delegate(vm).clear_storage_cache();
    // SAFETY: the program is the vault's own code, and the cache is cleared before it writes to the vault's storage.
    unsafe { request.call(program, input) }.map_err(Revert)
}
