//! The vault's program for instant redemption and the performance fee. It runs by delegate calls of `vault`, in the vault's storage; called by itself it is
//! an empty vault that nobody can initialise.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::*;
use weir_shell::route;
use weir_vault::Instant;

mod fees;
mod redeem;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements Instant;
        returns {
            redeemCall: c => redeem::redeem(vm, c),
            previewRedeemCall: c => redeem::preview(vm, c.asset, c.shares),
            accrueFeeCall: _ => fees::accrue(vm),
            collectFeesCall: _ => fees::collect(vm),
        }
        acts {
            setPerformanceFeeCall: c => fees::set_fee(vm, c.feeBps),
            setFeeSplitCall: c => fees::set_split(vm, c.split),
        }
    }
}
