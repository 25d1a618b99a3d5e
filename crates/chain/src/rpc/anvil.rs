//! Changing the chain by hand, under anvil's and hardhat's names.

use alloy_primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};

use super::{
    Job, Params, Quantity, RpcError, answer,
    error::{invalid_params, server},
    evm, job, net,
};
use crate::{config::Mining, node::Node, state::Info};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    let (_, name) = method.split_once('_')?;
    Some(match name {
        "setBalance" => set_balance(params),
        "addBalance" => add_balance(params),
        "setCode" => set_code(params),
        "setNonce" => set_nonce(params),
        "setStorageAt" => set_storage(params),
        "impersonateAccount" => impersonate(params, true),
        "stopImpersonatingAccount" => impersonate(params, false),
        "autoImpersonateAccount" => impersonate_all(params),
        "mine" => mine(params),
        "dropTransaction" => drop_tx(params),
        "dropAllTransactions" => job(|node| {
            node.pool.clear();
            Ok(())
        }),
        "reset" => reset(params),
        "dumpState" => job(|node| Ok(Bytes::from(node.dump()))),
        "loadState" => load_state(params),
        "nodeInfo" => job(|node| Ok(node_info(node))),
        "setNextBlockBaseFeePerGas" => set_base_fee(params),
        "setChainId" => set_chain_id(params),
        "setCoinbase" => set_coinbase(params),
        "setBlockTimestampInterval" => set_interval(Some(params)),
        "removeBlockTimestampInterval" => set_interval(None),
        "setLoggingEnabled" => params.required::<bool>(0).and_then(|_| answer(())),
        "getIntervalMining" => job(|node| Ok(interval_s(node))),
        _ => return evm::route(method, params),
    })
}

fn edit(
    address: Address,
    change: impl FnOnce(&mut Info) + Send + 'static,
) -> Result<Job, RpcError> {
    job(move |node| {
        node.edit_account(address, change);
        Ok(())
    })
}

fn set_balance(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, balance): (_, U256) = (params.required(0)?, params.required(1)?);
    edit(address, move |info| info.balance = balance)
}

fn add_balance(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, added): (_, U256) = (params.required(0)?, params.required(1)?);
    edit(address, move |info| {
        info.balance = info.balance.saturating_add(added)
    })
}

fn set_nonce(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, Quantity(nonce)) = (params.required(0)?, params.required(1)?);
    edit(address, move |info| info.nonce = nonce)
}

fn set_code(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, code): (Address, Bytes) = (params.required(0)?, params.required(1)?);
    job(move |node| {
        node.set_code(address, code);
        Ok(())
    })
}

fn set_storage(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, slot, value): (Address, U256, B256) = (
        params.required(0)?,
        params.required(1)?,
        params.required(2)?,
    );
    job(move |node| {
        node.set_slot(address, slot, U256::from_be_bytes(value.0));
        Ok(true)
    })
}

fn impersonate(params: &Params<'_>, on: bool) -> Result<Job, RpcError> {
    let address: Address = params.required(0)?;
    job(move |node| {
        if on {
            node.settings.impersonated.insert(address);
        } else {
            node.settings.impersonated.remove(&address);
        }
        Ok(())
    })
}

fn impersonate_all(params: &Params<'_>) -> Result<Job, RpcError> {
    let on: bool = params.required(0)?;
    job(move |node| {
        node.settings.impersonate_all = on;
        Ok(())
    })
}

fn mine(params: &Params<'_>) -> Result<Job, RpcError> {
    let (count, interval): (Option<Quantity>, Option<Quantity>) =
        (params.optional(0)?, params.optional(1)?);
    job(move |node| {
        evm::mine_blocks(
            node,
            count.map_or(1, |Quantity(count)| count),
            interval.map(|Quantity(seconds)| seconds),
        )
    })
}

fn drop_tx(params: &Params<'_>) -> Result<Job, RpcError> {
    let hash: B256 = params.required(0)?;
    job(move |node| Ok(node.drop_tx(&hash).map(|tx| tx.hash)))
}

#[derive(Debug, Default, Deserialize)]
struct ResetOptions {
    forking: Option<Forking>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forking {
    json_rpc_url: Option<String>,
    block_number: Option<Quantity>,
}

fn reset(params: &Params<'_>) -> Result<Job, RpcError> {
    let options: ResetOptions = params.optional(0)?.unwrap_or_default();
    let forking = options.forking.unwrap_or_default();
    // viem names a fork of nothing when it only wants a reset.
    if forking.json_rpc_url.is_some() || forking.block_number.is_some() {
        return Err(invalid_params(
            "this chain does not fork another: call without \"forking\"",
        ));
    }
    job(|node| node.reset().map_err(server))
}

fn load_state(params: &Params<'_>) -> Result<Job, RpcError> {
    let bytes: Bytes = params.required(0)?;
    job(move |node| node.load(&bytes).map(|()| true).map_err(server))
}

fn set_base_fee(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(base_fee_wei) = params.required(0)?;
    job(move |node| {
        // The base fee does not move by itself here, so it stays what it is set to.
        node.settings.base_fee_wei = base_fee_wei;
        Ok(())
    })
}

fn set_chain_id(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(chain_id) = params.required(0)?;
    job(move |node| {
        node.settings.chain_id = chain_id;
        Ok(())
    })
}

fn set_coinbase(params: &Params<'_>) -> Result<Job, RpcError> {
    let coinbase: Address = params.required(0)?;
    job(move |node| {
        node.settings.coinbase = coinbase;
        Ok(())
    })
}

fn set_interval(params: Option<&Params<'_>>) -> Result<Job, RpcError> {
    let interval: Option<Quantity> = params.map(|params| params.required(0)).transpose()?;
    job(move |node| {
        node.settings
            .clock
            .set_interval(interval.map(|Quantity(seconds)| seconds));
        Ok(interval.is_none().then_some(true))
    })
}

fn interval_s(node: &Node) -> Option<u64> {
    match node.mining {
        Mining::Interval(interval) => Some(interval.as_secs()),
        Mining::Instant | Mining::Manual => None,
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NodeInfo {
    current_block_number: String,
    current_block_timestamp: u64,
    current_block_hash: B256,
    hard_fork: &'static str,
    transaction_order: &'static str,
    environment: Environment,
    client_version: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    base_fee: String,
    chain_id: u64,
    gas_limit: String,
    gas_price: String,
}

fn node_info(node: &Node) -> NodeInfo {
    let (head, settings) = (node.blocks.head(), &node.settings);
    let fee = format!("{:#x}", settings.base_fee_wei);
    NodeInfo {
        current_block_number: format!("{:#x}", head.header.number),
        current_block_timestamp: head.header.timestamp,
        current_block_hash: head.hash,
        hard_fork: "prague",
        transaction_order: "fifo",
        environment: Environment {
            base_fee: fee.clone(),
            chain_id: settings.chain_id,
            gas_limit: format!("{:#x}", settings.block_gas_limit),
            gas_price: fee,
        },
        client_version: net::client_version(),
    }
}
