//! Shares of bonds and cover stand behind a request: first loss, in the holders' place.
//!
//! ```text
//! filing      worth_r = ceil(Σ ℓ_i · rate_i · supply / NAV)      shares worth the loss, at the rates accepted last
//!             k_r     = what bonds and cover lock of it
//! a batch     t       = floor(k_r · fill / supply)               of each undecided r: tied to the batch; k_r −= t
//! execution   supply −= k_r: they burn; what is tied is released to its batches, as shares
//! lift        nothing: bonds and cover have them back
//! ```
//!
//! Burning what the loss is worth leaves the rate where it was: `(NAV − ℓ) / (supply − ℓ · supply / NAV) = NAV / supply`. A
//! batch takes its part of the shares as it takes its part of the loss, so leavers and stayers end alike: with σ the part
//! that leaves and s the supply at filing,
//!
//! ```text
//! stay    (NAV − ℓ)(1 − σ) / ((s − k)(1 − σ)) a share                           = (NAV − ℓ) / (s − k)
//! leave   (NAV − ℓ)σ + kσ · (NAV − ℓ) / (s − k), for σ·s shares                 = (NAV − ℓ) / (s − k) a share
//! ```
//!
//! whatever k is, as if the slash had been executed at filing. Rounding: worth less than a share wei up, t less than one down.

use alloy_primitives::U256;

use super::ledger::Holding;
use super::{Cushion, Head, VaultError, VaultKey, VaultStore, Verdict};
use crate::clock::Epoch;
use crate::math::{Overflow, add, add_wide, mul_div_down, product, ratio_up, scale, sub};
use crate::units::{Amounts, RATE_LIMIT_WAD, get};

/// Shares worth `losses` at `rates_wad` of the assets: what bonds and cover are asked to lock. None are if nothing backs
/// them.
pub fn worth<S: VaultStore + ?Sized>(
    store: &S,
    losses: &Amounts,
    rates_wad: &Amounts,
) -> Result<u128, Overflow> {
    let head = store.head();
    let [mut loss_wad, mut nav_wad] = [U256::ZERO; 2];
    for asset in 0..store.settings().assets {
        let rate_wad = get(rates_wad, asset);
        if rate_wad >= RATE_LIMIT_WAD {
            return Err(Overflow);
        }
        let total = Holding::load(store, &head, asset)?.total;
        nav_wad = add_wide(nav_wad, product(total, rate_wad))?;
        loss_wad = add_wide(loss_wad, product(get(losses, asset), rate_wad))?;
    }
    if nav_wad.is_zero() {
        return Ok(0);
    }
    ratio_up(scale(loss_wad, head.supply)?, nav_wad)
}

/// Puts `shares`, which bonds and cover have locked, behind request `id`.
pub fn cushion<S: VaultStore + ?Sized>(
    store: &mut S,
    id: u64,
    shares: u128,
) -> Result<(), VaultError> {
    if store.contest(id).verdict != Verdict::Undecided {
        return Err(VaultError::RequestUnknown { id });
    }
    if shares == 0 {
        return Ok(());
    }
    let Cushion { open, tied } = store.cushion(id);
    let open = add(open, shares)?;
    store.set_cushion(id, Cushion { open, tied });
    let sum = add(store.cushions(), shares)?;
    store.set_cushions(sum);
    Ok(())
}

/// Tells the vault how many shares bonds and cover hold.
pub fn set_burnable<S: VaultStore + ?Sized>(store: &mut S, burnable: u128) {
    store.set_burnable(burnable);
}

/// Ties the part `fill / supply` of what stands behind request `id` to the batch of `epoch`.
pub(crate) fn tie<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &Head,
    epoch: Epoch,
    id: u64,
    fill: u128,
) -> Result<(), Overflow> {
    let cushion = store.cushion(id);
    let part = mul_div_down(cushion.open, fill, head.supply)?;
    if part == 0 {
        return Ok(());
    }
    let key = VaultKey::Tied(epoch, id);
    let tied = add(store.shares_at(key), part)?;
    store.set_shares_at(key, tied);
    let cushion = Cushion {
        open: sub(cushion.open, part)?,
        tied: add(cushion.tied, part)?,
    };
    store.set_cushion(id, cushion);
    let sum = sub(store.cushions(), part)?;
    store.set_cushions(sum);
    Ok(())
}

/// Takes what stands behind request `id` out of the sum: it is decided. Answers it.
pub(crate) fn drop_cushion<S: VaultStore + ?Sized>(
    store: &mut S,
    id: u64,
) -> Result<Cushion, Overflow> {
    let cushion = store.cushion(id);
    if cushion.open > 0 {
        let sum = sub(store.cushions(), cushion.open)?;
        store.set_cushions(sum);
    }
    Ok(cushion)
}
