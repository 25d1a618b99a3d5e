//! Accounts, storage, code and proofs.

use alloy::{
    eips::BlockId,
    rpc::types::{EIP1186AccountProofResponse, EIP1186StorageProof},
    serde::JsonStorageKey,
};
use alloy_primitives::{Address, B256, U64, U256};

use super::{
    IntoRpc, Job, Params, RpcError, answer,
    error::{limit, server},
    job,
};
use crate::{node::Node, state::View};

/// Most slots in one `eth_getProof`.
const PROOF_SLOTS: usize = 1_024;

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_chainId" => job(|node| Ok(U64::from(node.settings.chain_id))),
        "eth_accounts" => job(|node| Ok(node.keys.addresses())),
        "eth_coinbase" => job(|node| Ok(node.settings.coinbase)),
        "eth_syncing" | "eth_mining" => answer(false),
        "eth_hashrate" => answer(U64::ZERO),
        "eth_protocolVersion" => answer(U64::from(68)),
        "eth_getBalance" => balance(params),
        "eth_getTransactionCount" => tx_count(params),
        "eth_getCode" => code(params),
        "eth_getStorageAt" => storage(params),
        "eth_getProof" => proof(params),
        _ => return None,
    })
}

/// The state that `id` names.
pub(super) fn state_of(node: &Node, id: Option<BlockId>) -> Result<View<'_>, RpcError> {
    let missing = || match id {
        Some(BlockId::Hash(_)) => server("header for hash not found"),
        _ => server("header not found"),
    };
    let number = node.resolve(id).ok_or_else(missing)?;
    node.state_after(number)
        .ok_or_else(missing)?
        .map_err(IntoRpc::into_rpc)
}

fn balance(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, id): (Address, _) = (params.required(0)?, params.optional(1)?);
    job(move |node| Ok(state_of(node, id)?.balance_wei(address)))
}

fn tx_count(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, id): (Address, Option<BlockId>) = (params.required(0)?, params.optional(1)?);
    job(move |node| {
        let nonce = state_of(node, id)?.nonce(address);
        let pending = id == Some(BlockId::pending());
        Ok(U64::from(if pending {
            node.pool.pending_nonce(address, nonce)
        } else {
            nonce
        }))
    })
}

fn code(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, id): (Address, _) = (params.required(0)?, params.optional(1)?);
    job(move |node| Ok(state_of(node, id)?.code(address).original_bytes()))
}

fn storage(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, slot): (Address, JsonStorageKey) = (params.required(0)?, params.required(1)?);
    let (slot, id) = (U256::from_be_bytes(slot.as_b256().0), params.optional(2)?);
    job(move |node| Ok(B256::from(state_of(node, id)?.slot(address, slot))))
}

fn proof(params: &Params<'_>) -> Result<Job, RpcError> {
    let (address, keys): (Address, Vec<JsonStorageKey>) =
        (params.required(0)?, params.required(1)?);
    let id: Option<BlockId> = params.optional(2)?;
    if keys.len() > PROOF_SLOTS {
        return Err(limit(format!(
            "too many slots: {}, limit {PROOF_SLOTS}",
            keys.len()
        )));
    }
    job(move |node| prove(node, address, keys, id))
}

fn prove(
    node: &mut Node,
    address: Address,
    keys: Vec<JsonStorageKey>,
    id: Option<BlockId>,
) -> Result<EIP1186AccountProofResponse, RpcError> {
    state_of(node, id)?;
    if node.resolve(id) != Some(node.blocks.height()) {
        return Err(server(
            "proofs are given for the newest block only: only its trie is kept",
        ));
    }
    let slots: Vec<U256> = keys
        .iter()
        .map(|key| U256::from_be_bytes(key.as_b256().0))
        .collect();
    // What was changed by hand since the block is part of the state, and of the next block's root.
    node.trie.catch_up(&mut node.world);
    let proof = node.trie.prove(address, &slots);
    let info = node.world.info(address).unwrap_or_default();
    let storage_proof = keys
        .into_iter()
        .zip(slots)
        .zip(proof.slots)
        .map(|((key, slot), proof)| EIP1186StorageProof {
            key,
            value: node.latest().slot(address, slot),
            proof,
        })
        .collect();
    Ok(EIP1186AccountProofResponse {
        address,
        balance: info.balance,
        code_hash: info.code_hash,
        nonce: info.nonce,
        storage_hash: proof.storage_root,
        account_proof: proof.account,
        storage_proof,
    })
}
