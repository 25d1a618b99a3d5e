//! Bonds of operators: first in line.
//!
//! ```text
//! bond      b_o += shares                                         at once
//! unbond    notice of n shares in epoch e; a new notice replaces the old
//! collect   from maturity(e) on: min(n, b_o − lb_o) are paid; the rest of the notice stands
//! needed    ceil(supply · bond_bps · m / (M · 10,000))            of an operator with magnitude m
//! ```
//!
//! `needed` asks for a part of all shares where a part of the slashable stake is meant, which is less: no price is needed, and
//! the difference is on the holders' side.

use alloy_primitives::Address;

use super::{Bond, CoverError, CoverKey, CoverStore, Leaving};
use crate::math::{add, mul_div_up, product, ratio_up, sub};
use crate::units::BPS;

/// Adds `shares`, which the caller has brought, to the bond of `operator`. Answers the bond.
pub fn bond<S: CoverStore + ?Sized>(
    store: &mut S,
    operator: Address,
    shares: u128,
) -> Result<Bond, CoverError> {
    if shares == 0 {
        return Err(CoverError::ZeroAmount);
    }
    let before = store.bond(operator);
    let bond = Bond {
        shares: add(before.shares, shares)?,
        ..before
    };
    store.set_bond(operator, bond);
    let mut totals = store.totals();
    totals.burnable = add(totals.burnable, shares)?;
    store.set_totals(totals);
    Ok(bond)
}

/// Gives notice of `shares` of the bond of `operator`, the caller, instead of what had notice before; none takes it back.
/// Answers from when on it can be collected, Unix seconds.
pub fn unbond<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    operator: Address,
    shares: u128,
) -> Result<u64, CoverError> {
    let available = store.bond(operator).shares;
    if shares > available {
        return Err(CoverError::NotEnough {
            available,
            needed: shares,
        });
    }
    let clock = store.settings().clock;
    let epoch = clock.epoch_at(now_s);
    let leaving = Leaving {
        amount: shares,
        epoch,
        generation: 0,
    };
    store.set_leaving(CoverKey::Unbonding(operator), leaving)?;
    Ok(clock.maturity_s(epoch))
}

/// Takes what has matured and is free out of the bond of `operator`; the caller pays it to the operator.
pub fn collect_bond<S: CoverStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    operator: Address,
) -> Result<u128, CoverError> {
    let key = CoverKey::Unbonding(operator);
    let mut leaving = store.leaving(key);
    if leaving.amount == 0 {
        return Err(CoverError::NothingLeaving { account: operator });
    }
    let at_s = store.settings().clock.maturity_s(leaving.epoch);
    if now_s < at_s {
        return Err(CoverError::NotMature { at_s });
    }
    let mut bond = store.bond(operator);
    let free = sub(bond.shares, bond.locked)?;
    let paid = leaving.amount.min(free);
    if paid == 0 {
        return Err(CoverError::NotEnough {
            available: free,
            needed: leaving.amount,
        });
    }
    bond.shares = sub(bond.shares, paid)?;
    store.set_bond(operator, bond);
    // What was slashed in the meantime cannot leave any more.
    leaving.amount = sub(leaving.amount, paid)?.min(bond.shares);
    store.set_leaving(key, leaving)?;
    let mut totals = store.totals();
    totals.burnable = sub(totals.burnable, paid)?;
    store.set_totals(totals);
    Ok(paid)
}

/// The shares that an operator with `magnitude` out of `capacity` must have bonded, of `supply`.
pub fn bond_needed<S: CoverStore + ?Sized>(
    store: &S,
    supply: u128,
    magnitude: u64,
    capacity: u64,
) -> Result<u128, CoverError> {
    let part = mul_div_up(
        u128::from(magnitude),
        store.settings().bond_bps.into(),
        BPS.into(),
    )?;
    if capacity == 0 {
        return Ok(0);
    }
    Ok(ratio_up(
        product(supply, part),
        alloy_primitives::U256::from(capacity),
    )?)
}

/// Refuses unless the bond of `operator`, without what is locked or has given notice, is what `magnitude` out of `capacity` needs.
pub fn check_bond<S: CoverStore + ?Sized>(
    store: &S,
    supply: u128,
    operator: Address,
    magnitude: u64,
    capacity: u64,
) -> Result<(), CoverError> {
    let needed = bond_needed(store, supply, magnitude, capacity)?;
    let bond = store.bond(operator);
    let leaving = store.leaving(CoverKey::Unbonding(operator)).amount;
    let bonded = sub(bond.shares, bond.locked)?.saturating_sub(leaving);
    if bonded < needed {
        return Err(CoverError::BondTooSmall {
            operator,
            bonded,
            needed,
        });
    }
    Ok(())
}
