//! What slash requests take, for `hub` alone, and where it goes; what bonds and cover hold, for `cover` alone.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::{
    ICover::{decideCall, lockCall},
    IVault::{Contested, Lifted, NothingDue, Pulled, Slashed, contestCall, executeCall},
    words,
};
use weir_protocol::allocator::Part;
use weir_protocol::hub::BURN;
use weir_protocol::vault::{self, Retirement, VaultError};
use weir_shell::{Outcome, access, call, log, token};
use weir_vault::{Entry, Known, accepted, narrow, wiring};

use crate::end::announce;

pub fn contest(vm: &VM, c: contestCall) -> Outcome<Vec<U256>> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::contest(&mut entry.store, c.id, part(c.delta, c.capacity, c.scale));
    let losses = entry.check(summary)?.losses;
    let worth = vault::worth(&entry.store, &losses, &accepted(vm)?);
    let worth = U256::from(entry.check(worth)?);
    let losses = entry.list(&losses);
    entry.commit()?;
    let lock = lockCall {
        id: c.id,
        operator: c.operator,
        service: c.service,
        worth,
    };
    let (locked,) = call::act(vm, Known::Cover.address(vm), lock)?;
    let cushioned = vault::cushion(&mut entry.store, c.id, narrow(locked)?);
    entry.check(cushioned)?;
    entry.commit()?;
    log!(vm, Contested [id: c.id] { delta: c.delta, capacity: c.capacity, losses: losses.clone() });
    entry.leave();
    Ok(losses)
}

pub fn execute(vm: &VM, c: executeCall) -> Outcome<Vec<U256>> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::execute(
        &mut entry.store,
        c.id,
        part(c.delta, c.capacity, c.scale),
        c.sink,
    );
    let summary = entry.check(summary)?;
    let losses = entry.list(&summary.losses);
    entry.commit()?;
    let burned = U256::from(summary.burned_shares);
    let given = U256::from(summary.given_shares);
    let cover = Known::Cover.address(vm);
    if !burned.is_zero() {
        entry.burn(cover, burned)?;
    }
    if !given.is_zero() {
        entry.move_shares(cover, Known::Exits.address(vm), given)?;
    }
    decide(vm, c.id, true)?;
    log!(vm, Slashed [id: c.id, sink: c.sink] { delta: c.delta, capacity: c.capacity, losses: losses.clone(), heldReturned: entry.list(&summary.held_returned), burned, given });
    if summary.retired {
        announce(vm, &Retirement::default());
    }
    entry.leave();
    Ok(losses)
}

pub fn lift(vm: &VM, id: u64) -> Outcome<()> {
    Known::Hub.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let summary = vault::lift(&mut entry.store, entry.now_s, id);
    let summary = entry.check(summary)?;
    entry.commit()?;
    decide(vm, id, false)?;
    log!(vm, Lifted [id] { toBatches: entry.list(&summary.to_batches), toVesting: entry.list(&summary.to_vesting) });
    entry.leave();
    Ok(())
}

pub fn set_burnable(vm: &VM, shares: U256) -> Outcome<()> {
    Known::Cover.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    vault::set_burnable(&mut entry.store, narrow(shares)?);
    entry.commit()?;
    entry.leave();
    Ok(())
}

fn part(delta: u64, capacity: u64, scale: u8) -> Part {
    Part {
        delta,
        capacity,
        scale,
    }
}

/// Bonds and cover learn what became of a request.
fn decide(vm: &VM, id: u64, executed: bool) -> Outcome<()> {
    let calldata = words::calldata(decideCall { id, executed });
    call::order(vm, Known::Cover.address(vm), &calldata)
}

/// Who redistributes what it slashed takes it itself: nothing is sent to a contract that did not ask. Whoever empties a side pocket
/// or burns need not be asked.
pub fn pull(vm: &VM, asset: Address, sink: Address) -> Outcome<U256> {
    if sink != BURN && sink != Known::Exits.address(vm) {
        access::only(vm, sink)?;
    }
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
