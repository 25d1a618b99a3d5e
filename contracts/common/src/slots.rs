//! Storage in words, for contracts that lay it out themselves.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};

/// The word at `slot`; zero if none was ever saved.
pub fn load(vm: &VM, slot: U256) -> U256 {
    vm.storage_load_bytes32(slot).into()
}

/// Replaces the word at `slot`.
pub fn save(vm: &VM, slot: U256, word: U256) {
    // SAFETY: who lays out its storage itself keeps no storage type of the SDK, so nothing aliases the slot.
    unsafe { vm.storage_cache_bytes32(slot, word.into()) };
}

/// The address in the low 160 bits of a word.
pub fn address(word: U256) -> Address {
    Address::from_word(word.into())
}

/// An address as the low 160 bits of a word.
pub fn of_address(address: Address) -> U256 {
    address.into_word().into()
}
