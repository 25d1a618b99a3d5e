//! Initialisation without a constructor: once, by whoever deployed the contract.
//!
//! Stylus code has no constructor of its own here. Instead the EVM init code that deploys it first writes its caller into
//! [`DEPLOYER_SLOT`] of the new contract and then returns the code. A contract's `init` calls [`take`], which empties
//! the slot: nobody can come before the deployer, and nobody, not even the deployer, can do it twice. Nothing else is
//! privileged by it; there is no upgrade key.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{host::VM, keccak_const::Keccak256, prelude::*};
use weir_abi::IShared::{AlreadyInitialized, Unauthorized};

use crate::Outcome;

/// The storage slot of the deployer: keccak256("weir.deployer") - 1, out of reach of any mapping or array.
pub const DEPLOYER_SLOT: U256 =
    U256::from_be_bytes(Keccak256::new().update(b"weir.deployer").finalize())
        .wrapping_sub(U256::ONE);

/// Passes if the caller deployed this contract and has not passed before.
///
/// # Errors
/// `AlreadyInitialized` if the slot is empty, `Unauthorized` if the caller is not who it names.
pub fn take(vm: &VM) -> Outcome<()> {
    only(vm)?;
    // SAFETY: no storage type of the SDK is rooted at this slot, so nothing aliases it.
    unsafe { vm.storage_cache_bytes32(DEPLOYER_SLOT, B256::ZERO) };
    Ok(())
}

/// Passes if the caller deployed this contract and [`take`] has not let it pass before.
///
/// # Errors
/// As [`take`].
pub fn only(vm: &VM) -> Outcome<()> {
    let deployer = Address::from_word(vm.storage_load_bytes32(DEPLOYER_SLOT));
    if deployer.is_zero() {
        return Err(AlreadyInitialized {}.into());
    }
    let caller = vm.msg_sender();
    if caller != deployer {
        return Err(Unauthorized { caller }.into());
    }
    Ok(())
}
