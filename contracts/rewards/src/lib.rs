//! Rewards of one vault. Its interface is `weir_abi::IRewards`, its rules are `weir_protocol::rewards`.
//!
//! Every entry takes the lock, applies the rules, and only then calls tokens and the vault.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IRewards::{self, *};
use weir_shell::route;

mod auctions;
mod init;
mod operators;
mod refusal;
mod store;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IRewards::IRewardsCalls;
        returns {
            fundCall: c => operators::fund(vm, c),
            shareFeesCall: _ => operators::share_fees(vm),
            claimCommissionCall: c => operators::claim(vm, c.token, c.to),
            startCall: c => auctions::start(vm, c.token),
            bidCall: c => auctions::bid(vm, c),
            commissionCall: c => Ok(operators::commission(vm, c.operator)),
            earnedCall: c => operators::earned(vm, c.operator, c.token),
            auctionCall: c => auctions::auction(vm, c.token),
            lotCall: c => auctions::lot(vm, c.token),
            wiringCall: _ => Ok(init::wiring(vm)),
        }
        acts {
            initCall: c => init::init(vm, c),
            setCommissionCall: c => operators::set_commission(vm, c.bps),
            setAuctionCall: c => auctions::set(vm, c.token, c.auction),
        }
    }
}
