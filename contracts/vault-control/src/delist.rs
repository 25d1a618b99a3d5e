//! An asset leaves the vault.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::IVault::{AssetDelisted, NothingDue, Pocketed};
use weir_protocol::vault::{self, VaultError, VaultStore};
use weir_shell::{Outcome, log};
use weir_vault::{Known, peek, wiring};

use crate::admin::{finish, governed};

pub fn delist(vm: &VM, token: Address) -> Outcome<()> {
    let mut entry = governed(vm)?;
    let asset = wiring::index_of(vm, token)?;
    let old = vault::delist(&mut entry.store, asset);
    let old_cap = U256::from(entry.check(old)?);
    log!(vm, AssetDelisted [token] { oldCap: old_cap });
    finish(entry)
}

/// Asks the rates without keeping what they say: whether the asset failed is all that matters.
pub fn pocket(vm: &VM, token: Address) -> Outcome<U256> {
    let mut entry = governed(vm)?;
    let asset = wiring::index_of(vm, token)?;
    let quotes = peek(vm)?;
    let quote = quotes.get(usize::from(asset)).copied().unwrap_or_default();
    let to = Known::Exits.address(vm);
    let amount = match vault::pocket(&mut entry.store, asset, &quote, to) {
        Err(VaultError::NothingDue { .. }) => {
            return Err(NothingDue {
                asset: token,
                sink: to,
            }
            .into());
        }
        amount => U256::from(entry.check(amount)?),
    };
    let supply = U256::from(entry.store.head().supply);
    log!(vm, Pocketed [token] { amount, supply });
    finish(entry)?;
    Ok(amount)
}
