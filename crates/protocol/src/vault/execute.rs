//! A slash request is executed: the rate falls here.
//!
//! For each asset, with Δ and M as of now (M has fallen by what was executed since filing, and `B` with it):
//!
//! ```text
//! idle  += h_r                                     what exits left behind for this request comes back
//! from staked, u[0], u[1]:  min(ceil(balance · Δ / M), what is left of ℓ_r)
//! from idle:                the rest of ℓ_r        what matured since filing
//! c     −= ℓ_r − h_r;   due += ℓ_r
//! ```
//!
//! Exactly ℓ_r is taken, as filing fixed it. Instant exits and staking leave in idle what this needs; should roundings leave
//! it a wei short, that comes from staked and the buckets.
//!
//! Of the shares that stand behind the request ([`cushion`](super::cushion())) those that no batch took along burn:
//! `supply −= k_r`. The caller burns them, and gives the others to the escrow of the tickets. A slash that leaves M
//! at its smallest [retires](super::retire()) the vault.

use alloy_primitives::Address;

use super::contest::decide;
use super::cushion::drop_cushion;
use super::ledger::{Holding, drop_loss};
use super::{Cushion, Debt, VaultError, VaultStore, Verdict};
use crate::allocator::{Part, is_spent, renormalised};
use crate::math::{Overflow, add, mul_div_up, sub};
use crate::units::{Amounts, set};

/// What a slash took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExecuteSummary {
    /// By asset, now due to the sink.
    pub losses: Amounts,
    /// Of these, what exits had left behind for it.
    pub held_returned: Amounts,
    /// Shares of bonds and cover that burn.
    pub burned_shares: u128,
    /// Shares of bonds and cover that go to tickets.
    pub given_shares: u128,
    /// The capacity is at its smallest: the vault is retired by this slash.
    pub retired: bool,
}

/// Takes what request `id` contested. `part` is the magnitude of its filing out of the allocator's capacity before this slash.
pub fn execute<S: VaultStore + ?Sized>(
    store: &mut S,
    id: u64,
    part: Part,
    sink: Address,
) -> Result<ExecuteSummary, VaultError> {
    let Part {
        delta,
        capacity,
        scale,
    } = part;
    let contest = decide(store, id, Verdict::Executed)?;
    let left = capacity
        .checked_sub(delta)
        .filter(|_| delta == contest.delta_at(scale))
        .ok_or(VaultError::BadDelta { delta, capacity })?;
    let (left, scale) = renormalised(left, scale);
    store.set_capacity(left, scale);

    let mut head = store.head();
    let Cushion { open, tied } = drop_cushion(store, id)?;
    let retired = is_spent(left) && !head.retired;
    head.retired |= retired;
    head.supply = sub(head.supply, open)?;
    store.set_head(head)?;
    if open > 0 || tied > 0 {
        let left = sub(store.burnable(), add(open, tied)?)?;
        store.set_burnable(left);
    }
    let mut summary = ExecuteSummary {
        burned_shares: open,
        given_shares: tied,
        retired,
        ..ExecuteSummary::default()
    };
    for asset in 0..store.settings().assets {
        let loss = store.loss(id, asset);
        if loss.loss == 0 {
            continue;
        }
        let mut holding = Holding::load(store, &head, asset)?;
        holding.balance.idle = add(holding.balance.idle, loss.held)?;
        take(&mut holding, loss.loss, delta, capacity)?;
        store.set_balance(asset, holding.balance);
        if head.unbonding != [false, false] {
            store.set_unbonding(asset, holding.unbonding);
        }

        drop_loss(store, asset, &loss)?;
        let Debt { owed, due } = store.debt(asset);
        let due = add(due, loss.loss)?;
        store.set_debt(asset, Debt { owed, due });
        let due_to = add(store.due_to(asset, sink), loss.loss)?;
        store.set_due_to(asset, sink, due_to);
        set(&mut summary.losses, asset, loss.loss);
        set(&mut summary.held_returned, asset, loss.held);
    }
    Ok(summary)
}

/// Takes `loss` out of a holding.
fn take(holding: &mut Holding, loss: u128, delta: u64, capacity: u64) -> Result<(), Overflow> {
    let mut left = loss;
    let [even, odd] = &mut holding.unbonding;
    let [staked, idle] = [&mut holding.balance.staked, &mut holding.balance.idle];
    for place in [&mut *staked, &mut *even, &mut *odd] {
        let part = mul_div_up(*place, delta.into(), capacity.into())?;
        move_out(place, part, &mut left)?;
    }
    for place in [idle, staked, even, odd] {
        move_out(place, left, &mut left)?;
    }
    if left == 0 { Ok(()) } else { Err(Overflow) }
}

/// Takes `wanted` from `place`, as far as it is there and `left` asks for it.
fn move_out(place: &mut u128, wanted: u128, left: &mut u128) -> Result<(), Overflow> {
    let part = wanted.min(*place).min(*left);
    *place = sub(*place, part)?;
    *left = sub(*left, part)?;
    Ok(())
}
