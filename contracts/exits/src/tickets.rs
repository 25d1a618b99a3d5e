//! Tickets are made, given, taken back and paid.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IExits::*,
    IShared::{AmountTooLarge, NotInitialized, Overflow, ZeroAmount},
    IVault::{dequeueCall, enqueueCall, releaseCall},
};
use weir_protocol::{
    exits::{self, ExitsError, Ticket},
    math,
    units::Amounts,
};
use weir_shell::{Outcome, Revert, access, call, deployer, lock, log, operators};

use crate::store::{self, Tickets};

pub fn init(vm: &VM, vault: Address, entry_code: B256) -> Outcome<()> {
    deployer::take(vm)?;
    store::set_vault(vm, access::not_zero(vault)?, 0);
    store::set_entry_code(vm, entry_code);
    log!(vm, Initialized [] { vault, entryCode: entry_code });
    Ok(())
}

pub fn request(vm: &VM, shares: U256, receiver: Address) -> Outcome<U256> {
    let vault = enter(vm)?;
    access::not_zero(receiver)?;
    let owner = vm.msg_sender();
    let (epoch,) = call::act(vm, vault, enqueueCall { owner, shares })?;
    let id = exits::ticket_id(epoch, receiver);
    let total = exits::record(&mut Tickets(vm), epoch, receiver, narrow(shares)?);
    let total = checked(id, total)?;
    log!(vm, Requested [ticketId: id, owner, receiver] { epoch, shares, total: U256::from(total) });
    lock::release();
    Ok(id)
}

pub fn cancel(vm: &VM, id: U256, shares: U256) -> Outcome<()> {
    let vault = enter(vm)?;
    let (epoch, owner) = parts(id)?;
    let caller = vm.msg_sender();
    let left = exits::cancel(&mut Tickets(vm), epoch, owner, caller, narrow(shares)?);
    let left = checked(id, left)?;
    let dequeue = dequeueCall {
        owner,
        epoch,
        shares,
    };
    let () = call::act(vm, vault, dequeue)?;
    log!(vm, Cancelled [ticketId: id, owner] { shares, left: U256::from(left) });
    lock::release();
    Ok(())
}

pub fn claim(vm: &VM, id: U256) -> Outcome<Vec<U256>> {
    let vault = enter(vm)?;
    let ticket = find(vm, id)?;
    pay(vm, vault, id, &ticket, ticket.owner)
}

pub fn claim_to(vm: &VM, id: U256, receiver: Address) -> Outcome<Vec<U256>> {
    let vault = enter(vm)?;
    access::not_zero(receiver)?;
    let ticket = find(vm, id)?;
    let caller = vm.msg_sender();
    if !may_claim(vm, ticket.owner, caller) {
        return Err(NotTicketOwner {
            ticketId: id,
            caller,
        }
        .into());
    }
    log!(vm, PaidTo [ticketId: id, caller, receiver] {});
    pay(vm, vault, id, &ticket, receiver)
}

/// Whether `caller` may have somebody else paid than the owner of a ticket. The code of entries has asked the owner, wherever it runs: it
/// claims for nobody but its own caller, and those who made that one their operator.
fn may_claim(vm: &VM, owner: Address, caller: Address) -> bool {
    let entry_code = store::entry_code(vm);
    caller == owner
        || operators::is_operator(vm, owner, caller)
        || (!entry_code.is_zero() && vm.code_hash(caller) == entry_code)
}

pub fn set_operator(vm: &VM, operator: Address, approved: bool) -> Outcome<bool> {
    let controller = vm.msg_sender();
    operators::set(vm, controller, operator, approved);
    log!(vm, OperatorSet [controller, operator] { approved });
    Ok(true)
}

/// Pays `to` what the ticket may claim now.
fn pay(vm: &VM, vault: Address, id: U256, ticket: &Ticket, to: Address) -> Outcome<Vec<U256>> {
    let release = releaseCall {
        epoch: ticket.epoch,
        shares: U256::from(ticket.shares),
        taken: taken(vm, ticket),
        takenShares: U256::from(ticket.taken_shares),
        to,
    };
    let (amounts, shares, finished) = call::act(vm, vault, release)?;
    let mut paid = Amounts::default();
    for (paid, amount) in paid.iter_mut().zip(&amounts) {
        *paid = narrow(*amount)?;
    }
    let assets = u8::try_from(amounts.len()).unwrap_or(u8::MAX);
    if assets > store::assets(vm) {
        store::set_vault(vm, vault, assets);
    }
    let recorded = exits::record_claim(
        &mut Tickets(vm),
        ticket,
        assets,
        &paid,
        narrow(shares)?,
        finished,
    );
    checked(id, recorded)?;
    log!(vm, Claimed [ticketId: id, owner: ticket.owner] { amounts: amounts.clone(), shares, finished });
    lock::release();
    Ok(amounts)
}

pub fn transfer(vm: &VM, id: U256, to: Address) -> Outcome<U256> {
    enter(vm)?;
    access::not_zero(to)?;
    let (epoch, owner) = parts(id)?;
    let caller = vm.msg_sender();
    let given = find(vm, id)?;
    let joined = exits::transfer(
        &mut Tickets(vm),
        epoch,
        owner,
        caller,
        to,
        store::assets(vm),
    );
    checked(id, joined)?;
    let new_id = exits::ticket_id(epoch, to);
    log!(vm, TicketTransferred [ticketId: id, newTicketId: new_id] {
        from: owner, to, shares: U256::from(given.shares),
    });
    lock::release();
    Ok(new_id)
}

/// The ticket of a number.
///
/// # Errors
/// `NoTicket`.
pub fn find(vm: &VM, id: U256) -> Outcome<Ticket> {
    let (epoch, owner) = parts(id)?;
    checked(
        id,
        exits::ticket(&Tickets(vm), epoch, owner, store::assets(vm)),
    )
}

/// What a ticket has taken, as the vault is told.
pub fn taken(vm: &VM, ticket: &Ticket) -> Vec<U256> {
    let assets = usize::from(store::assets(vm));
    let taken = ticket.taken.iter().take(assets);
    taken.map(|amount| U256::from(*amount)).collect()
}

/// The result of an operation of the protocol on the pocket of `asset`.
pub fn pocketed<T>(asset: Address, result: Result<T, ExitsError>) -> Outcome<T> {
    result.map_err(|error| match error {
        ExitsError::PocketOpen { .. } => PocketIsOpen { asset }.into(),
        ExitsError::NothingInPocket { account, .. } => NothingInPocket { asset, account }.into(),
        other => refuse(U256::ZERO, other),
    })
}

/// Takes the lock; answers the vault.
pub fn enter(vm: &VM) -> Outcome<Address> {
    lock::take()?;
    let vault = store::vault(vm);
    if vault.is_zero() {
        return Err(NotInitialized {}.into());
    }
    Ok(vault)
}

fn parts(id: U256) -> Outcome<(u64, Address)> {
    exits::ticket_of(id).ok_or_else(|| NoTicket { ticketId: id }.into())
}

pub fn narrow(amount: U256) -> Outcome<u128> {
    math::narrow(amount).map_err(|_| AmountTooLarge { amount }.into())
}

/// The result of an operation of the protocol on ticket `id`.
fn checked<T>(id: U256, result: Result<T, ExitsError>) -> Outcome<T> {
    result.map_err(|error| refuse(id, error))
}

#[inline(never)]
fn refuse(id: U256, error: ExitsError) -> Revert {
    match error {
        ExitsError::Overflow
        | ExitsError::PocketOpen { .. }
        | ExitsError::NothingInPocket { .. } => Overflow {}.into(),
        ExitsError::ZeroAmount => ZeroAmount {}.into(),
        ExitsError::NoTicket { .. } => NoTicket { ticketId: id }.into(),
        ExitsError::NotTicketOwner { caller, .. } => NotTicketOwner {
            ticketId: id,
            caller,
        }
        .into(),
        ExitsError::TicketTooSmall { shares, needed } => NotEnoughInTicket {
            ticketId: id,
            shares: U256::from(shares),
            asked: U256::from(needed),
        }
        .into(),
        ExitsError::NothingToClaim { .. } => NothingToClaim { ticketId: id }.into(),
    }
}
