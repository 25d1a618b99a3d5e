//! What the logs come to: one document for each subject, from events alone.
//!
//! The same logs in the same order always give the same bytes, so that a rebuild can be compared with what is kept. One file for
//! each subject: its documents, and what each event does to them.

mod allocations;
mod assets;
mod changes;
mod cushions;
mod governor;
mod history;
mod holders;
mod queue;
mod services;
mod slashes;
mod vault;
mod workspace;

use alloy::primitives::{Address, B256, U256};

pub use allocations::{AllocationDoc, AllocatorDoc, LimitsDoc};
pub use assets::{AssetDoc, LedgerDoc, RateDoc};
pub use changes::ChangeDoc;
pub use cushions::BondDoc;
pub use governor::{GovernorDoc, ProposalDoc};
pub use history::HistoryDoc;
pub use holders::{ActivityDoc, HolderDoc};
pub use queue::{BatchDoc, TicketDoc, ticket_id};
pub use services::{OperatorDoc, ServiceDoc};
pub use slashes::{SlashDoc, SlashStatus};
pub use vault::{CountsDoc, CurveDoc, FeeDoc, SplitDoc, VaultDoc};
pub use workspace::{Doc, Workspace};

use crate::amount::{Amount, OutOfRange};
use crate::events::{Event, decode};
use crate::site::{Role, Site};
use crate::store::{BlockRow, LogRow, StoreError};

/// Why a log could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document cannot be read or written.
    #[error("a document of the database cannot be read or written: {0}")]
    Document(serde_json::Error),
    /// The logs do not fit together.
    #[error("block {block}, log {log_index}: {source}")]
    Range {
        /// Block of the log.
        block: u64,
        /// Its place there.
        log_index: u64,
        /// What left its range.
        source: OutOfRange,
    },
    /// An amount left its range; the caller adds where.
    #[error(transparent)]
    Amount(#[from] OutOfRange),
}

/// Where and when an event happened.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The deployment.
    pub site: &'a Site,
    /// Its block.
    pub block: &'a BlockRow,
    /// Its transaction.
    pub tx: B256,
    /// Its place in the block.
    pub log_index: u64,
    /// The contract that emitted it.
    pub address: Address,
}

impl Context<'_> {
    /// Sorts what happened in its order: block, then log.
    pub fn place(&self) -> Vec<u8> {
        let index = u32::try_from(self.log_index).unwrap_or(u32::MAX);
        [
            &self.block.number.to_be_bytes()[..],
            &index.to_be_bytes()[..],
        ]
        .concat()
    }
}

/// Counts the logs of one block, which are all its logs of the deployment, in order.
///
/// # Errors
/// The database failed, or the logs do not fit together.
pub async fn apply_block(
    ws: &mut Workspace,
    site: &Site,
    block: &BlockRow,
    logs: &[LogRow],
) -> Result<(), ProjectError> {
    if logs.is_empty() {
        return Ok(());
    }
    ws.begin(block.number);
    let mut unknown = 0;
    for log in logs {
        let event = site.role(log.address).and_then(|role| decode(role, log));
        let Some(event) = event else {
            let is_read = site
                .role(log.address)
                .is_some_and(|role| role != Role::Other);
            unknown += u64::from(is_read);
            continue;
        };
        let ctx = Context {
            site,
            block,
            tx: log.tx_hash,
            log_index: log.log_index,
            address: log.address,
        };
        apply(ws, &ctx, &event).await.map_err(|error| match error {
            ProjectError::Amount(source) => ProjectError::Range {
                block: block.number,
                log_index: log.log_index,
                source,
            },
            other => other,
        })?;
    }
    ws.edit::<CountsDoc>(CountsDoc::KEY, |counts| {
        counts.events += logs.len() as u64;
        counts.unknown += unknown;
        Ok(())
    })
    .await?;
    history::close_block(ws, block).await
}

async fn apply(ws: &mut Workspace, ctx: &Context<'_>, event: &Event) -> Result<(), ProjectError> {
    match event {
        Event::Vault(event) => {
            assets::vault(ws, ctx, event).await?;
            vault::vault(ws, ctx, event).await?;
            queue::vault(ws, ctx, event).await?;
            holders::vault(ws, ctx, event).await?;
            slashes::vault(ws, ctx, event).await?;
            changes::vault(ws, ctx, event).await
        }
        Event::Exits(event) => {
            queue::exits(ws, ctx, event).await?;
            holders::exits(ws, ctx, event).await
        }
        Event::Hub(event) => {
            services::hub(ws, ctx, event).await?;
            slashes::hub(ws, ctx, event).await
        }
        Event::Lrt(event) => {
            vault::lrt(ws, event).await?;
            holders::lrt(ws, ctx, event).await
        }
        // It names itself once.
        Event::Token(_) => Ok(()),
        Event::Share(event) => changes::share(ws, ctx, event).await,
        Event::Allocator(event) => {
            allocations::allocator(ws, ctx, event).await?;
            services::allocator(ws, ctx, event).await?;
            changes::allocator(ws, ctx, event).await
        }
        Event::Rates(event) => {
            assets::rates(ws, ctx, event).await?;
            changes::rates(ws, ctx, event).await
        }
        Event::Cover(event) => {
            cushions::cover(ws, event).await?;
            slashes::cover(ws, ctx, event).await
        }
        Event::Governor(event) => {
            governor::governor(ws, ctx, event).await?;
            changes::governor(ws, ctx, event).await
        }
    }
}

fn amounts(values: &[U256]) -> Vec<Amount> {
    values.iter().copied().map(Amount).collect()
}

/// Adds amounts to a list, asset by asset.
fn add_all(sums: &mut Vec<Amount>, amounts: &[U256]) -> Result<(), OutOfRange> {
    if sums.len() < amounts.len() {
        sums.resize(amounts.len(), Amount::ZERO);
    }
    for (sum, amount) in sums.iter_mut().zip(amounts) {
        *sum = sum.plus(Amount(*amount))?;
    }
    Ok(())
}

/// A number from an event, which is far below 2^64.
fn small(value: U256) -> u64 {
    value.saturating_to()
}
