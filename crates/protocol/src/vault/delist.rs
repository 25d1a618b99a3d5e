//! An asset leaves the vault: no more deposits, and if it failed, what is left of it moves to a side pocket.
//!
//! ```text
//! delist    cap = 0 for ever; what is there is paid out by exits like everything else
//! pocket    due += T;  due_to(pocket) += T;  T = 0          delisted, its rate not fresh, no request undecided
//! ```
//!
//! What is pocketed belongs to who holds shares at that moment, and to nobody who comes later: so dust of a dead asset blocks no
//! deposit and no redemption, and is not sold to newcomers at nothing. What still drips in can be pocketed again.

use alloy_primitives::Address;

use super::ledger::Holding;
use super::{AssetTerms, Balance, Debt, Quote, RateState, VaultError, VaultStore};
use crate::math::add;

/// Stops deposits of `asset` for ever; answers its cap before.
///
/// # Errors
/// `AssetUnknown`, `AssetDelisted`.
pub fn delist<S: VaultStore + ?Sized>(store: &mut S, asset: u8) -> Result<u128, VaultError> {
    let terms = terms(store, asset)?;
    if terms.delisted {
        return Err(VaultError::AssetDelisted { asset });
    }
    store.set_asset_terms(
        asset,
        AssetTerms {
            cap: 0,
            delisted: true,
            ..terms
        },
    )?;
    Ok(terms.cap)
}

/// Moves all that counts of a delisted `asset`, whose rate now is `quote`, to what is due to `to`; answers how much.
///
/// # Errors
/// `AssetUnknown`; `AssetListed` unless it is delisted; `AssetNotFailed` while its rate is fresh; `Contested` while a request
/// is undecided; `NothingDue` if there is nothing of it.
pub fn pocket<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    quote: &Quote,
    to: Address,
) -> Result<u128, VaultError> {
    if !terms(store, asset)?.delisted {
        return Err(VaultError::AssetListed { asset });
    }
    if quote.state == RateState::Fresh {
        return Err(VaultError::AssetNotFailed { asset });
    }
    let head = store.head();
    if head.undecided > 0 {
        return Err(VaultError::Contested {
            undecided: head.undecided,
        });
    }
    let total = Holding::load(store, &head, asset)?.total;
    if total == 0 {
        return Err(VaultError::NothingDue { asset });
    }
    store.set_balance(asset, Balance::default());
    if head.unbonding != [false, false] {
        store.set_unbonding(asset, [0, 0]);
    }
    let Debt { owed, due } = store.debt(asset);
    let due = add(due, total)?;
    store.set_debt(asset, Debt { owed, due });
    let due_to = add(store.due_to(asset, to), total)?;
    store.set_due_to(asset, to, due_to);
    Ok(total)
}

fn terms<S: VaultStore + ?Sized>(store: &S, asset: u8) -> Result<AssetTerms, VaultError> {
    if asset < store.settings().assets {
        Ok(store.asset_terms(asset))
    } else {
        Err(VaultError::AssetUnknown { asset })
    }
}
