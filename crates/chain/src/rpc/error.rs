//! JSON-RPC errors with the codes that clients expect.

use alloy::rpc::json_rpc::ErrorPayload;
use alloy_primitives::Bytes;
use serde_json::value::to_raw_value;

use crate::{
    clock::TimeWentBack, error::Error, node::StateForgotten, outcome::revert_text, tx::TxError,
};

/// An error as JSON-RPC sends it.
pub(crate) type RpcError = ErrorPayload;

const PARSE: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INTERNAL: i64 = -32603;
const SERVER: i64 = -32000;
const LIMIT: i64 = -32005;
const REVERTED: i64 = 3;

fn error(code: i64, message: String) -> RpcError {
    ErrorPayload {
        code,
        message: message.into(),
        data: None,
    }
}

/// The request is not JSON.
pub(crate) fn parse(why: impl std::fmt::Display) -> RpcError {
    error(PARSE, format!("parse error: {why}"))
}

/// The request is JSON, but not a request.
pub(crate) fn invalid_request(why: impl std::fmt::Display) -> RpcError {
    error(INVALID_REQUEST, format!("invalid request: {why}"))
}

/// No such method.
pub(crate) fn method_not_found(method: &str) -> RpcError {
    // A name of megabytes is not worth repeating.
    let shown: String = method.chars().take(64).collect();
    error(
        METHOD_NOT_FOUND,
        format!("the method {shown} does not exist/is not available"),
    )
}

/// The parameters are wrong.
pub(crate) fn invalid_params(why: impl std::fmt::Display) -> RpcError {
    error(INVALID_PARAMS, why.to_string())
}

/// The chain refuses.
pub(crate) fn server(why: impl std::fmt::Display) -> RpcError {
    error(SERVER, why.to_string())
}

/// A limit was reached.
pub(crate) fn limit(why: impl std::fmt::Display) -> RpcError {
    error(LIMIT, why.to_string())
}

/// A defect of the chain.
pub(crate) fn internal(why: impl std::fmt::Display) -> RpcError {
    error(INTERNAL, why.to_string())
}

/// A call reverted. The data goes along, so that clients can decode custom errors.
pub(crate) fn reverted(data: &Bytes) -> RpcError {
    ErrorPayload {
        code: REVERTED,
        message: revert_text(data).into(),
        data: to_raw_value(data).ok(),
    }
}

/// Turns an error of the chain into one of JSON-RPC.
pub(crate) trait IntoRpc {
    /// The error as JSON-RPC sends it.
    fn into_rpc(self) -> RpcError;
}

impl IntoRpc for TxError {
    fn into_rpc(self) -> RpcError {
        server(self)
    }
}

impl IntoRpc for TimeWentBack {
    fn into_rpc(self) -> RpcError {
        server(self)
    }
}

impl IntoRpc for StateForgotten {
    fn into_rpc(self) -> RpcError {
        server(self)
    }
}

impl IntoRpc for Error {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::Panicked(_) => internal(self),
            other => server(other),
        }
    }
}
