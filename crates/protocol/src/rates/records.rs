//! What is kept of an asset's rate.

use alloy_primitives::U256;

use super::RatesError;
use crate::units::WAD_MAGNITUDE;
use crate::word::{field64, halves, put, word};

/// The last accepted rate of an asset, and what its source answers out of bounds since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// ETH per asset.
    pub rate_wad: u64,
    /// Since when that is the rate, Unix seconds; later by as long as its source was out of bounds.
    pub at_s: u64,
    /// The last answer out of bounds; means nothing unless `suspect_since_s` is set.
    pub suspect_wad: u64,
    /// Since when the source answers out of bounds, Unix seconds; 0 if it does not.
    pub suspect_since_s: u64,
}

impl Accepted {
    /// From its storage word.
    pub fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            rate_wad: field64(low, 0, 64),
            at_s: field64(low, 64, 40),
            suspect_wad: field64(high, 0, 64),
            suspect_since_s: field64(high, 64, 40),
        }
    }

    /// As a storage word; `None` for times beyond 40 bits.
    pub fn to_word(self) -> Option<U256> {
        let low = put(self.rate_wad.into(), 64, 40, self.at_s.into())?;
        let high = put(self.suspect_wad.into(), 64, 40, self.suspect_since_s.into())?;
        Some(word(low, high))
    }
}

/// How far a rate may move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Most that an answer may be below the accepted rate, part of it.
    pub max_drop_wad: u64,
    /// Most that it may be above, part of it for each day since it was accepted.
    pub max_growth_per_day_wad: u64,
}

impl Bounds {
    /// Refuses bounds that bound nothing.
    pub fn check(self) -> Result<Self, RatesError> {
        let is_sound =
            self.max_drop_wad < WAD_MAGNITUDE && self.max_growth_per_day_wad <= WAD_MAGNITUDE;
        if is_sound {
            Ok(self)
        } else {
            Err(RatesError::BadBounds)
        }
    }

    /// From its storage word.
    pub fn from_word(source: U256) -> Self {
        let [low, _] = halves(source);
        Self {
            max_drop_wad: field64(low, 0, 64),
            max_growth_per_day_wad: field64(low, 64, 64),
        }
    }

    /// As a storage word.
    pub fn to_word(self) -> U256 {
        let growth = u128::from(self.max_growth_per_day_wad);
        word(growth << 64 | u128::from(self.max_drop_wad), 0)
    }
}
