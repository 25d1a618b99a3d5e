//! Limits, who may set them, and what is exposed.

use alloc::vec::Vec;

use alloy_primitives::{Address, B64, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAllocator::{
        AllocationsPaused, Exposure, GroupsSet, Limits, LimitsSet, TooManyGroups, worstCaseReturn,
    },
    IShared::Unauthorized,
};
use weir_protocol::allocator::{self, AllocatorStore, Groups};
use weir_shell::{Outcome, log, slots};

use crate::{CURATOR, GOVERNOR, GUARDIAN, Store, clock, only, refusal::refusal};

pub fn set_limits(vm: &VM, new: Limits) -> Outcome<()> {
    let may_loosen = governs(vm, &[CURATOR, GUARDIAN])?;
    let limits = allocator::Limits {
        service_bps: new.serviceBps,
        operator_bps: new.operatorBps,
        group_bps: new.groupBps,
        worst_bps: [new.worstOneBps, new.worstTwoBps, new.worstThreeBps],
    };
    let old = allocator::set_limits(&mut Store(vm), &limits, may_loosen).map_err(refusal)?;
    log!(vm, LimitsSet [] { oldLimits: words(&old), newLimits: new });
    Ok(())
}

pub fn set_groups(vm: &VM, operator: Address, tags: &[B64]) -> Outcome<()> {
    let may_loosen = governs(vm, &[CURATOR])?;
    let mut groups = Groups::default();
    if tags.len() > groups.len() {
        let max = U256::from(groups.len());
        return Err(TooManyGroups { max }.into());
    }
    for (group, tag) in groups.iter_mut().zip(tags) {
        *group = *tag;
    }
    let old = allocator::set_groups(&mut Store(vm), operator, &groups, may_loosen);
    let (old, new) = (old.map_err(refusal)?.to_vec(), groups.to_vec());
    log!(vm, GroupsSet [operator] { oldGroups: old, newGroups: new });
    Ok(())
}

pub fn pause(vm: &VM, duration_s: U256) -> Outcome<()> {
    only(vm, GUARDIAN)?;
    let now_s = vm.block_timestamp();
    let (old, new) =
        allocator::pause(&mut Store(vm), now_s, duration_s.saturating_to()).map_err(refusal)?;
    let (old_until, new_until) = (U256::from(old), U256::from(new));
    log!(vm, AllocationsPaused [] { oldUntil: old_until, newUntil: new_until });
    Ok(())
}

pub fn exposure(vm: &VM) -> Outcome<Vec<Exposure>> {
    let list = allocator::exposures(&Store(vm), &clock(vm), vm.block_timestamp());
    let list = list.map_err(refusal)?;
    let rows = list.iter().map(|row| {
        Ok(Exposure {
            service: row.entry.service,
            operator: row.entry.operator,
            magnitude: row.magnitude()?,
            pending: row.pending,
            leaving: row.leaving,
            frozen: row.frozen,
            atRisk: row.at_risk()?,
        })
    });
    rows.collect::<Result<_, _>>().map_err(refusal)
}

pub fn worst_case(vm: &VM, operators: u8) -> Outcome<worstCaseReturn> {
    let store = &Store(vm);
    let loss = allocator::worst_case(store, &clock(vm), vm.block_timestamp(), operators);
    Ok(worstCaseReturn {
        loss: loss.map_err(refusal)?,
        capacity: store.capacity().capacity,
    })
}

pub fn words(limits: &allocator::Limits) -> Limits {
    let [one, two, three] = limits.worst_bps;
    Limits {
        serviceBps: limits.service_bps,
        operatorBps: limits.operator_bps,
        groupBps: limits.group_bps,
        worstOneBps: one,
        worstTwoBps: two,
        worstThreeBps: three,
    }
}

/// Whether the caller is the governor; refused unless it is or holds one of the other roles.
fn governs(vm: &VM, others: &[U256]) -> Outcome<bool> {
    let caller = vm.msg_sender();
    let holds = |role| slots::address(slots::load(vm, role)) == caller;
    let is_governor = holds(GOVERNOR);
    if is_governor || others.iter().any(|role| holds(*role)) {
        return Ok(is_governor);
    }
    Err(Unauthorized { caller }.into())
}
