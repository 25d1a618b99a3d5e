//! Who may call.

use alloy_primitives::Address;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IShared::{Unauthorized, ZeroAddress};

use crate::Outcome;

/// Passes if the caller holds `role`. Nobody holds the role of the zero address.
///
/// # Errors
/// `Unauthorized`.
pub fn only(vm: &VM, role: Address) -> Outcome<()> {
    let caller = vm.msg_sender();
    if caller == role && !role.is_zero() {
        Ok(())
    } else {
        Err(Unauthorized { caller }.into())
    }
}

/// Passes an address that is not zero.
///
/// # Errors
/// `ZeroAddress`.
pub fn not_zero(address: Address) -> Outcome<Address> {
    if address.is_zero() {
        Err(ZeroAddress {}.into())
    } else {
        Ok(address)
    }
}
