//! Fees. The base fee is the same in every block and tips are not charged, so there is little to say.

use alloy::{eips::BlockNumberOrTag, rpc::types::FeeHistory};
use alloy_primitives::{U64, U128};

use super::{
    Job, Params, Quantity, RpcError, answer,
    error::{invalid_params, server},
    job,
};
use crate::node::Node;

/// Most blocks in one fee history.
const MAX_BLOCKS: u64 = 1_024;
/// Most percentiles in one fee history.
const MAX_PERCENTILES: usize = 100;

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_gasPrice" => job(|node| Ok(U64::from(node.settings.base_fee_wei))),
        "eth_maxPriorityFeePerGas" => answer(U64::ZERO),
        "eth_blobBaseFee" => answer(U128::from(1)),
        "eth_feeHistory" => fee_history(params),
        _ => return None,
    })
}

fn fee_history(params: &Params<'_>) -> Result<Job, RpcError> {
    let (Quantity(count), newest): (_, BlockNumberOrTag) =
        (params.required(0)?, params.required(1)?);
    let percentiles: Option<Vec<f64>> = params.optional(2)?;
    let listed = percentiles.as_deref().unwrap_or_default();
    if listed.len() > MAX_PERCENTILES {
        return Err(invalid_params(format!(
            "over the query limit {MAX_PERCENTILES}"
        )));
    }
    if !listed
        .iter()
        .all(|percentile| (0.0..=100.0).contains(percentile))
        || !listed.is_sorted()
    {
        return Err(invalid_params(
            "invalid reward percentile: they must rise and lie between 0 and 100",
        ));
    }
    let rewards = percentiles.map(|percentiles| percentiles.len());
    job(move |node| history(node, count, newest, rewards))
}

fn history(
    node: &Node,
    count: u64,
    newest: BlockNumberOrTag,
    rewards: Option<usize>,
) -> Result<FeeHistory, RpcError> {
    let newest = node
        .blocks
        .resolve_tag(newest)
        .ok_or_else(|| server("request beyond head block"))?;
    let count = count.min(MAX_BLOCKS).min(newest + 1);
    let oldest_block = newest + 1 - count;
    let blocks: Vec<_> = (oldest_block..=newest)
        .take(count as usize)
        .filter_map(|n| node.blocks.get(n))
        .collect();
    let fee = |block: &std::sync::Arc<crate::block::Block>| {
        u128::from(block.header.base_fee_per_gas.unwrap_or_default())
    };
    let next_fee = match node.blocks.get(newest + 1) {
        Some(next) => fee(next),
        None => u128::from(node.settings.base_fee_wei),
    };
    Ok(FeeHistory {
        base_fee_per_gas: blocks
            .iter()
            .map(|block| fee(block))
            .chain([next_fee])
            .collect(),
        gas_used_ratio: blocks
            .iter()
            .map(|block| block.header.gas_used as f64 / (block.header.gas_limit.max(1)) as f64)
            .collect(),
        base_fee_per_blob_gas: vec![0; blocks.len() + 1],
        blob_gas_used_ratio: vec![0.0; blocks.len()],
        oldest_block,
        reward: rewards.map(|percentiles| vec![vec![0; percentiles]; blocks.len()]),
    })
}
