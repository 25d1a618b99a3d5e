//! Accounts, as commands print them.

use alloy::primitives::{Address, U256};
use serde::Serialize;

use super::{BySymbol, by_symbol};
use crate::amount::cell;
use crate::connect::Client;
use crate::json::Wei;
use crate::read::{HolderView, TicketView, VaultView};
use crate::table::Sheet;

/// One account.
#[derive(Debug, Clone, Serialize)]
pub struct HolderReport {
    /// What people call it.
    pub name: String,
    /// Its address.
    pub account: Address,
    /// ETH, wei.
    pub eth: Wei,
    /// Tokens in its hands.
    pub wallet: BySymbol,
    /// Shares in its hands.
    pub shares: Wei,
    /// Shares in exit batches that are not paid yet.
    pub queued: Wei,
    /// What a claim would pay now.
    pub claimable: BySymbol,
    /// What it gets if the undecided slash requests are vetoed.
    pub held: BySymbol,
    /// Everything but ETH at the vault's rates, ETH wei.
    pub value: Wei,
    /// Its tickets.
    pub tickets: Vec<TicketReport>,
}

/// One ticket of an exit batch.
#[derive(Debug, Clone, Serialize)]
pub struct TicketReport {
    /// Its number.
    pub id: Wei,
    /// The epoch of its batch.
    pub epoch: u64,
    /// All its shares.
    pub shares: Wei,
    /// Of these, shares that are not paid yet.
    pub queued: Wei,
    /// What a claim would pay now.
    pub claimable: BySymbol,
    /// What it gets if the undecided slash requests are vetoed.
    pub held: BySymbol,
    /// Whether `held` is known: false while the batch is due and no call has settled it yet.
    pub synced: bool,
    /// When its batch settles, Unix seconds.
    pub settles_s: u64,
    /// Whether it can still be cancelled.
    pub can_cancel: bool,
}

impl HolderReport {
    /// Of what was read.
    pub fn new(client: &Client, vault: &VaultView, view: &HolderView) -> Self {
        let assets = 0..vault.assets.len();
        Self {
            name: client.name_of(view.account),
            account: view.account,
            eth: Wei(view.eth),
            wallet: by_symbol(vault, view.wallet.iter().copied()),
            shares: Wei(view.shares),
            queued: Wei(view.queued()),
            claimable: by_symbol(vault, assets.clone().map(|asset| view.claimable(asset))),
            held: by_symbol(vault, assets.map(|asset| view.held(asset))),
            value: Wei(view.value(vault)),
            tickets: view
                .tickets
                .iter()
                .map(|ticket| TicketReport::new(vault, ticket))
                .collect(),
        }
    }
}

impl TicketReport {
    fn new(vault: &VaultView, view: &TicketView) -> Self {
        Self {
            id: Wei(view.id),
            epoch: view.epoch,
            shares: Wei(view.shares),
            queued: Wei(view.queued),
            claimable: by_symbol(vault, view.claimable.iter().copied()),
            held: by_symbol(vault, view.held.iter().copied()),
            synced: view.is_synced,
            settles_s: vault.clock.maturity_s(view.epoch),
            can_cancel: view.is_open,
        }
    }
}

/// A row for each account; columns that are empty in every row are left out.
pub fn holders_table(vault: &VaultView, holders: &[HolderReport]) -> String {
    type Get = Box<dyn Fn(&HolderReport) -> U256>;
    let amount =
        |amounts: &BySymbol, symbol: &str| amounts.get(symbol).map(|wei| wei.0).unwrap_or_default();
    let mut columns: Vec<(String, Get)> = Vec::new();
    for asset in &vault.assets {
        let symbol = asset.symbol.clone();
        columns.push((
            symbol.clone(),
            Box::new(move |row| amount(&row.wallet, &symbol)),
        ));
    }
    columns.push(("shares".to_owned(), Box::new(|row| row.shares.0)));
    columns.push(("queued".to_owned(), Box::new(|row| row.queued.0)));
    for asset in &vault.assets {
        let symbol = asset.symbol.clone();
        columns.push((
            format!("to claim {symbol}"),
            Box::new(move |row| amount(&row.claimable, &symbol)),
        ));
    }
    for asset in &vault.assets {
        let symbol = asset.symbol.clone();
        columns.push((
            format!("held {symbol}"),
            Box::new(move |row| amount(&row.held, &symbol)),
        ));
    }
    columns.retain(|(_, get)| holders.iter().any(|row| !get(row).is_zero()));
    let mut header: Vec<&str> = vec![""];
    header.extend(columns.iter().map(|(name, _)| name.as_str()));
    header.push("worth in ETH");
    let mut sheet = Sheet::new(1, &header);
    for row in holders {
        let amounts = columns.iter().map(|(_, get)| cell(get(row)));
        sheet.row(
            [row.name.clone()]
                .into_iter()
                .chain(amounts)
                .chain([cell(row.value.0)]),
        );
    }
    sheet.text()
}
