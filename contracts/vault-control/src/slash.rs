//! What slash requests take, for `hub` alone, and where it goes.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::IVault::{Contested, Lifted, NothingDue, Pulled, Slashed, contestCall, executeCall};
use weir_protocol::vault::{self, VaultError};
use weir_shell::{Outcome, log, token};
use weir_vault::{Entry, Known, wiring};

pub fn contest(vm: &VM, c: contestCall) -> Outcome<Vec<U256>> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::contest(&mut entry.store, c.id, c.delta, c.capacity);
    let losses = entry.list(&entry.check(summary)?.losses);
    entry.commit()?;
    log!(vm, Contested [id: c.id] { delta: c.delta, capacity: c.capacity, losses: losses.clone() });
    entry.leave();
    Ok(losses)
}

pub fn execute(vm: &VM, c: executeCall) -> Outcome<Vec<U256>> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::execute(&mut entry.store, c.id, c.delta, c.capacity, c.sink);
    let summary = entry.check(summary)?;
    let losses = entry.list(&summary.losses);
    entry.commit()?;
    log!(vm, Slashed [id: c.id, sink: c.sink] { delta: c.delta, capacity: c.capacity, losses: losses.clone(), heldReturned: entry.list(&summary.held_returned) });
    entry.leave();
    Ok(losses)
}

pub fn lift(vm: &VM, id: u64) -> Outcome<()> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::lift(&mut entry.store, entry.now_s, id);
    let summary = entry.check(summary)?;
    entry.commit()?;
    log!(vm, Lifted [id] { toBatches: entry.list(&summary.to_batches), toVesting: entry.list(&summary.to_vesting) });
    entry.leave();
    Ok(())
}

pub fn pull(vm: &VM, asset: Address, sink: Address) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let index = wiring::index_of(vm, asset)?;
    let amount = match vault::pull(&mut entry.store, index, sink) {
        Err(VaultError::NothingDue { .. }) => return Err(NothingDue { asset, sink }.into()),
        amount => U256::from(entry.check(amount)?),
    };
    entry.commit()?;
    token::transfer(vm, asset, sink, amount)?;
    log!(vm, Pulled [asset, sink] { amount });
    entry.leave();
    Ok(amount)
}
