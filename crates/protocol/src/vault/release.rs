//! What the holders of a batch's tickets may take.
//!
//! ```text
//! released_i    = Σ pay_i + Σ held_i of requests that were vetoed or lapsed
//! entitlement_i = floor(released_i · s / S)          of s of the batch's S shares
//! amount_i      = entitlement_i − taken_i
//! ```
//!
//! A ticket of the vault itself gives what it is paid to all who hold: its assets vest, its shares burn.
//!
//! Shares of bonds and cover that an executed request left to the batch are released and taken in the same way.
//!
//! One batch costs the same with one ticket and with 100,000. Rounding: less than a wei for each ticket stays owed, with
//! nobody entitled to it. Entitlements add up, so tickets of a batch may be merged without gain or loss of more than that.

use super::drip;
use super::ledger::owe;
use super::{Batch, VaultError, VaultKey, VaultStore, Verdict};
use crate::clock::Epoch;
use crate::math::{Overflow, add, mul_div_down, sub};
use crate::units::{Amounts, MAX_ASSETS, get, set};

/// What a part of a batch may take now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Beyond what was taken before.
    pub amounts: Amounts,
    /// Shares of bonds and cover beyond those that were taken before.
    pub shares: u128,
    /// Nothing can follow: the batch is paid in full and no request is undecided that holds a part of it.
    pub finished: bool,
}

/// What a batch has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// By asset, what vetoed and lapsed requests held included.
    pub amounts: Amounts,
    /// Shares of bonds and cover, from executed requests.
    pub shares: u128,
}

/// Takes what `shares` of the batch of `epoch` are entitled to, beyond `taken` and `taken_shares`, out of what is owed. The
/// caller pays it, each asset on its own, and gives back what it cannot pay with [`keep_owed`].
pub fn release<S: VaultStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    shares: u128,
    taken: &Amounts,
    taken_shares: u128,
) -> Result<ReleaseSummary, VaultError> {
    let summary = releasable(store, epoch, shares, taken, taken_shares)?;
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

/// Lets `amount` of `asset`, which a ticket of the vault's own has taken out of what is owed, vest for all who hold.
pub fn vest_released<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    asset: u8,
    amount: u128,
) -> Result<(), Overflow> {
    let mut head = store.head();
    let clock = store.settings().clock;
    drip::start(store, &mut head, &clock, asset, amount, now_s)?;
    store.set_head(head)
}

/// Burns `shares` that a ticket of the vault's own has taken; the caller burns them in the token too.
pub fn burn_released<S: VaultStore + ?Sized>(store: &mut S, shares: u128) -> Result<(), Overflow> {
    let mut head = store.head();
    head.supply = sub(head.supply, shares)?;
    store.set_head(head)
}

/// What [`release`] would take.
pub fn releasable<S: VaultStore + ?Sized>(
    store: &S,
    epoch: Epoch,
    shares: u128,
    taken: &Amounts,
    taken_shares: u128,
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
        let entitlement = mul_div_down(get(&released.amounts, asset), shares, batch.shares)?;
        let amount = entitlement.saturating_sub(get(taken, asset));
        set(&mut amounts, asset, amount);
    }
    let entitlement = mul_div_down(released.shares, shares, batch.shares)?;
    let is_held = store
        .ids(batch.helds, &|quad| VaultKey::HeldIds(epoch, quad))
        .as_slice()
        .iter()
        .any(|id| is_undecided(store, *id));
    Ok(ReleaseSummary {
        amounts,
        shares: entitlement.saturating_sub(taken_shares),
        finished: batch.filled == batch.shares && !is_held,
    })
}

/// Released to the batch of `epoch` so far.
pub fn released<S: VaultStore + ?Sized>(store: &S, epoch: Epoch) -> Result<Released, Overflow> {
    decided(store, epoch, &store.batch(epoch), store.settings().assets)
}

/// [`released`], for a batch that is loaded.
pub(crate) fn decided<S: VaultStore + ?Sized>(
    store: &S,
    epoch: Epoch,
    batch: &Batch,
    assets: u8,
) -> Result<Released, Overflow> {
    let mut released = Released {
        amounts: store.amounts(assets, &|pair| VaultKey::Released(epoch, pair)),
        shares: 0,
    };
    if batch.has_shares {
        released.shares = store.shares_at(VaultKey::ReleasedShares(epoch));
    }
    let helds = store.ids(batch.helds, &|quad| VaultKey::HeldIds(epoch, quad));
    for &id in helds.as_slice() {
        match store.contest(id).verdict {
            Verdict::Lifted => {
                let held = store.amounts(assets, &|pair| VaultKey::Held(epoch, id, pair));
                for asset in 0..assets {
                    let sum = add(get(&released.amounts, asset), get(&held, asset))?;
                    set(&mut released.amounts, asset, sum);
                }
            }
            Verdict::Executed => {
                let tied = store.shares_at(VaultKey::Tied(epoch, id));
                released.shares = add(released.shares, tied)?;
            }
            Verdict::Unknown | Verdict::Undecided => {}
        }
    }
    Ok(released)
}

/// Whether request `id` waits for its decision.
pub(crate) fn is_undecided<S: VaultStore + ?Sized>(store: &S, id: u64) -> bool {
    store.contest(id).verdict == Verdict::Undecided
}
