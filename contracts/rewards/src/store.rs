//! Where the contract keeps what, whom it knows, and what it gives to the vault.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IErc20::approveCall,
    IShared::{AmountTooLarge, NotInitialized},
    IVault::{AssetNotListed, assetsCall, streamCall},
    words,
};
use weir_protocol::{
    clock::{Clock, Epoch},
    math,
    rewards::{RewardsKey, RewardsStore, SHARES},
};
use weir_shell::{Outcome, call, slots};

/// A contract or a role that this one knows; the slot of its address, far from the words of the rules.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Known {
    Vault,
    Lrt,
    Allocator,
    Governor,
}

impl Known {
    pub fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    pub fn set(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

/// Behind the addresses.
const CLOCK: U256 = U256::from_limbs([4, 0, 0, 0]);

/// The words of the rules.
pub struct Store<'a>(pub &'a VM);

impl RewardsStore for Store<'_> {
    #[inline(never)]
    fn load(&self, key: RewardsKey) -> U256 {
        slots::load(self.0, key.slot())
    }

    #[inline(never)]
    fn save(&mut self, key: RewardsKey, word: U256) {
        slots::save(self.0, key.slot(), word);
    }
}

/// The time of the vault.
pub fn clock(vm: &VM) -> Clock {
    let [genesis_s, epoch_s, grace_s, _] = slots::load(vm, CLOCK).into_limbs();
    Clock {
        genesis_s,
        epoch_s,
        grace_s,
    }
}

pub fn set_clock(vm: &VM, clock: &Clock) {
    let word = U256::from_limbs([clock.genesis_s, clock.epoch_s, clock.grace_s, 0]);
    slots::save(vm, CLOCK, word);
}

/// The epoch of now.
pub fn epoch(vm: &VM) -> Epoch {
    clock(vm).epoch_at(vm.block_timestamp())
}

/// The assets of the vault, in its order, which never changes.
#[inline(never)]
pub fn assets(vm: &VM) -> Outcome<Vec<Address>> {
    let vault = Known::Vault.address(vm);
    if vault.is_zero() {
        return Err(NotInitialized {}.into());
    }
    let (assets,) = call::view(vm, vault, assetsCall {})?;
    Ok(assets)
}

/// The index of an asset of the vault.
pub fn index_of(vm: &VM, token: Address) -> Outcome<u8> {
    let index = assets(vm)?.iter().position(|asset| *asset == token);
    match index.and_then(|index| u8::try_from(index).ok()) {
        Some(index) => Ok(index),
        None => Err(AssetNotListed { token }.into()),
    }
}

/// The index of an asset of the vault, or that of its shares.
pub fn earns(vm: &VM, token: Address) -> Outcome<u8> {
    if token == Known::Lrt.address(vm) && !token.is_zero() {
        Ok(SHARES)
    } else {
        index_of(vm, token)
    }
}

/// An amount as the rules hold it.
pub fn narrow(amount: U256) -> Outcome<u128> {
    math::narrow(amount).map_err(|_| AmountTooLarge { amount }.into())
}

/// Streams `amount` of `asset`, which is here, in the vault until epoch `end` starts.
pub fn stream(vm: &VM, asset: Address, amount: u128, end: Epoch) -> Outcome<()> {
    let vault = Known::Vault.address(vm);
    let amount = U256::from(amount);
    let approval = approveCall {
        spender: vault,
        value: amount,
    };
    call::order(vm, asset, &words::calldata(approval))?;
    let stream = streamCall { asset, amount, end };
    call::order(vm, vault, &words::calldata(stream))
}
