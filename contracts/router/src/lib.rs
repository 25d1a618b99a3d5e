//! The router. Its interface is `weir_abi::IRouter`.
//!
//! It keeps three addresses and no money. What it may do as somebody's operator, it does for that account and its other operators
//! alone; what it calls of contracts that it does not know, are `swap` of a pool and the transfer of a token.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IExits::{NoTicket, claimToCall, isOperatorCall},
    IRouter::{self, *},
    IShared::Expired,
    IVault,
};
use weir_protocol::exits;
use weir_shell::{Outcome, access, call as other, deployer, lock, log, route, slots, token};

mod swap;

/// A contract that the router knows, and the slot of its address.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Known {
    Vault = 0,
    Exits = 1,
    Lrt = 2,
}

impl Known {
    fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    fn set(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IRouter::IRouterCalls;
        returns {
            claimIntoCall: c => claim_into(vm, &c),
            wiringCall: _ => Ok(wiring(vm)),
        }
        acts {
            initCall: c => init(vm, c.vault),
            uniswapV3SwapCallbackCall: c => swap::pay(vm, c.amount0Delta, c.amount1Delta),
        }
    }
}

fn init(vm: &VM, vault: Address) -> Outcome<()> {
    deployer::take(vm)?;
    let (of_vault,) = other::view(vm, access::not_zero(vault)?, IVault::wiringCall {})?;
    Known::Vault.set(vm, vault);
    Known::Exits.set(vm, access::not_zero(of_vault.exits)?);
    Known::Lrt.set(vm, access::not_zero(of_vault.lrt)?);
    log!(vm, Initialized [] { vault });
    Ok(())
}

fn wiring(vm: &VM) -> wiringReturn {
    wiringReturn {
        vault: Known::Vault.address(vm),
        exits: Known::Exits.address(vm),
        lrt: Known::Lrt.address(vm),
    }
}

fn claim_into(vm: &VM, c: &claimIntoCall) -> Outcome<U256> {
    lock::take()?;
    let (into, receiver, ticket) = (access::not_zero(c.into)?, c.receiver, c.ticketId);
    let (caller, this) = (vm.msg_sender(), vm.contract_address());
    let now = U256::from(vm.block_timestamp());
    if now > c.deadline {
        return Err(Expired {
            deadline: c.deadline,
            nowTime: now,
        }
        .into());
    }
    if receiver.is_zero() || receiver == this {
        return Err(BadReceiver { receiver }.into());
    }
    only_for_owner(vm, ticket, caller)?;

    let (assets,) = other::view(vm, Known::Vault.address(vm), IVault::assetsCall {})?;
    let mut gains = Vec::new();
    for token in assets.iter().copied().chain([Known::Lrt.address(vm), into]) {
        if !gains.iter().any(|gain: &Gain| gain.token == token) {
            gains.push(Gain::from_now(vm, token)?);
        }
    }
    let claim = claimToCall {
        ticketId: ticket,
        receiver: this,
    };
    let (_,) = other::act(vm, Known::Exits.address(vm), claim)?;
    for (asset, pool) in assets.iter().zip(&c.pools) {
        let gain = gains.iter().find(|gain| gain.token == *asset);
        if let Some(gain) = gain
            && *asset != into
            && !pool.is_zero()
        {
            swap::sell(vm, *pool, *asset, into, gain.amount(vm)?)?;
        }
    }

    let before = token::balance_of(vm, into, receiver)?;
    for gain in &gains {
        let amount = gain.amount(vm)?;
        if !amount.is_zero() {
            token::transfer(vm, gain.token, receiver, amount)?;
        }
    }
    let amount_out = token::balance_of(vm, into, receiver)?.saturating_sub(before);
    if amount_out < c.minOut {
        return Err(BelowMinOut {
            minOut: c.minOut,
            amountOut: amount_out,
        }
        .into());
    }
    log!(vm, Routed [ticketId: ticket, caller, receiver] { into, amountOut: amount_out });
    lock::release();
    Ok(amount_out)
}

fn only_for_owner(vm: &VM, ticket: U256, caller: Address) -> Outcome<()> {
    let (_, owner) = exits::ticket_of(ticket).ok_or(NoTicket { ticketId: ticket })?;
    if caller == owner {
        return Ok(());
    }
    let operator = caller;
    let ask = isOperatorCall { owner, operator };
    let (approved,) = other::view(vm, Known::Exits.address(vm), ask)?;
    if approved {
        return Ok(());
    }
    Err(NotForCaller {
        ticketId: ticket,
        caller,
    }
    .into())
}

/// What came in of a token since a moment. What was there before is nobody's, and stays.
struct Gain {
    token: Address,
    before: U256,
}

impl Gain {
    fn from_now(vm: &VM, token: Address) -> Outcome<Self> {
        let before = token::balance_of(vm, token, vm.contract_address())?;
        Ok(Self { token, before })
    }

    fn amount(&self, vm: &VM) -> Outcome<U256> {
        let now = token::balance_of(vm, self.token, vm.contract_address())?;
        Ok(now.saturating_sub(self.before))
    }
}
