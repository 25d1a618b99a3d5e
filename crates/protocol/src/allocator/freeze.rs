//! A slash request is filed: what it will take of an allocation is fixed and cannot be allocated again.
//!
//! ```text
//! Δ        = min(ceil(slashable · w), slashable − frozen)
//! from each live dec_x: floor(dec_x · Δ / (slashable − frozen)), the rest from m, inc, then dec again
//! frozen  += Δ                                E and M unchanged until the decision
//! ```
//!
//! Several undecided requests on one allocation are measured by the same magnitude, and can take no more than there is.
//! Rounding: Δ less than one unit up; so that a slash of anything takes something.

use alloy_primitives::Address;

use super::allocate::{load, sub};
use super::records::sum;
use super::slashable::{counted, slashable};
use super::{AllocatorError, AllocatorStore, Capacity, Part};
use crate::clock::{Clock, Epoch};
use crate::math::{Overflow, mul_div_down, mul_div_up};
use crate::units::{WAD, WAD_MAGNITUDE};

/// Freezes `wad` of what `operator` in `service` can be slashed for an offence in `offence_epoch`, for request `id`. Answers what.
#[allow(clippy::too_many_arguments)]
pub fn freeze<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    id: u64,
    service: u32,
    operator: Address,
    wad: u64,
    offence_epoch: Epoch,
) -> Result<Part, AllocatorError> {
    check_wad(wad)?;
    if store.frozen(id) != (0, [0; 3]) {
        return Err(AllocatorError::RequestUnknown { id });
    }
    let mut capacity = store.capacity();
    let (mut allocation, mut decreases, expired) = load(store, clock, now_s, service, operator)?;
    capacity.encumbered = sub(capacity.encumbered, expired)?;

    let counted = counted(&allocation, clock, offence_epoch);
    let free = sum(&[allocation.active, decreases.sum()?, counted])?;
    let delta = measure(free, allocation.frozen, wad)?;
    if delta == 0 {
        return Err(AllocatorError::NothingSlashable {
            service,
            operator,
            offence_epoch,
        });
    }

    let mut left = delta;
    let mut from_decreases = [0; 3];
    for (place, taken) in decreases.by_epoch.iter_mut().zip(&mut from_decreases) {
        let part = to_magnitude(mul_div_down((*place).into(), delta.into(), free.into()))?;
        take(place, taken, part, &mut left);
    }
    let mut from_active = 0;
    take(&mut allocation.active, &mut from_active, left, &mut left);
    if counted > 0 {
        take(&mut allocation.pending, &mut from_active, left, &mut left);
    }
    for (place, taken) in decreases.by_epoch.iter_mut().zip(&mut from_decreases) {
        take(place, taken, left, &mut left);
    }
    allocation.frozen = sum(&[allocation.frozen, delta])?;

    store.set_frozen(id, from_active, from_decreases)?;
    store.set_allocation(service, operator, allocation)?;
    store.set_decreases(service, operator, decreases)?;
    store.set_capacity(capacity)?;
    Ok(Part {
        delta,
        capacity: capacity.capacity,
        scale: capacity.scale,
    })
}

/// What [`freeze`] would freeze, for an offence of now.
pub fn would_freeze<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
    wad: u64,
) -> Result<Part, AllocatorError> {
    check_wad(wad)?;
    let offence_epoch = clock.epoch_at(now_s);
    let all = slashable(store, clock, now_s, service, operator, offence_epoch)?;
    let frozen = store.allocation(service, operator).frozen;
    let delta = measure(sub(all, frozen)?, frozen, wad)?;
    if delta == 0 {
        return Err(AllocatorError::NothingSlashable {
            service,
            operator,
            offence_epoch,
        });
    }
    let Capacity {
        capacity, scale, ..
    } = store.capacity();
    Ok(Part {
        delta,
        capacity,
        scale,
    })
}

fn check_wad(wad: u64) -> Result<(), AllocatorError> {
    if wad == 0 || wad > WAD_MAGNITUDE {
        return Err(AllocatorError::BadWad { wad });
    }
    Ok(())
}

/// Δ of what is free and what is frozen already.
fn measure(free: u64, frozen: u64, wad: u64) -> Result<u64, AllocatorError> {
    let all = sum(&[free, frozen])?;
    Ok(to_magnitude(mul_div_up(all.into(), wad.into(), WAD))?.min(free))
}

/// Moves `wanted` from `place` to `taken`, as far as it is there and `left` asks for it.
fn take(place: &mut u64, taken: &mut u64, wanted: u64, left: &mut u64) {
    let part = wanted.min(*place).min(*left);
    *place = place.saturating_sub(part);
    *left = left.saturating_sub(part);
    *taken = taken.saturating_add(part);
}

fn to_magnitude(value: Result<u128, Overflow>) -> Result<u64, AllocatorError> {
    value
        .ok()
        .and_then(|value| u64::try_from(value).ok())
        .ok_or(AllocatorError::Overflow)
}
