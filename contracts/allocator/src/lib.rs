//! The allocator of one vault. Its interface is `weir_abi::IAllocator`, its rules are `weir_protocol::allocator`.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IAllocator::{self, *},
    ICover, IHub,
    IShared::NotInitialized,
    IVault, words,
};
use weir_protocol::{
    allocator::{self, AllocateSummary, AllocatorKey, AllocatorStore, Part, SlashSummary},
    clock::Clock,
};
use weir_shell::{Outcome, access, call, deployer, log, route, slots};

mod limits;
mod refusal;

use refusal::refusal;

/// The contract's own words. Those of the rules lie far above.
const VAULT: U256 = U256::ZERO;
const HUB: U256 = U256::ONE;
const CURATOR: U256 = U256::from_limbs([2, 0, 0, 0]);
/// Genesis, epoch length and grace of the vault, which are fixed for ever.
const CLOCK: U256 = U256::from_limbs([3, 0, 0, 0]);
const GOVERNOR: U256 = U256::from_limbs([4, 0, 0, 0]);
const GUARDIAN: U256 = U256::from_limbs([5, 0, 0, 0]);
const COVER: U256 = U256::from_limbs([6, 0, 0, 0]);

struct Store<'a>(&'a VM);

impl AllocatorStore for Store<'_> {
    fn load(&self, key: AllocatorKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: AllocatorKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IAllocator::IAllocatorCalls;
        returns {
            freezeCall: c => freeze(vm, c),
            slashCall: c => slash(vm, c),
            capacityCall: _ => Ok(Store(vm).capacity().capacity),
            scaleCall: _ => Ok(Store(vm).capacity().scale),
            allocatedCall: _ => Ok(Store(vm).capacity().encumbered),
            allocationCall: c => allocation(vm, c),
            slashableCall: c => slashable(vm, c),
            wouldFreezeCall: c => would_freeze(vm, c),
            exposureCall: _ => limits::exposure(vm),
            worstCaseCall: c => limits::worst_case(vm, c.operators),
            limitsCall: _ => Ok(limits::words(&Store(vm).limits())),
            groupsCall: c => Ok(Store(vm).groups(c.operator).to_vec()),
            allocationsPausedUntilCall: _ => Ok(Store(vm).capacity().paused.until_s),
            wiringCall: _ => Ok(wiring(vm)),
        }
        acts {
            initCall: c => init(vm, c),
            allocateCall: c => allocate(vm, c),
            trimCall: c => trim(vm, c.service, c.operator),
            setLimitsCall: c => limits::set_limits(vm, c.limits),
            setGroupsCall: c => limits::set_groups(vm, c.operator, &c.groups),
            pauseAllocationsCall: c => limits::pause(vm, c.durationS),
            thawCall: c => thaw(vm, c),
            retireCall: _ => retire(vm),
        }
    }
}

fn init(vm: &VM, call: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    let initCall {
        vault,
        hub,
        curator,
        increaseDelayS,
    } = call;
    for (slot, address) in [(VAULT, vault), (HUB, hub), (CURATOR, curator)] {
        slots::save(vm, slot, slots::of_address(access::not_zero(address)?));
    }
    let (vault_wiring,) = call::view(vm, vault, IVault::wiringCall {})?;
    if vault_wiring.epochLength == 0 {
        return Err(NotInitialized {}.into());
    }
    slots::save(vm, GOVERNOR, slots::of_address(vault_wiring.governor));
    slots::save(vm, GUARDIAN, slots::of_address(vault_wiring.guardian));
    slots::save(vm, COVER, slots::of_address(vault_wiring.cover));
    let clock = [
        vault_wiring.genesis,
        vault_wiring.epochLength,
        vault_wiring.slashGrace,
        0,
    ];
    slots::save(vm, CLOCK, U256::from_limbs(clock));
    allocator::initialise(&mut Store(vm), increaseDelayS).map_err(refusal)?;
    log!(vm, Initialized [] { vault, hub, curator, increaseDelayS });
    Ok(())
}

/// The hub is asked each time what the service may slash: it refuses for one that it does not know. Of a raise, cover is asked
/// whether the operator's bond is enough.
fn allocate(vm: &VM, call: allocateCall) -> Outcome<()> {
    only(vm, CURATOR)?;
    let allocateCall {
        service,
        operator,
        magnitude,
    } = call;
    let hub = slots::address(slots::load(vm, HUB));
    let (terms,) = call::view(vm, hub, IHub::termsCall { service })?;
    let summary = allocator::allocate(
        &mut Store(vm),
        &clock(vm),
        vm.block_timestamp(),
        service,
        operator,
        magnitude,
        terms.maxWad,
    )
    .map_err(refusal)?;
    if summary.at_risk > 0 {
        let check = ICover::checkBondCall {
            operator,
            magnitude: summary.at_risk,
            capacity: Store(vm).capacity().capacity,
        };
        let cover = slots::address(slots::load(vm, COVER));
        call::inspect(vm, cover, &words::calldata(check))?;
    }
    changed(vm, service, operator, &summary);
    Ok(())
}

/// The vault has ended.
fn retire(vm: &VM) -> Outcome<()> {
    only(vm, VAULT)?;
    allocator::retire(&mut Store(vm)).map_err(refusal)?;
    log!(vm, AllocationsEnded [] {});
    Ok(())
}

fn would_freeze(vm: &VM, call: wouldFreezeCall) -> Outcome<wouldFreezeReturn> {
    let now_s = vm.block_timestamp();
    let store = &Store(vm);
    let frozen = allocator::would_freeze(
        store,
        &clock(vm),
        now_s,
        call.service,
        call.operator,
        call.wad,
    );
    let Part {
        delta,
        capacity,
        scale,
    } = frozen.map_err(refusal)?;
    Ok(wouldFreezeReturn {
        delta,
        capacity,
        scale,
    })
}

fn trim(vm: &VM, service: u32, operator: Address) -> Outcome<()> {
    let now_s = vm.block_timestamp();
    let summary = allocator::trim(&mut Store(vm), &clock(vm), now_s, service, operator);
    changed(vm, service, operator, &summary.map_err(refusal)?);
    Ok(())
}

fn changed(vm: &VM, service: u32, operator: Address, summary: &AllocateSummary) {
    log!(vm, AllocationChanged [service, operator] {
        oldMagnitude: summary.old,
        newMagnitude: summary.new,
        effectiveAt: summary.effective_s,
        allocated: summary.encumbered,
    });
}

fn freeze(vm: &VM, call: freezeCall) -> Outcome<freezeReturn> {
    only_hub(vm)?;
    let freezeCall {
        id,
        service,
        operator,
        wad,
        offenceEpoch,
    } = call;
    let Part {
        delta,
        capacity,
        scale,
    } = allocator::freeze(
        &mut Store(vm),
        &clock(vm),
        vm.block_timestamp(),
        id,
        service,
        operator,
        wad,
        offenceEpoch,
    )
    .map_err(refusal)?;
    log!(vm, MagnitudeFrozen [id, service, operator] { delta, capacity });
    Ok(freezeReturn {
        delta,
        capacity,
        scale,
    })
}

fn slash(vm: &VM, call: slashCall) -> Outcome<slashReturn> {
    only_hub(vm)?;
    let slashCall {
        id,
        service,
        operator,
    } = call;
    let SlashSummary {
        part,
        capacity,
        scale,
        magnitude,
    } = allocator::slash(&mut Store(vm), id, service, operator).map_err(refusal)?;
    if allocator::is_spent(capacity) {
        log!(vm, AllocationsEnded [] {});
    }
    log!(vm, MagnitudeSlashed [id, service, operator] {
        delta: part.delta, magnitude, capacity, scale,
    });
    Ok(slashReturn {
        delta: part.delta,
        capacityBefore: part.capacity,
        scaleBefore: part.scale,
    })
}

fn thaw(vm: &VM, call: thawCall) -> Outcome<()> {
    only_hub(vm)?;
    let thawCall {
        id,
        service,
        operator,
        filedEpoch,
    } = call;
    allocator::thaw(
        &mut Store(vm),
        &clock(vm),
        vm.block_timestamp(),
        id,
        service,
        operator,
        filedEpoch,
    )
    .map_err(refusal)?;
    log!(vm, MagnitudeThawed [id, service, operator] {});
    Ok(())
}

fn allocation(vm: &VM, call: allocationCall) -> Outcome<Allocation> {
    let allocationCall { service, operator } = call;
    let now_s = vm.block_timestamp();
    let clock = clock(vm);
    let epoch = clock.epoch_at(now_s);
    let store = &Store(vm);
    let kept = store.allocation(service, operator);
    let slashable = allocator::slashable(store, &clock, now_s, service, operator, epoch);
    let current = kept.in_force(now_s);
    let waits = kept.effective_s > now_s;
    Ok(Allocation {
        current,
        pending: kept.active.saturating_add(kept.pending),
        effectiveAt: if waits { kept.effective_s } else { 0 },
        slashable: slashable.map_err(refusal)?,
        frozen: kept.frozen,
    })
}

fn slashable(vm: &VM, call: slashableCall) -> Outcome<slashableReturn> {
    let store = &Store(vm);
    let magnitude = allocator::slashable(
        store,
        &clock(vm),
        vm.block_timestamp(),
        call.service,
        call.operator,
        call.offenceEpoch,
    )
    .map_err(refusal)?;
    Ok(slashableReturn {
        magnitude,
        capacity: store.capacity().capacity,
    })
}

fn wiring(vm: &VM) -> wiringReturn {
    let role = |slot| slots::address(slots::load(vm, slot));
    wiringReturn {
        vault: role(VAULT),
        hub: role(HUB),
        curator: role(CURATOR),
        increaseDelayS: Store(vm).capacity().increase_delay_s,
        governor: role(GOVERNOR),
        guardian: role(GUARDIAN),
    }
}

fn only_hub(vm: &VM) -> Outcome<()> {
    only(vm, HUB)
}

/// Passes if the caller holds the role of this slot.
fn only(vm: &VM, role: U256) -> Outcome<()> {
    access::only(vm, slots::address(slots::load(vm, role)))
}

fn clock(vm: &VM) -> Clock {
    let [genesis_s, epoch_s, grace_s, _] = slots::load(vm, CLOCK).into_limbs();
    Clock {
        genesis_s,
        epoch_s,
        grace_s,
    }
}
