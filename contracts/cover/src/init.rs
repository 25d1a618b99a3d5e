//! The contract is wired, once.

use stylus_sdk::host::VM;
use weir_abi::{
    ICover::{Initialized, initCall},
    IVault::wiringCall,
};
use weir_protocol::{clock::Clock, cover};
use weir_shell::{Outcome, access, call, deployer, log};

use crate::store::{Entry, Known, checked};

/// What the vault was wired with is fixed for ever, and so asked for once.
pub fn init(vm: &VM, c: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    let vault = access::not_zero(c.vault)?;
    let (wiring,) = call::view(vm, vault, wiringCall {})?;
    Known::Vault.set(vm, vault);
    Known::Lrt.set(vm, wiring.lrt);
    Known::Exits.set(vm, wiring.exits);
    Known::Hub.set(vm, wiring.hub);
    let clock = Clock {
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
        grace_s: wiring.slashGrace,
    };
    let mut entry = Entry::enter(vm)?;
    let bps = |bps| u16::try_from(bps).unwrap_or(u16::MAX);
    let made = cover::initialise(&mut entry.store, &clock, bps(c.stakeBps), bps(c.bondBps));
    checked(made)?;
    entry.commit();
    log!(vm, Initialized [] { vault, stakeBps: c.stakeBps, bondBps: c.bondBps });
    entry.leave();
    Ok(())
}
