//! The life of a slash request. The rules decide first and keep what they decided; only then are allocator and vault
//! told, and a refusal by either undoes it all.

use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAllocator,
    IHub::{
        Request, SlashArmed, SlashExecuted, SlashFiled, SlashLapsed, SlashVetoed, Status, fileCall,
    },
    IVault,
};
use weir_protocol::{
    allocator::Part,
    clock::Clock,
    hub::{self, Decision, Filing, HubStore},
};
use weir_shell::{Outcome, call, log};

use crate::{
    layout::{self, Store},
    refusal::refusal,
};

/// Files, freezes the magnitude, contests the loss.
pub fn file(vm: &VM, call: fileCall) -> Outcome<u64> {
    let fileCall {
        vault,
        service,
        operator,
        wad,
        offenceEpoch,
        evidence,
    } = call;
    let record = layout::vault(vm, vault);
    let filing = Filing {
        vault,
        service,
        operator,
        wad,
        offence_epoch: offenceEpoch,
    };
    let store = &mut Store(vm);
    let now_s = vm.block_timestamp();
    let id = hub::file(store, &record.clock(), now_s, vm.msg_sender(), &filing).map_err(refusal)?;
    let freeze = IAllocator::freezeCall {
        id,
        service,
        operator,
        wad,
        offenceEpoch,
    };
    let (delta, capacity, scale) = call::act(vm, record.allocator, freeze)?;
    let part = Part {
        delta,
        capacity,
        scale,
    };
    hub::record_delta(store, id, part).map_err(refusal)?;
    let contest = IVault::contestCall {
        id,
        delta,
        capacity,
        scale,
        operator,
        service,
    };
    let (losses,) = call::act(vm, vault, contest)?;
    log!(vm, SlashFiled [id, vault, operator] {
        service, offenceEpoch, wad, delta, capacity, evidence, losses,
    });
    Ok(id)
}

pub fn veto(vm: &VM, id: u64) -> Outcome<()> {
    let decision = hub::veto(
        &mut Store(vm),
        &clock(vm, id)?,
        vm.block_timestamp(),
        vm.msg_sender(),
        id,
    )
    .map_err(refusal)?;
    lift(vm, id, &decision)?;
    log!(vm, SlashVetoed [id, vault: decision.request.vault] {});
    Ok(())
}

pub fn arm(vm: &VM, id: u64) -> Outcome<()> {
    let store = &mut Store(vm);
    let executable_at = hub::arm(store, vm.block_timestamp(), id).map_err(refusal)?;
    let vault = store.request(id).map_err(refusal)?.vault;
    log!(vm, SlashArmed [id, vault] { executableAt: executable_at });
    Ok(())
}

/// Decides, takes the magnitude, takes the assets.
pub fn execute(vm: &VM, id: u64) -> Outcome<()> {
    let now_s = vm.block_timestamp();
    let Decision { request, sink, .. } =
        hub::execute(&mut Store(vm), &clock(vm, id)?, now_s, id).map_err(refusal)?;
    let vault = request.vault;
    let slash = IAllocator::slashCall {
        id,
        service: request.service,
        operator: request.operator,
    };
    let (delta, capacity, scale) = call::act(vm, layout::vault(vm, vault).allocator, slash)?;
    let execute = IVault::executeCall {
        id,
        delta,
        capacity,
        scale,
        sink,
    };
    let (losses,) = call::act(vm, vault, execute)?;
    log!(vm, SlashExecuted [id, vault] { delta, capacity, losses });
    Ok(())
}

pub fn lapse(vm: &VM, id: u64) -> Outcome<()> {
    let now_s = vm.block_timestamp();
    let decision = hub::lapse(&mut Store(vm), &clock(vm, id)?, now_s, id).map_err(refusal)?;
    lift(vm, id, &decision)?;
    log!(vm, SlashLapsed [id, vault: decision.request.vault] {});
    Ok(())
}

pub fn request(vm: &VM, id: u64) -> Outcome<Request> {
    let request = Store(vm).request(id).map_err(refusal)?;
    Ok(Request {
        vault: request.vault,
        service: request.service,
        operator: request.operator,
        offenceEpoch: request.offence_epoch,
        wad: request.wad,
        delta: request.delta,
        scale: request.scale,
        filedAt: request.filed_s,
        armedAt: request.armed_s,
        status: status(request.status),
    })
}

/// Where a request is in its life, as the interface says it.
pub fn status(status: hub::Status) -> Status {
    match status {
        hub::Status::None => Status::None,
        hub::Status::Filed => Status::Filed,
        hub::Status::Armed => Status::Armed,
        hub::Status::Vetoed => Status::Vetoed,
        hub::Status::Executed => Status::Executed,
        hub::Status::Lapsed => Status::Lapsed,
    }
}

/// Gives back what a request froze and contested.
fn lift(vm: &VM, id: u64, decision: &Decision) -> Outcome<()> {
    let request = &decision.request;
    let thaw = IAllocator::thawCall {
        id,
        service: request.service,
        operator: request.operator,
        filedEpoch: decision.filed_epoch,
    };
    call::act(vm, layout::vault(vm, request.vault).allocator, thaw)?;
    call::act(vm, request.vault, IVault::liftCall { id })
}

/// The epochs of the vault that a request is about.
fn clock(vm: &VM, id: u64) -> Outcome<Clock> {
    let vault = Store(vm).request(id).map_err(refusal)?.vault;
    Ok(layout::vault(vm, vault).clock())
}
