//! Sending ether.

use alloy_primitives::{Address, U256};
use stylus_sdk::{call::RawCall, host::VM};
use weir_abi::IShared::TransferFailed;

use crate::Outcome;

/// Sends `amount` wei of ether to `to` with all gas. Whatever must be written is written before.
///
/// # Errors
/// `TransferFailed`, with the zero address for the token, if the receiver reverts or the contract has less.
pub fn send(vm: &VM, to: Address, amount: U256) -> Outcome<()> {
    let request = RawCall::new_with_value(vm, amount)
        .clear_storage_cache()
        .skip_return_data();
    // SAFETY: the cache is written back and cleared before the call.
    match unsafe { request.call(to, &[]) } {
        Ok(_) => Ok(()),
        Err(_) => Err(TransferFailed {
            token: Address::ZERO,
            to,
            amount,
        }
        .into()),
    }
}
