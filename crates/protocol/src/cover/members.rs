//! Members of cover.
//!
//! ```text
//! enter     J += shares: they count from the next epoch on, once nothing is locked; until then they can be taken back
//! leave     notice of n units in epoch e; a new notice replaces the old
//! collect   from maturity(e) on, unless a request filed by then is undecided: floor(n · P / C) shares, of what is free
//! ```
//!
//! Units are nobody's but their member's: they cannot be transferred, so that a notice is his who gave it. Rounding: less than a share
//! wei stays with the others.

use alloy_primitives::Address;

use super::{CoverError, CoverKey, CoverStore, Leaving, Pool, sync};
use crate::math::{add, mul_div_down, sub};

/// What a member has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Units of cover.
    pub units: u128,
    /// What these are worth, shares, rounded down.
    pub shares: u128,
    /// Shares that do not count yet.
    pub joining: u128,
    /// Units that have given notice.
    pub leaving: u128,
    /// From when on they can be collected, Unix seconds; 0 without a notice.
    pub leaves_s: u64,
}

/// Lets `shares`, which the caller has brought, join for `member`. Answers from when on they count at the earliest, Unix
/// seconds.
pub fn enter<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    member: Address,
    shares: u128,
) -> Result<u64, CoverError> {
    if shares == 0 {
        return Err(CoverError::ZeroAmount);
    }
    let pool = sync(store, now_s)?;
    take_in(store, &pool, member)?;
    let clock = store.settings().clock;
    let mut joining = store.joining();
    joining.shares = add(joining.shares, shares)?;
    joining.epoch = clock.epoch_at(now_s);
    store.set_joining(joining)?;
    let key = CoverKey::Entry(member);
    let (before, _) = store.numbered(key);
    store.set_numbered(key, add(before, shares)?, joining.round);
    let mut totals = store.totals();
    totals.burnable = add(totals.burnable, shares)?;
    store.set_totals(totals);
    Ok(clock.start_s(joining.epoch.saturating_add(1)))
}

/// Takes back what `member` has joining; the caller pays it.
pub fn cancel_entry<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    member: Address,
) -> Result<u128, CoverError> {
    let pool = sync(store, now_s)?;
    take_in(store, &pool, member)?;
    let key = CoverKey::Entry(member);
    let (shares, _) = store.numbered(key);
    if shares == 0 {
        return Err(CoverError::NothingJoining { account: member });
    }
    store.set_numbered(key, 0, 0);
    let mut joining = store.joining();
    joining.shares = sub(joining.shares, shares)?;
    store.set_joining(joining)?;
    pay(store, shares)?;
    Ok(shares)
}

/// Gives notice of `units` of `member`, the caller, instead of what had notice before; none takes it back. Answers from when on
/// they can be collected, Unix seconds.
pub fn leave<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    member: Address,
    units: u128,
) -> Result<u64, CoverError> {
    let pool = sync(store, now_s)?;
    let available = take_in(store, &pool, member)?;
    if units > available {
        return Err(CoverError::NotEnough {
            available,
            needed: units,
        });
    }
    let clock = store.settings().clock;
    let epoch = clock.epoch_at(now_s);
    let leaving = Leaving {
        amount: units,
        epoch,
        generation: pool.generation,
    };
    store.set_leaving(CoverKey::Notice(member), leaving)?;
    Ok(clock.maturity_s(epoch))
}

/// Takes the units of `member` whose notice has matured out of cover; answers the shares, which the caller pays.
pub fn collect<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    member: Address,
) -> Result<u128, CoverError> {
    let mut pool = sync(store, now_s)?;
    let units = take_in(store, &pool, member)?;
    let leaving = notice(store, &pool, member);
    if leaving.amount == 0 {
        return Err(CoverError::NothingLeaving { account: member });
    }
    let at_s = store.settings().clock.maturity_s(leaving.epoch);
    if now_s < at_s {
        return Err(CoverError::NotMature { at_s });
    }
    let locked = store.pool_lock();
    if locked.count > 0 && locked.since_s <= at_s {
        return Err(CoverError::Contested {
            filed_s: locked.since_s,
        });
    }
    let shares = mul_div_down(leaving.amount, pool.shares, pool.units)?;
    let free = sub(pool.shares, locked.shares)?;
    if shares > free {
        return Err(CoverError::NotEnough {
            available: free,
            needed: shares,
        });
    }
    let left = sub(units, leaving.amount)?;
    store.set_numbered(CoverKey::Member(member), left, pool.generation);
    store.set_leaving(CoverKey::Notice(member), Leaving::default())?;
    pool.shares = sub(pool.shares, shares)?;
    pool.units = sub(pool.units, leaving.amount)?;
    store.set_pool(pool)?;
    pay(store, shares)?;
    Ok(shares)
}

/// What `member` has in a store that was synced.
pub fn position<S: CoverStore + ?Sized>(
    store: &S,
    member: Address,
) -> Result<Position, CoverError> {
    let pool = store.pool();
    let (units, joining) = standing(store, &pool, member)?;
    let leaving = notice(store, &pool, member);
    Ok(Position {
        units,
        shares: if pool.units == 0 {
            0
        } else {
            mul_div_down(units, pool.shares, pool.units)?
        },
        joining,
        leaving: leaving.amount,
        leaves_s: if leaving.amount == 0 {
            0
        } else {
            store.settings().clock.maturity_s(leaving.epoch)
        },
    })
}

/// The notice of `member`, none if its units are void.
fn notice<S: CoverStore + ?Sized>(store: &S, pool: &Pool, member: Address) -> Leaving {
    let leaving = store.leaving(CoverKey::Notice(member));
    if leaving.generation == pool.generation {
        leaving
    } else {
        Leaving::default()
    }
}

/// Units of `member`, those of rounds that have joined included, and shares that have not.
fn standing<S: CoverStore + ?Sized>(
    store: &S,
    pool: &Pool,
    member: Address,
) -> Result<(u128, u128), CoverError> {
    let of_generation = |units, generation| {
        if generation == pool.generation {
            units
        } else {
            0
        }
    };
    let (units, generation) = store.numbered(CoverKey::Member(member));
    let units = of_generation(units, generation);
    let (shares, round) = store.numbered(CoverKey::Entry(member));
    if shares == 0 || round >= store.joining().round {
        return Ok((units, shares));
    }
    let joined = store.joined(round);
    let more = mul_div_down(joined.units, shares, joined.shares)?;
    Ok((add(units, of_generation(more, joined.generation))?, 0))
}

/// Makes units of what `member` had in a round that has joined. Answers its units.
fn take_in<S: CoverStore + ?Sized>(
    store: &mut S,
    pool: &Pool,
    member: Address,
) -> Result<u128, CoverError> {
    let (units, joining) = standing(store, pool, member)?;
    let (shares, _) = store.numbered(CoverKey::Entry(member));
    if shares != joining {
        store.set_numbered(CoverKey::Member(member), units, pool.generation);
        store.set_numbered(CoverKey::Entry(member), 0, 0);
    }
    Ok(units)
}

fn pay<S: CoverStore + ?Sized>(store: &mut S, shares: u128) -> Result<(), CoverError> {
    let mut totals = store.totals();
    totals.burnable = sub(totals.burnable, shares)?;
    store.set_totals(totals);
    Ok(())
}
