//! Between idle and staked, by ledger entries inside ordinary calls: no keeper.
//!
//! For each asset, with what must stay at hand (`needed`, [`reserve`](super::reserve)) and `target = floor(T · idle_target)`:
//!
//! ```text
//! goal  = max(N, target) + demand(Q)
//! ready = idle + u[0] + u[1]
//! ready < goal:                 unstake min(goal − ready, staked) into u[e mod 2]           when epoch e closes
//! else, no request undecided, not retired:   stake   min(ready − goal, idle + u₁ − demand(Q₁), idle − target)
//! ```

use super::ledger::Holding;
use super::reserve::{Queued, at_hand, needed};
use super::{Head, VaultStore};
use crate::clock::Epoch;
use crate::math::{Overflow, add, mul_div_down, sub};
use crate::units::BPS;

/// Moves `asset` between idle, staked and, if `closing` is the epoch that just ended, its unbonding bucket. Answers what
/// was staked.
pub(crate) fn rebalance<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    asset: u8,
    holding: &mut Holding,
    queued: Queued,
    idle_target_bps: u16,
    closing: Option<Epoch>,
) -> Result<u128, Overflow> {
    let Holding {
        slashable, total, ..
    } = *holding;
    let [idle, next, ready] = at_hand(holding, head)?;
    let [slashes, next_needed, all_needed] =
        needed(store, head, queued, asset, slashable, total, head.supply)?;
    let target = mul_div_down(total, idle_target_bps.into(), BPS.into())?;
    let goal = add(all_needed, target.saturating_sub(slashes))?;
    let balance = &mut holding.balance;
    if ready < goal {
        let Some(epoch) = closing else { return Ok(0) };
        let moved = sub(goal, ready)?.min(balance.staked);
        if moved > 0 {
            balance.staked = sub(balance.staked, moved)?;
            let is_even = epoch.is_multiple_of(2);
            let [even, odd] = &mut holding.unbonding;
            let bucket = if is_even { even } else { odd };
            *bucket = add(*bucket, moved)?;
            let [has_even, has_odd] = &mut head.unbonding;
            *(if is_even { has_even } else { has_odd }) = true;
            store.set_balance(asset, *balance);
            store.set_unbonding(asset, holding.unbonding);
        }
        return Ok(0);
    }
    if head.undecided > 0 || head.retired {
        return Ok(0);
    }
    let moved = sub(ready, goal)?
        .min(next.saturating_sub(next_needed))
        .min(idle.saturating_sub(target));
    if moved > 0 {
        balance.idle = sub(balance.idle, moved)?;
        balance.staked = add(balance.staked, moved)?;
        store.set_balance(asset, *balance);
    }
    Ok(moved)
}
