//! A request is vetoed, armed, executed or lapses.
//!
//! With W the veto window and L the epoch of the vault, both as of filing:
//!
//! ```text
//! veto      while undecided                                     by the resolver; the service cools down for L
//! arm       filed + W <= now < filed + W + L                    by anybody
//! execute   armed + 12 h <= now                                 by anybody
//! lapse     filed + W + L <= now, not armed                     by anybody; the service cools down for L
//! ```
//!
//! A second veto suspends the service's filings for good.

use alloy_primitives::Address;

use super::file::VETOES_TO_SUSPEND;
use super::services::destination;
use super::{HubError, HubKey, HubStore, Request, Status};
use crate::clock::{Clock, Epoch};

/// How long after arming a request can be executed: a veto still counts, so that a halted chain does not eat the window.
pub const EXECUTE_DELAY_S: u64 = 12 * 60 * 60;

/// What a decision means for allocator and vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The request, with its new status.
    pub request: Request,
    /// The epoch of the vault that it was filed in.
    pub filed_epoch: Epoch,
    /// To whom slashed assets are due.
    pub sink: Address,
}

/// Rejects request `id`, for its resolver. The caller thaws and lifts.
pub fn veto<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    caller: Address,
    id: u64,
) -> Result<Decision, HubError> {
    let request = undecided(store, id)?;
    if store.address(HubKey::Resolver(request.service)) != caller {
        return Err(HubError::Unauthorized { caller });
    }
    decide(store, clock, now_s, id, request, Status::Vetoed)
}

/// Arms request `id`; answers when it can be executed, Unix seconds.
pub fn arm<S: HubStore + ?Sized>(store: &mut S, now_s: u64, id: u64) -> Result<u64, HubError> {
    let mut request = with_status(store, id, Status::Filed)?;
    let until_s = window_end_s(&request);
    if now_s < until_s {
        return Err(HubError::WindowOpen { until_s });
    }
    let since_s = arming_end_s(&request);
    if now_s >= since_s {
        return Err(HubError::ArmingOver { since_s });
    }
    request.status = Status::Armed;
    request.armed_s = now_s;
    store.set_request_times(id, &request)?;
    Ok(now_s.saturating_add(EXECUTE_DELAY_S))
}

/// Executes request `id`. The caller slashes the magnitude and the vault.
pub fn execute<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    id: u64,
) -> Result<Decision, HubError> {
    let request = with_status(store, id, Status::Armed)?;
    let at_s = request.armed_s.saturating_add(EXECUTE_DELAY_S);
    if now_s < at_s {
        return Err(HubError::NotYetExecutable { at_s });
    }
    decide(store, clock, now_s, id, request, Status::Executed)
}

/// Ends request `id`, which nobody armed. The caller thaws and lifts.
pub fn lapse<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    id: u64,
) -> Result<Decision, HubError> {
    let request = with_status(store, id, Status::Filed)?;
    let at_s = arming_end_s(&request);
    if now_s < at_s {
        return Err(HubError::NotYetLapsed { at_s });
    }
    decide(store, clock, now_s, id, request, Status::Lapsed)
}

fn decide<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    id: u64,
    mut request: Request,
    status: Status,
) -> Result<Decision, HubError> {
    let mut service = store.service(request.service)?;
    service.undecided = service.undecided.saturating_sub(1);
    if status == Status::Vetoed {
        service.vetoes = service.vetoes.saturating_add(1).min(VETOES_TO_SUSPEND);
    }
    if status != Status::Executed {
        service.cool_until_s = now_s.saturating_add(request.epoch_s);
    }
    store.set_service(request.service, service)?;
    request.status = status;
    store.set_request_times(id, &request)?;
    Ok(Decision {
        request,
        filed_epoch: clock.epoch_at(request.filed_s),
        sink: destination(store, request.vault, request.service),
    })
}

fn undecided<S: HubStore + ?Sized>(store: &S, id: u64) -> Result<Request, HubError> {
    let request = store.request(id)?;
    match request.status {
        Status::Filed | Status::Armed => Ok(request),
        status => Err(HubError::WrongStatus { id, status }),
    }
}

fn with_status<S: HubStore + ?Sized>(
    store: &S,
    id: u64,
    wanted: Status,
) -> Result<Request, HubError> {
    let request = store.request(id)?;
    if request.status == wanted {
        Ok(request)
    } else {
        Err(HubError::WrongStatus {
            id,
            status: request.status,
        })
    }
}

fn window_end_s(request: &Request) -> u64 {
    request.filed_s.saturating_add(request.veto_window_s)
}

fn arming_end_s(request: &Request) -> u64 {
    window_end_s(request).saturating_add(request.epoch_s)
}
