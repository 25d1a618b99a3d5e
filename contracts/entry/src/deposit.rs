//! The synchronous way in.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IEntry::Deposit,
    IErc20::approveCall,
    IShared::ZeroAmount,
    IVault::{assetCall, depositCall, previewDepositCall, stateCall},
};
use weir_protocol::units::AMOUNT_LIMIT;
use weir_shell::{Outcome, call, lock, log, token};

use crate::{store::Known, worth};

/// The most that `mint` makes.
pub const NO_MINT: U256 = U256::ZERO;

/// The deposit that would be quoted to see whether any is taken: any that buys a share wei, and meets the least first one.
const ANY_DEPOSIT: u64 = 100_000_000_000_000_000;

/// The room under the cap and under the largest supply, or nothing if a deposit would be refused.
pub fn max(vm: &VM) -> U256 {
    room(vm).unwrap_or_default()
}

fn room(vm: &VM) -> Outcome<U256> {
    let (asset, vault) = (Known::Asset.address(vm), Known::Vault.address(vm));
    let (listed,) = call::view(vm, vault, assetCall { token: asset })?;
    let ledger = listed.ledger;
    let parts = [ledger.staked, ledger.unbondingEven, ledger.unbondingOdd];
    let total = parts
        .iter()
        .fold(ledger.idle, |sum, part| sum.saturating_add(*part));
    let under_cap = listed.cap.saturating_sub(total);
    preview(vm, under_cap.min(U256::from(ANY_DEPOSIT)))?;

    let (state,) = call::view(vm, vault, stateCall {})?;
    let most_shares = U256::from(AMOUNT_LIMIT.saturating_sub(1)).saturating_sub(state.supply);
    let under_supply = worth::assets(vm, most_shares)?;
    Ok(under_cap.min(under_supply))
}

pub fn preview(vm: &VM, amount: U256) -> Outcome<U256> {
    let asset = Known::Asset.address(vm);
    let quote = previewDepositCall { asset, amount };
    let (shares,) = call::view(vm, Known::Vault.address(vm), quote)?;
    Ok(shares)
}

pub fn deposit(vm: &VM, assets: U256, receiver: Address) -> Outcome<U256> {
    lock::take()?;
    if assets.is_zero() {
        return Err(ZeroAmount {}.into());
    }
    let (asset, vault) = (Known::Asset.address(vm), Known::Vault.address(vm));
    let sender = vm.msg_sender();
    // What arrives is for the vault to measure: it refuses when it gets less than this.
    token::transfer_from(vm, asset, sender, vm.contract_address(), assets)?;
    let approve = approveCall {
        spender: vault,
        value: assets,
    };
    let (_,) = call::act(vm, asset, approve)?;
    let deposit = depositCall {
        asset,
        amount: assets,
        receiver,
        minShares: U256::ZERO,
        minFloorRate: U256::ZERO,
        deadline: U256::MAX,
    };
    let (shares,) = call::act(vm, vault, deposit)?;
    log!(vm, Deposit [sender, owner: receiver] { assets, shares });
    lock::release();
    Ok(shares)
}
