//! Transactions and receipts.

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::B256;

use super::{
    Job, Params, Quantity, RpcError,
    encode::{encode_pending, encode_receipt, encode_tx},
    eth_block::find,
    job,
};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_getTransactionByHash" => by_hash(params),
        "eth_getTransactionReceipt" => receipt(params),
        "eth_getTransactionByBlockNumberAndIndex" => at(
            params.required::<BlockNumberOrTag>(0).map(Into::into),
            params,
        ),
        "eth_getTransactionByBlockHashAndIndex" => {
            at(params.required::<B256>(0).map(Into::into), params)
        }
        "eth_getRawTransactionByHash" => raw(params),
        _ => return None,
    })
}

fn by_hash(params: &Params<'_>) -> Result<Job, RpcError> {
    let hash: B256 = params.required(0)?;
    job(move |node| {
        if let Some(mined) = node.blocks.tx(&hash) {
            return Ok(encode_tx(&mined.block, mined.index));
        }
        Ok(node.pool.get(&hash).and_then(|tx| encode_pending(tx)))
    })
}

fn receipt(params: &Params<'_>) -> Result<Job, RpcError> {
    let hash: B256 = params.required(0)?;
    job(move |node| {
        Ok(node
            .blocks
            .tx(&hash)
            .and_then(|mined| encode_receipt(&mined.block, mined.index)))
    })
}

fn at(id: Result<BlockId, RpcError>, params: &Params<'_>) -> Result<Job, RpcError> {
    let (id, Quantity(index)) = (id?, params.required(1)?);
    job(move |node| {
        Ok(find(node, id).and_then(|block| encode_tx(&block, usize::try_from(index).ok()?)))
    })
}

fn raw(params: &Params<'_>) -> Result<Job, RpcError> {
    let hash: B256 = params.required(0)?;
    job(move |node| {
        let mined = node
            .blocks
            .tx(&hash)
            .and_then(|mined| Some(mined.tx()?.raw.clone()));
        Ok(mined.or_else(|| Some(node.pool.get(&hash)?.raw.clone())))
    })
}
