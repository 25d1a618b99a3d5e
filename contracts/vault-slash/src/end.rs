//! The vault ends.

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::{IAllocator::retireCall, IVault::Retired, words};
use weir_protocol::vault::{self, Retirement};
use weir_shell::{Outcome, call, log};
use weir_vault::{Entry, Known, peek};

/// Asks the rates without keeping what they say: they are the same to all that follows.
pub fn retire(vm: &VM) -> Outcome<()> {
    let mut entry = Entry::enter(vm)?;
    let retirement = vault::retire(&mut entry.store, &peek(vm)?);
    let retirement = entry.check(retirement)?;
    entry.commit()?;
    let allocator = Known::Allocator.address(vm);
    call::order(vm, allocator, &words::calldata(retireCall {}))?;
    announce(vm, &retirement);
    entry.leave();
    Ok(())
}

/// That it has ended.
#[inline(never)]
pub fn announce(vm: &VM, retirement: &Retirement) {
    log!(vm, Retired [] { rateWad: U256::from(retirement.rate_wad), hwmWad: U256::from(retirement.hwm_wad) });
}
