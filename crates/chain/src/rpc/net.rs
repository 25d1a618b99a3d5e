//! Network, client, and signing with the chain's keys.

use alloy::signers::SignerSync;
use alloy_dyn_abi::TypedData;
use alloy_primitives::{Address, Bytes, U64, keccak256};

use super::{
    Job, Params, RpcError, answer,
    error::{internal, invalid_params, server},
    job,
};
use crate::node::Node;

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "net_version" => job(|node| Ok(node.settings.chain_id.to_string())),
        "net_listening" => answer(true),
        "net_peerCount" => answer(U64::ZERO),
        "web3_clientVersion" => answer(client_version()),
        "web3_sha3" => params
            .required::<Bytes>(0)
            .and_then(|data| answer(keccak256(data))),
        "personal_sign" => sign(params, 1, 0),
        _ => return None,
    })
}

/// Name and version of this node.
pub(super) fn client_version() -> String {
    format!(
        "weir-chain/v{}/{}-{}/rust",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// Signs a message as wallets do (EIP-191).
pub(super) fn sign(params: &Params<'_>, address: usize, message: usize) -> Result<Job, RpcError> {
    let (address, message): (Address, Bytes) =
        (params.required(address)?, params.required(message)?);
    job(move |node| {
        let signature = signer(node, address)?
            .sign_message_sync(&message)
            .map_err(internal)?;
        Ok(Bytes::copy_from_slice(&signature.as_bytes()))
    })
}

/// Signs typed data (EIP-712).
pub(super) fn sign_typed_data(params: &Params<'_>) -> Result<Job, RpcError> {
    let address: Address = params.required(0)?;
    // Wallets send the data as an object, some libraries as text that holds one.
    let data: serde_json::Value = params.required(1)?;
    let data: TypedData = match data {
        serde_json::Value::String(text) => serde_json::from_str(&text),
        value => serde_json::from_value(value),
    }
    .map_err(|error| invalid_params(format!("invalid argument 1: {error}")))?;
    let hash = data
        .eip712_signing_hash()
        .map_err(|error| invalid_params(format!("invalid argument 1: {error}")))?;
    job(move |node| {
        let signature = signer(node, address)?
            .sign_hash_sync(&hash)
            .map_err(internal)?;
        Ok(Bytes::copy_from_slice(&signature.as_bytes()))
    })
}

fn signer(
    node: &Node,
    address: Address,
) -> Result<&alloy::signers::local::PrivateKeySigner, RpcError> {
    node.keys.get(address).ok_or_else(|| {
        server(format!(
            "unknown account {address}: the chain does not hold its key"
        ))
    })
}
