//! The protocol's words: read from storage, kept in memory until they are committed.
//!
//! A view never commits: it runs the same operations and forgets them.

use alloc::vec::Vec;

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::IVault::{BatchSettled, EpochClosed, LedgerChanged};
use weir_protocol::{
    units::Amounts,
    vault::{Closed, Settled, VaultKey, VaultStore},
};
use weir_shell::{log, slots};

/// Storage of the vault, with what was saved since the last commit.
#[derive(Debug)]
pub struct Store<'a> {
    vm: &'a VM,
    saved: Vec<Saved>,
    is_view: bool,
}

#[derive(Debug)]
struct Saved {
    slot: U256,
    word: U256,
    part: Option<Part>,
}

/// A word of the ledger, as `LedgerChanged` names it.
#[derive(Clone, Copy, Debug)]
struct Part {
    asset: u8,
    number: u8,
}

impl<'a> Store<'a> {
    /// For a call that changes the vault.
    pub fn new(vm: &'a VM) -> Self {
        Self {
            vm,
            saved: Vec::new(),
            is_view: false,
        }
    }

    /// For a view: nothing is announced.
    pub fn view(vm: &'a VM) -> Self {
        Self {
            is_view: true,
            ..Self::new(vm)
        }
    }

    /// Writes back what was saved, and emits each word of the ledger that changed.
    #[inline(never)]
    pub fn commit(&mut self) {
        for Saved { slot, word, part } in core::mem::take(&mut self.saved) {
            slots::save(self.vm, slot, word);
            if let Some(Part { asset, number }) = part {
                let [a, b, c, d] = word.into_limbs();
                let first = U256::from_limbs([a, b, 0, 0]);
                let second = U256::from_limbs([c, d, 0, 0]);
                log!(self.vm, LedgerChanged [asset, part: number] { first, second });
            }
        }
    }

    /// Amounts of the listed assets.
    #[inline(never)]
    pub fn list(&self, amounts: &Amounts) -> Vec<U256> {
        let assets = usize::from(self.settings().assets);
        amounts
            .iter()
            .take(assets)
            .map(|amount| U256::from(*amount))
            .collect()
    }
}

impl VaultStore for Store<'_> {
    #[inline(never)]
    fn load(&self, key: VaultKey) -> U256 {
        let slot = key.slot();
        match self.saved.iter().find(|saved| saved.slot == slot) {
            Some(saved) => saved.word,
            None => slots::load(self.vm, slot),
        }
    }

    #[inline(never)]
    fn save(&mut self, key: VaultKey, word: U256) {
        let slot = key.slot();
        match self.saved.iter_mut().find(|saved| saved.slot == slot) {
            Some(saved) => saved.word = word,
            None => self.saved.push(Saved {
                slot,
                word,
                part: part(key),
            }),
        }
    }

    fn closed(&mut self, notice: &Closed) {
        if !self.is_view {
            log!(self.vm, EpochClosed [epoch: notice.epoch] {
                shares: U256::from(notice.shares),
                pendingShares: U256::from(notice.queued),
            });
        }
    }

    fn settled(&mut self, notice: &Settled) {
        if !self.is_view {
            log!(self.vm, BatchSettled [epoch: notice.epoch] {
                filled: U256::from(notice.filled),
                unfilled: U256::from(notice.unfilled),
                supply: U256::from(notice.supply),
                paid: self.list(&notice.paid),
                held: self.list(&notice.held),
            });
        }
    }
}

fn part(key: VaultKey) -> Option<Part> {
    let (asset, number) = match key {
        VaultKey::Balance(asset) => (asset, 0),
        VaultKey::Unbonding(asset) => (asset, 1),
        VaultKey::Drip(asset) => (asset, 2),
        VaultKey::Aside(asset) => (asset, 3),
        VaultKey::Debt(asset) => (asset, 4),
        VaultKey::Stream(asset) => (asset, 5),
        _ => return None,
    };
    Some(Part { asset, number })
}
