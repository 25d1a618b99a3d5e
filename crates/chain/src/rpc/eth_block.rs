//! Blocks.

use std::sync::Arc;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{B256, U64};

use super::{
    Job, Params, RpcError, answer,
    encode::{encode_block, encode_receipt},
    job,
};
use crate::{block::Block, node::Node};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_blockNumber" => job(|node| Ok(U64::from(node.blocks.height()))),
        "eth_getBlockByNumber" => by_number(params),
        "eth_getBlockByHash" => by_hash(params),
        "eth_getBlockReceipts" => receipts(params),
        "eth_getBlockTransactionCountByNumber" => {
            tx_count(params.required::<BlockNumberOrTag>(0).map(Into::into))
        }
        "eth_getBlockTransactionCountByHash" => {
            tx_count(params.required::<B256>(0).map(Into::into))
        }
        "eth_getUncleCountByBlockNumber" => {
            uncle_count(params.required::<BlockNumberOrTag>(0).map(Into::into))
        }
        "eth_getUncleCountByBlockHash" => uncle_count(params.required::<B256>(0).map(Into::into)),
        "eth_getUncleByBlockNumberAndIndex" | "eth_getUncleByBlockHashAndIndex" => {
            answer(None::<()>)
        }
        _ => return None,
    })
}

/// The block that `id` names, if it is there.
pub(super) fn find(node: &Node, id: BlockId) -> Option<Arc<Block>> {
    node.blocks.get(node.blocks.resolve(id)?).cloned()
}

fn by_number(params: &Params<'_>) -> Result<Job, RpcError> {
    let (tag, full): (BlockNumberOrTag, _) =
        (params.required(0)?, params.optional(1)?.unwrap_or(false));
    job(move |node| Ok(find(node, tag.into()).map(|block| encode_block(&block, full))))
}

fn by_hash(params: &Params<'_>) -> Result<Job, RpcError> {
    let (hash, full): (B256, _) = (params.required(0)?, params.optional(1)?.unwrap_or(false));
    job(move |node| Ok(find(node, hash.into()).map(|block| encode_block(&block, full))))
}

fn receipts(params: &Params<'_>) -> Result<Job, RpcError> {
    let id: BlockId = params.required(0)?;
    job(move |node| {
        Ok(find(node, id).map(|block| {
            (0..block.txs.len())
                .filter_map(|index| encode_receipt(&block, index))
                .collect::<Vec<_>>()
        }))
    })
}

fn tx_count(id: Result<BlockId, RpcError>) -> Result<Job, RpcError> {
    let id = id?;
    job(move |node| Ok(find(node, id).map(|block| U64::from(block.txs.len()))))
}

fn uncle_count(id: Result<BlockId, RpcError>) -> Result<Job, RpcError> {
    let id = id?;
    job(move |node| Ok(find(node, id).map(|_| U64::ZERO)))
}
