//! Where rewards are kept: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::Place;

/// Stands for the vault's shares where an asset's index does: a vault never has so many assets.
pub const SHARES: u8 = u8::MAX;

/// One storage word of the rewards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RewardsKey {
    /// [`Commission`](super::Commission) of an operator.
    Commission(Address),
    /// What waits for an operator, of an asset or of [`SHARES`].
    Earned(u8, Address),
    /// Shares that wait for operators, all together.
    Waiting,
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
            Self::Commission(operator) => Place::new(1).account(operator),
            Self::Earned(asset, operator) => Place::new(2).index(asset).account(operator),
            Self::Waiting => Place::new(3),
            Self::Prices(token) => Place::new(4).account(token),
            Self::Sizes(token) => Place::new(5).account(token),
            Self::Pace(token) => Place::new(6).account(token),
            Self::Lot(token) => Place::new(7).account(token),
        };
        place.slot()
    }
}
