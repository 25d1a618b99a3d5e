//! A reward comes in: `drip += amount`. It vests until the start of the epoch after the next, for all who hold by then.

use super::ledger::ledger;
use super::{VaultError, VaultStore, drip};
use crate::math::add;
use crate::units::AMOUNT_LIMIT;

/// Takes `amount` of `asset`, which the caller has received, for those who hold shares; answers what of it is unvested now.
///
/// # Errors
/// `ZeroAmount`, `AssetUnknown`, `AssetDelisted`, `AmountTooLarge`.
pub fn fund<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    asset: u8,
    amount: u128,
) -> Result<u128, VaultError> {
    let settings = store.settings();
    if amount == 0 {
        return Err(VaultError::ZeroAmount);
    }
    if asset >= settings.assets {
        return Err(VaultError::AssetUnknown { asset });
    }
    if store.asset_terms(asset).delisted {
        return Err(VaultError::AssetDelisted { asset });
    }
    // What a deposit may reach, a reward may not pass.
    if ledger(store, asset).liabilities()?.saturating_add(amount) >= AMOUNT_LIMIT {
        return Err(VaultError::AmountTooLarge { amount });
    }
    let mut head = store.head();
    drip::start(store, &mut head, &settings.clock, asset, amount, now_s)?;
    store.set_head(head)?;
    let [even, odd] = store.drip(asset);
    Ok(add(even, odd)?)
}
