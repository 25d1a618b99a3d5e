//! A custody service. Its interface is `weir_abi::ICustody`, its rules are `weir_protocol::services::custody`; here the hub
//! is asked, slashes are filed, and bonds are paid.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    ICustody::{self, *},
    IHub::{self, OperatorNotIn},
    IVault,
};
use weir_protocol::{
    clock::Clock,
    services::custody::{self, CustodyError, CustodyKey, CustodyStore},
    units::WAD_MAGNITUDE,
};
use weir_shell::{Outcome, call, deployer, ether, log, route};

mod layout;
mod refusal;

use layout::Store;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    let store = &Store(vm);
    route! {
        vm, &input;
        implements ICustody::ICustodyCalls;
        payable challengeCall;
        returns {
            holdCall: c => hold(vm, c),
            challengeCall: c => challenge(vm, c),
            slashCall: c => slash(vm, c.id),
            withdrawCall: c => withdraw(vm, c.account),
            instanceCall: _ => Ok(layout::instance(vm)),
            countsCall: _ => Ok(counts(vm)),
            holdingCall: c => holding(vm, c.id),
            challengeAtCall: c => challenge_at(vm, c.id),
            bondOfCall: c => or(custody::bond(store, &layout::rules(vm), c.operator)),
            creditOfCall: c => Ok(store.load(CustodyKey::Credit(c.account))),
        }
        acts {
            initCall: c => init(vm, c.instance),
            answerCall: c => answer(vm, c),
            releaseCall: c => release(vm, c.id),
        }
    }
}

/// The hub is asked whether this contract is the slasher, and the vault for its epochs, which are fixed for ever.
fn init(vm: &VM, instance: Instance) -> Outcome<()> {
    deployer::take(vm)?;
    let service = instance.service;
    let (terms,) = call::view(vm, instance.hub, IHub::termsCall { service })?;
    if terms.slasher != vm.contract_address() {
        let slasher = terms.slasher;
        return Err(NotSlasher { service, slasher }.into());
    }
    let (wiring,) = call::view(vm, instance.vault, IVault::wiringCall {})?;
    let clock = Clock {
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
        grace_s: 0,
    };
    // The bond of the last place, 2^15 times the first, still fits beside an address.
    let is_sound = instance.answerTime > 0
        && instance.answerTime < clock.epoch_s
        && instance.slashWad > 0
        && instance.slashWad <= WAD_MAGNITUDE
        && !instance.bond.is_zero()
        && instance.bond.bit_len() <= 80;
    if !is_sound {
        return Err(BadService {}.into());
    }
    layout::set_instance(vm, &instance, &clock);
    log!(vm, Initialized [] { instance });
    Ok(())
}

fn hold(vm: &VM, call: holdCall) -> Outcome<u64> {
    let holdCall {
        root,
        length,
        until,
    } = call;
    let operator = vm.msg_sender();
    let (hub, service) = layout::hub(vm);
    let (is_in,) = call::view(vm, hub, IHub::isOperatorInCall { operator, service })?;
    if !is_in {
        return Err(OperatorNotIn { operator, service }.into());
    }
    let now_s = vm.block_timestamp();
    let id = or(custody::hold(
        &mut Store(vm),
        now_s,
        operator,
        root,
        length,
        until,
    ))?;
    log!(vm, Held [id, operator, root] { length, until });
    Ok(id)
}

fn challenge(vm: &VM, call: challengeCall) -> Outcome<u64> {
    let challengeCall { holding, chunk } = call;
    let store = &mut Store(vm);
    let (rules, now_s) = (layout::rules(vm), vm.block_timestamp());
    let (challenger, bond) = (vm.msg_sender(), vm.msg_value());
    let asked = custody::challenge(store, &rules, now_s, challenger, bond, (holding, chunk));
    let (id, asked) = or(asked)?;
    let operator = or(store.holding(holding))?.operator;
    log!(vm, Challenged [id, holding, operator] { chunk, deadline: asked.deadline_s, challenger, bond });
    Ok(id)
}

fn answer(vm: &VM, call: answerCall) -> Outcome<()> {
    let answerCall { id, chunk, proof } = call;
    let store = &mut Store(vm);
    let now_s = vm.block_timestamp();
    or(custody::answer(store, now_s, id, &chunk, &proof))?;
    let holding = or(store.challenge(id))?.holding;
    let operator = or(store.holding(holding))?.operator;
    log!(vm, Answered [id, operator] {});
    Ok(())
}

/// The hub refuses what is too old, over the cap, or of a vault or an operator that is not in; then nothing is kept here
/// either.
fn slash(vm: &VM, id: u64) -> Outcome<u64> {
    let (rules, now_s) = (layout::rules(vm), vm.block_timestamp());
    let (_, holding, offence_epoch, evidence) =
        or(custody::fail(&mut Store(vm), &rules, now_s, id))?;
    let operator = holding.operator;
    let ((hub, service), (vault, wad)) = (layout::hub(vm), layout::vault(vm));
    let filing = IHub::fileCall {
        vault,
        service,
        operator,
        wad,
        offenceEpoch: offence_epoch,
        evidence,
    };
    let (request,) = call::act(vm, hub, filing)?;
    log!(vm, Failed [id, request, operator] { finder: vm.msg_sender(), evidence });
    Ok(request)
}

fn release(vm: &VM, id: u64) -> Outcome<()> {
    let (rules, now_s) = (layout::rules(vm), vm.block_timestamp());
    or(custody::release(&mut Store(vm), &rules, now_s, id))?;
    log!(vm, Released [id] {});
    Ok(())
}

fn withdraw(vm: &VM, account: Address) -> Outcome<U256> {
    let amount = or(custody::withdraw(&mut Store(vm), account))?;
    log!(vm, Withdrawn [account] { amount });
    ether::send(vm, account, amount)?;
    Ok(amount)
}

fn counts(vm: &VM) -> countsReturn {
    let (holdings, challenges) = Store(vm).counts();
    countsReturn {
        holdings,
        challenges,
    }
}

fn holding(vm: &VM, id: u64) -> Outcome<Holding> {
    let holding = or(Store(vm).holding(id))?;
    Ok(Holding {
        operator: holding.operator,
        root: holding.root,
        length: holding.length,
        until: holding.until_s,
        isLost: holding.is_lost,
    })
}

fn challenge_at(vm: &VM, id: u64) -> Outcome<Challenge> {
    let challenge = or(Store(vm).challenge(id))?;
    Ok(Challenge {
        holding: challenge.holding,
        chunk: challenge.chunk,
        deadline: challenge.deadline_s,
        state: challenge.state as u8,
        challenger: challenge.challenger,
        bond: challenge.bond,
    })
}

/// A refusal of the rules, as the interface says it.
fn or<T>(outcome: Result<T, CustodyError>) -> Outcome<T> {
    outcome.map_err(refusal::refusal)
}
