//! The vault is wired, once.

use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{BadEpochs, Init, Initialized};
use weir_protocol::{
    clock::Clock,
    vault::{self, VaultConfig},
};
use weir_shell::{Outcome, deployer, log};
use weir_vault::{Store, wiring};

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
