//! Where tickets are kept: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::clock::Epoch;
use crate::word::Place;

/// One storage word of the tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TicketKey {
    /// Shares of an owner in the batch of an epoch, and shares of bonds and cover claimed with them.
    Shares(Epoch, Address),
    /// What was claimed of them, two assets a word.
    Taken(Epoch, Address, u8),
    /// The holders of an asset's pocket.
    PocketRoot(u8),
    /// Their shares, and what left the pocket.
    PocketTotals(u8),
    /// What an account took out of an asset's pocket.
    PocketTaken(u8, Address),
}

impl TicketKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Shares(epoch, owner) => Place::new(1).number(epoch).account(owner),
            Self::Taken(epoch, owner, pair) => {
                Place::new(2).index(pair).number(epoch).account(owner)
            }
            Self::PocketRoot(asset) => Place::new(3).index(asset),
            Self::PocketTotals(asset) => Place::new(4).index(asset),
            Self::PocketTaken(asset, account) => Place::new(5).index(asset).account(account),
        };
        place.slot()
    }
}
