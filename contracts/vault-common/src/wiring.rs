//! Whom the vault knows: other contracts, roles, tokens. The slots are far from those of the protocol's words.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::IVault::{AssetNotListed, Init};
use weir_protocol::vault::VaultStore;
use weir_shell::{Outcome, access, slots};

use crate::store::Store;

/// A contract or a role that the vault knows; the slot of its address.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub enum Known {
    /// The share token.
    Lrt,
    /// Holds the tickets and the shares in batches.
    Exits,
    /// Decides slash requests.
    Hub,
    /// Magnitudes of the vault's stake.
    Allocator,
    /// Prices of the assets.
    Rates,
    /// Program for what roles and the hub call.
    Control,
    /// Program for the views.
    Views,
    /// Program for instant redemption.
    Instant,
    /// Sets parameters.
    Governor,
    /// Pauses deposits and instant redemption.
    Guardian,
    /// Has what is left of the fee shares.
    Treasury,
    /// Has the junior tranche's part of the fee shares.
    FeesOfCover,
    /// Has the operators' part of the fee shares.
    FeesOfOperators,
    /// Shares that stand behind slashes.
    Cover,
    /// Program for slashes.
    Slash,
}

impl Known {
    /// Its address; zero before the vault is initialised.
    pub fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    /// Passes if the caller is this one.
    ///
    /// # Errors
    /// `Unauthorized`.
    pub fn only(self, vm: &VM) -> Outcome<()> {
        access::only(vm, self.address(vm))
    }

    fn set(self, vm: &VM, address: Address) -> Outcome<()> {
        self.change(vm, access::not_zero(address)?);
        Ok(())
    }

    /// Replaces its address, zero allowed.
    pub fn change(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

/// Keeps the contracts and roles.
///
/// # Errors
/// `ZeroAddress`.
pub fn set(vm: &VM, wiring: &Init) -> Outcome<()> {
    Known::Lrt.set(vm, wiring.lrt)?;
    Known::Exits.set(vm, wiring.exits)?;
    Known::Hub.set(vm, wiring.hub)?;
    Known::Allocator.set(vm, wiring.allocator)?;
    Known::Rates.set(vm, wiring.rates)?;
    Known::Control.set(vm, wiring.control)?;
    Known::Views.set(vm, wiring.views)?;
    Known::Instant.set(vm, wiring.instant)?;
    Known::Slash.set(vm, wiring.slash)?;
    Known::Cover.set(vm, wiring.cover)?;
    Known::Governor.set(vm, wiring.governor)?;
    Known::Guardian.set(vm, wiring.guardian)
}

/// The contracts, the roles and the time.
pub fn read(vm: &VM) -> Init {
    let settings = Store::view(vm).settings();
    let clock = settings.clock;
    Init {
        lrt: Known::Lrt.address(vm),
        exits: Known::Exits.address(vm),
        hub: Known::Hub.address(vm),
        allocator: Known::Allocator.address(vm),
        rates: Known::Rates.address(vm),
        control: Known::Control.address(vm),
        views: Known::Views.address(vm),
        instant: Known::Instant.address(vm),
        slash: Known::Slash.address(vm),
        cover: Known::Cover.address(vm),
        governor: Known::Governor.address(vm),
        guardian: Known::Guardian.address(vm),
        genesis: clock.genesis_s,
        epochLength: clock.epoch_s,
        slashGrace: clock.grace_s,
        feeBps: U256::from(settings.fee_bps),
    }
}

/// The token of asset `index`.
pub fn token(vm: &VM, index: u8) -> Address {
    slots::address(slots::load(vm, token_slot(index)))
}

/// The index of a listed token.
///
/// # Errors
/// `AssetNotListed`.
pub fn index_of(vm: &VM, token: Address) -> Outcome<u8> {
    match find(vm, token) {
        Some(index) => Ok(index),
        None => Err(AssetNotListed { token }.into()),
    }
}

/// The index of a token, if it is listed.
pub fn find(vm: &VM, token: Address) -> Option<u8> {
    let [place, ..] = slots::load(vm, index_slot(token)).into_limbs();
    u8::try_from(place.checked_sub(1)?).ok()
}

/// Keeps the token of asset `index`.
pub fn set_token(vm: &VM, index: u8, token: Address) {
    slots::save(vm, token_slot(index), slots::of_address(token));
    let place = u64::from(index).saturating_add(1);
    slots::save(vm, index_slot(token), U256::from(place));
}

fn token_slot(index: u8) -> U256 {
    U256::from_limbs([index.into(), 1, 0, 0])
}

/// `0xff << 248 | token`: the protocol's words use the low values of the highest byte.
fn index_slot(token: Address) -> U256 {
    let [low, middle, high, _] = slots::of_address(token).into_limbs();
    U256::from_limbs([low, middle, high, 0xff << 56])
}
