//! All blocks of the chain, by number, by hash and by transaction.

use std::sync::Arc;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{B256, map::B256Map};

use super::{Block, MinedTx};

/// The chain of blocks. It always holds its first block.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    blocks: Vec<Arc<Block>>,
    /// For each block, the version of the state after it.
    versions: Vec<u64>,
    by_hash: B256Map<u64>,
    /// Block number and index of each transaction.
    by_tx: B256Map<(u64, u32)>,
}

/// Where a transaction was mined.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) block: Arc<Block>,
    pub(crate) index: usize,
}

impl Located {
    /// The transaction. None only if the location is not one that [`Blocks`] gave.
    pub(crate) fn tx(&self) -> Option<&MinedTx> {
        self.block.txs.get(self.index)
    }
}

impl Blocks {
    /// A chain of one block.
    pub(crate) fn new(genesis: Block, version: u64) -> Self {
        let mut blocks = Self {
            blocks: Vec::new(),
            versions: Vec::new(),
            by_hash: B256Map::default(),
            by_tx: B256Map::default(),
        };
        blocks.push(Arc::new(genesis), version);
        blocks
    }

    /// Appends a block.
    pub(crate) fn push(&mut self, block: Arc<Block>, version: u64) {
        let number = self.blocks.len() as u64;
        self.by_hash.insert(block.hash, number);
        for (index, tx) in (0u32..).zip(&block.txs) {
            self.by_tx.insert(tx.hash, (number, index));
        }
        self.blocks.push(block);
        self.versions.push(version);
    }

    /// Number of the newest block.
    pub(crate) fn height(&self) -> u64 {
        self.blocks.len() as u64 - 1
    }

    /// The newest block.
    pub(crate) fn head(&self) -> &Arc<Block> {
        &self.blocks[self.blocks.len() - 1]
    }

    /// Removes the blocks above `height`, newest first, and returns them.
    pub(crate) fn truncate(&mut self, height: u64) -> Vec<Arc<Block>> {
        let mut removed = Vec::new();
        while self.height() > height {
            let Some(block) = self.blocks.pop() else {
                break;
            };
            self.versions.pop();
            self.by_hash.remove(&block.hash);
            for tx in &block.txs {
                self.by_tx.remove(&tx.hash);
            }
            removed.push(block);
        }
        removed
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Arc<Block>> {
        self.blocks.get(usize::try_from(number).ok()?)
    }

    pub(crate) fn number_of(&self, hash: &B256) -> Option<u64> {
        self.by_hash.get(hash).copied()
    }

    pub(crate) fn hash(&self, number: u64) -> Option<B256> {
        self.get(number).map(|block| block.hash)
    }

    pub(crate) fn tx(&self, hash: &B256) -> Option<Located> {
        let (number, index) = *self.by_tx.get(hash)?;
        Some(Located {
            block: self.get(number)?.clone(),
            index: index as usize,
        })
    }

    /// The version of the state after block `number`.
    pub(crate) fn version(&self, number: u64) -> Option<u64> {
        self.versions.get(usize::try_from(number).ok()?).copied()
    }

    /// The state at the head changed without a block.
    pub(crate) fn set_head_version(&mut self, version: u64) {
        if let Some(last) = self.versions.last_mut() {
            *last = version;
        }
    }

    /// The number that `tag` names; "pending" names the head. None if it is above the head.
    pub(crate) fn resolve_tag(&self, tag: BlockNumberOrTag) -> Option<u64> {
        match tag {
            // A single sequencer: what is mined is final.
            BlockNumberOrTag::Latest
            | BlockNumberOrTag::Pending
            | BlockNumberOrTag::Safe
            | BlockNumberOrTag::Finalized => Some(self.height()),
            BlockNumberOrTag::Earliest => Some(0),
            BlockNumberOrTag::Number(number) => (number <= self.height()).then_some(number),
        }
    }

    /// The number of the block that `id` names, if it is there.
    pub(crate) fn resolve(&self, id: BlockId) -> Option<u64> {
        match id {
            BlockId::Hash(hash) => self.number_of(&hash.block_hash),
            BlockId::Number(tag) => self.resolve_tag(tag),
        }
    }

    /// All blocks, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Arc<Block>, u64)> {
        self.blocks.iter().zip(self.versions.iter().copied())
    }
}
