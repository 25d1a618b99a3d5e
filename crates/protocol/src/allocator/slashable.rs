//! What can be slashed for an offence.
//!
//! ```text
//! slashable(x) = m + Σ dec + frozen + (inc if effective_s <= start(x))
//! ```
//!
//! All that can still be slashed counts for an offence in this epoch or the last, as all stake that can still be slashed
//! does; an increase counts for an epoch if it was in force from its start.

use alloy_primitives::Address;

use super::allocate::load;
use super::records::sum;
use super::{Allocation, AllocatorError, AllocatorStore};
use crate::clock::{Clock, Epoch};

/// The magnitude of `operator` in `service` that a slash for an offence in `offence_epoch` is measured by.
pub fn slashable<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
    offence_epoch: Epoch,
) -> Result<u64, AllocatorError> {
    let (allocation, decreases, _) = load(store, clock, now_s, service, operator)?;
    sum(&[
        allocation.active,
        allocation.frozen,
        decreases.sum()?,
        counted(&allocation, clock, offence_epoch),
    ])
}

/// The part of a pending increase that was in force when `offence_epoch` began.
pub(crate) fn counted(allocation: &Allocation, clock: &Clock, offence_epoch: Epoch) -> u64 {
    if allocation.effective_s <= clock.start_s(offence_epoch) {
        allocation.pending
    } else {
        0
    }
}
