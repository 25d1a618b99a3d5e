//! The vault's program for slashes: what the hub and the cover contract call, where slashed assets go, what a slash would cost, and
//! the end of the vault. It runs by delegate
//! calls of `vault`, in the vault's storage; called by itself it is an empty vault that nobody can initialise.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::*;
use weir_shell::route;
use weir_vault::Slash;

mod end;
mod slash;
mod what_if;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements Slash;
        returns {
            contestCall: c => slash::contest(vm, c),
            executeCall: c => slash::execute(vm, c),
            whatIfCall: c => what_if::what_if(vm, c),
            pullCall: c => slash::pull(vm, c.asset, c.sink),
        }
        acts {
            liftCall: c => slash::lift(vm, c.id),
            retireCall: _ => end::retire(vm),
            setBurnableCall: c => slash::set_burnable(vm, c.shares),
        }
    }
}
