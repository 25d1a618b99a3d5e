//! Where tickets are kept: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::clock::Epoch;
use crate::word::{Low, slot};

/// One storage word of the tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TicketKey {
    /// Shares of an owner in the batch of an epoch.
    Shares(Epoch, Address),
    /// What was claimed of them, two assets a word.
    Taken(Epoch, Address, u8),
}

impl TicketKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        match self {
            Self::Shares(epoch, owner) => slot(1, 0, epoch, Low::Account(owner)),
            Self::Taken(epoch, owner, pair) => slot(2, pair, epoch, Low::Account(owner)),
        }
    }
}
