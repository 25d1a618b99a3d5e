//! Blocks: what one holds, how it is sealed, and where it is found again.

mod build;
mod seal;
mod store;

pub(crate) use build::{Built, Candidate, Draft, HeaderSeed, fee_wei};
pub(crate) use seal::seal;
pub(crate) use store::Blocks;

use alloy::consensus::Header;
use alloy_primitives::{Address, B256, Bytes, Log};

/// A mined block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) header: Header,
    pub(crate) hash: B256,
    pub(crate) txs: Vec<MinedTx>,
}

/// A transaction in a block, with its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MinedTx {
    pub(crate) hash: B256,
    pub(crate) from: Address,
    /// The transaction's EIP-2718 encoding.
    pub(crate) raw: Bytes,
    pub(crate) receipt: Receipt,
}

/// What a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) success: bool,
    pub(crate) gas_used: u64,
    /// Gas used in the block up to and including this transaction.
    pub(crate) cumulative_gas_used: u64,
    pub(crate) gas_price_wei: u128,
    /// The created contract, if the transaction was a creation.
    pub(crate) contract: Option<Address>,
    /// Index in the block of this transaction's first log.
    pub(crate) first_log: u64,
    pub(crate) logs: Vec<Log>,
    /// Revert data; empty where the transaction succeeded.
    pub(crate) revert_data: Bytes,
}

impl MinedTx {
    /// EIP-2718 type of the transaction.
    pub(crate) fn tx_type(&self) -> u8 {
        self.raw
            .first()
            .copied()
            .filter(|first| *first < 0xc0)
            .unwrap_or(0)
    }
}
