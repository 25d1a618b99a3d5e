//! What services stake on their filings.
//!
//! ```text
//! fund        f_s += shares                          by anybody, for a service
//! defund      f_s −= shares                          by its slasher, of what is free
//! surrender   all that is forfeited joins the exit batch of the open epoch, on a ticket of the vault's own
//! ```
//!
//! A forfeited stake is worth something to all holders. Burning it would raise the rate at once; so it leaves as any holder
//! does, in kind and at its batch's maturity, and what the vault's own ticket is paid vests like any gain.

use super::{CoverError, CoverStore};
use crate::math::{add, sub};

/// Adds `shares`, which the caller has brought, to what `service` may stake. Answers what is free.
pub fn fund<S: CoverStore + ?Sized>(
    store: &mut S,
    service: u32,
    shares: u128,
) -> Result<u128, CoverError> {
    if shares == 0 {
        return Err(CoverError::ZeroAmount);
    }
    let mut stake = store.stake(service);
    stake.free = add(stake.free, shares)?;
    store.set_stake(service, stake);
    let mut totals = store.totals();
    totals.staked = add(totals.staked, shares)?;
    store.set_totals(totals);
    Ok(stake.free)
}

/// Takes `shares` of what `service` may stake for its slasher, the caller, who is paid. Answers what is still free.
pub fn defund<S: CoverStore + ?Sized>(
    store: &mut S,
    service: u32,
    shares: u128,
) -> Result<u128, CoverError> {
    if shares == 0 {
        return Err(CoverError::ZeroAmount);
    }
    let mut stake = store.stake(service);
    stake.free = stake
        .free
        .checked_sub(shares)
        .ok_or(CoverError::NotEnough {
            available: stake.free,
            needed: shares,
        })?;
    store.set_stake(service, stake);
    leave(store, shares)?;
    Ok(stake.free)
}

/// Takes all forfeited stakes out; the caller puts them into the open exit batch for the vault.
pub fn surrender<S: CoverStore + ?Sized>(store: &mut S) -> Result<u128, CoverError> {
    let shares = store.forfeited();
    if shares == 0 {
        return Err(CoverError::NothingForfeited);
    }
    store.set_forfeited(0);
    leave(store, shares)?;
    Ok(shares)
}

fn leave<S: CoverStore + ?Sized>(store: &mut S, shares: u128) -> Result<(), CoverError> {
    let mut totals = store.totals();
    totals.staked = sub(totals.staked, shares)?;
    store.set_totals(totals);
    Ok(())
}
