//! Filters that clients poll.

use alloy::rpc::types::Filter;
use alloy_primitives::{B256, U64};
use serde::Serialize;

use super::{
    IntoRpc, Job, Params, Quantity, RpcError,
    error::{limit, server},
    eth_log::Logs,
    job,
};
use crate::node::{Changes, FilterError, FilterKind};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_newFilter" => params
            .required::<Filter>(0)
            .and_then(|filter| install(FilterKind::Logs(Box::new(filter)))),
        "eth_newBlockFilter" => install(FilterKind::Blocks),
        "eth_newPendingTransactionFilter" => install(FilterKind::Pending(Vec::new())),
        "eth_getFilterChanges" => changes(params),
        "eth_getFilterLogs" => logs(params),
        "eth_uninstallFilter" => uninstall(params),
        _ => return None,
    })
}

impl IntoRpc for FilterError {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::NotFound => server(self),
            Self::TooMany(_) => limit(self),
            Self::Logs(error) => error.into_rpc(),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Shown {
    Hashes(Vec<B256>),
    Logs(Logs),
}

fn install(kind: FilterKind) -> Result<Job, RpcError> {
    job(move |node| {
        node.install_filter(kind)
            .map(U64::from)
            .map_err(IntoRpc::into_rpc)
    })
}

fn changes(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(id) = params.required(0)?;
    job(move |node| {
        Ok(match node.filter_changes(id).map_err(IntoRpc::into_rpc)? {
            Changes::Hashes(hashes) => Shown::Hashes(hashes),
            Changes::Logs(logs) => Shown::Logs(Logs(logs)),
        })
    })
}

fn logs(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(id) = params.required(0)?;
    job(move |node| node.filter_logs(id).map(Logs).map_err(IntoRpc::into_rpc))
}

fn uninstall(params: &Params<'_>) -> Result<Job, RpcError> {
    let Quantity(id) = params.required(0)?;
    job(move |node| Ok(node.uninstall_filter(id)))
}
