//! The end of a vault: deposits, allocations and staking stop for good, exits go on.
//!
//! ```text
//! retired if   M is at its smallest                  noticed by the execution that brings it there
//!         or   rate · 1,000,000 < mark               noticed by anybody, while every rate is fresh
//! ```
//!
//! A share that has lost all but a millionth is too coarse for what the next deposit would buy, and a capacity without units left
//! secures nothing.

use super::{RateState, VaultError, VaultStore, valuation};
use crate::math::product;
use crate::vault::Quotes;

/// A vault whose rate is below its mark by more than this factor is retired.
pub const RETIRED_BELOW: u128 = 1_000_000;

/// Why a vault was retired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retirement {
    /// ETH per share.
    pub rate_wad: u128,
    /// The high-water mark.
    pub hwm_wad: u64,
}

/// Retires a vault whose rate has fallen that far; the caller tells the allocator.
pub fn retire<S: VaultStore + ?Sized>(
    store: &mut S,
    quotes: &Quotes,
) -> Result<Retirement, VaultError> {
    let mut head = store.head();
    if head.retired {
        return Err(VaultError::Retired);
    }
    let valuation = valuation(store, quotes)?;
    if valuation.state != RateState::Fresh {
        return Err(VaultError::RateNotFresh {
            asset: valuation.asset,
            state: valuation.state,
        });
    }
    let rate_wad = valuation.rate_wad()?;
    let hwm_wad = store.settings().hwm_wad;
    if product(rate_wad, RETIRED_BELOW) >= product(hwm_wad.into(), 1) {
        return Err(VaultError::NotRetirable { rate_wad, hwm_wad });
    }
    head.retired = true;
    store.set_head(head)?;
    Ok(Retirement { rate_wad, hwm_wad })
}
