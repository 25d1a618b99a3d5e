//! What of an asset must stay at hand: batches and executions come before instant exits and staking.
//!
//! With Q the shares of all closed batches that are not yet paid, Q₁ those of them that mature next, and u₁ the bucket that
//! matures next:
//!
//! ```text
//! demand(q) = min(ceil(T · q / (supply − β)) + MARGIN, T)       0 for no shares; β: shares that bonds and cover hold
//! N         = Σ_r max(0, c_r − floor(B · Δ_r / M))              what executions of undecided requests will take from idle
//! idle               >= N
//! idle + u₁          >= N + demand(Q₁)
//! idle + u[0] + u[1] >= N + demand(Q)
//! ```
//!
//! What holds of these at the close of an epoch and after every instant exit makes every batch whole at its maturity. A slash
//! that takes a part x of `B` and N of idle leaves, with σ the batches' part and u what matures for them,
//!
//! ```text
//! idle' + u' − σ·T' >= x·(1 − σ)·(idle − N) + σ·(1 − x)·N >= 0
//! ```
//!
//! and [`MARGIN`] takes up its roundings. Shares of bonds and cover that burn with it raise σ, to no more than `Q / (supply − β)`,
//! which is what is reserved for. β shares the word of Q, so that it costs no read. Should bonds or cover have grown since the
//! close, a batch may be paid in two parts.

use super::ledger::Holding;
use super::{Head, VaultKey, VaultStore};
use crate::math::{Overflow, add, mul_div_down, mul_div_up, sub};
use crate::units::MAX_UNDECIDED;

/// Wei beyond the demand of batches, so that no rounding of at most [`MAX_UNDECIDED`] slashes (each rounds up in staked and
/// in two buckets) leaves a batch a wei short.
pub(crate) const MARGIN: u128 = 4 * MAX_UNDECIDED as u128;

/// Shares of closed batches that are not yet paid.
#[derive(Clone, Copy)]
pub(crate) struct Queued {
    /// Of those that mature next.
    pub next: u128,
    /// Of all.
    pub all: u128,
    /// Shares that bonds and cover hold.
    pub burnable: u128,
}

impl Queued {
    /// Loaded from as few words as `head` allows.
    pub fn load<S: VaultStore + ?Sized>(store: &S, head: &Head) -> Result<Self, Overflow> {
        if head.settled == head.closed {
            return Ok(Self {
                next: 0,
                all: 0,
                burnable: 0,
            });
        }
        let all = store.queued();
        // The last closed batch matures a boundary later than the one before it.
        let last = head.closed.saturating_sub(1);
        let later = if last > head.matured {
            store.batch(last).shares
        } else {
            0
        };
        Ok(Self {
            next: sub(all, later)?,
            all,
            burnable: store.burnable(),
        })
    }
}

/// The left sides: what is idle now, will be at the next maturity, and at the one after.
pub(crate) fn at_hand(holding: &Holding, head: &Head) -> Result<[u128; 3], Overflow> {
    let [even, odd] = holding.unbonding;
    let (first, second) = if head.matured.is_multiple_of(2) {
        (even, odd)
    } else {
        (odd, even)
    };
    let idle = holding.balance.idle;
    let next = add(idle, first)?;
    Ok([idle, next, add(next, second)?])
}

/// The right sides, for an asset of which `total` is left and `supply` shares.
pub(crate) fn needed<S: VaultStore + ?Sized>(
    store: &S,
    head: &Head,
    queued: Queued,
    asset: u8,
    slashable: u128,
    total: u128,
    supply: u128,
) -> Result<[u128; 3], Overflow> {
    let slashes = needed_by_slashes(store, head, asset, slashable)?;
    let demand = |shares| match shares {
        0 => Ok(slashes),
        // No more than there is: an asset of which nothing is left must not hold up exits of the others.
        shares => add(
            add(
                // Bonds and cover hold no queued shares: what remains of the supply is at least these.
                mul_div_up(
                    total,
                    shares,
                    supply.saturating_sub(queued.burnable).max(shares),
                )?,
                MARGIN,
            )?
            .min(total),
            slashes,
        ),
    };
    Ok([slashes, demand(queued.next)?, demand(queued.all)?])
}

/// N.
fn needed_by_slashes<S: VaultStore + ?Sized>(
    store: &S,
    head: &Head,
    asset: u8,
    slashable: u128,
) -> Result<u128, Overflow> {
    let mut needed = 0;
    if head.undecided == 0 {
        return Ok(needed);
    }
    let (capacity, scale) = store.capacity();
    for &id in store.ids(head.undecided, &VaultKey::Undecided).as_slice() {
        let loss = store.loss(id, asset);
        let delta = store.contest(id).delta_at(scale);
        let from_stake = mul_div_down(slashable, delta.into(), capacity.into())?;
        let open = sub(loss.loss, loss.held)?;
        needed = add(needed, open.saturating_sub(from_stake))?;
    }
    Ok(needed)
}
