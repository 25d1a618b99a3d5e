//! Pays a closed batch at its maturity, in kind, without prices.
//!
//! With s the unpaid shares of the batch and `σ = s / supply`, for each asset:
//!
//! ```text
//! need_i     = floor(T_i · σ)
//! fill       = s                                             if idle_i >= need_i for all i
//!            = min_i floor(s · idle_i / ceil(T_i · σ))       else, over the assets that are short
//! pay_i      = floor((T_i − c_i) · fill / supply)            idle → owed to the batch
//! hold_{r,i} = floor((ℓ_{r,i} − h_{r,i}) · fill / supply)    idle → held, for each undecided request r
//! t_r        = floor(k_r · fill / supply)                    shares behind request r, tied to the batch
//! supply    −= fill                                          these shares burn
//! ```
//!
//! So leavers get their part of what is certain, and a claim on their part of what is not; for those who stay, `T − c` and
//! `c` shrink in the same proportion as the supply. Rounding: each floor leaves less than a wei to those who stay.
//! `pay + Σ hold <= floor(T · fill / supply) <= idle`. What is not filled stays first in line until the next maturity.

use super::cushion::tie;
use super::ledger::{Holding, contested, owe, set_aside};
use super::release::{decided, is_undecided};
use super::{Balance, Batch, Head, Ids, VaultKey, VaultStore};
use crate::clock::Epoch;
use crate::math::{Overflow, add, mul_div_down, mul_div_up, sub};
use crate::units::{Amounts, MAX_ASSETS, get, set};

/// A batch was paid, in full or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The epoch of the batch.
    pub epoch: Epoch,
    /// Shares that were paid and burned now.
    pub filled: u128,
    /// Shares of the batch that are still unpaid.
    pub unfilled: u128,
    /// All shares, after the burn.
    pub supply: u128,
    /// Moved to what is owed to the batch.
    pub paid: Amounts,
    /// Moved to what is held for it under undecided requests.
    pub held: Amounts,
}

/// Pays the batch of `head.settled` as far as idle allows; answers the shares that burn.
pub(crate) fn settle<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    assets: u8,
) -> Result<u128, Overflow> {
    let epoch = head.settled;
    let mut batch = store.batch(epoch);
    let unpaid = sub(batch.shares, batch.filled)?;
    if unpaid == 0 {
        head.settled = epoch.saturating_add(1);
        return Ok(0);
    }
    let mut fill = unpaid;
    for asset in 0..assets {
        let holding = Holding::load(store, head, asset)?;
        fill = fill.min(fillable(&holding, unpaid, head.supply)?);
    }
    if fill == 0 {
        head.stalled = true;
        return Ok(0);
    }

    let held = hold(store, head, epoch, &mut batch, assets, fill)?;
    let mut released = store.amounts(assets, &|pair| VaultKey::Released(epoch, pair));
    let mut paid: Amounts = [0; MAX_ASSETS];
    for asset in 0..assets {
        let held = get(&held, asset);
        let Holding { balance, total, .. } = Holding::load(store, head, asset)?;
        let certain = sub(total, contested(store, head, asset))?;
        let pay = part(certain, fill, head.supply)?;
        set(&mut paid, asset, pay);
        let sum = add(get(&released, asset), pay)?;
        set(&mut released, asset, sum);
        let idle = sub(balance.idle, add(pay, held)?)?;
        store.set_balance(asset, Balance { idle, ..balance });
        owe(store, asset, pay, 0)?;
        if held > 0 {
            set_aside(store, asset, held)?;
        }
    }
    store.set_amounts(assets, &released, &|pair| VaultKey::Released(epoch, pair));

    batch.filled = add(batch.filled, fill)?;
    store.set_batch(epoch, batch)?;
    head.supply = sub(head.supply, fill)?;
    let queued = sub(store.queued(), fill)?;
    store.set_queued(queued);
    let unfilled = sub(unpaid, fill)?;
    if unfilled > 0 {
        head.stalled = true;
    } else if queued == 0 {
        head.settled = head.closed;
    } else {
        head.settled = epoch.saturating_add(1);
    }
    store.settled(&Settled {
        epoch,
        filled: fill,
        unfilled,
        supply: head.supply,
        paid,
        held,
    });
    Ok(fill)
}

/// Of `unpaid` shares those that the idle part of a holding can pay.
fn fillable(holding: &Holding, unpaid: u128, supply: u128) -> Result<u128, Overflow> {
    let idle = holding.balance.idle;
    if idle >= part(holding.total, unpaid, supply)? {
        return Ok(unpaid);
    }
    let need = mul_div_up(holding.total, unpaid, supply)?;
    part(unpaid, idle, need)
}

/// Ties the part of every undecided request that leaves with `fill` shares to the batch; answers the sums by asset, which
/// the caller takes from idle and from what is contested.
fn hold<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &Head,
    epoch: Epoch,
    batch: &mut Batch,
    assets: u8,
    fill: u128,
) -> Result<Amounts, Overflow> {
    let mut sums: Amounts = [0; MAX_ASSETS];
    let mut tied = open_helds(store, epoch, batch, assets)?;
    if head.undecided == 0 {
        return Ok(sums);
    }
    let undecided = store.ids(head.undecided, &VaultKey::Undecided);
    let has_cushions = store.cushions() > 0;
    for &id in undecided.as_slice() {
        if has_cushions {
            tie(store, head, epoch, id, fill)?;
        }
        let mut held = store.amounts(assets, &|pair| VaultKey::Held(epoch, id, pair));
        for asset in 0..assets {
            let mut loss = store.loss(id, asset);
            let hold = part(sub(loss.loss, loss.held)?, fill, head.supply)?;
            loss.held = add(loss.held, hold)?;
            store.set_loss(id, asset, loss);
            let tied = add(get(&held, asset), hold)?;
            set(&mut held, asset, tied);
            let sum = add(get(&sums, asset), hold)?;
            set(&mut sums, asset, sum);
        }
        store.set_amounts(assets, &held, &|pair| VaultKey::Held(epoch, id, pair));
        if !tied.as_slice().contains(&id) {
            tied.push(id);
        }
    }
    batch.helds = tied.count();
    store.set_ids(&tied, &|quad| VaultKey::HeldIds(epoch, quad));
    Ok(sums)
}

/// The requests still undecided of those tied to the batch. Claims of the decided ones are released or dropped for
/// good, so that a batch filled in many parts never has more than [`crate::units::MAX_UNDECIDED`].
fn open_helds<S: VaultStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    batch: &mut Batch,
    assets: u8,
) -> Result<Ids, Overflow> {
    let mut open = Ids::default();
    if batch.helds == 0 {
        return Ok(open);
    }
    let released = decided(store, epoch, batch, assets)?;
    store.set_amounts(assets, &released.amounts, &|pair| {
        VaultKey::Released(epoch, pair)
    });
    if released.shares > 0 {
        batch.has_shares = true;
        store.set_shares_at(VaultKey::ReleasedShares(epoch), released.shares);
    }
    for &id in store
        .ids(batch.helds, &|quad| VaultKey::HeldIds(epoch, quad))
        .as_slice()
    {
        if is_undecided(store, id) {
            open.push(id);
        }
    }
    batch.helds = open.count();
    store.set_ids(&open, &|quad| VaultKey::HeldIds(epoch, quad));
    Ok(open)
}

/// `floor(amount · shares / supply)`.
fn part(amount: u128, shares: u128, supply: u128) -> Result<u128, Overflow> {
    mul_div_down(amount, shares, supply)
}
