//! The contract's own words, beside those of the rules: the keys of operators, and what it knows of each vault.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_protocol::{
    clock::Clock,
    hub::{HubKey, HubStore},
};
use weir_shell::slots;

pub struct Store<'a>(pub &'a VM);

impl HubStore for Store<'_> {
    fn load(&self, key: HubKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: HubKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

/// What the hub keeps of a vault, so that it need not ask again: all of it is fixed for ever.
#[derive(Clone, Copy)]
pub struct VaultRecord {
    pub allocator: Address,
    pub genesis_s: u64,
    pub epoch_s: u64,
}

impl VaultRecord {
    /// The vault's epochs. The hub has no use for the grace.
    pub fn clock(&self) -> Clock {
        Clock {
            genesis_s: self.genesis_s,
            epoch_s: self.epoch_s,
            grace_s: 0,
        }
    }
}

/// One word: the allocator in the low 160 bits, 32 bits of the length of an epoch, 64 of the genesis. All zero for a vault
/// that never opted in.
pub fn vault(vm: &VM, vault: Address) -> VaultRecord {
    let word = slots::load(vm, slot(Kind::Vault, vault));
    let [_, _, high, genesis_s] = word.into_limbs();
    VaultRecord {
        allocator: slots::address(word),
        genesis_s,
        epoch_s: high >> 32,
    }
}

/// Epochs are shorter than 2^32 seconds: of a vault that says otherwise the rest is cut off.
pub fn set_vault(vm: &VM, vault: Address, record: VaultRecord) {
    let [low, middle, high, _] = slots::of_address(record.allocator).into_limbs();
    let word = U256::from_limbs([low, middle, high | record.epoch_s << 32, record.genesis_s]);
    slots::save(vm, slot(Kind::Vault, vault), word);
}

/// Whose key an operator signs with; zero if it is not registered.
pub fn signer(vm: &VM, operator: Address) -> Address {
    slots::address(slots::load(vm, slot(Kind::Signer, operator)))
}

pub fn set_signer(vm: &VM, operator: Address, signer: Address) {
    slots::save(vm, slot(Kind::Signer, operator), slots::of_address(signer));
}

#[derive(Clone, Copy)]
#[repr(u64)]
enum Kind {
    Vault = 0,
    Signer = 1,
}

/// `kind · 2^160 + account`, far below the words of the rules.
fn slot(kind: Kind, account: Address) -> U256 {
    let [low, middle, high, _] = slots::of_address(account).into_limbs();
    U256::from_limbs([low, middle, high | (kind as u64) << 32, 0])
}
