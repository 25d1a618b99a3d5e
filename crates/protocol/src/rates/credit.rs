//! What a deposit is credited at: `min(rate, market)`, nothing when `market < ceil(rate · (1 − margin))`.
//!
//! So nobody swaps a failing asset for a part of the good ones: its market falls before its redemption value does.

use alloy_primitives::U256;

use crate::math::{mul_div_up, narrow};
use crate::units::{WAD, WAD_MAGNITUDE};

/// What the market guard of an asset says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The asset has none.
    Absent,
    /// It gave no answer: deposits are refused.
    Silent,
    /// The market price, ETH per asset.
    Price(U256),
}

/// The rate to credit deposits at, ETH per asset; 0 if they are refused.
pub fn credit(rate_wad: u128, guard: Guard, margin_wad: u64) -> u128 {
    let market_wad = match guard {
        Guard::Absent => return rate_wad,
        Guard::Silent => return 0,
        Guard::Price(price) => narrow(price).unwrap_or(u128::MAX),
    };
    let kept = WAD_MAGNITUDE.saturating_sub(margin_wad);
    match mul_div_up(rate_wad, kept.into(), WAD) {
        Ok(least) if market_wad >= least => market_wad.min(rate_wad),
        _ => 0,
    }
}
