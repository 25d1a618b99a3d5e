//! The queue: batches and the tickets in them.

use alloy::primitives::{Address, U256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IExits::IExitsEvents;
use weir_abi::IVault::IVaultEvents;

use super::vault::VaultDoc;
use super::{Context, Doc, ProjectError, Workspace, add_all};
use crate::amount::Amount;
use crate::store::Kind;

/// The right of an account to a part of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketDoc {
    /// Its number.
    #[schema(value_type = String)]
    pub id: Amount,
    /// Who has it.
    #[schema(value_type = String)]
    pub owner: Address,
    /// Epoch of its batch.
    pub epoch: u64,
    /// Its shares.
    #[schema(value_type = String)]
    pub shares: Amount,
    /// What these cost, ETH wei.
    #[schema(value_type = String)]
    pub cost: Amount,
    /// Claimed so far, by asset.
    #[schema(value_type = Vec<String>)]
    pub claimed: Vec<Amount>,
    /// Shares of bonds and cover that were claimed.
    #[schema(value_type = String)]
    pub claimed_shares: Amount,
    /// What the claims were worth at the rates of their moments, ETH wei.
    #[schema(value_type = String)]
    pub claimed_value: Amount,
    /// Nothing can follow.
    pub finished: bool,
    /// Block of the first request.
    pub since_block: u64,
    /// Unix seconds of the first request.
    pub since_s: u64,
}

impl Doc for TicketDoc {
    const KIND: Kind = Kind::Ticket;
}

/// The exit batch of an epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchDoc {
    /// Its epoch.
    pub epoch: u64,
    /// Tickets that were made in it.
    pub tickets: u64,
    /// All shares that entered and were not cancelled.
    #[schema(value_type = String)]
    pub shares: Amount,
    /// Of these, shares that were paid and burned.
    #[schema(value_type = String)]
    pub filled: Amount,
    /// Paid to it at settlements, by asset.
    #[schema(value_type = Vec<String>)]
    pub paid: Vec<Amount>,
    /// Held back at settlements under undecided slashes, by asset.
    #[schema(value_type = Vec<String>)]
    pub held: Vec<Amount>,
    /// When the epoch was closed on the chain, Unix seconds; 0 while open.
    pub closed_s: u64,
    /// When it was last paid, Unix seconds.
    pub settled_s: u64,
}

impl Doc for BatchDoc {
    const KIND: Kind = Kind::Batch;
}

/// Number of the ticket that an owner has in the batch of an epoch.
pub fn ticket_id(epoch: u64, owner: Address) -> U256 {
    (U256::from(epoch) << 160) | U256::from_be_slice(owner.as_slice())
}

/// Epoch and owner of a ticket.
fn parts(id: U256) -> (u64, Address) {
    let epoch = id >> 160usize;
    let bytes: [u8; 32] = id.to_be_bytes();
    let owner = bytes.last_chunk::<20>().copied().unwrap_or_default();
    (epoch.saturating_to(), Address::from(owner))
}

/// Key of a ticket: owner, then epoch.
pub(super) fn ticket_key(id: U256) -> Vec<u8> {
    let (epoch, owner) = parts(id);
    [owner.as_slice(), &epoch.to_be_bytes()].concat()
}

pub(super) async fn exits(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IExitsEvents,
) -> Result<(), ProjectError> {
    match event {
        IExitsEvents::Requested(e) => {
            let mut is_new = false;
            ws.edit::<TicketDoc>(&ticket_key(e.ticketId), |ticket| {
                is_new = ticket.shares == Amount::ZERO;
                ticket.id = e.ticketId.into();
                ticket.owner = e.receiver;
                ticket.epoch = e.epoch;
                ticket.shares = e.total.into();
                if ticket.since_block == 0 {
                    ticket.since_block = ctx.block.number;
                    ticket.since_s = ctx.block.timestamp_s;
                }
                Ok(())
            })
            .await?;
            ws.edit::<BatchDoc>(&e.epoch.to_be_bytes(), |batch| {
                batch.epoch = e.epoch;
                batch.tickets += u64::from(is_new);
                batch.shares = batch.shares.plus(e.shares.into())?;
                Ok(())
            })
            .await?;
            ws.edit::<VaultDoc>(VaultDoc::KEY, |vault| {
                if !vault.open_batches.contains(&e.epoch) {
                    vault.open_batches.push(e.epoch);
                }
                Ok(())
            })
            .await
        }
        IExitsEvents::Cancelled(e) => {
            let (epoch, _) = parts(e.ticketId);
            ws.edit::<TicketDoc>(&ticket_key(e.ticketId), |ticket| {
                ticket.shares = e.left.into();
                Ok(())
            })
            .await?;
            ws.edit::<BatchDoc>(&epoch.to_be_bytes(), |batch| {
                batch.tickets = batch.tickets.saturating_sub(u64::from(e.left.is_zero()));
                batch.shares = batch.shares.minus(e.shares.into())?;
                Ok(())
            })
            .await
        }
        IExitsEvents::Claimed(e) => {
            ws.edit::<TicketDoc>(&ticket_key(e.ticketId), |ticket| {
                add_all(&mut ticket.claimed, &e.amounts)?;
                ticket.claimed_shares = ticket.claimed_shares.plus(e.shares.into())?;
                ticket.finished = e.finished;
                Ok(())
            })
            .await
        }
        IExitsEvents::TicketTransferred(e) => {
            let old_key = ticket_key(e.ticketId);
            let old = ws.load::<TicketDoc>(&old_key).await?.unwrap_or_default();
            ws.remove::<TicketDoc>(&old_key).await?;
            let (epoch, _) = parts(e.newTicketId);
            let taken: Vec<U256> = old.claimed.iter().map(|amount| amount.0).collect();
            let mut joined = false;
            ws.edit::<TicketDoc>(&ticket_key(e.newTicketId), |ticket| {
                joined = ticket.shares != Amount::ZERO;
                ticket.id = e.newTicketId.into();
                (ticket.owner, ticket.epoch) = (e.to, epoch);
                ticket.shares = ticket.shares.plus(e.shares.into())?;
                ticket.cost = ticket.cost.plus(old.cost)?;
                add_all(&mut ticket.claimed, &taken)?;
                ticket.claimed_shares = ticket.claimed_shares.plus(old.claimed_shares)?;
                ticket.claimed_value = ticket.claimed_value.plus(old.claimed_value)?;
                if ticket.since_block == 0 {
                    (ticket.since_block, ticket.since_s) = (old.since_block, old.since_s);
                }
                Ok(())
            })
            .await?;
            ws.edit::<BatchDoc>(&epoch.to_be_bytes(), |batch| {
                batch.tickets = batch.tickets.saturating_sub(u64::from(joined));
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}

pub(super) async fn vault(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    match event {
        IVaultEvents::EpochClosed(e) => {
            if e.shares.is_zero() {
                return close_open(ws, e.epoch).await;
            }
            ws.edit::<BatchDoc>(&e.epoch.to_be_bytes(), |batch| {
                batch.epoch = e.epoch;
                batch.closed_s = ctx.block.timestamp_s;
                Ok(())
            })
            .await
        }
        IVaultEvents::BatchSettled(e) => {
            ws.edit::<BatchDoc>(&e.epoch.to_be_bytes(), |batch| {
                batch.epoch = e.epoch;
                batch.filled = batch.filled.plus(e.filled.into())?;
                add_all(&mut batch.paid, &e.paid)?;
                add_all(&mut batch.held, &e.held)?;
                batch.settled_s = ctx.block.timestamp_s;
                Ok(())
            })
            .await?;
            if e.unfilled.is_zero() {
                close_open(ws, e.epoch).await
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    }
}

/// A batch from which nothing more is to be paid is not open any more.
async fn close_open(ws: &mut Workspace, epoch: u64) -> Result<(), ProjectError> {
    ws.edit::<VaultDoc>(VaultDoc::KEY, |vault| {
        vault.open_batches.retain(|open| *open != epoch);
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_names_its_epoch_and_owner() {
        let owner = Address::repeat_byte(0xfe);
        assert_eq!(parts(ticket_id(7, owner)), (7, owner));
    }
}
