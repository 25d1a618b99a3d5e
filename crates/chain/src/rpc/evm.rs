//! Time, mining and snapshots, under the names that ganache gave them. The `anvil_` and `hardhat_` namespaces offer them
//! too.

use std::time::Duration;

use alloy_primitives::{U64, U256};
use serde::Deserialize;

use super::{IntoRpc, Job, Params, Quantity, RpcError, error::limit, job};
use crate::{config::Mining, node::Node};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    let (_, name) = method.split_once('_')?;
    Some(match name {
        "mine" => mine(params),
        "snapshot" => job(|node| Ok(U64::from(node.snapshot()))),
        "revert" => revert(params),
        "increaseTime" => increase_time(params),
        "setNextBlockTimestamp" => set_next_timestamp(params),
        "setAutomine" => set_automine(params),
        "getAutomine" => job(|node| Ok(node.mining == Mining::Instant)),
        "setIntervalMining" => set_interval_mining(params),
        "setBlockGasLimit" => set_block_gas_limit(params),
        _ => return None,
    })
}

/// What `evm_mine` takes: nothing, a timestamp, or this.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct MineOptions {
    timestamp: Option<Quantity>,
    blocks: Option<Quantity>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum MineArgument {
    Timestamp(Quantity),
    Options(MineOptions),
}

fn mine(params: &Params<'_>) -> Result<Job, RpcError> {
    let options = match params.optional(0)? {
        None => MineOptions::default(),
        Some(MineArgument::Timestamp(timestamp)) => MineOptions {
            timestamp: Some(timestamp),
            blocks: None,
        },
        Some(MineArgument::Options(options)) => options,
    };
    job(move |node| {
        if let Some(Quantity(timestamp_s)) = options.timestamp {
            let head_s = node.blocks.head().header.timestamp;
            node.settings
                .clock
                .set_next(timestamp_s, head_s)
                .map_err(IntoRpc::into_rpc)?;
        }
        mine_blocks(
            node,
            options.blocks.map_or(1, |Quantity(count)| count),
            None,
        )?;
        Ok("0x0")
    })
}

/// Mines `count` blocks, `interval_s` seconds apart if given.
pub(super) fn mine_blocks(
    node: &mut Node,
    count: u64,
    interval_s: Option<u64>,
) -> Result<(), RpcError> {
    let most = node.config.limits.mined_blocks;
    if count > most {
        return Err(limit(format!(
            "cannot mine {count} blocks at once, limit {most}"
        )));
    }
    for index in 0..count {
        if let Some(interval_s) = interval_s.filter(|_| index > 0) {
            node.settings.clock.advance(interval_s);
        }
        node.mine_pending();
    }
    Ok(())
}

fn revert(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(id) = params.required(0)?;
    job(move |node| Ok(node.revert(id)))
}

fn increase_time(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(seconds) = params.required(0)?;
    job(move |node| {
        let ahead_s = node.settings.clock.advance(seconds);
        Ok(i64::try_from(ahead_s).unwrap_or(i64::MAX))
    })
}

fn set_next_timestamp(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(timestamp_s) = params.required(0)?;
    job(move |node| {
        let head_s = node.blocks.head().header.timestamp;
        node.settings
            .clock
            .set_next(timestamp_s, head_s)
            .map_err(IntoRpc::into_rpc)
    })
}

fn set_automine(params: &Params<'_>) -> Result<Job, RpcError> {
    let on: bool = params.required(0)?;
    job(move |node| {
        node.mining = if on { Mining::Instant } else { Mining::Manual };
        Ok(())
    })
}

/// Seconds, as in anvil; 0 stops it.
fn set_interval_mining(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(seconds) = params.required(0)?;
    job(move |node| {
        node.mining = match seconds {
            0 => Mining::Manual,
            seconds => Mining::Interval(Duration::from_secs(seconds)),
        };
        Ok(())
    })
}

fn set_block_gas_limit(params: &Params<'_>) -> Result<Job, RpcError> {
    let gas: U256 = params.required(0)?;
    job(move |node| {
        node.settings.block_gas_limit = gas.saturating_to();
        Ok(true)
    })
}
