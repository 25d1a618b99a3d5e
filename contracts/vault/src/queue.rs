//! Exit batches, for `exits` alone.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{ReleaseFailed, dequeueCall, releaseCall, releaseReturn};
use weir_protocol::vault::{self, ReleaseSummary, VaultStore};
use weir_shell::{Outcome, log, token};

use weir_vault::{Entry, Known, amounts, narrow, wiring};

pub fn enqueue(vm: &VM, owner: Address, shares: U256) -> Outcome<u64> {
    Known::Exits.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    entry.move_shares(owner, vm.msg_sender(), shares)?;
    let summary = vault::enqueue(&mut entry.store, narrow(shares)?);
    let summary = entry.check(summary)?;
    entry.commit()?;
    entry.leave();
    Ok(summary.epoch)
}

pub fn dequeue(vm: &VM, c: dequeueCall) -> Outcome<()> {
    Known::Exits.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let left = vault::dequeue(&mut entry.store, c.epoch, narrow(c.shares)?);
    entry.check(left)?;
    entry.commit()?;
    entry.move_shares(vm.msg_sender(), c.owner, c.shares)?;
    entry.leave();
    Ok(())
}

pub fn release(vm: &VM, c: releaseCall) -> Outcome<releaseReturn> {
    Known::Exits.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let taken = amounts(&c.taken)?;
    let taken_shares = narrow(c.takenShares)?;
    let summary = vault::release(
        &mut entry.store,
        c.epoch,
        narrow(c.shares)?,
        &taken,
        taken_shares,
    );
    let mut summary = entry.check(summary)?;
    let for_all = c.to == vm.contract_address();
    if for_all {
        give_to_all(&mut entry, &summary)?;
    }
    entry.commit()?;
    let paid_shares = U256::from(summary.shares);
    if !paid_shares.is_zero() {
        let escrow = vm.msg_sender();
        if for_all {
            entry.burn(escrow, paid_shares)?;
        } else {
            entry.move_shares(escrow, c.to, paid_shares)?;
        }
    }

    let assets = entry.store.settings().assets;
    for (asset, amount) in (0..assets).zip(&mut summary.amounts) {
        if *amount > 0 && !for_all && !send(&entry, &c, asset, assets, *amount) {
            let kept = vault::keep_owed(&mut entry.store, asset, *amount);
            entry.check(kept)?;
            *amount = 0;
            summary.finished = false;
        }
    }
    entry.commit()?;
    let paid = entry.list(&summary.amounts);
    entry.leave();
    Ok(releaseReturn {
        paid,
        paidShares: paid_shares,
        finished: summary.finished,
    })
}

/// What a ticket of the vault itself is paid vests for all holders, and its shares burn.
fn give_to_all(entry: &mut Entry<'_>, summary: &ReleaseSummary) -> Outcome<()> {
    let assets = entry.store.settings().assets;
    for (asset, amount) in (0..assets).zip(&summary.amounts) {
        let vests = vault::vest_released(&mut entry.store, entry.now_s, asset, *amount);
        entry.check(vests)?;
    }
    let burned = vault::burn_released(&mut entry.store, summary.shares);
    entry.check(burned)
}

/// Sends one asset of a claim; whether its token did it. Each has an equal part of the gas that is left, so that one that
/// burns all it gets leaves the others theirs.
fn send(entry: &Entry<'_>, c: &releaseCall, asset: u8, assets: u8, amount: u128) -> bool {
    let vm = entry.vm;
    let asset_token = wiring::token(vm, asset);
    let amount = U256::from(amount);
    let shares = u64::from(assets.saturating_sub(asset)).saturating_add(1);
    let gas = vm.evm_gas_left().checked_div(shares).unwrap_or_default();
    let is_sent = token::try_transfer(vm, asset_token, c.to, amount, gas);
    if !is_sent {
        log!(vm, ReleaseFailed [epoch: c.epoch, to: c.to, asset: asset_token] { amount });
    }
    is_sent
}
