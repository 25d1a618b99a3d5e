//! What a slash would cost: the operations of a filing and its execution on words that are never committed.

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::{
    IAllocator::wouldFreezeCall,
    ICover::quoteLockCall,
    IVault::{WhatIf, whatIfCall},
};
use weir_protocol::{allocator::Part, vault};
use weir_shell::{Outcome, call};
use weir_vault::{Known, accepted, checked, narrow, peek, view};

pub fn what_if(vm: &VM, c: whatIfCall) -> Outcome<WhatIf> {
    let whatIfCall {
        service,
        operator,
        wad,
    } = c;
    let mut store = view(vm)?;
    let would_freeze = wouldFreezeCall {
        service,
        operator,
        wad,
    };
    let (delta, capacity, scale) = call::view(vm, Known::Allocator.address(vm), would_freeze)?;
    let part = Part {
        delta,
        capacity,
        scale,
    };
    let quotes = peek(vm)?;
    let supposed = vault::suppose(&mut store, part, &quotes, &accepted(vm)?);
    let supposed = checked(vm, supposed)?;
    let worth = U256::from(supposed.worth);
    let quote = quoteLockCall { operator, worth };
    let (from_bond, from_cover, _) = call::view(vm, Known::Cover.address(vm), quote)?;
    let (from_bond, from_cover) = (narrow(from_bond)?, narrow(from_cover)?);
    let cost = vault::what_if(&mut store, &supposed, &quotes, from_bond, from_cover);
    let cost = checked(vm, cost)?;
    Ok(WhatIf {
        delta,
        capacity,
        rateWad: U256::from(cost.rate_wad),
        rateAfterWad: U256::from(cost.rate_after_wad),
        floorRateWad: U256::from(cost.floor_rate_wad),
        loss: U256::from(cost.loss),
        byBond: U256::from(cost.by_bond),
        byCover: U256::from(cost.by_cover),
        byHolders: U256::from(cost.by_holders),
    })
}
