//! The contract's own words, beside those of the rules: what `init` fixed.

use alloy_primitives::{Address, B256, FixedBytes, U256};
use stylus_sdk::host::VM;
use weir_abi::IAttestation::Instance;
use weir_protocol::{
    clock::Clock,
    services::attestation::{AttestationKey, AttestationStore, Kind, Rules},
};
use weir_shell::slots;

pub struct Store<'a>(pub &'a VM);

impl AttestationStore for Store<'_> {
    fn load(&self, key: AttestationKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: AttestationKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

/// Words that lie far below those of the rules. An address takes the low 160 bits of its word, a small number the high 64.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Word {
    /// The hub, and the service.
    Hub,
    /// The vault, and the part to slash.
    Vault,
    /// The vault's allocator, and whether payloads are values.
    Allocator,
    Domain,
    /// Start, period, the vault's genesis, its epoch.
    Times,
    /// What is reported: a contract, and its view.
    Target,
}

fn load(vm: &VM, word: Word) -> (Address, u64) {
    let word = slots::load(vm, U256::from(word as u8));
    let [.., high] = word.into_limbs();
    (slots::address(word), high)
}

fn save(vm: &VM, word: Word, address: Address, number: u64) {
    let [a, b, c, _] = slots::of_address(address).into_limbs();
    slots::save(
        vm,
        U256::from(word as u8),
        U256::from_limbs([a, b, c, number]),
    );
}

/// Keeps what `init` was called with, and what is fixed of the vault.
pub fn set_instance(vm: &VM, instance: &Instance, allocator: Address, clock: &Clock) {
    let selector = u32::from_be_bytes(instance.selector.0);
    save(vm, Word::Hub, instance.hub, instance.service.into());
    save(vm, Word::Vault, instance.vault, instance.slashWad);
    save(vm, Word::Allocator, allocator, instance.values.into());
    save(vm, Word::Target, instance.target, selector.into());
    slots::save(vm, U256::from(Word::Domain as u8), instance.domain.into());
    let times = [
        instance.start,
        instance.period,
        clock.genesis_s,
        clock.epoch_s,
    ];
    slots::save(vm, U256::from(Word::Times as u8), U256::from_limbs(times));
}

pub fn instance(vm: &VM) -> Instance {
    let (hub, service) = load(vm, Word::Hub);
    let (vault, slash_wad) = load(vm, Word::Vault);
    let (target, selector) = load(vm, Word::Target);
    let rules = rules(vm);
    Instance {
        hub,
        vault,
        service: service as u32,
        domain: domain(vm),
        start: rules.start_s,
        period: rules.period_s,
        slashWad: slash_wad,
        values: rules.kind == Kind::Values,
        target,
        selector: FixedBytes((selector as u32).to_be_bytes()),
    }
}

/// The hub, and the service's number there.
pub fn hub(vm: &VM) -> (Address, u32) {
    let (hub, service) = load(vm, Word::Hub);
    (hub, service as u32)
}

/// The vault, and the part to slash.
pub fn vault(vm: &VM) -> (Address, u64) {
    load(vm, Word::Vault)
}

pub fn allocator(vm: &VM) -> Address {
    load(vm, Word::Allocator).0
}

pub fn domain(vm: &VM) -> B256 {
    slots::load(vm, U256::from(Word::Domain as u8)).into()
}

pub fn rules(vm: &VM) -> Rules {
    let times = slots::load(vm, U256::from(Word::Times as u8));
    let [start_s, period_s, genesis_s, epoch_s] = times.into_limbs();
    let (_, values) = load(vm, Word::Allocator);
    Rules {
        start_s,
        period_s,
        // The service has no use for the grace.
        clock: Clock {
            genesis_s,
            epoch_s,
            grace_s: 0,
        },
        kind: if values == 1 {
            Kind::Values
        } else {
            Kind::Hashes
        },
    }
}
