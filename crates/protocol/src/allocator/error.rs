//! Why the allocator refuses.

use alloy_primitives::Address;

use crate::clock::Epoch;

/// Why the allocator refuses. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocatorError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The allocator is initialised already.
    AlreadyInitialized,
    /// Allocations would sum to more than the capacity.
    AboveCapacity {
        /// The capacity.
        capacity: u64,
        /// What would be encumbered.
        attempted: u64,
    },
    /// An earlier increase of the same allocation has not taken effect yet.
    ChangePending {
        /// When it does, Unix seconds.
        effective_s: u64,
    },
    /// A slash takes more than nothing and at most everything.
    BadWad {
        /// The part asked for.
        wad: u64,
    },
    /// Nothing of this allocation can be slashed for an offence in that epoch.
    NothingSlashable {
        /// The service.
        service: u32,
        /// The operator.
        operator: Address,
        /// The epoch of the offence.
        offence_epoch: Epoch,
    },
    /// No frozen magnitude has this request id, or one has it already.
    RequestUnknown {
        /// The id.
        id: u64,
    },
}
