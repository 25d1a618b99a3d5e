//! What the entry keeps: whom it knows, and in which epochs an account has open requests.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::{
    IEntry::{Initialized, wiringReturn},
    IVault::wiringCall,
};
use weir_protocol::entry::OpenRequests;
use weir_shell::{Outcome, access, call, deployer, log, slots};

/// ERC-165, ERC-7575, and of ERC-7540 the operators and the asynchronous redemption.
const INTERFACES: [[u8; 4]; 4] = [
    [0x01, 0xff, 0xc9, 0xa7],
    [0x2f, 0x0a, 0x18, 0xc5],
    [0xe3, 0xbc, 0x4e, 0x65],
    [0x62, 0x0e, 0xe8, 0xe4],
];

/// Whether the entry is what this ERC-165 id stands for.
pub fn supports(id: [u8; 4]) -> bool {
    INTERFACES.contains(&id)
}

/// A contract that the entry knows, and the slot of its address.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Known {
    Vault = 0,
    Asset = 1,
    Lrt = 2,
    Exits = 3,
    Rates = 4,
}

impl Known {
    pub fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    fn set(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

pub fn init(vm: &VM, vault: Address, asset: Address) -> Outcome<()> {
    deployer::take(vm)?;
    let (wiring,) = call::view(vm, access::not_zero(vault)?, wiringCall {})?;
    Known::Vault.set(vm, vault);
    Known::Asset.set(vm, access::not_zero(asset)?);
    Known::Lrt.set(vm, access::not_zero(wiring.lrt)?);
    Known::Exits.set(vm, access::not_zero(wiring.exits)?);
    Known::Rates.set(vm, access::not_zero(wiring.rates)?);
    log!(vm, Initialized [] { vault, asset });
    Ok(())
}

pub fn wiring(vm: &VM) -> wiringReturn {
    wiringReturn {
        vault: Known::Vault.address(vm),
        asset: Known::Asset.address(vm),
        lrt: Known::Lrt.address(vm),
        exits: Known::Exits.address(vm),
        rates: Known::Rates.address(vm),
    }
}

/// The epochs in which requests of `controller` through this entry are open.
pub fn open(vm: &VM, controller: Address) -> OpenRequests {
    OpenRequests::of_word(slots::load(vm, open_slot(controller)))
}

pub fn set_open(vm: &VM, controller: Address, open: OpenRequests) {
    slots::save(vm, open_slot(controller), open.word());
}

/// `2^248 + controller`: above the slots of [`Known`].
fn open_slot(controller: Address) -> U256 {
    let [a, b, c, _] = slots::of_address(controller).into_limbs();
    U256::from_limbs([a, b, c, 1 << 56])
}
