//! The vault: custody of the assets and the ledger. Its interface is `weir_abi::IVault`, its rules are `weir_protocol::vault`.
//!
//! This program takes deposits and keeps the exit batches, and hands the rest to the vault's other programs; see `weir_vault`.
//!
//! Every entry takes the lock, syncs, runs its operation on words kept in memory, writes them back, and only then calls tokens.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::{self, *};
use weir_shell::{lock, route};
use weir_vault::{Control, Instant, Known, Slash, Views};

mod deposit;
mod programs;
mod queue;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IVault::IVaultCalls;
        elsewhere Control => programs::control(vm, &input);
        elsewhere Slash => programs::other(vm, Known::Slash, &input);
        elsewhere Instant => programs::other(vm, Known::Instant, &input);
        elsewhere Views => programs::other(vm, Known::Views, &input);
        returns {
            depositCall: c => deposit::deposit(vm, c),
            depositWithPermitCall: c => deposit::with_permit(vm, c),
            syncCall: _ => weir_vault::sync(vm),
            enqueueCall: c => queue::enqueue(vm, c.owner, c.shares),
            releaseCall: c => queue::release(vm, c),
            lockedCall: _ => Ok(lock::is_held()),
        }
        acts {
            dequeueCall: c => queue::dequeue(vm, c),
        }
    }
}
