//! Blocks, transactions, receipts and logs as JSON-RPC shows them.

use alloy::{
    consensus::{
        Eip658Value, Receipt as ConsensusReceipt, ReceiptEnvelope, TxEnvelope,
        transaction::Recovered,
    },
    network::primitives::BlockTransactions,
    rpc::types::{
        Block as RpcBlock, Header as RpcHeader, Log as RpcLog, Transaction as RpcTransaction,
        TransactionReceipt,
    },
};
use alloy_primitives::{Bytes, U256};
use serde::Serialize;

use crate::{
    block::{Block, MinedTx},
    tx::{self, Tx},
};

/// A block, with whole transactions or only their hashes.
pub(crate) fn encode_block(block: &Block, full: bool) -> RpcBlock {
    let transactions = if full {
        BlockTransactions::Full(
            (0..block.txs.len())
                .filter_map(|index| encode_tx(block, index))
                .collect(),
        )
    } else {
        BlockTransactions::Hashes(block.txs.iter().map(|tx| tx.hash).collect())
    };
    RpcBlock {
        header: encode_header(block),
        uncles: Vec::new(),
        transactions,
        withdrawals: None,
    }
}

/// A block's header.
pub(crate) fn encode_header(block: &Block) -> RpcHeader {
    let bytes: usize = block.header.size() + block.txs.iter().map(|tx| tx.raw.len()).sum::<usize>();
    RpcHeader {
        hash: block.hash,
        inner: block.header.clone(),
        total_difficulty: Some(U256::ZERO),
        size: Some(U256::from(bytes)),
    }
}

/// A mined transaction. None if there is none at this index.
pub(crate) fn encode_tx(block: &Block, index: usize) -> Option<RpcTransaction> {
    let mined = block.txs.get(index)?;
    Some(RpcTransaction {
        inner: Recovered::new_unchecked(tx::envelope(&mined.raw)?, mined.from),
        block_hash: Some(block.hash),
        block_number: Some(block.header.number),
        transaction_index: Some(index as u64),
        effective_gas_price: Some(mined.receipt.gas_price_wei),
        block_timestamp: Some(block.header.timestamp),
    })
}

/// A waiting transaction.
pub(crate) fn encode_pending(tx: &Tx) -> Option<RpcTransaction> {
    Some(RpcTransaction {
        inner: Recovered::new_unchecked(tx::envelope(&tx.raw)?, tx.from()),
        block_hash: None,
        block_number: None,
        transaction_index: None,
        effective_gas_price: None,
        block_timestamp: None,
    })
}

/// A receipt; that of a reverted transaction carries the revert data, as Besu's does.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RpcReceipt {
    #[serde(flatten)]
    inner: TransactionReceipt,
    #[serde(skip_serializing_if = "Option::is_none")]
    revert_reason: Option<Bytes>,
}

/// The receipt of a mined transaction. None if there is none at this index.
pub(crate) fn encode_receipt(block: &Block, index: usize) -> Option<RpcReceipt> {
    let mined = block.txs.get(index)?;
    let receipt = &mined.receipt;
    let logs = (0..receipt.logs.len())
        .filter_map(|log| encode_log(block, index, log))
        .collect();
    let with_bloom = ConsensusReceipt {
        status: Eip658Value::Eip658(receipt.success),
        cumulative_gas_used: receipt.cumulative_gas_used,
        logs,
    }
    .with_bloom();
    let envelope = match mined.tx_type() {
        1 => ReceiptEnvelope::Eip2930(with_bloom),
        2 => ReceiptEnvelope::Eip1559(with_bloom),
        4 => ReceiptEnvelope::Eip7702(with_bloom),
        _ => ReceiptEnvelope::Legacy(with_bloom),
    };
    let inner = TransactionReceipt {
        inner: envelope,
        transaction_hash: mined.hash,
        transaction_index: Some(index as u64),
        block_hash: Some(block.hash),
        block_number: Some(block.header.number),
        gas_used: receipt.gas_used,
        effective_gas_price: receipt.gas_price_wei,
        blob_gas_used: None,
        blob_gas_price: None,
        from: mined.from,
        to: recipient(mined),
        contract_address: receipt.contract,
    };
    let revert_reason =
        (!receipt.success && !receipt.revert_data.is_empty()).then(|| receipt.revert_data.clone());
    Some(RpcReceipt {
        inner,
        revert_reason,
    })
}

fn recipient(mined: &MinedTx) -> Option<alloy_primitives::Address> {
    use alloy::consensus::Transaction;
    tx::envelope(&mined.raw).as_ref().and_then(TxEnvelope::to)
}

/// Log `log` of transaction `index`. None if there is none.
pub(crate) fn encode_log(block: &Block, index: usize, log: usize) -> Option<RpcLog> {
    let mined = block.txs.get(index)?;
    Some(RpcLog {
        inner: mined.receipt.logs.get(log)?.clone(),
        block_hash: Some(block.hash),
        block_number: Some(block.header.number),
        block_timestamp: Some(block.header.timestamp),
        transaction_hash: Some(mined.hash),
        transaction_index: Some(index as u64),
        log_index: Some(mined.receipt.first_log + log as u64),
        removed: false,
    })
}
