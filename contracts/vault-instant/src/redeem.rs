//! Assets go out at once.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{Redeemed, previewRedeemReturn, redeemCall};
use weir_protocol::vault::{self, RedeemLimits};
use weir_shell::{Outcome, log, token};
use weir_vault::{Entry, checked, narrow, peek, poke, view, wiring};

pub fn redeem(vm: &VM, c: redeemCall) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let owner = vm.msg_sender();
    let asset = wiring::index_of(vm, c.asset)?;
    let quotes = poke(vm)?;
    entry.burn(owner, c.shares)?;
    let limits = RedeemLimits {
        min_amount: c.minAmount.saturating_to(),
        deadline_s: c.deadline.saturating_to(),
    };
    let shares = narrow(c.shares)?;
    let summary = vault::redeem(
        &mut entry.store,
        entry.now_s,
        asset,
        shares,
        &quotes,
        &limits,
    );
    let summary = entry.check(summary)?;
    entry.commit()?;

    entry.mint_fee(&summary.performance)?;
    let amount = U256::from(summary.amount);
    token::transfer(vm, c.asset, c.receiver, amount)?;
    log!(vm, Redeemed [owner, receiver: c.receiver, asset: c.asset] { shares: c.shares, amount, fee: U256::from(summary.fee), setAside: U256::from(summary.set_aside), supply: U256::from(summary.supply) });
    entry.leave();
    Ok(amount)
}

/// What [`redeem`] would pay, as if the vault were synced now.
pub fn preview(vm: &VM, asset: Address, shares: U256) -> Outcome<previewRedeemReturn> {
    let store = view(vm)?;
    let index = wiring::index_of(vm, asset)?;
    let now_s = vm.block_timestamp();
    let summary = vault::preview_redeem(&store, now_s, index, narrow(shares)?, &peek(vm)?);
    let summary = checked(vm, summary)?;
    Ok(previewRedeemReturn {
        amount: U256::from(summary.amount),
        fee: U256::from(summary.fee),
    })
}
