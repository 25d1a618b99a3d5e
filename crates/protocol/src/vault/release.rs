//! What the holders of a batch's tickets may take.
//!
//! ```text
//! released_i    = Σ pay_i + Σ held_i of requests that were vetoed or lapsed
//! entitlement_i = floor(released_i · s / S)          of s of the batch's S shares
//! amount_i      = entitlement_i − taken_i
//! ```
//!
//! One batch costs the same with one ticket and with 100,000. Rounding: less than a wei for each ticket stays owed, with
//! nobody entitled to it. Entitlements add up, so tickets of a batch may be merged without gain or loss of more than that.

use super::ledger::owe;
use super::{Batch, VaultError, VaultKey, VaultStore, Verdict};
use crate::clock::Epoch;
use crate::math::{Overflow, add, mul_div_down};
use crate::units::{Amounts, MAX_ASSETS, get, set};

/// What a part of a batch may take now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Beyond what was taken before.
    pub amounts: Amounts,
    /// Nothing can follow: the batch is paid in full and no request is undecided that holds a part of it.
    pub finished: bool,
}

/// Takes what `shares` of the batch of `epoch` are entitled to, beyond `taken`, out of what is owed. The caller pays it, each
/// asset on its own, and gives back what it cannot pay with [`keep_owed`].
pub fn release<S: VaultStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    shares: u128,
    taken: &Amounts,
) -> Result<ReleaseSummary, VaultError> {
    let summary = releasable(store, epoch, shares, taken)?;
    for asset in 0..store.settings().assets {
        let amount = get(&summary.amounts, asset);
        if amount > 0 {
            owe(store, asset, 0, amount)?;
        }
    }
    Ok(summary)
}

/// Puts `amount` of `asset` back into what is owed: its transfer failed, and its ticket has not taken it.
pub fn keep_owed<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    amount: u128,
) -> Result<(), Overflow> {
    owe(store, asset, amount, 0)
}

/// What [`release`] would take.
pub fn releasable<S: VaultStore + ?Sized>(
    store: &S,
    epoch: Epoch,
    shares: u128,
    taken: &Amounts,
) -> Result<ReleaseSummary, VaultError> {
    let batch = store.batch(epoch);
    if shares == 0 {
        return Err(VaultError::ZeroAmount);
    }
    if shares > batch.shares {
        return Err(VaultError::BatchTooSmall {
            epoch,
            shares: batch.shares,
            needed: shares,
        });
    }
    let assets = store.settings().assets;
    let released = decided(store, epoch, &batch, assets)?;
    let mut amounts: Amounts = [0; MAX_ASSETS];
    for asset in 0..assets {
        let entitlement = mul_div_down(get(&released, asset), shares, batch.shares)?;
        let amount = entitlement.saturating_sub(get(taken, asset));
        set(&mut amounts, asset, amount);
    }
    let is_held = store
        .ids(batch.helds, &|quad| VaultKey::HeldIds(epoch, quad))
        .as_slice()
        .iter()
        .any(|id| is_undecided(store, *id));
    Ok(ReleaseSummary {
        amounts,
        finished: batch.filled == batch.shares && !is_held,
    })
}

/// Released to the batch of `epoch` so far, by asset, what vetoed and lapsed requests held included.
pub fn released<S: VaultStore + ?Sized>(store: &S, epoch: Epoch) -> Result<Amounts, Overflow> {
    decided(store, epoch, &store.batch(epoch), store.settings().assets)
}

/// [`released`], for a batch that is loaded.
pub(crate) fn decided<S: VaultStore + ?Sized>(
    store: &S,
    epoch: Epoch,
    batch: &Batch,
    assets: u8,
) -> Result<Amounts, Overflow> {
    let mut released = store.amounts(assets, &|pair| VaultKey::Released(epoch, pair));
    let helds = store.ids(batch.helds, &|quad| VaultKey::HeldIds(epoch, quad));
    for &id in helds.as_slice() {
        if store.contest(id).verdict == Verdict::Lifted {
            let held = store.amounts(assets, &|pair| VaultKey::Held(epoch, id, pair));
            for asset in 0..assets {
                let sum = add(get(&released, asset), get(&held, asset))?;
                set(&mut released, asset, sum);
            }
        }
    }
    Ok(released)
}

/// Whether request `id` waits for its decision.
pub(crate) fn is_undecided<S: VaultStore + ?Sized>(store: &S, id: u64) -> bool {
    store.contest(id).verdict == Verdict::Undecided
}
