//! A slash is executed: `M −= Δ`, `E −= Δ`, and the frozen magnitude is gone. Other allocations keep their absolute stake,
//! because the vault's slashable stake falls in the proportion of M. Of a small
//! M the units get [smaller](super::scale); when it is at its smallest, increases have stopped for good.

use alloy_primitives::Address;

use super::allocate::sub;
use super::records::sum;
use super::scale::{is_spent, lifted, renormalised};
use super::{AllocatorError, AllocatorStore, Part};

/// What a slash did to the magnitudes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlashSummary {
    /// Magnitude Δ that it took, out of the capacity before it: what the vault measures it by.
    pub part: Part,
    /// The capacity after it, at this scale.
    pub capacity: u64,
    /// The scale after it.
    pub scale: u8,
    /// What is left of the allocation at that scale, pending included, frozen not.
    pub magnitude: u64,
}

/// Takes what request `id` froze of `operator` in `service` for ever.
pub fn slash<S: AllocatorStore + ?Sized>(
    store: &mut S,
    id: u64,
    service: u32,
    operator: Address,
) -> Result<SlashSummary, AllocatorError> {
    let (from_active, from_decreases) = store.frozen(id);
    let delta = sum(&[from_active, sum(&from_decreases)?])?;
    if delta == 0 {
        return Err(AllocatorError::RequestUnknown { id });
    }
    store.set_frozen(id, 0, [0; 3])?;
    let mut allocation = store.allocation(service, operator);
    allocation.frozen = sub(allocation.frozen, delta)?;
    store.set_allocation(service, operator, allocation)?;
    let mut capacity = store.capacity();
    let part = Part {
        delta,
        capacity: capacity.capacity,
        scale: capacity.scale,
    };
    let left = sub(part.capacity, delta)?;
    (capacity.capacity, capacity.scale) = renormalised(left, part.scale);
    let shift = capacity.scale.saturating_sub(part.scale);
    capacity.encumbered = lifted(sub(capacity.encumbered, delta)?, shift);
    capacity.retired |= is_spent(capacity.capacity);
    store.set_capacity(capacity)?;
    let magnitude = sum(&[allocation.active, allocation.pending])?;
    Ok(SlashSummary {
        part,
        capacity: capacity.capacity,
        scale: capacity.scale,
        magnitude: lifted(magnitude, shift),
    })
}
