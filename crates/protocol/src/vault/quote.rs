//! What an asset is worth, as the vault is told.

use crate::math::Overflow;
use crate::units::{MAX_ASSETS, RATE_LIMIT_WAD};

/// Whether the rate of an asset can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RateState {
    /// Its source answered within bounds.
    Fresh = 0,
    /// Its source gave no answer, or none for too long.
    #[default]
    Stale = 1,
    /// Its source answered out of bounds.
    Suspicious = 2,
}

/// The rate of one asset, ETH per asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// Last accepted.
    pub rate_wad: u128,
    /// The lower of that and a suspicious answer: what the floor rate uses.
    pub low_wad: u128,
    /// What a deposit is credited at: the lower of the rate and the market guard; 0 if the guard refuses.
    pub credit_wad: u128,
    /// Whether it can be relied on.
    pub state: RateState,
}

impl Quote {
    /// A fresh rate without a guard.
    pub fn fresh(rate_wad: u128) -> Self {
        Self {
            rate_wad,
            low_wad: rate_wad,
            credit_wad: rate_wad,
            state: RateState::Fresh,
        }
    }

    /// Refuses what would leave the range that products are sized for.
    pub(crate) fn in_range(self) -> Result<Self, Overflow> {
        if self.rate_wad < RATE_LIMIT_WAD && self.low_wad <= self.rate_wad {
            Ok(self)
        } else {
            Err(Overflow)
        }
    }
}

/// A quote for each asset, in the vault's order.
pub type Quotes = [Quote; MAX_ASSETS];
