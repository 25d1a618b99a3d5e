//! Why the allocator refuses.

use alloy_primitives::Address;

use super::Place;
use crate::clock::Epoch;
use crate::pause::PauseError;

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
    /// More than a limit allows would be at risk in one place.
    AboveLimit {
        /// Where.
        place: Place,
        /// Most that may be at risk there, as a magnitude.
        limit: u64,
        /// What would be.
        attempted: u64,
    },
    /// The vault has as many allocations as it can.
    TooManyAllocations {
        /// That many.
        max: u8,
    },
    /// Allocations cannot be raised now.
    AllocationsPaused {
        /// Until then, Unix seconds.
        until_s: u64,
    },
    /// The vault is retired: nothing can be raised any more.
    Retired,
    /// A pause may not be this long.
    PauseTooLong {
        /// What was asked for, seconds.
        duration_s: u64,
        /// The most, seconds.
        max_s: u64,
    },
    /// After a pause as much time must pass as it lasted before the next.
    PauseCoolingDown {
        /// When it has, Unix seconds.
        until_s: u64,
    },
    /// Only the governor may widen a limit or take an operator out of a group.
    Loosens,
    /// A part is more than it may be.
    BpsTooHigh {
        /// What was asked for.
        bps: u16,
        /// The most.
        max_bps: u16,
    },
    /// The allocation is over no limit.
    NothingToTrim {
        /// The service.
        service: u32,
        /// The operator.
        operator: Address,
    },
}

impl From<PauseError> for AllocatorError {
    fn from(error: PauseError) -> Self {
        match error {
            PauseError::TooLong { duration_s, max_s } => Self::PauseTooLong { duration_s, max_s },
            PauseError::CoolingDown { until_s } => Self::PauseCoolingDown { until_s },
        }
    }
}
