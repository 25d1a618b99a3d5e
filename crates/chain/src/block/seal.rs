//! The commitments of a header: transactions root, receipts root, bloom, hash.

use alloy::{
    consensus::{
        EMPTY_OMMER_ROOT_HASH, Eip658Value, Header, Receipt as ConsensusReceipt,
        RlpEncodableReceipt,
    },
    trie::root::ordered_trie_root_encoded,
};
use alloy_primitives::{Address, B64, B256, Bloom, Bytes, U256};

use super::{Block, MinedTx};

/// The fields of a header that are decided before its transactions run.
#[derive(Clone, Debug)]
pub(crate) struct HeaderSeed {
    pub(crate) parent_hash: B256,
    pub(crate) number: u64,
    pub(crate) timestamp_s: u64,
    pub(crate) beneficiary: Address,
    pub(crate) gas_limit: u64,
    pub(crate) base_fee_wei: u64,
    pub(crate) prevrandao: B256,
    pub(crate) difficulty: U256,
}

/// Makes a block of executed transactions.
pub(crate) fn seal(seed: HeaderSeed, state_root: B256, mut txs: Vec<MinedTx>) -> Block {
    let mut block_bloom = Bloom::ZERO;
    let mut receipts = Vec::with_capacity(txs.len());
    for tx in &mut txs {
        receipts.push(encode_receipt(tx, &mut block_bloom));
    }
    let raw: Vec<&[u8]> = txs.iter().map(|tx| tx.raw.as_ref()).collect();
    let header = Header {
        parent_hash: seed.parent_hash,
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: seed.beneficiary,
        state_root,
        transactions_root: ordered_trie_root_encoded(&raw),
        receipts_root: ordered_trie_root_encoded(&receipts),
        logs_bloom: block_bloom,
        difficulty: seed.difficulty,
        number: seed.number,
        gas_limit: seed.gas_limit,
        gas_used: txs.last().map_or(0, |tx| tx.receipt.cumulative_gas_used),
        timestamp: seed.timestamp_s,
        extra_data: Bytes::new(),
        mix_hash: seed.prevrandao,
        nonce: B64::ZERO,
        base_fee_per_gas: Some(seed.base_fee_wei),
        ..Header::default()
    };
    Block {
        hash: header.hash_slow(),
        header,
        txs,
    }
}

/// The receipt as the receipts root commits to it. Adds its bloom to `block_bloom`.
fn encode_receipt(tx: &mut MinedTx, block_bloom: &mut Bloom) -> Vec<u8> {
    let mut bloom = Bloom::ZERO;
    for log in &tx.receipt.logs {
        bloom.accrue_log(log);
    }
    *block_bloom |= bloom;
    // The logs are lent to alloy's receipt for the encoding.
    let receipt = ConsensusReceipt {
        status: Eip658Value::Eip658(tx.receipt.success),
        cumulative_gas_used: tx.receipt.cumulative_gas_used,
        logs: std::mem::take(&mut tx.receipt.logs),
    };
    let mut encoded = Vec::with_capacity(300);
    if tx.tx_type() != 0 {
        encoded.push(tx.tx_type());
    }
    receipt.rlp_encode_with_bloom(&bloom, &mut encoded);
    tx.receipt.logs = receipt.logs;
    encoded
}
