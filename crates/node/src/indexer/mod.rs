//! The indexer: follows the chain block by block, and keeps what the contracts said.
//!
//! Old blocks, which cannot be taken back any more, are read in ranges that adapt to what the endpoint allows. The last blocks are
//! read one by one: each must link to the one before, and its logs must make up the bloom of its header. What a batch says is
//! held against the contracts at its last block before it is published.

mod error;
mod fetch;
mod rebuild;
mod reconcile;
mod run;

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::B256;
use alloy::providers::DynProvider;

pub use error::IndexError;
pub use rebuild::{Difference, compare, rebuild};
pub use reconcile::{Mismatch, Verdict};
pub use run::{Published, now_s, run};

use crate::projections::{Workspace, apply_block};
use crate::site::Site;
use crate::store::{Batch, BlockRow, LogRow, Store};
use fetch::{Fetched, Source};

/// How the indexer reads.
#[derive(Debug, Clone, Copy)]
pub struct IndexConfig {
    /// Blocks less than this far from the head are read one by one and can be taken back, whatever the chain calls final.
    pub undo_blocks: u64,
    /// Most blocks in one request for logs.
    pub max_range: u64,
    /// Most blocks that are read one by one in one batch.
    pub max_tip: u64,
    /// An endpoint that answers later than this has not answered.
    pub timeout: Duration,
    /// How long to wait at the head.
    pub poll: Duration,
}

impl Default for IndexConfig {
    fn default() -> Self {
        Self {
            undo_blocks: 128,
            max_range: 10_000,
            max_tip: 32,
            timeout: Duration::from_secs(20),
            poll: Duration::from_millis(500),
        }
    }
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the store is at the head of the chain.
    AtHead,
    /// It took blocks in.
    Took {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
        /// Logs in them.
        logs: usize,
        /// What the contracts say to it.
        verdict: Verdict,
    },
    /// It took blocks back: the chain follows another branch.
    TookBack {
        /// The last block that both branches have.
        to: u64,
        /// How many blocks went.
        blocks: u64,
    },
    /// It forgot everything: the chain begins anew, or went further back than can be undone.
    BeganAnew,
}

/// Follows one chain into one store.
#[derive(Debug)]
pub struct Indexer {
    source: Source,
    store: Arc<dyn Store>,
    site: Arc<Site>,
    config: IndexConfig,
    ws: Workspace,
    /// Blocks in the next range.
    range: u64,
}

/// What the chain said about its ends when it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The newest block.
    pub head: BlockRow,
    /// The newest that the chain calls final.
    pub finalized: u64,
}

impl Indexer {
    /// An indexer that goes on from where the store is.
    pub fn new(
        provider: DynProvider,
        store: Arc<dyn Store>,
        site: Arc<Site>,
        config: IndexConfig,
    ) -> Self {
        Self {
            source: Source::new(provider, site.watched(), config.timeout),
            ws: Workspace::new(Some(store.clone())),
            range: config.max_range.clamp(1, 1_000),
            store,
            site,
            config,
        }
    }

    /// Asks the chain for its ends.
    ///
    /// # Errors
    /// The endpoint did not answer.
    pub async fn ends(&self) -> Result<Ends, IndexError> {
        self.source.ends().await
    }

    /// Does the next thing that is to be done.
    ///
    /// # Errors
    /// The endpoint or the database failed; nothing was half done, and the next step tries again.
    pub async fn step(&mut self, ends: &Ends) -> Result<Step, IndexError> {
        let stored = self.store.head().await?;
        if let Some(stored) = stored
            && !self.source.has(&stored, ends).await?
        {
            return self.step_back(stored).await;
        }
        let from = stored.map_or(self.site.start_block, |stored| stored.number + 1);
        if from > ends.head.number {
            return Ok(Step::AtHead);
        }
        let kept = ends.head.number.saturating_sub(self.config.undo_blocks);
        let final_to = ends.finalized.min(kept);
        if from <= final_to {
            let to = final_to.min(from.saturating_add(self.range - 1));
            self.take_range(stored, from, to).await
        } else {
            let to = ends
                .head
                .number
                .min(from.saturating_add(self.config.max_tip - 1));
            self.take_tip(stored, from, to, final_to).await
        }
    }

    /// Takes blocks in that the chain cannot take back any more.
    async fn take_range(
        &mut self,
        after: Option<BlockRow>,
        from: u64,
        to: u64,
    ) -> Result<Step, IndexError> {
        let fetched = match self.source.range(from, to).await {
            Err(error) if error.asks_for_less() && to > from => {
                self.range = (self.range / 2).max(1);
                tracing::debug!(range = self.range, %error, "asking for fewer blocks at a time");
                return Err(error);
            }
            other => other?,
        };
        self.range = self.range.saturating_mul(2).clamp(1, self.config.max_range);
        match self.take(after, from, fetched, to, true).await? {
            Step::Took {
                verdict: Verdict::Differs(_),
                ..
            } => {
                // Logs may be missing from the answer: read again, block by block, each against its header.
                let fetched = self
                    .source
                    .blocks(after.map(|after| after.hash), from, to)
                    .await?;
                self.take_whatever(after, from, fetched, to).await
            }
            step => Ok(step),
        }
    }

    async fn take_tip(
        &mut self,
        after: Option<BlockRow>,
        from: u64,
        to: u64,
        final_to: u64,
    ) -> Result<Step, IndexError> {
        let parent: Option<B256> = after.map(|after| after.hash);
        let fetched = self.source.blocks(parent, from, to).await?;
        self.take_whatever(after, from, fetched, final_to).await
    }

    async fn take_whatever(
        &mut self,
        after: Option<BlockRow>,
        from: u64,
        fetched: Fetched,
        final_to: u64,
    ) -> Result<Step, IndexError> {
        self.take(after, from, fetched, final_to, false).await
    }

    /// Counts what was read, holds it against the contracts, and puts it into the store. With `only_if_right` a batch that differs
    /// from the contracts is dropped.
    async fn take(
        &mut self,
        after: Option<BlockRow>,
        from: u64,
        fetched: Fetched,
        final_to: u64,
        only_if_right: bool,
    ) -> Result<Step, IndexError> {
        let Some(head) = fetched.blocks.last().copied() else {
            return Ok(Step::AtHead);
        };
        self.ws.final_to = Some(final_to);
        if let Err(error) = self.project(&fetched).await {
            self.ws.forget();
            return Err(error);
        }
        let verdict = if fetched.logs.is_empty() {
            Verdict::NothingNew
        } else {
            match reconcile::reconcile(&self.source, &self.site, &mut self.ws, &head).await {
                Ok(verdict) => verdict,
                Err(error) => {
                    self.ws.forget();
                    return Err(error);
                }
            }
        };
        if only_if_right && matches!(verdict, Verdict::Differs(_)) {
            self.ws.forget();
        } else {
            self.commit(after, &fetched, &head, final_to, &verdict)
                .await?;
        }
        Ok(Step::Took {
            from,
            to: head.number,
            logs: fetched.logs.len(),
            verdict,
        })
    }

    async fn project(&mut self, fetched: &Fetched) -> Result<(), IndexError> {
        let mut logs = fetched.logs.as_slice();
        for block in &fetched.blocks {
            let count = logs
                .iter()
                .take_while(|log| log.block == block.number)
                .count();
            let (here, rest) = logs.split_at(count);
            apply_block(&mut self.ws, &self.site, block, here).await?;
            logs = rest;
        }
        Ok(())
    }

    async fn commit(
        &mut self,
        after: Option<BlockRow>,
        fetched: &Fetched,
        head: &BlockRow,
        final_to: u64,
        verdict: &Verdict,
    ) -> Result<(), IndexError> {
        let (entries, undo) = self.ws.take();
        let mut batch = Batch {
            after: after.map(|after| after.hash),
            blocks: fetched.blocks.clone(),
            logs: fetched.logs.clone(),
            entries,
            undo,
            prune_to: Some(final_to.min(head.number)),
            meta: Vec::new(),
        };
        if *verdict != Verdict::NothingNew {
            batch.meta.push((reconcile::META, verdict.note(head)));
        }
        let done = self.store.commit(&batch).await;
        if done.is_err() {
            // What is in memory and what is in the store may differ now.
            self.ws.forget();
        }
        Ok(done?)
    }

    /// Goes back to the last block that both branches have.
    async fn step_back(&mut self, stored: BlockRow) -> Result<Step, IndexError> {
        self.ws.forget();
        let floor = self.store.undo_floor().await?;
        let mut below = stored.number;
        while let Some(number) = below.checked_sub(1)
            && let Some(row) = self.store.block_at_or_below(number).await?
            && row.number >= floor
        {
            if self.source.has_block(&row).await? {
                self.store.undo_to(row.number).await?;
                return Ok(Step::TookBack {
                    to: row.number,
                    blocks: stored.number - row.number,
                });
            }
            below = row.number;
        }
        self.store.reset().await?;
        Ok(Step::BeganAnew)
    }
}

/// Logs of watched contracts in the order in which they happened.
fn sort(logs: &mut [LogRow]) {
    logs.sort_by_key(|log| (log.block, log.log_index));
}
