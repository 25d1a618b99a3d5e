//! Sending transactions, and signing with the chain's keys.

use alloy::rpc::types::TransactionRequest;
use alloy_primitives::{B256, Bytes};

use super::{IntoRpc, Job, Params, RpcError, encode::encode_receipt, error::server, job, net};
use crate::{config::Limits, node::SendError, tx::Tx};

pub(super) fn route(
    method: &str,
    params: &Params<'_>,
    limits: &Limits,
) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_sendRawTransaction" => send_raw(params, limits),
        "eth_sendRawTransactionSync" => send_raw_sync(params, limits),
        "eth_sendTransaction" => send(params),
        "eth_sign" => net::sign(params, 0, 1),
        "eth_signTypedData_v4" => net::sign_typed_data(params),
        _ => return None,
    })
}

/// Recovers the signer here, off the chain's thread.
fn decode(params: &Params<'_>, limits: &Limits) -> Result<Tx, RpcError> {
    let raw: Bytes = params.required(0)?;
    Tx::decode(raw, limits.tx_bytes).map_err(IntoRpc::into_rpc)
}

fn send_raw(params: &Params<'_>, limits: &Limits) -> Result<Job, RpcError> {
    let tx = decode(params, limits)?;
    job(move |node| node.accept(tx).map_err(IntoRpc::into_rpc))
}

/// As `eth_sendRawTransaction`, answered with the receipt (EIP-7966).
fn send_raw_sync(params: &Params<'_>, limits: &Limits) -> Result<Job, RpcError> {
    let tx = decode(params, limits)?;
    job(move |node| {
        let hash: B256 = node.accept(tx).map_err(IntoRpc::into_rpc)?;
        let mined = node.blocks.tx(&hash);
        mined.and_then(|mined| encode_receipt(&mined.block, mined.index)).ok_or_else(|| {
            server(format!("transaction {hash} was accepted but is not mined yet: ask for its receipt later"))
        })
    })
}

fn send(params: &Params<'_>) -> Result<Job, RpcError> {
    let request: TransactionRequest = params.required(0)?;
    job(move |node| node.send_request(request).map_err(IntoRpc::into_rpc))
}

impl IntoRpc for SendError {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::Estimate(error) => error.into_rpc(),
            other => server(other),
        }
    }
}
