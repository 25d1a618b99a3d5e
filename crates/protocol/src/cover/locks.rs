//! What a request locks, and what becomes of it.
//!
//! ```text
//! filing       stake = ceil(worth · stake_bps / 10,000)    from the service, who must have it
//!              from_bond  = min(worth, b_o − lb_o);        lb_o += from_bond
//!              from_cover = min(worth − from_bond, P − lp); lp  += from_cover
//! executed     b_o −= from_bond;  P −= from_cover: the vault burns them or gives them to tickets;  the stake is free
//! lifted       all of it is free, but the stake is forfeited
//! ```

use alloy_primitives::Address;

use super::{CoverError, CoverStore, Lock, Pool, sync};
use crate::math::{add, mul_div_up, sub};
use crate::units::BPS;

/// What became of a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// The lock as it was.
    pub lock: Lock,
    /// Shares of bond and cover that are the vault's now, to burn or to give.
    pub taken: u128,
}

/// What a filing would lock of bond and cover, and stake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quoted {
    /// Of the operator's bond.
    pub from_bond: u128,
    /// Of cover.
    pub from_cover: u128,
    /// Of what the service may stake, which may be less than that.
    pub stake: u128,
}

/// What a request against `operator` whose loss is worth so many shares would lock, of `pool` as it is now.
pub fn quote<S: CoverStore + ?Sized>(
    store: &S,
    pool: &Pool,
    operator: Address,
    worth: u128,
) -> Result<Quoted, CoverError> {
    let bond = store.bond(operator);
    let from_bond = worth.min(sub(bond.shares, bond.locked)?);
    let free = sub(pool.shares, store.pool_lock().shares)?;
    Ok(Quoted {
        from_bond,
        from_cover: sub(worth, from_bond)?.min(free),
        stake: mul_div_up(worth, store.settings().stake_bps.into(), BPS.into())?,
    })
}

/// Locks shares for request `id` against `operator` by `service`, whose loss is worth so many; the caller is the vault.
/// Answers what it locked.
pub fn lock<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    id: u64,
    operator: Address,
    service: u32,
    worth: u128,
) -> Result<Lock, CoverError> {
    if store.lock(id).is_some() {
        return Err(CoverError::LockKnown { id });
    }
    let pool = sync(store, now_s)?;

    let Quoted {
        from_bond,
        from_cover,
        stake: needed,
    } = quote(store, &pool, operator, worth)?;
    if needed > 0 {
        let mut stake = store.stake(service);
        stake.free = stake
            .free
            .checked_sub(needed)
            .ok_or(CoverError::StakeTooSmall {
                service,
                free: stake.free,
                needed,
            })?;
        stake.locked = add(stake.locked, needed)?;
        store.set_stake(service, stake);
    }

    if from_bond > 0 {
        let mut bond = store.bond(operator);
        bond.locked = add(bond.locked, from_bond)?;
        store.set_bond(operator, bond);
    }

    if from_cover > 0 {
        let mut locked = store.pool_lock();
        if locked.count == 0 {
            locked.since_s = now_s;
        }
        locked.shares = add(locked.shares, from_cover)?;
        locked.count = locked.count.checked_add(1).ok_or(CoverError::Overflow)?;
        store.set_pool_lock(locked)?;
    }

    let lock = Lock {
        from_bond,
        from_cover,
        stake: needed,
        operator,
        service,
    };
    store.set_lock(id, Some(lock))?;
    Ok(lock)
}

/// Ends the lock of request `id`; the caller is the vault.
pub fn decide<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    id: u64,
    executed: bool,
) -> Result<Decided, CoverError> {
    let lock = store.lock(id).ok_or(CoverError::LockUnknown { id })?;
    let mut pool = sync(store, now_s)?;
    store.set_lock(id, None)?;

    if lock.from_bond > 0 {
        let mut bond = store.bond(lock.operator);
        bond.locked = sub(bond.locked, lock.from_bond)?;
        if executed {
            bond.shares = sub(bond.shares, lock.from_bond)?;
        }
        store.set_bond(lock.operator, bond);
    }
    if lock.from_cover > 0 {
        let mut locked = store.pool_lock();
        locked.shares = sub(locked.shares, lock.from_cover)?;
        locked.count = locked.count.checked_sub(1).ok_or(CoverError::Overflow)?;
        if locked.count == 0 {
            locked.since_s = 0;
        }
        store.set_pool_lock(locked)?;
        if executed {
            pool.shares = sub(pool.shares, lock.from_cover)?;
            store.set_pool(pool)?;
        }
    }
    if lock.stake > 0 {
        let mut stake = store.stake(lock.service);
        stake.locked = sub(stake.locked, lock.stake)?;
        if executed {
            stake.free = add(stake.free, lock.stake)?;
        } else {
            let forfeited = add(store.forfeited(), lock.stake)?;
            store.set_forfeited(forfeited);
        }
        store.set_stake(lock.service, stake);
    }

    let mut taken = 0;
    if executed {
        taken = add(lock.from_bond, lock.from_cover)?;
        let mut totals = store.totals();
        totals.burnable = sub(totals.burnable, taken)?;
        store.set_totals(totals);
    }
    Ok(Decided { lock, taken })
}
