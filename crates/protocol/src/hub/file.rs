//! A slasher files a request.
//!
//! Refused unless the caller is the slasher of a service that vault and operator opted in to, the offence is of this epoch or
//! the last, the service is neither suspended nor cooling down, it has fewer than four undecided requests, and
//! `Σ w` of all its requests on this operator for that epoch, vetoed ones too, stays within the terms.

use alloy_primitives::Address;

use super::{HubError, HubKey, HubStore, Request, Status};
use crate::allocator::Part;
use crate::clock::{Clock, Epoch};
use crate::units::WAD_MAGNITUDE;

/// Most undecided requests of a service.
pub const MAX_UNDECIDED_OF_SERVICE: u8 = 4;
/// So many vetoes suspend a service.
pub const VETOES_TO_SUSPEND: u8 = 2;

/// What a slasher asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Whose stake.
    pub vault: Address,
    /// For which service.
    pub service: u32,
    /// Who offended.
    pub operator: Address,
    /// Part of the operator's magnitude.
    pub wad: u64,
    /// When.
    pub offence_epoch: Epoch,
}

/// Files a request at `now_s`; answers its id, from 1. `clock` is the vault's. The caller then freezes the magnitude, records it
/// with [`record_delta`] and contests the loss.
pub fn file<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    caller: Address,
    filing: &Filing,
) -> Result<u64, HubError> {
    let Filing {
        vault,
        service,
        operator,
        wad,
        offence_epoch,
    } = *filing;
    let mut record = store.service(service)?;
    if store.address(HubKey::Slasher(service)) != caller {
        return Err(HubError::Unauthorized { caller });
    }
    if store.load(HubKey::VaultIn(service, vault)).is_zero() {
        return Err(HubError::VaultNotIn { vault, service });
    }
    if store.load(HubKey::OperatorIn(service, operator)).is_zero() {
        return Err(HubError::OperatorNotIn { operator, service });
    }
    if record.vetoes >= VETOES_TO_SUSPEND {
        return Err(HubError::Suspended { service });
    }
    if now_s < record.cool_until_s {
        return Err(HubError::CoolingDown {
            until_s: record.cool_until_s,
        });
    }
    if record.undecided >= MAX_UNDECIDED_OF_SERVICE {
        return Err(HubError::TooManyUndecided {
            service,
            max: MAX_UNDECIDED_OF_SERVICE,
        });
    }
    if wad == 0 || wad > WAD_MAGNITUDE {
        return Err(HubError::BadWad { wad });
    }
    use_cap(store, clock.epoch_at(now_s), filing, record.max_wad)?;

    record.undecided = record.undecided.saturating_add(1);
    store.set_service(service, record)?;
    let (services, requests, vaults) = store.counts();
    let id = requests.checked_add(1).ok_or(HubError::Overflow)?;
    store.set_counts(services, id, vaults);
    let request = Request {
        status: Status::Filed,
        service,
        offence_epoch,
        filed_s: now_s,
        armed_s: 0,
        veto_window_s: record.veto_window_s,
        epoch_s: clock.epoch_s,
        operator,
        wad,
        vault,
        delta: 0,
        scale: 0,
    };
    store.set_request(id, &request)?;
    Ok(id)
}

/// Records the magnitude that request `id` froze.
pub fn record_delta<S: HubStore + ?Sized>(
    store: &mut S,
    id: u64,
    part: Part,
) -> Result<(), HubError> {
    let request = Request {
        delta: part.delta,
        scale: part.scale,
        ..store.request(id)?
    };
    store.set_request(id, &request)
}

/// Counts the request against what the terms allow.
fn use_cap<S: HubStore + ?Sized>(
    store: &mut S,
    current: Epoch,
    filing: &Filing,
    max_wad: u64,
) -> Result<(), HubError> {
    let vault = store.load(HubKey::Vault(filing.vault)).into_limbs()[0] as u32;
    let mut used = store
        .used(vault, filing.service, filing.operator)
        .at(current);
    let place = if filing.offence_epoch == current {
        &mut used.latest_wad
    } else if filing.offence_epoch.checked_add(1) == Some(current) {
        &mut used.previous_wad
    } else {
        return Err(HubError::OffenceEpochOutOfRange {
            offence_epoch: filing.offence_epoch,
            current,
        });
    };
    let attempted = place.checked_add(filing.wad).ok_or(HubError::Overflow)?;
    if attempted > max_wad {
        return Err(HubError::AboveSlashCap { max_wad, attempted });
    }
    *place = attempted;
    store.set_used(vault, filing.service, filing.operator, used);
    Ok(())
}
