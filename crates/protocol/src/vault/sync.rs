//! Brings the vault to a time: first in every entry.
//!
//! Boundaries are processed in the order of time, each after vesting up to it:
//!
//! ```text
//! close(e)   at start(e + 1):    the batch of e joins the queue; rebalance every asset, unstaking into u[e mod 2]
//! mature(e)  at maturity(e):     idle += u[e mod 2]; then batches up to e are settled in order, as far as idle allows
//! ```
//!
//! A call does at most `max_steps` of these steps and keeps its progress; a step costs the same whatever the number of
//! holders, tickets or past epochs. Once nothing is queued, unbonding or unvested, closing an epoch changes
//! nothing, so the rest of a quiet stretch is skipped at once.

use super::drip::vest;
use super::ledger::Holding;
use super::rebalance::rebalance;
use super::reserve::Queued;
use super::settle::settle;
use super::{Balance, Head, Settings, VaultStore};
use crate::clock::Epoch;
use crate::math::{Overflow, add};

/// Steps of one call. A quiet year, or any history between two calls, needs fewer: two for each epoch of the longest stream, and
/// a few for the batches that wait; more can only be due when every one of several epochs found the vault short of idle.
pub const SYNC_STEPS: u32 = 24;

/// What a sync did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncSummary {
    /// Nothing is left to do at this time.
    pub done: bool,
    /// Shares of settled batches that the caller burns.
    pub burned_shares: u128,
    /// The next epoch to close.
    pub next_epoch: Epoch,
}

/// An epoch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The epoch.
    pub epoch: Epoch,
    /// Shares in its batch.
    pub shares: u128,
    /// Shares of all closed batches not yet paid, with these.
    pub queued: u128,
}

enum Step {
    Close,
    Mature,
    Settle,
}

/// Does what is due at `now_s` (Unix seconds), at most `max_steps` steps of it.
pub fn sync<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    max_steps: u32,
) -> Result<SyncSummary, Overflow> {
    let settings = store.settings();
    let before = store.head();
    let mut head = before;
    let mut summary = SyncSummary::default();
    for _ in 0..max_steps {
        match next_step(&head, &settings, now_s) {
            None => {
                vest(store, &mut head, &settings.clock, settings.assets, now_s)?;
                summary.done = true;
                break;
            }
            Some(Step::Close) => {
                close(store, &mut head, &settings)?;
                skip_quiet(&mut head, store, &settings, now_s);
            }
            Some(Step::Mature) => mature(store, &mut head, &settings)?,
            Some(Step::Settle) => {
                let burned = settle(store, &mut head, settings.assets)?;
                summary.burned_shares = add(summary.burned_shares, burned)?;
            }
        }
    }
    if head != before {
        store.set_head(head)?;
    }
    summary.next_epoch = head.closed;
    Ok(summary)
}

/// The earliest step that is due.
fn next_step(head: &Head, settings: &Settings, now_s: u64) -> Option<Step> {
    if head.settled < head.matured && head.settled < head.closed && !head.stalled {
        return Some(Step::Settle);
    }
    let close_s = settings.clock.start_s(head.closed.saturating_add(1));
    let mature_s = settings.clock.maturity_s(head.matured);
    if close_s <= mature_s {
        (close_s <= now_s).then_some(Step::Close)
    } else {
        (mature_s <= now_s).then_some(Step::Mature)
    }
}

/// Closes the open epoch at its end.
fn close<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    settings: &Settings,
) -> Result<(), Overflow> {
    let epoch = head.closed;
    let next = epoch.saturating_add(1);
    let start_s = settings.clock.start_s(next);
    vest(store, head, &settings.clock, settings.assets, start_s)?;
    let shares = store.batch(epoch).shares;
    let before = Queued::load(store, head)?.all;
    if shares > 0 {
        store.set_queued(add(before, shares)?);
    }
    head.closed = next;
    if before == 0 && shares == 0 {
        head.settled = next;
    }
    let queued = Queued::load(store, head)?;
    for asset in 0..settings.assets {
        let mut holding = Holding::load(store, head, asset)?;
        rebalance(
            store,
            head,
            asset,
            &mut holding,
            queued,
            settings.idle_target_bps,
            Some(epoch),
        )?;
    }
    store.closed(&Closed {
        epoch,
        shares,
        queued: queued.all,
    });
    Ok(())
}

/// Turns the oldest unbonding bucket into idle at its maturity.
fn mature<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    settings: &Settings,
) -> Result<(), Overflow> {
    let epoch = head.matured;
    let mature_s = settings.clock.maturity_s(epoch);
    vest(store, head, &settings.clock, settings.assets, mature_s)?;
    head.matured = epoch.saturating_add(1);
    head.stalled = false;
    let is_even = epoch.is_multiple_of(2);
    let [has_even, has_odd] = &mut head.unbonding;
    let has = if is_even { has_even } else { has_odd };
    if !*has {
        return Ok(());
    }
    *has = false;
    for asset in 0..settings.assets {
        let [mut even, mut odd] = store.unbonding(asset);
        let matured = core::mem::take(if is_even { &mut even } else { &mut odd });
        if matured > 0 {
            let Balance { idle, staked } = store.balance(asset);
            let idle = add(idle, matured)?;
            store.set_balance(asset, Balance { idle, staked });
            store.set_unbonding(asset, [even, odd]);
        }
    }
    Ok(())
}

/// Passes over the epochs up to now in which nothing can happen.
fn skip_quiet<S: VaultStore + ?Sized>(head: &mut Head, store: &S, settings: &Settings, now_s: u64) {
    let is_quiet =
        head.settled == head.closed && head.unbonding == [false, false] && head.dripping == 0;
    let current = settings.clock.epoch_at(now_s);
    if is_quiet && head.closed < current && store.batch(head.closed).shares == 0 {
        head.closed = current;
        head.settled = current;
        head.matured = head.matured.max(settings.clock.matured_at(now_s));
    }
}

/// Shares of closed batches that are not yet paid.
pub fn pending_shares<S: VaultStore + ?Sized>(store: &S) -> u128 {
    store.queued()
}
