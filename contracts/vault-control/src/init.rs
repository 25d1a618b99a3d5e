//! The vault is wired, once.

use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{BadEpochs, Init, Initialized};
use weir_protocol::{
    clock::Clock,
    vault::{self, VaultConfig, VaultError},
};
use weir_shell::{Outcome, deployer, log};
use weir_vault::{Store, bps, checked, wiring};

pub fn init(vm: &VM, wiring: Init) -> Outcome<()> {
    deployer::take(vm)?;
    wiring::set(vm, &wiring)?;
    let fee_bps = bps(wiring.feeBps)?;
    let config = VaultConfig {
        clock: Clock {
            genesis_s: wiring.genesis,
            epoch_s: wiring.epochLength,
            grace_s: wiring.slashGrace,
        },
        idle_target_bps: 0,
        fee_bps,
    };
    let mut store = Store::new(vm);
    match vault::initialise(&mut store, vm.block_timestamp(), &config) {
        Err(VaultError::BadEpochs) => {
            return Err(BadEpochs {
                genesis: wiring.genesis,
                epochLength: wiring.epochLength,
                slashGrace: wiring.slashGrace,
            }
            .into());
        }
        result => checked(vm, result)?,
    }
    store.commit();
    log!(vm, Initialized [] { wiring });
    Ok(())
}
