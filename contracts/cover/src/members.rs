//! Members of cover, and the fees that they earn.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::ICover::{Collected, Earned, Entered, EntryCancelled, Leaving};
use weir_protocol::cover;
use weir_shell::{Outcome, log, token};

use crate::store::{Entry, Known, checked, narrow};

pub fn enter(vm: &VM, shares: U256) -> Outcome<u64> {
    let mut entry = Entry::enter(vm)?;
    let member = vm.msg_sender();
    let counts_s = cover::enter(&mut entry.store, entry.now_s, member, narrow(shares)?);
    let counts_s = checked(counts_s)?;
    entry.commit();
    entry.bring(shares)?;
    entry.tell_vault()?;
    log!(vm, Entered [member] { shares, countsAt: counts_s });
    entry.leave();
    Ok(counts_s)
}

pub fn cancel_entry(vm: &VM) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let member = vm.msg_sender();
    let shares = cover::cancel_entry(&mut entry.store, entry.now_s, member);
    let shares = U256::from(checked(shares)?);
    entry.commit();
    entry.pay(member, shares)?;
    entry.tell_vault()?;
    log!(vm, EntryCancelled [member] { shares });
    entry.leave();
    Ok(shares)
}

pub fn leave(vm: &VM, units: U256) -> Outcome<u64> {
    let mut entry = Entry::enter(vm)?;
    let member = vm.msg_sender();
    let at_s = cover::leave(&mut entry.store, entry.now_s, member, narrow(units)?);
    let at_s = checked(at_s)?;
    entry.commit();
    log!(vm, Leaving [member] { units, leavesAt: at_s });
    entry.leave();
    Ok(at_s)
}

pub fn collect(vm: &VM, member: Address) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let shares = cover::collect(&mut entry.store, entry.now_s, member);
    let shares = U256::from(checked(shares)?);
    entry.commit();
    entry.pay(member, shares)?;
    entry.tell_vault()?;
    log!(vm, Collected [member] { shares });
    entry.leave();
    Ok(shares)
}

pub fn earn(vm: &VM) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let balance = token::balance_of(vm, Known::Lrt.address(vm), vm.contract_address())?;
    let earned = cover::earn(&mut entry.store, entry.now_s, narrow(balance)?);
    let shares = U256::from(checked(earned)?);
    entry.commit();
    entry.tell_vault()?;
    log!(vm, Earned [] { shares });
    entry.leave();
    Ok(shares)
}
