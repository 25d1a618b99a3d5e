//! The contract is wired, once.

use stylus_sdk::host::VM;
use weir_abi::{
    IRewards::{Initialized, Wiring, initCall},
    IVault::wiringCall,
};
use weir_protocol::clock::Clock;
use weir_shell::{Outcome, access, call, deployer, log};

use crate::store::{Known, set_clock};

/// What the vault was wired with is fixed for ever, and so asked for once.
pub fn init(vm: &VM, c: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    let vault = access::not_zero(c.vault)?;
    let governor = access::not_zero(c.governor)?;
    let (wiring,) = call::view(vm, vault, wiringCall {})?;
    Known::Vault.set(vm, vault);
    Known::Lrt.set(vm, wiring.lrt);
    Known::Allocator.set(vm, wiring.allocator);
    Known::Governor.set(vm, governor);
    set_clock(
        vm,
        &Clock {
            genesis_s: wiring.genesis,
            epoch_s: wiring.epochLength,
            grace_s: wiring.slashGrace,
        },
    );
    log!(vm, Initialized [] { vault, governor });
    Ok(())
}

pub fn wiring(vm: &VM) -> Wiring {
    Wiring {
        vault: Known::Vault.address(vm),
        lrt: Known::Lrt.address(vm),
        allocator: Known::Allocator.address(vm),
        governor: Known::Governor.address(vm),
    }
}
