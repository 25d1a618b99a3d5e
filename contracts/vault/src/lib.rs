//! The vault: custody of the assets and the ledger. Its interface is `weir_abi::IVault`, its rules are `weir_protocol::vault`.
//!
//! This program moves assets and shares, and hands the rest to `vault-control` and `vault-views`; see `weir_vault`.
//!
//! Every entry takes the lock, syncs, runs its operation on words kept in memory, writes them back, and only then calls tokens.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::{self, *};
use weir_shell::{lock, route};
use weir_vault::{Control, Known, Views};

mod deposit;
mod init;
mod queue;
mod redeem;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IVault::IVaultCalls;
        elsewhere Control => init::forward(vm, Known::Control, &input);
        elsewhere Views => init::forward(vm, Known::Views, &input);
        returns {
            depositCall: c => deposit::deposit(vm, c),
            depositWithPermitCall: c => deposit::with_permit(vm, c),
            redeemCall: c => redeem::redeem(vm, c),
            syncCall: _ => weir_vault::sync(vm),
            enqueueCall: c => queue::enqueue(vm, c.owner, c.shares),
            releaseCall: c => queue::release(vm, c),
            lockedCall: _ => Ok(lock::is_held()),
        }
        acts {
            initCall: c => init::init(vm, c.wiring),
            dequeueCall: c => queue::dequeue(vm, c),
        }
    }
}
