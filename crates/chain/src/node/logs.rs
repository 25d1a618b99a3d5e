//! Finding logs.

use std::{ops::RangeInclusive, sync::Arc};

use alloy::{
    eips::BlockNumberOrTag,
    rpc::types::{Filter, FilterBlockOption},
};
use alloy_primitives::B256;

use super::Node;
use crate::block::Block;

/// Where a log is: its block, the transaction's index there, and its index in the transaction.
#[derive(Clone, Debug)]
pub(crate) struct LogPosition {
    pub(crate) block: Arc<Block>,
    pub(crate) tx: usize,
    pub(crate) log: usize,
}

/// Why logs were not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LogsError {
    #[error("unknown block {0}")]
    UnknownBlock(B256),
    #[error("invalid block range params: from block {from} is after to block {to}")]
    Range { from: u64, to: u64 },
    #[error("query returned more than {0} results: ask for fewer blocks at a time")]
    TooMany(usize),
}

impl Node {
    /// The logs that match `filter`, oldest first.
    pub(crate) fn logs(&self, filter: &Filter) -> Result<Vec<LogPosition>, LogsError> {
        let blocks = match filter.block_option {
            FilterBlockOption::AtBlockHash(hash) => {
                let number = self
                    .blocks
                    .number_of(&hash)
                    .ok_or(LogsError::UnknownBlock(hash))?;
                number..=number
            }
            FilterBlockOption::Range {
                from_block,
                to_block,
            } => {
                let (from, to) = (self.bound(from_block), self.bound(to_block));
                if from > to {
                    return Err(LogsError::Range { from, to });
                }
                from..=to
            }
        };
        self.logs_in(filter, blocks)
    }

    /// The logs of some blocks that match the addresses and topics of `filter`, oldest first.
    pub(crate) fn logs_in(
        &self,
        filter: &Filter,
        blocks: RangeInclusive<u64>,
    ) -> Result<Vec<LogPosition>, LogsError> {
        let most = self.config.limits.logs;
        let mut found = Vec::new();
        for number in *blocks.start()..=(*blocks.end()).min(self.blocks.height()) {
            let Some(block) = self.blocks.get(number) else {
                break;
            };
            found.extend(matching(block, filter));
            if found.len() > most {
                return Err(LogsError::TooMany(most));
            }
        }
        Ok(found)
    }

    /// A bound of a range; a number above the head is kept.
    fn bound(&self, tag: Option<BlockNumberOrTag>) -> u64 {
        match tag {
            Some(BlockNumberOrTag::Number(number)) => number,
            Some(BlockNumberOrTag::Earliest) => 0,
            _ => self.blocks.height(),
        }
    }
}

/// The logs of a block that match the addresses and topics of `filter`.
pub(crate) fn matching(block: &Arc<Block>, filter: &Filter) -> Vec<LogPosition> {
    let mut found = Vec::new();
    if !filter.matches_bloom(block.header.logs_bloom) {
        return found;
    }
    for (tx, mined) in block.txs.iter().enumerate() {
        for (log, entry) in mined.receipt.logs.iter().enumerate() {
            if filter.matches(entry) {
                found.push(LogPosition {
                    block: block.clone(),
                    tx,
                    log,
                });
            }
        }
    }
    found
}
