//! Commission, and the operators' part of the fee.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAllocator::exposureCall,
    IRewards::{
        CommissionClaimed, CommissionSet, FeesShared, RewardFunded, commissionReturn, fundCall,
    },
};
use weir_protocol::{
    rewards::{self, RewardsKey, RewardsStore},
    units::BPS,
};
use weir_shell::{Outcome, call, lock, log, token};

use crate::refusal::checked;
use crate::store::{Known, Store, earns, epoch, index_of, narrow, stream};

pub fn fund(vm: &VM, c: fundCall) -> Outcome<U256> {
    lock::take()?;
    let asset = index_of(vm, c.asset)?;
    let amount = narrow(c.amount)?;
    let max_bps = bps(c.maxCommissionBps);
    let split = rewards::split(
        &mut Store(vm),
        c.operator,
        epoch(vm),
        asset,
        amount,
        max_bps,
    );
    let split = checked(c.asset, split)?;
    token::receive(vm, c.asset, c.amount)?;
    stream(vm, c.asset, split.rest, c.end)?;
    let commission = U256::from(split.commission);
    log!(vm, RewardFunded [funder: vm.msg_sender(), operator: c.operator, asset: c.asset] {
        amount: c.amount,
        commission,
        end: c.end,
    });
    lock::release();
    Ok(commission)
}

pub fn set_commission(vm: &VM, commission_bps: U256) -> Outcome<()> {
    let operator = vm.msg_sender();
    let bps = bps(commission_bps);
    let set = rewards::set_commission(&mut Store(vm), operator, epoch(vm), bps);
    let (old_bps, set) = checked(operator, set)?;
    log!(vm, CommissionSet [operator] {
        oldBps: U256::from(old_bps),
        newBps: commission_bps,
        from: set.from,
    });
    Ok(())
}

/// The allocator's list is at most 64 places long.
pub fn share_fees(vm: &VM) -> Outcome<U256> {
    lock::take()?;
    let balance = token::balance_of(vm, Known::Lrt.address(vm), vm.contract_address())?;
    let (exposures,) = call::view(vm, Known::Allocator.address(vm), exposureCall {})?;
    let stakes: Vec<(Address, u64)> = exposures
        .iter()
        .map(|row| (row.operator, row.magnitude.saturating_sub(row.pending)))
        .collect();
    let shared = rewards::share(&mut Store(vm), narrow(balance)?, &stakes);
    let shared = checked(Address::ZERO, shared)?;
    let shares = U256::from(shared.shares);
    log!(vm, FeesShared [] { shares, rest: U256::from(shared.rest) });
    lock::release();
    Ok(shares)
}

pub fn claim(vm: &VM, token: Address, to: Address) -> Outcome<U256> {
    lock::take()?;
    let operator = vm.msg_sender();
    let asset = earns(vm, token)?;
    let amount = checked(token, rewards::claim(&mut Store(vm), asset, operator))?;
    let amount = U256::from(amount);
    token::transfer(vm, token, to, amount)?;
    log!(vm, CommissionClaimed [operator, token] { to, amount });
    lock::release();
    Ok(amount)
}

pub fn commission(vm: &VM, operator: Address) -> commissionReturn {
    let commission = Store(vm).commission(operator);
    commissionReturn {
        bps: U256::from(commission.at(epoch(vm))),
        nextBps: U256::from(commission.next_bps),
        from: commission.from,
    }
}

pub fn earned(vm: &VM, operator: Address, token: Address) -> Outcome<U256> {
    let asset = earns(vm, token)?;
    Ok(U256::from(
        Store(vm).amount(RewardsKey::Earned(asset, operator)),
    ))
}

/// Basis points; the rules have a closer limit, and what is more than all is one more than all.
fn bps(bps: U256) -> u16 {
    let most = U256::from(BPS.saturating_add(1));
    bps.min(most).saturating_to()
}
