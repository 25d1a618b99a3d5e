//! The vault is wired, once, and hands on what its other programs answer.

use alloc::vec::Vec;

use stylus_sdk::{call::RawCall, host::VM, prelude::*};
use weir_abi::{
    IShared::NotInitialized,
    IVault::{BadEpochs, Init, Initialized},
};
use weir_protocol::{
    clock::Clock,
    vault::{self, VaultConfig},
};
use weir_shell::{Outcome, Revert, deployer, log};
use weir_vault::{Known, Store, wiring};

pub fn init(vm: &VM, wiring: Init) -> Outcome<()> {
    deployer::take(vm)?;
    wiring::set(vm, &wiring)?;
    let config = VaultConfig {
        clock: Clock {
            genesis_s: wiring.genesis,
            epoch_s: wiring.epochLength,
            grace_s: wiring.slashGrace,
        },
        idle_target_bps: 0,
    };
    let mut store = Store::new(vm);
    // The deployer passes once, and no part of the ledger is kept before: only the epochs can be refused.
    vault::initialise(&mut store, vm.block_timestamp(), &config).map_err(|_| BadEpochs {
        genesis: wiring.genesis,
        epochLength: wiring.epochLength,
        slashGrace: wiring.slashGrace,
    })?;
    store.commit();
    log!(vm, Initialized [] { wiring });
    Ok(())
}

/// Lets another program of the vault answer as the vault.
pub fn forward(vm: &VM, program: Known, input: &[u8]) -> Outcome<Vec<u8>> {
    let program = program.address(vm);
    if program.is_zero() {
        return Err(NotInitialized {}.into());
    }
    let request = RawCall::new_delegate(vm).clear_storage_cache();
    // SAFETY: the program is the vault's own code, and the cache is cleared before it writes to the vault's storage.
    unsafe { request.call(program, input) }.map_err(Revert)
}
