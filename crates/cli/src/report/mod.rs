//! What is read from the chain in the shapes that commands print: as JSON, and as tables.

mod holder;
mod vault;

pub use holder::{HolderReport, TicketReport, holders_table};
pub use vault::{RequestReport, VaultReport, ledger_table};

use std::collections::BTreeMap;

use alloy::primitives::U256;

use crate::json::Wei;
use crate::read::VaultView;

/// Amounts by the symbol of their asset.
pub type BySymbol = BTreeMap<String, Wei>;

/// Amounts in the vault's order, by symbol.
pub fn by_symbol(vault: &VaultView, amounts: impl IntoIterator<Item = U256>) -> BySymbol {
    vault
        .assets
        .iter()
        .zip(amounts)
        .map(|(asset, amount)| (asset.symbol.clone(), Wei(amount)))
        .collect()
}
