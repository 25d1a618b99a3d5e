//! How much stands behind a share.

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::{IAllocator::worstCaseCall, ICover::backingCall, IVault::coverageRatioReturn};
use weir_protocol::vault;
use weir_shell::{Outcome, call};
use weir_vault::{Known, checked, narrow, peek, view};

use crate::views::valued;

pub fn backing(vm: &VM) -> Outcome<U256> {
    let (store, valuation) = valued(vm)?;
    let ratio_wad = checked(vm, vault::backing_ratio_wad(&store, &valuation))?;
    Ok(U256::from(ratio_wad))
}

pub fn coverage(vm: &VM, operators: u8) -> Outcome<coverageRatioReturn> {
    let store = view(vm)?;
    let allocator = Known::Allocator.address(vm);
    let (magnitude, capacity) = call::view(vm, allocator, worstCaseCall { operators })?;
    let (shares,) = call::view(vm, Known::Cover.address(vm), backingCall {})?;
    let quotes = peek(vm)?;
    let coverage = vault::coverage(&store, &quotes, narrow(shares)?, magnitude, capacity);
    let coverage = checked(vm, coverage)?;
    Ok(coverageRatioReturn {
        ratioWad: match coverage.ratio_wad {
            u128::MAX => U256::MAX,
            ratio_wad => U256::from(ratio_wad),
        },
        firstLoss: U256::from(coverage.first_loss),
        worstLoss: U256::from(coverage.worst_loss),
    })
}
