//! The governor of one vault. Its interface is `weir_abi::IGovernor`, its rules are `weir_protocol::governor`.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, Bytes, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IGovernor::{self, *},
    IShared::{NotInitialized, Overflow, Unauthorized},
    IVault,
};
use weir_protocol::{
    clock::Clock,
    governor::{self, EXECUTION_GRACE_S, GovernorError, GovernorKey, GovernorStore, Rule, Waits},
};
use weir_shell::{Outcome, Revert, access, call, deployer, log, route, slots};

mod changes;

/// The contract's own words. Those of the rules lie far above.
const VAULT: U256 = U256::ZERO;
const ALLOCATOR: U256 = U256::ONE;
const RATES: U256 = U256::from_limbs([2, 0, 0, 0]);
/// Epoch length and grace of the vault, which are fixed for ever.
const CLOCK: U256 = U256::from_limbs([3, 0, 0, 0]);
const GOVERNOR: U256 = U256::from_limbs([4, 0, 0, 0]);
const CURATOR: U256 = U256::from_limbs([5, 0, 0, 0]);
const GUARDIAN: U256 = U256::from_limbs([6, 0, 0, 0]);

struct Store<'a>(&'a VM);

impl GovernorStore for Store<'_> {
    fn load(&self, key: GovernorKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    fn save(&mut self, key: GovernorKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IGovernor::IGovernorCalls;
        returns {
            scheduleCall: c => schedule(vm, c),
            rolesCall: _ => Ok(roles(vm)),
            termsCall: _ => Ok(terms(vm)),
            ruleCall: c => rule(vm, c.target, &c.data),
            countCall: _ => Ok(Store(vm).count()),
            proposalCall: c => proposal(vm, c.id),
            proposalDataCall: c => data(vm, c.id),
        }
        acts {
            initCall: c => init(vm, c),
            actCall: c => act(vm, c),
            executeCall: c => execute(vm, c.id),
            cancelCall: c => cancel(vm, c.id),
            setRolesCall: c => set_roles(vm, c),
        }
    }
}

fn init(vm: &VM, call: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    let initCall {
        vault,
        governor,
        curator,
        guardian,
    } = call;
    for (slot, address) in [
        (VAULT, vault),
        (GOVERNOR, governor),
        (CURATOR, curator),
        (GUARDIAN, guardian),
    ] {
        slots::save(vm, slot, slots::of_address(access::not_zero(address)?));
    }
    let (wiring,) = call::view(vm, vault, IVault::wiringCall {})?;
    if wiring.epochLength == 0 {
        return Err(NotInitialized {}.into());
    }
    slots::save(vm, ALLOCATOR, slots::of_address(wiring.allocator));
    slots::save(vm, RATES, slots::of_address(wiring.rates));
    let clock = [wiring.epochLength, wiring.slashGrace, 0, 0];
    slots::save(vm, CLOCK, U256::from_limbs(clock));
    let long_wait_s = waits(vm).long_s;
    log!(vm, Initialized [] { vault, governor, curator, guardian, longWaitS: long_wait_s });
    Ok(())
}

fn act(vm: &VM, call: actCall) -> Outcome<()> {
    let actCall { target, data } = call;
    let (rule, wait_s) = judge(vm, target, &data)?;
    permit(vm, &rule)?;
    if wait_s > 0 {
        return Err(MustWait { waitS: wait_s }.into());
    }
    let caller = vm.msg_sender();
    log!(vm, Acted [caller, target] { data: data.clone() });
    call::order(vm, target, &data)
}

fn schedule(vm: &VM, call: scheduleCall) -> Outcome<u64> {
    only(vm, GOVERNOR)?;
    let scheduleCall { target, data } = call;
    governor::check_length(data.len()).map_err(refusal)?;
    let (rule, wait_s) = judge(vm, target, &data)?;
    permit(vm, &rule)?;
    let store = &mut Store(vm);
    let now_s = vm.block_timestamp();
    let (id, proposal) =
        governor::schedule(store, now_s, wait_s, target, &data).map_err(refusal)?;
    log!(vm, Scheduled [id, target] {
        data,
        ripeAt: proposal.ripe_s(wait_s),
        expiresAt: proposal.expires_s(wait_s),
    });
    Ok(id)
}

/// The rules are asked again, as what the call would replace may have changed.
fn execute(vm: &VM, id: u64) -> Outcome<()> {
    let target = Store(vm).target(id);
    let data = data(vm, id)?;
    let (_, wait_s) = judge(vm, target, &data)?;
    governor::execute(&mut Store(vm), vm.block_timestamp(), id, wait_s).map_err(refusal)?;
    log!(vm, Executed [id, target] {});
    call::order(vm, target, &data)
}

fn cancel(vm: &VM, id: u64) -> Outcome<()> {
    let by = vm.msg_sender();
    if ![GOVERNOR, GUARDIAN].iter().any(|role| holds(vm, *role)) {
        return Err(Unauthorized { caller: by }.into());
    }
    governor::cancel(&mut Store(vm), id).map_err(refusal)?;
    log!(vm, Cancelled [id, by] {});
    Ok(())
}

fn set_roles(vm: &VM, call: setRolesCall) -> Outcome<()> {
    access::only(vm, vm.contract_address())?;
    let old = roles(vm);
    let setRolesCall {
        governor,
        curator,
        guardian,
    } = call;
    for (slot, address) in [
        (GOVERNOR, governor),
        (CURATOR, curator),
        (GUARDIAN, guardian),
    ] {
        slots::save(vm, slot, slots::of_address(access::not_zero(address)?));
    }
    log!(vm, RolesSet [] {
        oldGovernor: old.governor,
        oldCurator: old.curator,
        oldGuardian: old.guardian,
        newGovernor: governor,
        newCurator: curator,
        newGuardian: guardian,
    });
    Ok(())
}

fn rule(vm: &VM, target: Address, data: &[u8]) -> Outcome<ruleReturn> {
    let (rule, wait_s) = judge(vm, target, data)?;
    Ok(ruleReturn {
        waitS: wait_s,
        governor: rule.governor,
        curator: rule.curator,
        guardian: rule.guardian,
    })
}

/// The rule of a call, and how long it waits: not at all in a vault without shares.
fn judge(vm: &VM, target: Address, data: &[u8]) -> Outcome<(Rule, u64)> {
    let rule = governor::rule(changes::change(vm, target, data)?);
    let wait_s = waits(vm).seconds(rule.wait);
    if wait_s > 0 && changes::is_empty(vm)? {
        return Ok((rule, 0));
    }
    Ok((rule, wait_s))
}

/// Passes if the caller holds a role that the rule lets make the call.
fn permit(vm: &VM, rule: &Rule) -> Outcome<()> {
    let may = [
        (rule.governor, GOVERNOR),
        (rule.curator, CURATOR),
        (rule.guardian, GUARDIAN),
    ];
    if may.iter().any(|(may, role)| *may && holds(vm, *role)) {
        return Ok(());
    }
    let caller = vm.msg_sender();
    Err(Unauthorized { caller }.into())
}

fn proposal(vm: &VM, id: u64) -> Outcome<Proposal> {
    let store = &Store(vm);
    let kept = store.proposal(id).map_err(refusal)?;
    let target = store.target(id);
    // A call whose rule cannot be found now, as of an asset that is not listed, has the wait of its scheduling.
    let wait_s = judge(vm, target, &data(vm, id)?).map_or(0, |(_, wait_s)| wait_s);
    Ok(Proposal {
        target,
        scheduledAt: kept.scheduled_s,
        ripeAt: kept.ripe_s(wait_s),
        expiresAt: kept.expires_s(wait_s),
        status: kept.status as u8,
    })
}

fn data(vm: &VM, id: u64) -> Outcome<Bytes> {
    let store = &Store(vm);
    let length = store.proposal(id).map_err(refusal)?.length.into();
    let mut bytes = Vec::with_capacity(length);
    let mut place = 0u8;
    while bytes.len() < length {
        let word = store.load(GovernorKey::Data(id, place));
        bytes.extend_from_slice(&word.to_be_bytes::<32>());
        place = place.saturating_add(1);
    }
    bytes.truncate(length);
    Ok(bytes.into())
}

fn roles(vm: &VM) -> rolesReturn {
    let role = |slot| slots::address(slots::load(vm, slot));
    rolesReturn {
        governor: role(GOVERNOR),
        curator: role(CURATOR),
        guardian: role(GUARDIAN),
    }
}

fn terms(vm: &VM) -> termsReturn {
    let waits = waits(vm);
    termsReturn {
        vault: slots::address(slots::load(vm, VAULT)),
        shortWaitS: waits.short_s,
        longWaitS: waits.long_s,
        graceS: EXECUTION_GRACE_S,
    }
}

fn waits(vm: &VM) -> Waits {
    let [epoch_s, grace_s, ..] = slots::load(vm, CLOCK).into_limbs();
    Waits::of(&Clock {
        genesis_s: 0,
        epoch_s,
        grace_s,
    })
}

fn holds(vm: &VM, role: U256) -> bool {
    let holder = slots::address(slots::load(vm, role));
    !holder.is_zero() && holder == vm.msg_sender()
}

fn only(vm: &VM, role: U256) -> Outcome<()> {
    access::only(vm, slots::address(slots::load(vm, role)))
}

fn refusal(error: GovernorError) -> Revert {
    match error {
        GovernorError::Overflow => Overflow {}.into(),
        GovernorError::ProposalUnknown { id } => ProposalUnknown { id }.into(),
        GovernorError::NotWaiting { id, status } => NotWaiting {
            id,
            status: status as u8,
        }
        .into(),
        GovernorError::NotRipe { ripe_s } => NotRipe { ripeAt: ripe_s }.into(),
        GovernorError::ProposalExpired { since_s } => ProposalExpired { since: since_s }.into(),
        GovernorError::DataTooLong { length, max } => DataTooLong {
            length: U256::from(length),
            max: U256::from(max),
        }
        .into(),
    }
}
