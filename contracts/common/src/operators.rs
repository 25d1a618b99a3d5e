//! Operators: accounts that may act for another, as ERC-7540 has them.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};

use crate::slots;

/// Whether `operator` may act for `controller`.
pub fn is_operator(vm: &VM, controller: Address, operator: Address) -> bool {
    !slots::load(vm, slot(vm, controller, operator)).is_zero()
}

/// Lets `operator` act for `controller`, or no more. The caller has checked that `controller` says so.
pub fn set(vm: &VM, controller: Address, operator: Address, approved: bool) {
    let word = U256::from(u8::from(approved));
    slots::save(vm, slot(vm, controller, operator), word);
}

/// The hash of both: out of reach of every slot that is not hashed.
fn slot(vm: &VM, controller: Address, operator: Address) -> U256 {
    let pair = [controller.as_slice(), operator.as_slice()].concat();
    vm.native_keccak256(&pair).into()
}
