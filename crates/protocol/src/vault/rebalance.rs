//! Between idle and staked, by ledger entries inside ordinary calls: no keeper.
//!
//! For each asset, with Q the shares of all closed batches that are not yet paid:
//!
//! ```text
//! demand = ceil(T · Q / supply) + MARGIN     (0 if Q = 0)
//! target = floor(T · idle_target)
//! ready  = idle + u[0] + u[1]
//! ready < demand + target:   unstake min(demand + target − ready, staked) into u[e mod 2]     (when epoch e closes)
//! else, no request undecided: stake  min(ready − demand − target, idle − target)
//! ```
//!
//! A slash after the close leaves batches covered: with `ready >= σ·T` before, a part x of `B` taken leaves
//! `ready' − σ·T' >= (1 − σ)·x·idle >= 0`. [`MARGIN`] takes up the roundings of that, a wei or two for each request.

use super::ledger::Holding;
use super::{Head, VaultStore};
use crate::clock::Epoch;
use crate::math::{Overflow, add, mul_div_down, mul_div_up, sub};
use crate::units::{BPS, MAX_UNDECIDED};

/// Wei that are unstaked beyond the demand of batches, so that no rounding of at most [`MAX_UNDECIDED`] slashes (each
/// rounds up in staked and in two buckets) leaves a batch a wei short.
pub(crate) const MARGIN: u128 = 4 * MAX_UNDECIDED as u128;

/// What the closed and unpaid batches, `queued` shares of `supply`, will be paid of a `total`.
pub(crate) fn demand(total: u128, queued: u128, supply: u128) -> Result<u128, Overflow> {
    if queued == 0 {
        return Ok(0);
    }
    mul_div_up(total, queued, supply)
}

/// Moves `asset` between idle, staked and, if `closing` is the epoch that just ended, its unbonding bucket. Answers what
/// was staked.
pub(crate) fn rebalance<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    asset: u8,
    holding: &mut Holding,
    queued: u128,
    idle_target_bps: u16,
    closing: Option<Epoch>,
) -> Result<u128, Overflow> {
    let balance = &mut holding.balance;
    let [even, odd] = &mut holding.unbonding;
    let ready = add(balance.idle, add(*even, *odd)?)?;
    let target = mul_div_down(holding.total, idle_target_bps.into(), BPS.into())?;
    let demand = match demand(holding.total, queued, head.supply)? {
        0 => 0,
        demand => add(demand, MARGIN)?,
    };
    let goal = add(demand, target)?;
    if ready < goal {
        let Some(epoch) = closing else { return Ok(0) };
        let moved = sub(goal, ready)?.min(balance.staked);
        if moved > 0 {
            balance.staked = sub(balance.staked, moved)?;
            let is_even = epoch.is_multiple_of(2);
            let bucket = if is_even { even } else { odd };
            *bucket = add(*bucket, moved)?;
            let [has_even, has_odd] = &mut head.unbonding;
            *(if is_even { has_even } else { has_odd }) = true;
            store.set_balance(asset, *balance);
            store.set_unbonding(asset, holding.unbonding);
        }
        return Ok(0);
    }
    if head.undecided > 0 {
        return Ok(0);
    }
    let moved = sub(ready, goal)?.min(balance.idle.saturating_sub(target));
    if moved > 0 {
        balance.idle = sub(balance.idle, moved)?;
        balance.staked = add(balance.staked, moved)?;
        store.set_balance(asset, *balance);
    }
    Ok(moved)
}
