//! The entry: one asset of a vault as ERC-7540 and ERC-7575 have it. Its interface is `weir_abi::IEntry`.
//!
//! It keeps no money. The exits take this code's word that the owner of a ticket wants somebody else paid: [`redeem::may_act`] is what
//! that rests on, whatever storage an instance of this code was given.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IEntry::{self, *};
use weir_shell::{operators, route};

mod deposit;
mod redeem;
mod store;
mod worth;

use store::Known;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IEntry::IEntryCalls;
        returns {
            wiringCall: _ => Ok(store::wiring(vm)),
            supportsInterfaceCall: c => Ok(store::supports(c.interfaceId.0)),
            assetCall: _ => Ok(Known::Asset.address(vm)),
            shareCall: _ => Ok(Known::Lrt.address(vm)),
            totalAssetsCall: _ => worth::all(vm),
            convertToSharesCall: c => worth::shares(vm, c.assets),
            convertToAssetsCall: c => worth::assets(vm, c.shares),
            maxDepositCall: _ => Ok(deposit::max(vm)),
            previewDepositCall: c => deposit::preview(vm, c.assets),
            depositCall: c => deposit::deposit(vm, c.assets, c.receiver),
            maxMintCall: _ => Ok(deposit::NO_MINT),
            previewMintCall: _ => Err(NoMint {}.into()),
            mintCall: _ => Err(NoMint {}.into()),
            requestRedeemCall: c => redeem::request(vm, c.shares, c.controller, c.owner),
            pendingRedeemRequestCall: c => redeem::pending(vm, c.requestId, c.controller),
            claimableRedeemRequestCall: c => redeem::claimable(vm, c.requestId, c.controller),
            maxRedeemCall: c => Ok(redeem::max(vm, c.controller).shares),
            maxWithdrawCall: c => Ok(redeem::max(vm, c.controller).assets),
            redeemCall: c => redeem::redeem(vm, c.shares, c.receiver, c.controller),
            withdrawCall: c => redeem::withdraw(vm, c.assets, c.receiver, c.controller),
            previewRedeemCall: _ => Err(NoPreview {}.into()),
            previewWithdrawCall: _ => Err(NoPreview {}.into()),
            setOperatorCall: c => Ok(redeem::set_operator(vm, c.operator, c.approved)),
            isOperatorCall: c => Ok(operators::is_operator(vm, c.controller, c.operator)),
        }
        acts {
            initCall: c => store::init(vm, c.vault, c.asset),
        }
    }
}
