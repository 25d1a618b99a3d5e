//! How much stands behind a share.
//!
//! ```text
//! backing   = min(floor(rate · WAD / mark), WAD)                     a rate above the mark is the next mark
//! first     = floor((bonds + cover) · NAV / supply)                  ETH wei
//! worst     = ceil(Σ ceil(B_i · W / M) · rate_i)                     ETH wei, W: the allocator's worst case
//! coverage  = floor(first · WAD / worst)                             the largest number if nothing is at risk
//! ```
//!
//! A bond bears the losses of its own operator alone: coverage says how much first loss there is for the worst case, not that
//! all of it would be used. Rounding: both ratios down.

use alloy_primitives::U256;

use super::ledger::Holding;
use super::{Quotes, Valuation, VaultStore, valuation};
use crate::math::{Overflow, add_wide, mul_div_down, mul_div_up, product, ratio_up};
use crate::units::WAD;

/// What bonds and cover are worth beside the worst case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Bonds and cover as a part of the worst loss, WAD; `u128::MAX` if nothing is at risk.
    pub ratio_wad: u128,
    /// Bonds and cover, ETH wei.
    pub first_loss: u128,
    /// What the worst case takes, ETH wei.
    pub worst_loss: u128,
}

/// The rate as a part of its high-water mark, WAD.
pub fn backing_ratio_wad<S: VaultStore + ?Sized>(
    store: &S,
    valuation: &Valuation,
) -> Result<u128, Overflow> {
    let mark_wad = store.settings().hwm_wad.max(valuation.fee.hwm_wad);
    let rate_wad = valuation.rate_wad()?.min(mark_wad.into());
    mul_div_down(rate_wad, WAD, mark_wad.into())
}

/// `shares` of bonds and cover beside the loss of `magnitude` out of `capacity`.
pub fn coverage<S: VaultStore + ?Sized>(
    store: &S,
    quotes: &Quotes,
    shares: u128,
    magnitude: u64,
    capacity: u64,
) -> Result<Coverage, Overflow> {
    let head = store.head();
    let mut worst_wad = U256::ZERO;
    for (asset, quote) in (0..store.settings().assets).zip(quotes) {
        let slashable = Holding::load(store, &head, asset)?.slashable;
        if magnitude > 0 && slashable > 0 {
            let lost = mul_div_up(slashable, magnitude.into(), capacity.into())?;
            worst_wad = add_wide(worst_wad, product(lost, quote.rate_wad))?;
        }
    }
    let worst_loss = ratio_up(worst_wad, U256::from(WAD))?;
    let first_loss = valuation(store, quotes)?.value_of(shares)?;
    let ratio_wad = match worst_loss {
        0 => u128::MAX,
        _ => mul_div_down(first_loss, WAD, worst_loss).unwrap_or(u128::MAX),
    };
    Ok(Coverage {
        ratio_wad,
        first_loss,
        worst_loss,
    })
}
