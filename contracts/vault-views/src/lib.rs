//! The vault's program for its views. It runs by delegate calls of `vault`, in the vault's storage; called by itself it shows an empty
//! vault.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IVault::*;
use weir_shell::route;
use weir_vault::{Views, wiring};

mod ratios;
mod views;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements Views;
        returns {
            rateCall: _ => views::rate(vm),
            floorRateCall: _ => views::floor_rate(vm),
            stateCall: _ => views::state(vm),
            healthCall: _ => views::health(vm),
            assetsCall: _ => Ok(views::assets(vm)),
            assetCall: c => views::asset(vm, c.token),
            streamsCall: c => views::streams(vm, c.asset),
            batchCall: c => views::batch(vm, c.epoch),
            releasableCall: c => views::releasable(vm, c),
            dueToCall: c => views::due_to(vm, c.asset, c.sink),
            wiringCall: _ => Ok(wiring::read(vm)),
            feeCurveCall: _ => Ok(views::fee_curve(vm)),
            performanceFeeCall: _ => views::performance_fee(vm),
            backingRatioCall: _ => ratios::backing(vm),
            coverageRatioCall: c => ratios::coverage(vm, c.operators),
            previewDepositCall: c => views::preview_deposit(vm, c.asset, c.amount),
        }
    }
}
