//! What a ticket is worth, as if the vault were synced now.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::{
    IExits::Ticket,
    IShared::Overflow,
    IVault::{assetsCall, batchCall, releasableCall},
};
use weir_protocol::{exits, math, vault::Batch};
use weir_shell::{Outcome, call};

use crate::{store, tickets};

pub fn ticket(vm: &VM, id: U256) -> Outcome<Ticket> {
    let ticket = tickets::find(vm, id)?;
    let (assets,) = call::view(vm, store::vault(vm), assetsCall {})?;
    let mut taken = tickets::taken(vm, &ticket);
    taken.resize(assets.len(), U256::ZERO);
    Ok(Ticket {
        owner: ticket.owner,
        epoch: ticket.epoch,
        shares: U256::from(ticket.shares),
        taken,
        takenShares: U256::from(ticket.taken_shares),
    })
}

pub fn claimable(vm: &VM, id: U256) -> Outcome<Vec<U256>> {
    let (amounts, _) = releasable(vm, id)?;
    Ok(amounts)
}

pub fn claimable_shares(vm: &VM, id: U256) -> Outcome<U256> {
    let (_, shares) = releasable(vm, id)?;
    Ok(shares)
}

fn releasable(vm: &VM, id: U256) -> Outcome<(Vec<U256>, U256)> {
    let ticket = tickets::find(vm, id)?;
    let releasable = releasableCall {
        epoch: ticket.epoch,
        shares: U256::from(ticket.shares),
        taken: tickets::taken(vm, &ticket),
        takenShares: U256::from(ticket.taken_shares),
    };
    call::view(vm, store::vault(vm), releasable)
}

pub fn pending(vm: &VM, epoch: U256, owner: Address) -> Outcome<U256> {
    let (pending, _) = status(vm, epoch, owner)?;
    Ok(pending)
}

pub fn paid(vm: &VM, epoch: U256, owner: Address) -> Outcome<U256> {
    let (_, paid) = status(vm, epoch, owner)?;
    Ok(paid)
}

/// Shares of a ticket that are not paid yet, and those that are; none without a ticket.
fn status(vm: &VM, epoch: U256, owner: Address) -> Outcome<(U256, U256)> {
    let none = (U256::ZERO, U256::ZERO);
    let Ok(epoch) = u64::try_from(epoch) else {
        return Ok(none);
    };
    let id = exits::ticket_id(epoch, owner);
    let Ok(ticket) = tickets::find(vm, id) else {
        return Ok(none);
    };
    let (batch,) = call::view(vm, store::vault(vm), batchCall { epoch })?;
    let shares = narrow(batch.shares)?;
    let unfilled = narrow(batch.unfilled)?;
    let batch = Batch {
        shares,
        filled: shares.saturating_sub(unfilled),
        ..Batch::default()
    };
    let is_claimable = claimable(vm, id)?.iter().any(|amount| !amount.is_zero());
    let (pending, paid) = exits::status(&ticket, &batch, is_claimable).ok_or(Overflow {})?;
    Ok((U256::from(pending), U256::from(paid)))
}

fn narrow(amount: U256) -> Outcome<u128> {
    math::narrow(amount).map_err(|_| Overflow {}.into())
}
