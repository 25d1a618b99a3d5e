//! Bonds of operators.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::ICover::{BondCollected, Bonded, Unbonding};
use weir_protocol::cover;
use weir_shell::{Outcome, access, log};

use crate::store::{Entry, checked, narrow};

pub fn bond(vm: &VM, operator: Address, shares: U256) -> Outcome<()> {
    access::not_zero(operator)?;
    let mut entry = Entry::enter(vm)?;
    let bond = checked(cover::bond(&mut entry.store, operator, narrow(shares)?))?;
    entry.commit();
    entry.bring(shares)?;
    entry.tell_vault()?;
    log!(vm, Bonded [operator, from: vm.msg_sender()] { shares, total: U256::from(bond.shares) });
    entry.leave();
    Ok(())
}

pub fn unbond(vm: &VM, shares: U256) -> Outcome<u64> {
    let mut entry = Entry::enter(vm)?;
    let operator = vm.msg_sender();
    let at_s = cover::unbond(&mut entry.store, entry.now_s, operator, narrow(shares)?);
    let at_s = checked(at_s)?;
    entry.commit();
    log!(vm, Unbonding [operator] { shares, leavesAt: at_s });
    entry.leave();
    Ok(at_s)
}

pub fn collect(vm: &VM, operator: Address) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let paid = cover::collect_bond(&mut entry.store, entry.now_s, operator);
    let shares = U256::from(checked(paid)?);
    entry.commit();
    entry.pay(operator, shares)?;
    entry.tell_vault()?;
    log!(vm, BondCollected [operator] { shares });
    entry.leave();
    Ok(shares)
}
