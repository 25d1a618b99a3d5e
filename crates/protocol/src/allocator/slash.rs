//! A slash is executed: `M −= Δ`, `E −= Δ`, and the frozen magnitude is gone. Other allocations keep their absolute stake,
//! because the vault's slashable stake falls in the proportion of M. When nothing is left of M, increases have stopped for good.

use alloy_primitives::Address;

use super::allocate::sub;
use super::records::sum;
use super::{AllocatorError, AllocatorStore};

/// What a slash did to the magnitudes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlashSummary {
    /// Magnitude Δ that it took.
    pub delta: u64,
    /// The capacity before it: what the vault measures Δ against.
    pub capacity_before: u64,
    /// What is left of the allocation, pending included, frozen not.
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
    store.set_frozen(id, 0, [0; 3]);
    let mut allocation = store.allocation(service, operator);
    allocation.frozen = sub(allocation.frozen, delta)?;
    store.set_allocation(service, operator, allocation)?;
    let mut capacity = store.capacity();
    let capacity_before = capacity.capacity;
    capacity.capacity = sub(capacity_before, delta)?;
    capacity.encumbered = sub(capacity.encumbered, delta)?;
    capacity.retired |= capacity.capacity == 0;
    store.set_capacity(capacity)?;
    Ok(SlashSummary {
        delta,
        capacity_before,
        magnitude: sum(&[allocation.active, allocation.pending])?,
    })
}
