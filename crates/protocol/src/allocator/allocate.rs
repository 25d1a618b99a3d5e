//! The curator sets a magnitude.
//!
//! ```text
//! first:     dec_x with maturity(x) <= now expire;  inc with effective_s <= start(epoch − 1) joins m
//! decrease by d, at once:   a pending increase is taken back first (never slashable: it was never in force);
//!                           the rest moves from m to dec_e, slashable until maturity(e)
//! increase by d:            inc = d, in force from now + delay; E += d <= M
//! ```
//!
//! An increase must leave every [limit](super::limits) kept, and is refused while allocations are paused and once the vault is retired; a
//! decrease is never refused. The caller checks that the operator's bond stands in proportion to what a raise puts at risk.
//! An increase in force stays apart from m for as long as an offence from before it may still be filed. A decrease frees
//! capacity only when it expires.

use alloy_primitives::Address;

use super::exposure::{enlist, sum_of};
use super::limits;
use super::records::{place, sum};
use super::{
    Allocation, AllocatorError, AllocatorStore, Capacity, Decreases, Entry, Exposure, Limits,
};
use crate::clock::Clock;
use crate::units::WAD_MAGNITUDE;

/// A change of an allocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllocateSummary {
    /// Magnitude before, what was pending included.
    pub old: u64,
    /// Magnitude after, what is pending included.
    pub new: u64,
    /// When all of it is in force, Unix seconds.
    pub effective_s: u64,
    /// Encumbered by all allocations.
    pub encumbered: u64,
    /// Of a raise: all that can be lost through the operator, whose bond must stand in a proportion to it. Else 0.
    pub at_risk: u64,
}

/// Begins an allocator with the full capacity, once.
pub fn initialise<S: AllocatorStore + ?Sized>(
    store: &mut S,
    increase_delay_s: u64,
) -> Result<(), AllocatorError> {
    if store.capacity() != Capacity::default() {
        return Err(AllocatorError::AlreadyInitialized);
    }
    store.set_capacity(Capacity {
        capacity: WAD_MAGNITUDE,
        increase_delay_s,
        ..Capacity::default()
    })?;
    limits::set_limits(store, &Limits::NONE, true)?;
    Ok(())
}

/// Sets the magnitude of `operator` in `service`, without what is frozen, to `magnitude`. `max_wad` is the most that the terms of
/// the service let it slash for one epoch of offence.
#[allow(clippy::too_many_arguments)]
pub fn allocate<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
    magnitude: u64,
    max_wad: u64,
) -> Result<AllocateSummary, AllocatorError> {
    let kept = store.allocation(service, operator);
    if magnitude <= sum(&[kept.active, kept.pending])? {
        return lower(store, clock, now_s, service, operator, magnitude);
    }
    let Capacity {
        paused, retired, ..
    } = store.capacity();
    if retired {
        return Err(AllocatorError::Retired);
    }
    if now_s < paused.until_s {
        return Err(AllocatorError::AllocationsPaused {
            until_s: paused.until_s,
        });
    }
    let summary = raise(store, clock, now_s, service, operator, magnitude)?;
    let entry = Entry {
        service,
        operator,
        max_wad,
    };
    let list = enlist(store, clock, now_s, entry)?;
    limits::check(store, &list, service, operator)?;
    let through_operator = |entry: &Entry| entry.operator == operator;
    Ok(AllocateSummary {
        at_risk: sum_of(&list, Exposure::at_risk, through_operator)?,
        ..summary
    })
}

/// Adds to an allocation, whatever the limits say.
fn raise<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
    magnitude: u64,
) -> Result<AllocateSummary, AllocatorError> {
    let mut capacity = store.capacity();
    let (mut allocation, decreases, expired) = load(store, clock, now_s, service, operator)?;
    if allocation.pending > 0 {
        return Err(AllocatorError::ChangePending {
            effective_s: allocation.effective_s,
        });
    }
    let raise = sub(magnitude, allocation.active)?;
    let encumbered = sum(&[sub(capacity.encumbered, expired)?, raise])?;
    if encumbered > capacity.capacity {
        return Err(AllocatorError::AboveCapacity {
            capacity: capacity.capacity,
            attempted: encumbered,
        });
    }
    let effective_s = now_s.saturating_add(capacity.increase_delay_s);
    let old = allocation.active;
    allocation.pending = raise;
    allocation.effective_s = effective_s;
    capacity.encumbered = encumbered;
    store.set_allocation(service, operator, allocation)?;
    store.set_decreases(service, operator, decreases)?;
    store.set_capacity(capacity)?;
    Ok(AllocateSummary {
        old,
        new: magnitude,
        effective_s,
        encumbered,
        at_risk: 0,
    })
}

/// Takes back from an allocation: `magnitude` is at most what it has.
pub(super) fn lower<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
    magnitude: u64,
) -> Result<AllocateSummary, AllocatorError> {
    let mut capacity = store.capacity();
    let (mut allocation, mut decreases, expired) = load(store, clock, now_s, service, operator)?;
    let old = sum(&[allocation.active, allocation.pending])?;
    let drop = sub(old, magnitude)?;
    let is_in_force = allocation.effective_s <= now_s;
    let from_pending = drop.min(allocation.pending);
    let from_active = sub(drop, from_pending)?;
    allocation.pending = sub(allocation.pending, from_pending)?;
    allocation.active = sub(allocation.active, from_active)?;
    let slashable = if is_in_force { drop } else { from_active };
    let current = place(&mut decreases.by_epoch, decreases.epoch);
    *current = sum(&[*current, slashable])?;
    let mut effective_s = now_s;
    if allocation.pending == 0 {
        allocation.effective_s = 0;
    } else {
        effective_s = effective_s.max(allocation.effective_s);
    }
    let freed = sum(&[expired, sub(drop, slashable)?])?;
    capacity.encumbered = sub(capacity.encumbered, freed)?;
    store.set_allocation(service, operator, allocation)?;
    store.set_decreases(service, operator, decreases)?;
    store.set_capacity(capacity)?;
    Ok(AllocateSummary {
        old,
        new: magnitude,
        effective_s,
        encumbered: capacity.encumbered,
        at_risk: 0,
    })
}

/// Stops raises for good; the caller is a vault that has retired. Twice is once.
pub fn retire<S: AllocatorStore + ?Sized>(store: &mut S) -> Result<(), AllocatorError> {
    let mut capacity = store.capacity();
    capacity.retired = true;
    store.set_capacity(capacity)
}

/// Stops raises for `duration_s` from `now_s` on, or ends the pause with 0; answers the ends of the old and the new pause.
pub fn pause<S: AllocatorStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    duration_s: u64,
) -> Result<(u64, u64), AllocatorError> {
    let mut capacity = store.capacity();
    let ends = capacity.paused.set(now_s, duration_s)?;
    store.set_capacity(capacity)?;
    Ok(ends)
}

/// An allocation as of now, and what has expired of it.
pub(crate) fn load<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
) -> Result<(Allocation, Decreases, u64), AllocatorError> {
    let mut allocation = store.allocation(service, operator);
    let last = clock.epoch_at(now_s).saturating_sub(1);
    if allocation.pending > 0 && allocation.effective_s <= clock.start_s(last) {
        allocation.active = sum(&[allocation.active, allocation.pending])?;
        allocation.pending = 0;
        allocation.effective_s = 0;
    }
    let mut decreases = store.decreases(service, operator);
    let expired = decreases.expire(clock, now_s)?;
    Ok((allocation, decreases, expired))
}

pub(crate) fn sub(a: u64, b: u64) -> Result<u64, AllocatorError> {
    a.checked_sub(b).ok_or(AllocatorError::Overflow)
}
