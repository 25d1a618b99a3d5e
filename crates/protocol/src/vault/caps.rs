//! Assets join, and how much of each may come in.
//!
//! ```text
//! without shares    any cap: who deposits first sees what is listed
//! listing           cap = 0 once there are shares
//! a raise           cap <= max(2 · c, floor(NAV · 5 % / rate_i))       c: the cap before this epoch's first raise
//! lower             any, at once
//! ```
//!
//! So an asset that joins a vault with holders starts at a twentieth of it, and who watches sees at least an epoch pass before what it
//! can grow to doubles. A cap that was lowered climbs back the same way. The NAV is at fresh rates, else a raise is refused. Rounding:
//! down, less than a wei.

use super::admin::{at_most, listed};
use super::valuation::priced;
use super::{AssetTerms, Quotes, VaultError, VaultStore};
use crate::math::{product, ratio_down, scale};
use crate::units::{AMOUNT_LIMIT, BPS, MAX_ASSETS, MAX_DEPOSIT_FEE_BPS};

/// What the cap of an asset may start at, as a part of the NAV.
pub const FIRST_CAP_BPS: u16 = 500;

/// Adds an asset; answers its index.
pub fn list_asset<S: VaultStore + ?Sized>(
    store: &mut S,
    cap: u128,
    deposit_fee_bps: u16,
) -> Result<u8, VaultError> {
    let mut settings = store.settings();
    let asset = settings.assets;
    if usize::from(asset) >= MAX_ASSETS {
        return Err(VaultError::TooManyAssets { max: MAX_ASSETS });
    }
    at_most(deposit_fee_bps, MAX_DEPOSIT_FEE_BPS)?;
    let cap = in_range(cap)?;
    if cap > 0 && store.head().supply > 0 {
        return Err(VaultError::CapRisesTooFast {
            asset,
            cap,
            max_cap: 0,
        });
    }
    store.set_asset_terms(
        asset,
        AssetTerms {
            cap,
            deposit_fee_bps,
            ..AssetTerms::default()
        },
    )?;
    settings.assets = asset.saturating_add(1);
    store.set_settings(settings)?;
    Ok(asset)
}

/// Whether `cap` is a raise that is bounded, and so needs quotes.
pub fn rises<S: VaultStore + ?Sized>(store: &S, asset: u8, cap: u128) -> bool {
    cap > store.asset_terms(asset).cap && store.head().supply > 0
}

/// Sets the most that a deposit may raise the total of `asset` to; answers the old cap. `quotes` are looked at if the cap
/// [`rises`].
pub fn set_cap<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    cap: u128,
    quotes: &Quotes,
) -> Result<u128, VaultError> {
    let old = listed(store, asset)?;
    let cap = in_range(cap)?;
    if old.delisted {
        return Err(VaultError::AssetDelisted { asset });
    }
    let mut terms = old;
    if rises(store, asset, cap) {
        let epoch = store.head().closed;
        if epoch >= old.next_raise {
            terms.next_raise = epoch.saturating_add(1);
            terms.cap_before = old.cap;
        }
        let (quote, valuation) = priced(store, asset, quotes)?;
        let first_wad = scale(valuation.nav_wad, FIRST_CAP_BPS.into())?;
        let first = ratio_down(first_wad, product(quote.rate_wad, BPS.into()))?;
        let max_cap = terms.cap_before.saturating_mul(2).max(first);
        if cap > max_cap {
            return Err(VaultError::CapRisesTooFast {
                asset,
                cap,
                max_cap,
            });
        }
    }
    terms.cap = cap;
    store.set_asset_terms(asset, terms)?;
    Ok(old.cap)
}

fn in_range(cap: u128) -> Result<u128, VaultError> {
    if cap < AMOUNT_LIMIT {
        Ok(cap)
    } else {
        Err(VaultError::AmountTooLarge { amount: cap })
    }
}
