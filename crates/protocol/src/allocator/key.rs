//! Where the allocator keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::Place;

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
    /// A place of the list of allocations: service, operator and slash cap.
    Entry(u8),
    /// [`Limits`](super::Limits).
    Limits,
    /// [`Groups`](super::Groups) of an operator.
    Groups(Address),
}

impl AllocatorKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Capacity => Place::new(1),
            Self::Allocation(service, operator) => {
                Place::new(2).number(service.into()).account(operator)
            }
            Self::Decreases(service, operator) => {
                Place::new(3).number(service.into()).account(operator)
            }
            Self::Frozen(id) => Place::new(4).id(id),
            Self::Entry(place) => Place::new(5).index(place),
            Self::Limits => Place::new(6),
            Self::Groups(operator) => Place::new(7).account(operator),
        };
        place.slot()
    }
}
