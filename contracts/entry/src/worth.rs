//! What everything is worth in this entry's asset, as if the vault were synced now.

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::{
    IRates::peekCall,
    IShared::{AmountTooLarge, Overflow},
    IVault::{AssetNotListed, assetsCall, stateCall},
};
use weir_protocol::{
    entry::Worth,
    math::{self, narrow},
};
use weir_shell::{Outcome, call};

use crate::store::Known;

pub fn all(vm: &VM) -> Outcome<U256> {
    fits(worth(vm)?.all())
}

pub fn shares(vm: &VM, assets: U256) -> Outcome<U256> {
    fits(worth(vm)?.shares_down(amount(assets)?))
}

pub fn assets(vm: &VM, shares: U256) -> Outcome<U256> {
    fits(worth(vm)?.assets_down(amount(shares)?))
}

fn worth(vm: &VM) -> Outcome<Worth> {
    let (quotes,) = call::view(vm, Known::Rates.address(vm), peekCall {})?;
    let quote = quotes.get(index(vm)?).ok_or_else(|| AssetNotListed {
        token: Known::Asset.address(vm),
    })?;
    let (state,) = call::view(vm, Known::Vault.address(vm), stateCall {})?;
    Ok(Worth {
        nav: amount(state.nav)?,
        supply: amount(state.supply)?,
        rate_wad: amount(quote.rateWad)?,
    })
}

/// The place of this entry's asset in the vault's order.
pub fn index(vm: &VM) -> Outcome<usize> {
    let (assets,) = call::view(vm, Known::Vault.address(vm), assetsCall {})?;
    let token = Known::Asset.address(vm);
    let index = assets.iter().position(|listed| *listed == token);
    index.ok_or_else(|| AssetNotListed { token }.into())
}

fn amount(amount: U256) -> Outcome<u128> {
    narrow(amount).map_err(|_| AmountTooLarge { amount }.into())
}

fn fits(value: Result<u128, math::Overflow>) -> Outcome<U256> {
    value.map(U256::from).map_err(|_| Overflow {}.into())
}
