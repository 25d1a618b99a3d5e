//! The contract's own words, beside those of the rules: what `init` fixed.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::ICustody::Instance;
use weir_protocol::{
    clock::Clock,
    services::custody::{CustodyKey, CustodyStore, Rules},
};
use weir_shell::slots;

pub struct Store<'a>(pub &'a VM);

impl CustodyStore for Store<'_> {
    fn load(&self, key: CustodyKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: CustodyKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

/// The hub in the low 160 bits, the service in the high 64.
const HUB: U256 = U256::ZERO;
/// The vault in the low 160 bits, the part to slash in the high 64.
const VAULT: U256 = U256::from_limbs([1, 0, 0, 0]);
/// The vault's genesis, its epoch, and the answer time, 64 bits each.
const TIMES: U256 = U256::from_limbs([2, 0, 0, 0]);
/// Wei.
const BOND: U256 = U256::from_limbs([3, 0, 0, 0]);

fn load(vm: &VM, slot: U256) -> (Address, u64) {
    let word = slots::load(vm, slot);
    let [.., high] = word.into_limbs();
    (slots::address(word), high)
}

fn save(vm: &VM, slot: U256, address: Address, number: u64) {
    let [a, b, c, _] = slots::of_address(address).into_limbs();
    slots::save(vm, slot, U256::from_limbs([a, b, c, number]));
}

/// Keeps what `init` was called with, and the epochs of the vault.
pub fn set_instance(vm: &VM, instance: &Instance, clock: &Clock) {
    save(vm, HUB, instance.hub, instance.service.into());
    save(vm, VAULT, instance.vault, instance.slashWad);
    let times = [clock.genesis_s, clock.epoch_s, instance.answerTime, 0];
    slots::save(vm, TIMES, U256::from_limbs(times));
    slots::save(vm, BOND, instance.bond);
}

pub fn instance(vm: &VM) -> Instance {
    let ((hub, service), (vault, slash_wad)) = (hub(vm), vault(vm));
    let rules = rules(vm);
    Instance {
        hub,
        vault,
        service,
        answerTime: rules.answer_s,
        slashWad: slash_wad,
        bond: rules.bond,
    }
}

/// The hub, and the service's number there.
pub fn hub(vm: &VM) -> (Address, u32) {
    let (hub, service) = load(vm, HUB);
    (hub, service as u32)
}

/// The vault, and the part to slash.
pub fn vault(vm: &VM) -> (Address, u64) {
    load(vm, VAULT)
}

pub fn rules(vm: &VM) -> Rules {
    let [genesis_s, epoch_s, answer_s, _] = slots::load(vm, TIMES).into_limbs();
    Rules {
        answer_s,
        bond: slots::load(vm, BOND),
        // The service has no use for the grace.
        clock: Clock {
            genesis_s,
            epoch_s,
            grace_s: 0,
        },
    }
}
