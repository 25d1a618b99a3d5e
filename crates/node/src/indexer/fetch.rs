//! Reading blocks and logs from an endpoint that may be slow, cut answers off, mix their order, or change its mind.

use std::future::Future;
use std::time::Duration;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{Address, B256, Bloom, BloomInput, Bytes, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{Block, Filter, Log, TransactionRequest};
use alloy::transports::TransportResult;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{Ends, IndexError, sort};
use crate::store::{BlockRow, LogRow};

/// Requests on the way at a time.
const AT_ONCE: usize = 16;

/// Blocks and their logs, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    pub blocks: Vec<BlockRow>,
    pub logs: Vec<LogRow>,
}

/// An endpoint.
#[derive(Debug, Clone)]
pub(super) struct Source {
    provider: DynProvider,
    watched: Vec<Address>,
    timeout: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Header {
    row: BlockRow,
    bloom: Bloom,
}

impl Source {
    pub fn new(provider: DynProvider, watched: Vec<Address>, timeout: Duration) -> Self {
        Self {
            provider,
            watched,
            timeout,
        }
    }

    async fn ask<T>(
        &self,
        doing: &'static str,
        answer: impl Future<Output = TransportResult<T>>,
    ) -> Result<T, IndexError> {
        match tokio::time::timeout(self.timeout, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(source)) => Err(IndexError::Endpoint { doing, source }),
            Err(_) => Err(IndexError::Late {
                doing,
                seconds: self.timeout.as_secs(),
            }),
        }
    }

    pub async fn ends(&self) -> Result<Ends, IndexError> {
        let latest = self.header(BlockNumberOrTag::Latest.into()).await?;
        let head = latest.ok_or_else(|| IndexError::no_block(0, None))?.row;
        // Chains without finality say that they do not know the tag.
        let finalized = match self.header(BlockNumberOrTag::Finalized.into()).await {
            Ok(finalized) => finalized.map_or(0, |finalized| finalized.row.number),
            Err(IndexError::Endpoint { source, .. }) if source.is_error_resp() => 0,
            Err(error) => return Err(error),
        };
        Ok(Ends {
            head,
            finalized: finalized.min(head.number),
        })
    }

    pub async fn chain_id(&self) -> Result<u64, IndexError> {
        self.ask("asking for the chain id", async {
            self.provider.get_chain_id().await
        })
        .await
    }

    async fn header(&self, id: BlockId) -> Result<Option<Header>, IndexError> {
        let answer = async { self.provider.get_block(id).await };
        let block: Option<Block> = self.ask("reading a block", answer).await?;
        Ok(block.map(|block| Header {
            bloom: block.header.logs_bloom,
            row: BlockRow {
                number: block.header.number,
                hash: block.header.hash,
                parent: block.header.parent_hash,
                timestamp_s: block.header.timestamp,
            },
        }))
    }

    async fn header_at(&self, number: u64) -> Result<Header, IndexError> {
        let found = self.header(BlockId::number(number)).await?;
        let found = found.ok_or_else(|| IndexError::no_block(number, None))?;
        if found.row.number != number {
            return Err(IndexError::torn(
                number,
                format!("the endpoint answered with block {}", found.row.number),
            ));
        }
        Ok(found)
    }

    /// Whether a block stands on the branch that ends at `ends`.
    pub async fn has(&self, row: &BlockRow, ends: &Ends) -> Result<bool, IndexError> {
        if row.number == ends.head.number {
            return Ok(row.hash == ends.head.hash);
        }
        if row.number > ends.head.number {
            // A chain that went back, or an endpoint that is behind another one that was asked before.
            return Ok(false);
        }
        self.has_block(row).await
    }

    /// Whether a block stands on the chain.
    pub async fn has_block(&self, row: &BlockRow) -> Result<bool, IndexError> {
        let found = self.header(BlockId::number(row.number)).await?;
        Ok(found.is_some_and(|found| found.row.hash == row.hash))
    }

    /// Blocks one by one: each links to the one before, the first to `parent`, and the logs of each make up its header's bloom.
    pub async fn blocks(
        &self,
        parent: Option<B256>,
        from: u64,
        to: u64,
    ) -> Result<Fetched, IndexError> {
        let headers: Vec<Header> = stream::iter(from..=to)
            .map(|number| self.header_at(number))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut above = parent;
        for header in &headers {
            if above.is_some_and(|above| above != header.row.parent) {
                return Err(IndexError::torn(
                    header.row.number,
                    "it does not follow the block before: the chain moved while it was read",
                ));
            }
            above = Some(header.row.hash);
        }
        let logs: Vec<Vec<LogRow>> = stream::iter(headers.clone())
            .map(|header| self.logs_of(header))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Fetched {
            blocks: headers.into_iter().map(|header| header.row).collect(),
            logs: logs.into_iter().flatten().collect(),
        })
    }

    /// The watched logs of one block. All logs of the block are read, so that a part that is missing shows.
    async fn logs_of(&self, header: Header) -> Result<Vec<LogRow>, IndexError> {
        let may_have = |address: &Address| {
            header
                .bloom
                .contains_input(BloomInput::Raw(address.as_slice()))
        };
        if !self.watched.iter().any(may_have) {
            return Ok(Vec::new());
        }
        let (number, hash) = (header.row.number, header.row.hash);
        let filter = Filter::new().at_block_hash(hash);
        let answer = async { self.provider.get_logs(&filter).await };
        let found = self.ask("reading the logs of a block", answer).await?;
        let mut bloom = Bloom::ZERO;
        for log in &found {
            bloom.accrue_log(&log.inner);
        }
        if bloom != header.bloom {
            return Err(IndexError::torn(
                number,
                format!(
                    "{} logs do not make up the bloom of its header: some are missing",
                    found.len()
                ),
            ));
        }
        let mut logs = rows(found)?;
        sort(&mut logs);
        for (place, log) in (0u64..).zip(&logs) {
            if log.block_hash != hash || log.block != number || log.log_index != place {
                return Err(IndexError::torn(
                    number,
                    format!("log {place} is missing, doubled or of another block"),
                ));
            }
        }
        logs.retain(|log| self.watched.contains(&log.address));
        Ok(logs)
    }

    async fn logs_in(&self, from: u64, to: u64) -> Result<Vec<LogRow>, IndexError> {
        let filter = Filter::new()
            .address(self.watched.clone())
            .from_block(from)
            .to_block(to);
        let answer = async { self.provider.get_logs(&filter).await };
        let found = self.ask("reading logs", answer).await?;
        let mut logs = rows(found)?;
        sort(&mut logs);
        logs.dedup_by_key(|log| (log.block_hash, log.log_index));
        match logs.iter().find(|log| !(from..=to).contains(&log.block)) {
            Some(outside) => Err(IndexError::torn(
                outside.block,
                "a log that was not asked for",
            )),
            None => Ok(logs),
        }
    }

    /// The watched logs of a range that is final, with the blocks they are in, and the last block of the range.
    pub async fn range(&self, from: u64, to: u64) -> Result<Fetched, IndexError> {
        let logs = self.logs_in(from, to).await?;
        // An endpoint that cuts long answers off cuts the end: what is at and after the last log is asked for once more.
        let last = logs.last().map_or(from, |log| log.block);
        let end = logs.iter().filter(|log| log.block >= last);
        if !end.eq(&self.logs_in(last, to).await?) {
            return Err(IndexError::torn(last, "the answer for a range was cut off"));
        }
        let mut numbers: Vec<u64> = logs.iter().map(|log| log.block).collect();
        numbers.push(to);
        numbers.dedup();
        let headers: Vec<Header> = stream::iter(numbers)
            .map(|number| self.header_at(number))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut rest = logs.as_slice();
        for header in &headers {
            let is_here = |log: &&LogRow| log.block == header.row.number;
            let count = rest.iter().take_while(is_here).count();
            let mut here = rest.iter().take(count);
            if here.any(|log| log.block_hash != header.row.hash) {
                return Err(IndexError::torn(
                    header.row.number,
                    "its logs are of another branch",
                ));
            }
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(Fetched {
            blocks: headers.into_iter().map(|header| header.row).collect(),
            logs,
        })
    }

    /// A storage word at a block.
    pub async fn word(&self, at: B256, contract: Address, slot: U256) -> Result<U256, IndexError> {
        let answer = async {
            let read = self.provider.get_storage_at(contract, slot);
            read.block_id(BlockId::hash(at)).await
        };
        self.ask("reading a storage word", answer).await
    }

    /// What a call answers at a block.
    pub async fn call(&self, at: B256, to: Address, data: Bytes) -> Result<Bytes, IndexError> {
        let request = TransactionRequest::default().to(to).input(data.into());
        let answer = async { self.provider.call(request).block(BlockId::hash(at)).await };
        self.ask("asking a contract", answer).await
    }
}

/// Logs as rows; those that the endpoint marks as taken back are no logs.
fn rows(logs: Vec<Log>) -> Result<Vec<LogRow>, IndexError> {
    let kept = logs.into_iter().filter(|log| !log.removed);
    kept.map(|log| {
        let (Some(block), Some(block_hash), Some(log_index), Some(tx_hash)) = (
            log.block_number,
            log.block_hash,
            log.log_index,
            log.transaction_hash,
        ) else {
            let block = log.block_number.unwrap_or_default();
            return Err(IndexError::torn(block, "a log that is not in a block"));
        };
        Ok(LogRow {
            block,
            block_hash,
            log_index,
            tx_hash,
            address: log.inner.address,
            topics: log.inner.data.topics().to_vec(),
            data: log.inner.data.data.clone(),
        })
    })
    .collect()
}
