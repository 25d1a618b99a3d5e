//! Logs.

use alloy::rpc::types::Filter;
use serde::{Serialize, Serializer};

use super::{
    IntoRpc, Job, Params, RpcError,
    encode::encode_log,
    error::{invalid_params, limit, server},
    job,
};
use crate::node::{LogPosition, LogsError};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    match method {
        "eth_getLogs" => Some(logs(params)),
        _ => None,
    }
}

impl IntoRpc for LogsError {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::UnknownBlock(_) => server(self),
            Self::Range { .. } => invalid_params(self),
            Self::TooMany(_) => limit(self),
        }
    }
}

/// Found logs. They are copied out of their blocks only as they are written.
pub(super) struct Logs(pub(super) Vec<LogPosition>);

impl Serialize for Logs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0
                .iter()
                .filter_map(|found| encode_log(&found.block, found.tx, found.log)),
        )
    }
}

fn logs(params: &Params<'_>) -> Result<Job, RpcError> {
    let filter: Filter = params.required(0)?;
    job(move |node| node.logs(&filter).map(Logs).map_err(IntoRpc::into_rpc))
}
