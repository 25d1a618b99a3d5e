//! Exits: the tickets of redemption batches. Its interface is `weir_abi::IExits`, its rules are `weir_protocol::exits`.
//!
//! It holds the shares in batches and knows whose they are; the vault holds everything else. It takes a lock of its own in each entry, and
//! the vault's through its calls there, so that a token that calls back during a claim finds no ticket half paid.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IExits::{self, *};
use weir_shell::{operators, route};

mod pockets;
mod store;
mod tickets;
mod views;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IExits::IExitsCalls;
        returns {
            requestCall: c => tickets::request(vm, c.shares, c.receiver),
            claimCall: c => tickets::claim(vm, c.ticketId),
            claimToCall: c => tickets::claim_to(vm, c.ticketId, c.receiver),
            setOperatorCall: c => tickets::set_operator(vm, c.operator, c.approved),
            transferTicketCall: c => tickets::transfer(vm, c.ticketId, c.to),
            claimPocketCall: c => pockets::claim(vm, c),
            pocketCall: c => pockets::pocket(vm, c.asset),
            pocketTakenCall: c => pockets::taken(vm, c.asset, c.account),
            isOperatorCall: c => Ok(operators::is_operator(vm, c.owner, c.operator)),
            entryCodeCall: _ => Ok(store::entry_code(vm)),
            vaultCall: _ => Ok(store::vault(vm)),
            ticketCall: c => views::ticket(vm, c.ticketId),
            claimableCall: c => views::claimable(vm, c.ticketId),
            claimableSharesCall: c => views::claimable_shares(vm, c.ticketId),
            pendingRedeemRequestCall: c => views::pending(vm, c.requestId, c.controller),
            claimableRedeemRequestCall: c => views::paid(vm, c.requestId, c.controller),
        }
        acts {
            initCall: c => tickets::init(vm, c.vault, c.entryCode),
            openPocketCall: c => pockets::open(vm, c),
            cancelCall: c => tickets::cancel(vm, c.ticketId, c.shares),
        }
    }
}
