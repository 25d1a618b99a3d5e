//! The vault's program for `init`, what roles call, and streams. It runs by delegate calls of `vault`, in the vault's storage. Called
//! by itself it is an empty vault that takes no deposits; its deployer alone could initialise that.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::*;
use weir_shell::route;
use weir_vault::Control;

mod admin;
mod delist;
mod init;
mod stream;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements Control;
        returns {
            pocketCall: c => delist::pocket(vm, c.token),
        }
        acts {
            streamCall: c => stream::stream(vm, c),
            initCall: c => init::init(vm, c.wiring),
            listAssetCall: c => admin::list_asset(vm, c),
            delistCall: c => delist::delist(vm, c.token),
            setCapCall: c => admin::set_cap(vm, c.token, c.cap),
            setDepositFeeCall: c => admin::set_deposit_fee(vm, c.token, c.feeBps),
            setFeeCurveCall: c => admin::set_fee_curve(vm, c.curve),
            setIdleTargetCall: c => admin::set_idle_target(vm, c.targetBps),
            pauseDepositsCall: c => admin::pause_deposits(vm, c.durationS),
            pauseInstantCall: c => admin::pause_instant(vm, c.durationS),
        }
    }
}
