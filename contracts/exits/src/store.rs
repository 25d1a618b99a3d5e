//! Where tickets and the vault's address are kept.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::host::VM;
use weir_protocol::exits::{TicketKey, TicketStore};
use weir_shell::slots;

/// The vault in the low 160 bits. Above, the most assets that a claim was ever paid in: no ticket has taken any of the others.
const VAULT: U256 = U256::ZERO;
/// The code hash of entries.
const ENTRY_CODE: U256 = U256::ONE;

/// The vault; zero before `init`.
pub fn vault(vm: &VM) -> Address {
    slots::address(slots::load(vm, VAULT))
}

/// How many assets a ticket may have taken of.
pub fn assets(vm: &VM) -> u8 {
    let [_, _, high, _] = slots::load(vm, VAULT).into_limbs();
    (high >> 32) as u8
}

/// Keeps the vault and the number of assets.
pub fn set_vault(vm: &VM, vault: Address, assets: u8) {
    let [low, middle, high, _] = slots::of_address(vault).into_limbs();
    let high = high | u64::from(assets) << 32;
    slots::save(vm, VAULT, U256::from_limbs([low, middle, high, 0]));
}

/// The code hash of entries; zero for none.
pub fn entry_code(vm: &VM) -> B256 {
    slots::load(vm, ENTRY_CODE).into()
}

/// Keeps the code hash of entries.
pub fn set_entry_code(vm: &VM, code_hash: B256) {
    slots::save(vm, ENTRY_CODE, code_hash.into());
}

/// The tickets' words in storage.
pub struct Tickets<'a>(pub &'a VM);

impl TicketStore for Tickets<'_> {
    fn load(&self, key: TicketKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: TicketKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}
