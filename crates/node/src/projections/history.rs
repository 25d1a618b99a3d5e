//! Rate and NAV after each block that moved them, from the ledger and the rates as the events leave them.
//!
//! Between two blocks with events the contracts' views may tell a little more: what has dripped since. What was paid in and taken out,
//! slashed and earned is all here.

use alloy::primitives::U256;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assets::AssetDoc;
use super::slashes::SlashDoc;
use super::vault::VaultDoc;
use super::{Doc, ProjectError, Workspace};
use crate::amount::{Amount, OutOfRange, WAD};
use crate::store::{BlockRow, Kind};

/// The vault after a block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryDoc {
    /// The block.
    pub block: u64,
    /// Unix seconds.
    pub timestamp_s: u64,
    /// Value of all that counts, ETH wei, rounded down.
    #[schema(value_type = String)]
    pub nav: Amount,
    /// All shares.
    #[schema(value_type = String)]
    pub supply: Amount,
    /// ETH per share, rounded down; one without shares.
    #[schema(value_type = String)]
    pub rate_wad: Amount,
    /// What counts in the NAV, by asset.
    #[schema(value_type = Vec<String>)]
    pub totals: Vec<Amount>,
    /// Slash requests that this block executed.
    pub slashes: Vec<u64>,
}

impl HistoryDoc {
    /// The newest, under a name that sorts after all times.
    pub const LAST: &'static [u8] = b"\xff\xff\xff\xff\xff\xff\xff\xff";

    /// Key of what was after a block.
    pub fn key(timestamp_s: u64, block: u64) -> Vec<u8> {
        [timestamp_s.to_be_bytes(), block.to_be_bytes()].concat()
    }
}

impl Doc for HistoryDoc {
    const KIND: Kind = Kind::History;
}

/// Writes what a block left, if it moved anything.
pub(super) async fn close_block(ws: &mut Workspace, block: &BlockRow) -> Result<(), ProjectError> {
    let vault = ws
        .load::<VaultDoc>(VaultDoc::KEY)
        .await?
        .unwrap_or_default();
    let last = ws
        .load::<HistoryDoc>(HistoryDoc::LAST)
        .await?
        .unwrap_or_default();
    let (mut totals, mut scaled) = (Vec::new(), U256::ZERO);
    for (index, _) in (0u8..).zip(&vault.assets) {
        let asset = ws.load::<AssetDoc>(&[index]).await?.unwrap_or_default();
        let total = asset.ledger.total()?;
        let value = total.0.checked_mul(asset.rate_wad.0).ok_or(OutOfRange)?;
        scaled = scaled.checked_add(value).ok_or(OutOfRange)?;
        totals.push(total);
    }
    // As the contracts do, the NAV is not floored before it is divided by the supply.
    let rate = scaled.checked_div(vault.supply.0).unwrap_or(WAD);
    let slashes = executed_here(ws, block).await?;
    let doc = HistoryDoc {
        block: block.number,
        timestamp_s: block.timestamp_s,
        nav: Amount(scaled / WAD),
        supply: vault.supply,
        rate_wad: Amount(rate),
        totals,
        slashes,
    };
    for id in &doc.slashes {
        ws.edit::<SlashDoc>(&id.to_be_bytes(), |slash| {
            slash.rate_after_wad = Some(doc.rate_wad);
            Ok(())
        })
        .await?;
    }
    let is_moved = (doc.nav, doc.supply, doc.rate_wad) != (last.nav, last.supply, last.rate_wad);
    if is_moved || !doc.slashes.is_empty() {
        ws.put(&HistoryDoc::key(doc.timestamp_s, doc.block), &doc)
            .await?;
        ws.put(HistoryDoc::LAST, &doc).await?;
    }
    Ok(())
}

/// Requests that were executed in this block.
async fn executed_here(ws: &mut Workspace, block: &BlockRow) -> Result<Vec<u64>, ProjectError> {
    let decided = ws
        .load::<DecidedDoc>(DecidedDoc::KEY)
        .await?
        .unwrap_or_default();
    Ok(if decided.block == block.number {
        decided.executed
    } else {
        Vec::new()
    })
}

/// Requests that the last block with executions executed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DecidedDoc {
    block: u64,
    executed: Vec<u64>,
}

impl DecidedDoc {
    const KEY: &'static [u8] = b"decided";
}

impl Doc for DecidedDoc {
    const KIND: Kind = Kind::Single;
}

/// Notes that a block executed a request.
pub(super) async fn executed(ws: &mut Workspace, block: u64, id: u64) -> Result<(), ProjectError> {
    ws.edit::<DecidedDoc>(DecidedDoc::KEY, |decided| {
        if decided.block != block {
            *decided = DecidedDoc {
                block,
                executed: Vec::new(),
            };
        }
        decided.executed.push(id);
        Ok(())
    })
    .await
}
