//! A slash request was vetoed or has lapsed: the allocation is as if it had never been filed.
//!
//! What was frozen of m returns to it, and what was frozen of a decrease to that decrease, or is free if that has expired
//! since.

use alloy_primitives::Address;

use super::allocate::{load, sub};
use super::records::{place, sum};
use super::{AllocatorError, AllocatorStore};
use crate::clock::{Clock, Epoch};

/// Gives back what request `id`, filed in epoch `filed_epoch`, froze of `operator` in `service`.
pub fn thaw<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    id: u64,
    service: u32,
    operator: Address,
    filed_epoch: Epoch,
) -> Result<(), AllocatorError> {
    let (from_active, mut from_decreases) = store.frozen(id);
    let delta = sum(&[from_active, sum(&from_decreases)?])?;
    if delta == 0 {
        return Err(AllocatorError::RequestUnknown { id });
    }
    store.set_frozen(id, 0, [0; 3])?;
    let mut capacity = store.capacity();
    let (mut allocation, mut decreases, mut freed) = load(store, clock, now_s, service, operator)?;
    allocation.frozen = sub(allocation.frozen, delta)?;
    allocation.active = sum(&[allocation.active, from_active])?;
    for back in 0..3 {
        let Some(epoch) = filed_epoch.checked_sub(back) else {
            break;
        };
        let part = core::mem::take(place(&mut from_decreases, epoch));
        if clock.maturity_s(epoch) <= now_s {
            freed = sum(&[freed, part])?;
        } else {
            let decrease = place(&mut decreases.by_epoch, epoch);
            *decrease = sum(&[*decrease, part])?;
        }
    }
    capacity.encumbered = sub(capacity.encumbered, freed)?;
    store.set_allocation(service, operator, allocation)?;
    store.set_decreases(service, operator, decreases)?;
    store.set_capacity(capacity)
}
