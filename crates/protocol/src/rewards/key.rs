//! Where rewards are kept: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::clock::Epoch;
use crate::word::Place;

/// One storage word of the rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RewardsKey {
    /// [`Stream`](super::Stream) of an asset.
    Stream(u8),
    /// What of the stream of an asset stops with an epoch.
    Ends(u8, Epoch),
    /// [`Commission`](super::Commission) of an operator.
    Commission(Address),
    /// Commission that waits, of an asset for an operator.
    Earned(u8, Address),
    /// [`Auction`](super::Auction) of a token: its prices.
    Prices(Address),
    /// [`Auction`](super::Auction) of a token: the sizes of its lots.
    Sizes(Address),
    /// [`Auction`](super::Auction) of a token: what it is sold for, and how fast the price falls.
    Pace(Address),
    /// [`Lot`](super::Lot) of a token.
    Lot(Address),
}

impl RewardsKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Stream(asset) => Place::new(1).index(asset),
            Self::Ends(asset, epoch) => Place::new(2).index(asset).number(epoch),
            Self::Commission(operator) => Place::new(3).account(operator),
            Self::Earned(asset, operator) => Place::new(4).index(asset).account(operator),
            Self::Prices(token) => Place::new(5).account(token),
            Self::Sizes(token) => Place::new(6).account(token),
            Self::Pace(token) => Place::new(7).account(token),
            Self::Lot(token) => Place::new(8).account(token),
        };
        place.slot()
    }
}
