//! Answers as of now.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    ICover::{Bond, Lock, Member, Pool, Wiring, checkBondCall, quoteLockReturn, stakeOfReturn},
    IErc20::totalSupplyCall,
};
use weir_protocol::cover::{self, CoverKey, CoverStore};
use weir_shell::{Outcome, call};

use crate::store::{Known, Store, checked, narrow};

pub fn wiring(vm: &VM) -> Wiring {
    let settings = Store::new(vm).settings();
    Wiring {
        vault: Known::Vault.address(vm),
        lrt: Known::Lrt.address(vm),
        exits: Known::Exits.address(vm),
        hub: Known::Hub.address(vm),
        stakeBps: settings.stake_bps.into(),
        bondBps: settings.bond_bps.into(),
    }
}

pub fn bond_of(vm: &VM, operator: Address) -> Bond {
    let store = Store::new(vm);
    let bond = store.bond(operator);
    let leaving = store.leaving(CoverKey::Unbonding(operator));
    Bond {
        shares: U256::from(bond.shares),
        locked: U256::from(bond.locked),
        leaving: U256::from(leaving.amount),
        leavesAt: if leaving.amount == 0 {
            0
        } else {
            store.settings().clock.maturity_s(leaving.epoch)
        },
    }
}

pub fn bond_needed(vm: &VM, magnitude: u64, capacity: u64) -> Outcome<U256> {
    let supply = supply(vm)?;
    let needed = cover::bond_needed(&Store::new(vm), supply, magnitude, capacity);
    Ok(U256::from(checked(needed)?))
}

pub fn check_bond(vm: &VM, c: checkBondCall) -> Outcome<()> {
    let store = Store::new(vm);
    checked(cover::check_bond(
        &store,
        supply(vm)?,
        c.operator,
        c.magnitude,
        c.capacity,
    ))
}

fn supply(vm: &VM) -> Outcome<u128> {
    let (supply,) = call::view(vm, Known::Lrt.address(vm), totalSupplyCall {})?;
    narrow(supply)
}

pub fn quote_lock(vm: &VM, operator: Address, worth: U256) -> Outcome<quoteLockReturn> {
    let (store, pool) = synced(vm)?;
    let quoted = checked(cover::quote(&store, &pool, operator, narrow(worth)?))?;
    Ok(quoteLockReturn {
        fromBond: U256::from(quoted.from_bond),
        fromCover: U256::from(quoted.from_cover),
        stake: U256::from(quoted.stake),
    })
}

pub fn backing(vm: &VM) -> Outcome<U256> {
    let (store, _) = synced(vm)?;
    Ok(U256::from(checked(cover::backing(&store))?))
}

pub fn pool(vm: &VM) -> Outcome<Pool> {
    let (store, pool) = synced(vm)?;
    let locked = store.pool_lock();
    Ok(Pool {
        shares: U256::from(pool.shares),
        locked: U256::from(locked.shares),
        units: U256::from(pool.units),
        joining: U256::from(store.joining().shares),
        unvested: U256::from(store.drip().unvested),
        lockedSince: locked.since_s,
    })
}

pub fn member_of(vm: &VM, member: Address) -> Outcome<Member> {
    let (store, _) = synced(vm)?;
    let position = checked(cover::position(&store, member))?;
    Ok(Member {
        units: U256::from(position.units),
        shares: U256::from(position.shares),
        joining: U256::from(position.joining),
        leaving: U256::from(position.leaving),
        leavesAt: position.leaves_s,
    })
}

pub fn stake_of(vm: &VM, service: u32) -> stakeOfReturn {
    let stake = Store::new(vm).stake(service);
    stakeOfReturn {
        free: U256::from(stake.free),
        locked: U256::from(stake.locked),
    }
}

pub fn forfeited(vm: &VM) -> U256 {
    U256::from(Store::new(vm).forfeited())
}

pub fn lock_of(vm: &VM, id: u64) -> Lock {
    let lock = Store::new(vm).lock(id).unwrap_or_default();
    Lock {
        operator: lock.operator,
        service: lock.service,
        fromBond: U256::from(lock.from_bond),
        fromCover: U256::from(lock.from_cover),
        stake: U256::from(lock.stake),
    }
}

pub fn burnable(vm: &VM) -> U256 {
    U256::from(Store::new(vm).totals().burnable)
}

fn synced(vm: &VM) -> Outcome<(Store<'_>, cover::Pool)> {
    let mut store = Store::new(vm);
    let pool = checked(cover::sync(&mut store, vm.block_timestamp()))?;
    Ok((store, pool))
}
