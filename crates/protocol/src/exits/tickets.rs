//! The life of a ticket: `record` → (`cancel` while its epoch is open) → `record_claim`, any number of times → gone.

use alloy_primitives::{Address, U256};

use super::{ExitsError, TicketStore};
use crate::clock::Epoch;
use crate::math::mul_div_down;
use crate::units::{Amounts, MAX_ASSETS};
use crate::vault::Batch;
use crate::word::{halves, word};

/// The right of an account to a part of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The batch.
    pub epoch: Epoch,
    /// Who is paid.
    pub owner: Address,
    /// Shares in the batch.
    pub shares: u128,
    /// Claimed so far.
    pub taken: Amounts,
    /// Shares of bonds and cover claimed so far.
    pub taken_shares: u128,
}

/// The number of the ticket of `owner` in `epoch`: `epoch · 2^160 + owner`.
pub fn ticket_id(epoch: Epoch, owner: Address) -> U256 {
    let [low, middle] = halves(U256::from_be_bytes(owner.into_word().0));
    word(low, u128::from(epoch) << 32 | middle)
}

/// The epoch and the owner of a ticket's number; `None` if no ticket can have it.
pub fn ticket_of(id: U256) -> Option<(Epoch, Address)> {
    let [low, high] = halves(id);
    let epoch = Epoch::try_from(high >> 32).ok()?;
    let owner = word(low, high & 0xffff_ffff);
    Some((epoch, Address::from_word(owner.into())))
}

/// The ticket of `owner` in `epoch`, of a vault with `assets` assets.
pub fn ticket<S: TicketStore + ?Sized>(
    store: &S,
    epoch: Epoch,
    owner: Address,
    assets: u8,
) -> Result<Ticket, ExitsError> {
    let [shares, taken_shares] = store.shares(epoch, owner);
    if shares == 0 {
        return Err(ExitsError::NoTicket { epoch, owner });
    }
    Ok(Ticket {
        epoch,
        owner,
        shares,
        taken: store.taken(epoch, owner, assets),
        taken_shares,
    })
}

/// Adds `shares`, which the vault has enqueued in `epoch`, to the ticket of `owner`; answers its shares.
pub fn record<S: TicketStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    owner: Address,
    shares: u128,
) -> Result<u128, ExitsError> {
    let [before, taken] = store.shares(epoch, owner);
    let shares = before.checked_add(shares).ok_or(ExitsError::Overflow)?;
    store.set_shares(epoch, owner, [shares, taken]);
    Ok(shares)
}

/// Takes `shares` out of the ticket of `owner` for `caller`, who must be the owner; the vault dequeues them. Answers what
/// stays in it.
pub fn cancel<S: TicketStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    owner: Address,
    caller: Address,
    shares: u128,
) -> Result<u128, ExitsError> {
    only_owner(owner, caller)?;
    if shares == 0 {
        return Err(ExitsError::ZeroAmount);
    }
    let [before, taken] = store.shares(epoch, owner);
    if before == 0 {
        return Err(ExitsError::NoTicket { epoch, owner });
    }
    let left = before
        .checked_sub(shares)
        .ok_or(ExitsError::TicketTooSmall {
            shares: before,
            needed: shares,
        })?;
    store.set_shares(epoch, owner, [left, taken]);
    Ok(left)
}

/// Records that `paid`, and `paid_shares` of bonds and cover, were claimed with `ticket`, of a vault with `assets` assets.
/// `finished` says that nothing can follow: the ticket is gone.
pub fn record_claim<S: TicketStore + ?Sized>(
    store: &mut S,
    ticket: &Ticket,
    assets: u8,
    paid: &Amounts,
    paid_shares: u128,
    finished: bool,
) -> Result<(), ExitsError> {
    let Ticket {
        epoch,
        owner,
        shares,
        taken,
        taken_shares,
    } = *ticket;
    if *paid == [0; MAX_ASSETS] && paid_shares == 0 && !finished {
        return Err(ExitsError::NothingToClaim { epoch, owner });
    }
    if finished {
        store.set_shares(epoch, owner, [0; 2]);
        store.set_taken(epoch, owner, assets, &taken, &[0; MAX_ASSETS]);
        return Ok(());
    }
    let sum = add(&taken, paid)?;
    store.set_taken(epoch, owner, assets, &taken, &sum);
    if paid_shares > 0 {
        let sum = taken_shares
            .checked_add(paid_shares)
            .ok_or(ExitsError::Overflow)?;
        store.set_shares(epoch, owner, [shares, sum]);
    }
    Ok(())
}

/// Gives the ticket of `caller` in `epoch` to `to`, whose ticket of that epoch it joins.
pub fn transfer<S: TicketStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    owner: Address,
    caller: Address,
    to: Address,
    assets: u8,
) -> Result<Ticket, ExitsError> {
    only_owner(owner, caller)?;
    let given = ticket(store, epoch, owner, assets)?;
    store.set_shares(epoch, owner, [0; 2]);
    store.set_taken(epoch, owner, assets, &given.taken, &[0; MAX_ASSETS]);
    let [had, had_taken] = store.shares(epoch, to);
    let shares = had.checked_add(given.shares).ok_or(ExitsError::Overflow)?;
    let taken_shares = had_taken
        .checked_add(given.taken_shares)
        .ok_or(ExitsError::Overflow)?;
    store.set_shares(epoch, to, [shares, taken_shares]);
    let before = store.taken(epoch, to, assets);
    let taken = add(&before, &given.taken)?;
    store.set_taken(epoch, to, assets, &before, &taken);
    Ok(Ticket {
        epoch,
        owner: to,
        shares,
        taken,
        taken_shares,
    })
}

/// The shares of a ticket that are not paid yet, rounded up, and those that are: pending and claimable in the words of
/// ERC-7540. `claimable` says whether a claim would pay anything.
pub fn status(ticket: &Ticket, batch: &Batch, claimable: bool) -> Option<(u128, u128)> {
    let filled = mul_div_down(ticket.shares, batch.filled, batch.shares).ok()?;
    let pending = ticket.shares.checked_sub(filled)?;
    Some((pending, if claimable { filled } else { 0 }))
}

fn only_owner(owner: Address, caller: Address) -> Result<(), ExitsError> {
    if owner == caller {
        Ok(())
    } else {
        Err(ExitsError::NotTicketOwner { owner, caller })
    }
}

fn add(a: &Amounts, b: &Amounts) -> Result<Amounts, ExitsError> {
    let mut sum = *a;
    for (sum, b) in sum.iter_mut().zip(b) {
        *sum = sum.checked_add(*b).ok_or(ExitsError::Overflow)?;
    }
    Ok(sum)
}
