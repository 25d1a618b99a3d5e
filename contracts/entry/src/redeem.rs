//! The asynchronous way out: requests, and claims of whole ones.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IEntry::{
        NoRequestIdYet, NotOperator, OperatorSet, RedeemRequest, WholeRequestsOnly, Withdraw,
    },
    IExits::{
        claimToCall, claimableCall, claimableRedeemRequestCall, pendingRedeemRequestCall,
        requestCall, ticketCall,
    },
};
use weir_protocol::{clock::Epoch, exits};
use weir_shell::{Outcome, access, call, lock, log, operators, token};

use crate::{
    store::{self, Known},
    worth,
};

/// What a claim would pay now.
#[derive(Clone, Copy, Default)]
pub struct Claimable {
    /// Of the request.
    pub shares: U256,
    /// In this entry's asset, wei.
    pub assets: U256,
    /// The request's ticket.
    ticket: U256,
    /// The request.
    epoch: Epoch,
}

pub fn request(vm: &VM, shares: U256, controller: Address, owner: Address) -> Outcome<U256> {
    lock::take()?;
    access::not_zero(controller)?;
    may_act(vm, owner)?;
    let [lrt, exits] = [Known::Lrt.address(vm), Known::Exits.address(vm)];
    token::transfer_from(vm, lrt, owner, vm.contract_address(), shares)?;
    let request = requestCall {
        shares,
        receiver: controller,
    };
    let (ticket,) = call::act(vm, exits, request)?;
    let (epoch, _) = exits::ticket_of(ticket).unwrap_or_default();
    if epoch == 0 {
        return Err(NoRequestIdYet {}.into());
    }
    let open = store::open(vm, controller).with(epoch);
    store::set_open(vm, controller, open);
    let sender = vm.msg_sender();
    log!(vm, RedeemRequest [controller, owner, requestId: U256::from(epoch)] { sender, shares });
    lock::release();
    Ok(U256::from(epoch))
}

pub fn pending(vm: &VM, request: U256, controller: Address) -> Outcome<U256> {
    let call = pendingRedeemRequestCall {
        requestId: request,
        controller,
    };
    let (shares,) = call::view(vm, Known::Exits.address(vm), call)?;
    Ok(shares)
}

pub fn claimable(vm: &VM, request: U256, controller: Address) -> Outcome<U256> {
    let call = claimableRedeemRequestCall {
        requestId: request,
        controller,
    };
    let (shares,) = call::view(vm, Known::Exits.address(vm), call)?;
    Ok(shares)
}

/// The oldest request that can be claimed now; nothing if there is none, or if the vault does not answer.
pub fn max(vm: &VM, controller: Address) -> Claimable {
    oldest(vm, controller).unwrap_or_default()
}

pub fn redeem(vm: &VM, shares: U256, receiver: Address, controller: Address) -> Outcome<U256> {
    let claimable = enter(vm, controller)?;
    whole(claimable.shares, shares)?;
    claim(vm, &claimable, receiver, controller)
}

pub fn withdraw(vm: &VM, assets: U256, receiver: Address, controller: Address) -> Outcome<U256> {
    let claimable = enter(vm, controller)?;
    whole(claimable.assets, assets)?;
    claim(vm, &claimable, receiver, controller)?;
    Ok(claimable.shares)
}

pub fn set_operator(vm: &VM, operator: Address, approved: bool) -> bool {
    let controller = vm.msg_sender();
    operators::set(vm, controller, operator, approved);
    log!(vm, OperatorSet [controller, operator] { approved });
    true
}

/// Passes if the caller is `account` or an operator of it.
pub fn may_act(vm: &VM, account: Address) -> Outcome<()> {
    let caller = vm.msg_sender();
    if caller == account || operators::is_operator(vm, account, caller) {
        return Ok(());
    }
    Err(NotOperator { account, caller }.into())
}

fn enter(vm: &VM, controller: Address) -> Outcome<Claimable> {
    lock::take()?;
    may_act(vm, controller)?;
    oldest(vm, controller)
}

fn whole(claimable: U256, asked: U256) -> Outcome<()> {
    if asked == claimable && !asked.is_zero() {
        return Ok(());
    }
    Err(WholeRequestsOnly { claimable, asked }.into())
}

/// Claims for `receiver`; what it got in this entry's asset.
fn claim(vm: &VM, claimable: &Claimable, receiver: Address, controller: Address) -> Outcome<U256> {
    let exits = Known::Exits.address(vm);
    let claim = claimToCall {
        ticketId: claimable.ticket,
        receiver,
    };
    let (amounts,) = call::act(vm, exits, claim)?;
    let assets = own(vm, &amounts)?;
    forget_finished(vm, controller, claimable.epoch);
    let (sender, shares) = (vm.msg_sender(), claimable.shares);
    log!(vm, Withdraw [sender, receiver, owner: controller] { assets, shares });
    lock::release();
    Ok(assets)
}

/// Forgets the requests up to `last` whose tickets are gone: claimed, taken back or given away.
fn forget_finished(vm: &VM, controller: Address, last: Epoch) {
    let mut open = store::open(vm, controller);
    for epoch in open.iter().take_while(|epoch| *epoch <= last) {
        let ticket = ticketCall {
            ticketId: exits::ticket_id(epoch, controller),
        };
        if call::view(vm, Known::Exits.address(vm), ticket).is_err() {
            open = open.without(epoch);
        }
    }
    store::set_open(vm, controller, open);
}

fn oldest(vm: &VM, controller: Address) -> Outcome<Claimable> {
    for epoch in store::open(vm, controller).iter() {
        let shares = claimable(vm, U256::from(epoch), controller)?;
        if !shares.is_zero() {
            let ticket = exits::ticket_id(epoch, controller);
            let call = claimableCall { ticketId: ticket };
            let (amounts,) = call::view(vm, Known::Exits.address(vm), call)?;
            return Ok(Claimable {
                shares,
                assets: own(vm, &amounts)?,
                ticket,
                epoch,
            });
        }
    }
    Ok(Claimable::default())
}

/// The part in this entry's asset of amounts in the vault's order.
fn own(vm: &VM, amounts: &[U256]) -> Outcome<U256> {
    Ok(amounts.get(worth::index(vm)?).copied().unwrap_or_default())
}
