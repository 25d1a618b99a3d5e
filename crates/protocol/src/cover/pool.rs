//! Cover as a whole: fees vest into it, rounds of entries join it.
//!
//! ```text
//! vest   v = floor(unvested · (now − from) / (end − from)), all from end on;   P += v       while it has members
//! join   from start(e + 1) on, once nothing is locked:  u = floor(J · C / P), or J without units;  P += J;  C += u
//! ```
//!
//! Both happen first in every call. Entries wait while something is locked, so that nobody joins into a loss that was filed
//! before, nor into a veto. Fees vest until the start of the epoch after the next; new ones share the end of the last.
//! Should less than a millionth of a share be left for a unit, all units are void and the next to enter begin a new
//! generation: units never outgrow their word. Rounding: units less than one down, so that those who are in gain it.

use super::{CoverError, CoverStore, Drip, Joined, Pool};
use crate::math::{add, mul_div_down, sub};

/// Fewer shares than units by this factor, and the units are void.
const WORTHLESS: u128 = 1_000_000;

/// Brings cover to the present: first in every other call.
pub fn sync<S: CoverStore + ?Sized>(store: &mut S, now_s: u64) -> Result<Pool, CoverError> {
    let mut pool = store.pool();
    let before = pool;
    vest(store, &mut pool, now_s)?;
    join(store, &mut pool, now_s)?;
    if pool != before {
        store.set_pool(pool)?;
    }
    Ok(pool)
}

/// Bonds of all operators and cover, in shares: what could bear a loss now.
pub fn backing<S: CoverStore + ?Sized>(store: &S) -> Result<u128, CoverError> {
    let waiting = add(store.joining().shares, store.drip().unvested)?;
    Ok(sub(store.totals().burnable, waiting)?)
}

fn vest<S: CoverStore + ?Sized>(
    store: &mut S,
    pool: &mut Pool,
    now_s: u64,
) -> Result<(), CoverError> {
    let mut drip = store.drip();
    if drip.unvested == 0 || pool.units == 0 || now_s <= drip.from_s {
        return Ok(());
    }
    let vested = if now_s >= drip.end_s {
        drip.unvested
    } else {
        mul_div_down(
            drip.unvested,
            now_s.saturating_sub(drip.from_s).into(),
            drip.end_s.saturating_sub(drip.from_s).into(),
        )?
    };
    drip.unvested = sub(drip.unvested, vested)?;
    drip.from_s = now_s;
    if drip.unvested == 0 {
        drip = Drip::default();
    }
    store.set_drip(drip)?;
    pool.shares = add(pool.shares, vested)?;
    Ok(())
}

fn join<S: CoverStore + ?Sized>(
    store: &mut S,
    pool: &mut Pool,
    now_s: u64,
) -> Result<(), CoverError> {
    let mut joining = store.joining();
    let clock = store.settings().clock;
    let counts_s = clock.start_s(joining.epoch.saturating_add(1));
    if joining.shares == 0 || now_s < counts_s || store.pool_lock().count > 0 {
        return Ok(());
    }
    if pool.shares < pool.units.checked_div(WORTHLESS).unwrap_or(0) || pool.shares == 0 {
        if pool.units > 0 {
            pool.generation = pool.generation.checked_add(1).ok_or(CoverError::Overflow)?;
        }
        pool.units = 0;
    }
    let units = if pool.units == 0 {
        // What vests from now on, vests for those who join.
        restart(store, now_s)?;
        joining.shares
    } else {
        mul_div_down(joining.shares, pool.units, pool.shares)?
    };
    let joined = Joined {
        shares: joining.shares,
        units,
        generation: pool.generation,
    };
    store.set_joined(joining.round, joined)?;
    pool.shares = add(pool.shares, joining.shares)?;
    pool.units = add(pool.units, units)?;
    joining.shares = 0;
    joining.round = joining.round.checked_add(1).ok_or(CoverError::Overflow)?;
    store.set_joining(joining)?;
    Ok(())
}

/// Begins the vesting anew.
fn restart<S: CoverStore + ?Sized>(store: &mut S, now_s: u64) -> Result<(), CoverError> {
    let drip = store.drip();
    if drip.unvested == 0 {
        return Ok(());
    }
    store.set_drip(vesting(store, drip.unvested, now_s))?;
    Ok(())
}

fn vesting<S: CoverStore + ?Sized>(store: &S, unvested: u128, now_s: u64) -> Drip {
    let clock = store.settings().clock;
    let end = clock.epoch_at(now_s).saturating_add(2);
    Drip {
        unvested,
        from_s: now_s,
        end_s: clock.start_s(end),
    }
}

/// Lets what arrived beside everything accounted for vest into cover: fees. `balance` is what the contract has. Answers how
/// much it was.
pub fn earn<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    balance: u128,
) -> Result<u128, CoverError> {
    sync(store, now_s)?;
    let mut totals = store.totals();
    let earned = balance
        .checked_sub(add(totals.burnable, totals.staked)?)
        .filter(|earned| *earned > 0)
        .ok_or(CoverError::NothingEarned)?;
    totals.burnable = add(totals.burnable, earned)?;
    store.set_totals(totals);
    let unvested = add(store.drip().unvested, earned)?;
    store.set_drip(vesting(store, unvested, now_s))?;
    Ok(earned)
}
