//! Where the allocator keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::{Low, slot};

/// One storage word of the allocator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AllocatorKey {
    /// [`Capacity`](super::Capacity).
    Capacity,
    /// [`Allocation`](super::Allocation) of a service and an operator.
    Allocation(u32, Address),
    /// [`Decreases`](super::Decreases) of a service and an operator.
    Decreases(u32, Address),
    /// What a slash request froze: of the active magnitude, and of decreases by epoch mod 3.
    Frozen(u64),
}

impl AllocatorKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        match self {
            Self::Capacity => slot(1, 0, 0, Low::Nothing),
            Self::Allocation(service, operator) => {
                slot(2, 0, service.into(), Low::Account(operator))
            }
            Self::Decreases(service, operator) => {
                slot(3, 0, service.into(), Low::Account(operator))
            }
            Self::Frozen(id) => slot(4, 0, 0, Low::Id(id)),
        }
    }
}
