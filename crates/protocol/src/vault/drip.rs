//! Gains vest linearly to the start of an epoch.
//!
//! What is added in epoch e vests until `start(e + 2)`: more than one epoch, at most two. At a time in epoch v only the
//! ends `start(v + 1)` and `start(v + 2)` are live, so an asset needs two amounts, told apart by the parity of their end:
//!
//! ```text
//! vest to t:   for each end E:  v = D_E                                 if t >= E
//!                               v = floor(D_E · (t − vested)/(E − vested))   else
//!              D_E −= v;  idle += v
//! ```
//!
//! Streams ([`stream`](super::stream)) vest beside these, at their own rate.
//!
//! Vesting in several steps differs from vesting in one by less than a wei for each step, downwards; nothing is lost,
//! because the rest vests at the end.

use super::stream::flow;
use super::{Head, VaultStore};
use crate::clock::Clock;
use crate::math::{Overflow, add, mul_div_down};

/// Vests every asset up to `to_s`, in `store`, and moves `head.vested_s` there.
pub(crate) fn vest<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    clock: &Clock,
    assets: u8,
    to_s: u64,
) -> Result<(), Overflow> {
    if head.dripping == 0 || to_s <= head.vested_s {
        return Ok(());
    }
    let next = clock.epoch_at(head.vested_s).saturating_add(1);
    let next_s = clock.start_s(next);
    let begins = (to_s >= next_s).then_some(next);
    let mut streaming = false;
    for asset in 0..assets {
        let bit = 1u8.checked_shl(asset.into()).unwrap_or(0);
        if head.dripping & bit == 0 {
            continue;
        }
        let before = store.drip(asset);
        let [mut even, mut odd] = before;
        let (first, second) = if next.is_multiple_of(2) {
            (&mut even, &mut odd)
        } else {
            (&mut odd, &mut even)
        };
        let mut vested = add(
            take_vested(first, head.vested_s, to_s, next_s)?,
            take_vested(
                second,
                head.vested_s,
                to_s,
                clock.start_s(next.saturating_add(1)),
            )?,
        )?;
        let mut left = 0;
        if head.streaming {
            let streamed;
            [streamed, left] = flow(store, asset, to_s.saturating_sub(head.vested_s), begins);
            vested = add(vested, streamed)?;
            streaming |= left > 0;
        }
        if even == 0 && odd == 0 && left == 0 {
            head.dripping &= !bit;
        }
        if [even, odd] != before {
            store.set_drip(asset, [even, odd]);
        }
        let mut balance = store.balance(asset);
        balance.idle = add(balance.idle, vested)?;
        store.set_balance(asset, balance);
    }
    head.streaming = streaming;
    head.vested_s = to_s;
    Ok(())
}

/// Lets `amount` of `asset` vest until the start of the epoch after the next.
pub(crate) fn start<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    clock: &Clock,
    asset: u8,
    amount: u128,
    now_s: u64,
) -> Result<(), Overflow> {
    if amount == 0 {
        return Ok(());
    }
    if head.dripping == 0 {
        head.vested_s = now_s;
    }
    let [mut even, mut odd] = store.drip(asset);
    let drip = if clock.epoch_at(now_s).is_multiple_of(2) {
        &mut even
    } else {
        &mut odd
    };
    *drip = add(*drip, amount)?;
    store.set_drip(asset, [even, odd]);
    head.dripping |= 1u8.checked_shl(asset.into()).unwrap_or(0);
    Ok(())
}

/// Takes from `unvested` what vests between `from_s` and `to_s` when it ends at `end_s`.
fn take_vested(unvested: &mut u128, from_s: u64, to_s: u64, end_s: u64) -> Result<u128, Overflow> {
    let vested = if to_s >= end_s {
        *unvested
    } else {
        mul_div_down(
            *unvested,
            to_s.saturating_sub(from_s).into(),
            end_s.saturating_sub(from_s).into(),
        )?
    };
    *unvested = unvested.saturating_sub(vested);
    Ok(vested)
}
