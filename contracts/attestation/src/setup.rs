//! The contract is set up, once.

use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAttestation::{BadInstance, Initialized, Instance, NotTheSlasher},
    IHub, IVault,
};
use weir_protocol::{clock::Clock, services::attestation::Rules, units::WAD_MAGNITUDE};
use weir_shell::{Outcome, call, deployer, log};

use crate::layout;

/// The hub is asked whether this contract is the slasher, and the vault for what is fixed for ever of it.
pub fn init(vm: &VM, instance: Instance) -> Outcome<()> {
    deployer::take(vm)?;
    let service = instance.service;
    let (terms,) = call::view(vm, instance.hub, IHub::termsCall { service })?;
    if terms.slasher != vm.contract_address() {
        let slasher = terms.slasher;
        return Err(NotTheSlasher { service, slasher }.into());
    }
    let (wiring,) = call::view(vm, instance.vault, IVault::wiringCall {})?;
    let clock = Clock {
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
        grace_s: 0,
    };
    layout::set_instance(vm, &instance, wiring.allocator, &clock);
    let rules: Rules = layout::rules(vm);
    let is_sound = rules.is_valid() && instance.slashWad > 0 && instance.slashWad <= WAD_MAGNITUDE;
    if !is_sound {
        return Err(BadInstance {}.into());
    }
    log!(vm, Initialized [] { instance });
    Ok(())
}
