//! Why the tickets refuse.

use alloy_primitives::Address;

use crate::clock::Epoch;
use crate::math;

/// Why the tickets refuse. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitsError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The amount may not be zero here.
    ZeroAmount,
    /// The owner has no ticket of that epoch.
    NoTicket {
        /// The epoch.
        epoch: Epoch,
        /// The owner.
        owner: Address,
    },
    /// Only its owner may do this with a ticket.
    NotTicketOwner {
        /// The owner.
        owner: Address,
        /// Who tried.
        caller: Address,
    },
    /// The ticket has fewer shares.
    TicketTooSmall {
        /// Its shares.
        shares: u128,
        /// Asked for.
        needed: u128,
    },
    /// The holders of the asset's pocket are named already.
    PocketOpen {
        /// The asset.
        asset: u8,
    },
    /// Nothing more of the asset's pocket is for this account now.
    NothingInPocket {
        /// The asset.
        asset: u8,
        /// The account.
        account: Address,
    },
    /// No asset can be claimed now.
    NothingToClaim {
        /// The epoch.
        epoch: Epoch,
        /// The owner.
        owner: Address,
    },
}

impl From<math::Overflow> for ExitsError {
    fn from(_: math::Overflow) -> Self {
        Self::Overflow
    }
}
