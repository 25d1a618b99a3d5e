//! The performance fee is taken, set and split.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{self, FeeSplitSet, FeesCollected, PerformanceFeeSet, collectFeesReturn};
use weir_protocol::vault::{self, FeeSplit, VaultStore};
use weir_shell::{Outcome, access, log};
use weir_vault::{Entry, Known, bps, fee_split, poke};

pub fn accrue(vm: &VM) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let quotes = poke(vm)?;
    let fee = vault::accrue(&mut entry.store, &quotes);
    let fee = entry.check(fee)?;
    entry.commit()?;
    entry.mint_fee(&fee)?;
    entry.leave();
    Ok(U256::from(fee.shares))
}

pub fn set_fee(vm: &VM, fee_bps: U256) -> Outcome<()> {
    Known::Governor.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let new_bps = bps(fee_bps)?;
    let quotes = poke(vm)?;
    let set = vault::set_fee(&mut entry.store, &quotes, new_bps);
    let (fee, old_bps) = entry.check(set)?;
    entry.commit()?;
    entry.mint_fee(&fee)?;
    let hwm_wad = entry.store.settings().hwm_wad;
    log!(vm, PerformanceFeeSet [] { oldBps: U256::from(old_bps), newBps: fee_bps, hwmWad: U256::from(hwm_wad) });
    entry.leave();
    Ok(())
}

pub fn set_split(vm: &VM, split: IVault::FeeSplit) -> Outcome<()> {
    Known::Governor.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let new = FeeSplit {
        cover_bps: bps(split.coverBps)?,
        operators_bps: bps(split.operatorsBps)?,
    };
    let old = vault::set_fee_split(&mut entry.store, new);
    let old_split = fee_split(vm, entry.check(old)?);
    Known::Treasury.change(vm, access::not_zero(split.treasury)?);
    Known::FeesOfCover.change(vm, split.cover);
    Known::FeesOfOperators.change(vm, split.operators);
    entry.commit()?;
    log!(vm, FeeSplitSet [] { oldSplit: old_split, newSplit: split });
    entry.leave();
    Ok(())
}

pub fn collect(vm: &VM) -> Outcome<collectFeesReturn> {
    let mut entry = Entry::enter(vm)?;
    let collected = vault::collect_fees(&mut entry.store);
    let collected = entry.check(collected)?;
    entry.commit()?;
    let treasury = access::not_zero(Known::Treasury.address(vm))?;
    send(&entry, treasury, collected.treasury)?;
    send(
        &entry,
        or(Known::FeesOfCover.address(vm), treasury),
        collected.cover,
    )?;
    send(
        &entry,
        or(Known::FeesOfOperators.address(vm), treasury),
        collected.operators,
    )?;
    let collected = collectFeesReturn {
        treasury: U256::from(collected.treasury),
        cover: U256::from(collected.cover),
        operators: U256::from(collected.operators),
    };
    log!(vm, FeesCollected [] { treasury: collected.treasury, cover: collected.cover, operators: collected.operators });
    entry.leave();
    Ok(collected)
}

fn send(entry: &Entry<'_>, to: Address, shares: u128) -> Outcome<()> {
    if shares == 0 {
        return Ok(());
    }
    entry.move_shares(entry.vm.contract_address(), to, U256::from(shares))
}

fn or(receiver: Address, treasury: Address) -> Address {
    if receiver.is_zero() {
        treasury
    } else {
        receiver
    }
}
