//! Shares that stand behind slashes. Its interface is `weir_abi::ICover`, its rules are `weir_protocol::cover`.
//!
//! Every entry takes a lock, runs its operation on words kept in memory, writes them back, and only then moves shares. What it
//! locks and releases for requests, it does inside the vault's own calls; the shares that burn or go to tickets the vault takes itself.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::ICover::{self, *};
use weir_shell::route;

mod bonds;
mod init;
mod members;
mod refusal;
mod slashes;
mod stakes;
mod store;
mod views;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements ICover::ICoverCalls;
        returns {
            unbondCall: c => bonds::unbond(vm, c.shares),
            collectBondCall: c => bonds::collect(vm, c.operator),
            enterCall: c => members::enter(vm, c.shares),
            cancelEntryCall: _ => members::cancel_entry(vm),
            leaveCall: c => members::leave(vm, c.units),
            collectCall: c => members::collect(vm, c.member),
            earnCall: _ => members::earn(vm),
            surrenderCall: _ => stakes::surrender(vm),
            lockCall: c => slashes::lock(vm, c),
            wiringCall: _ => Ok(views::wiring(vm)),
            bondOfCall: c => Ok(views::bond_of(vm, c.operator)),
            bondNeededCall: c => views::bond_needed(vm, c.magnitude, c.capacity),
            quoteLockCall: c => views::quote_lock(vm, c.operator, c.worth),
            backingCall: _ => views::backing(vm),
            poolCall: _ => views::pool(vm),
            memberOfCall: c => views::member_of(vm, c.member),
            stakeOfCall: c => Ok(views::stake_of(vm, c.service)),
            forfeitedCall: _ => Ok(views::forfeited(vm)),
            lockOfCall: c => Ok(views::lock_of(vm, c.id)),
            burnableCall: _ => Ok(views::burnable(vm)),
        }
        acts {
            initCall: c => init::init(vm, c),
            bondCall: c => bonds::bond(vm, c.operator, c.shares),
            fundCall: c => stakes::fund(vm, c.service, c.shares),
            defundCall: c => stakes::defund(vm, c.service, c.shares),
            checkBondCall: c => views::check_bond(vm, c),
            decideCall: c => slashes::decide(vm, c.id, c.executed),
        }
    }
}
