//! What requests lock, for the vault alone.

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::ICover::{Locked, Unlocked, lockCall};
use weir_protocol::cover;
use weir_shell::{Outcome, access, log};

use crate::store::{Entry, Known, checked, narrow};

pub fn lock(vm: &VM, c: lockCall) -> Outcome<U256> {
    let mut entry = entered(vm)?;
    let lock = cover::lock(
        &mut entry.store,
        entry.now_s,
        c.id,
        c.operator,
        c.service,
        narrow(c.worth)?,
    );
    let lock = checked(lock)?;
    entry.commit();
    let from_bond = U256::from(lock.from_bond);
    let from_cover = U256::from(lock.from_cover);
    log!(vm, Locked [id: c.id, operator: c.operator, service: c.service] {
        worth: c.worth, fromBond: from_bond, fromCover: from_cover, stake: U256::from(lock.stake),
    });
    entry.leave();
    Ok(from_bond.saturating_add(from_cover))
}

/// The vault has taken what burns or goes to tickets.
pub fn decide(vm: &VM, id: u64, executed: bool) -> Outcome<()> {
    let mut entry = entered(vm)?;
    let decided = cover::decide(&mut entry.store, entry.now_s, id, executed);
    let lock = checked(decided)?.lock;
    entry.commit();
    log!(vm, Unlocked [id] {
        executed,
        fromBond: U256::from(lock.from_bond),
        fromCover: U256::from(lock.from_cover),
        stake: U256::from(lock.stake),
    });
    entry.leave();
    Ok(())
}

fn entered(vm: &VM) -> Outcome<Entry<'_>> {
    access::only(vm, Known::Vault.address(vm))?;
    Entry::enter(vm)
}
