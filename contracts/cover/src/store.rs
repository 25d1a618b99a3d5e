//! The contract's words, and what every call does first and last.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IErc20::{transferCall, transferFromCall},
    IShared::{AmountTooLarge, NotInitialized},
    IVault::setBurnableCall,
    words,
};
use weir_protocol::{
    cover::{CoverError, CoverKey, CoverStore},
    math,
};
use weir_shell::{Outcome, call, lock, slots};

use crate::refusal::refusal;

/// A contract that this one knows; the slot of its address, far from the words of the rules.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Known {
    Vault,
    Lrt,
    Exits,
    Hub,
}

impl Known {
    pub fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    pub fn set(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

/// The words, with what was saved since the last commit. A view never commits.
pub struct Store<'a> {
    pub vm: &'a VM,
    saved: Vec<(U256, U256)>,
}

impl<'a> Store<'a> {
    pub fn new(vm: &'a VM) -> Self {
        let saved = Vec::new();
        Self { vm, saved }
    }
}

impl CoverStore for Store<'_> {
    #[inline(never)]
    fn load(&self, key: CoverKey) -> U256 {
        let slot = key.slot();
        match self.saved.iter().find(|(saved, _)| *saved == slot) {
            Some((_, word)) => *word,
            None => slots::load(self.vm, slot),
        }
    }

    #[inline(never)]
    fn save(&mut self, key: CoverKey, word: U256) {
        let slot = key.slot();
        match self.saved.iter_mut().find(|(saved, _)| *saved == slot) {
            Some((_, saved)) => *saved = word,
            None => self.saved.push((slot, word)),
        }
    }
}

/// A call that changes something: locked until [`Entry::leave`].
pub struct Entry<'a> {
    pub vm: &'a VM,
    pub store: Store<'a>,
    pub now_s: u64,
}

impl<'a> Entry<'a> {
    #[inline(never)]
    pub fn enter(vm: &'a VM) -> Outcome<Self> {
        lock::take()?;
        if Known::Vault.address(vm).is_zero() {
            return Err(NotInitialized {}.into());
        }
        Ok(Self {
            vm,
            store: Store::new(vm),
            now_s: vm.block_timestamp(),
        })
    }

    /// Writes the words back.
    #[inline(never)]
    pub fn commit(&mut self) {
        for (slot, word) in core::mem::take(&mut self.store.saved) {
            slots::save(self.vm, slot, word);
        }
    }

    /// Takes shares of the caller, by its allowance.
    #[inline(never)]
    pub fn bring(&self, shares: U256) -> Outcome<()> {
        let bring = transferFromCall {
            from: self.vm.msg_sender(),
            to: self.vm.contract_address(),
            value: shares,
        };
        call::order(
            self.vm,
            Known::Lrt.address(self.vm),
            &words::calldata(bring),
        )
    }

    /// Pays shares out.
    #[inline(never)]
    pub fn pay(&self, to: Address, shares: U256) -> Outcome<()> {
        let pay = transferCall { to, value: shares };
        call::order(self.vm, Known::Lrt.address(self.vm), &words::calldata(pay))
    }

    /// Tells the vault how much slashes could burn.
    #[inline(never)]
    pub fn tell_vault(&self) -> Outcome<()> {
        let shares = U256::from(self.store.totals().burnable);
        let calldata = words::calldata(setBurnableCall { shares });
        call::order(self.vm, Known::Vault.address(self.vm), &calldata)
    }

    pub fn leave(self) {
        lock::release();
    }
}

/// The result of an operation of the rules.
pub fn checked<T>(result: Result<T, CoverError>) -> Outcome<T> {
    result.map_err(refusal)
}

/// An amount as the rules hold it.
pub fn narrow(amount: U256) -> Outcome<u128> {
    math::narrow(amount).map_err(|_| AmountTooLarge { amount }.into())
}
