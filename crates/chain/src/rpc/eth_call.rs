//! Calls, estimates, access lists.

use alloy::{
    eips::BlockId,
    rpc::types::{AccessListResult, TransactionRequest},
};
use alloy_primitives::{Bytes, U64, U256};
use revm::context::result::{ExecutionResult, Output};

use super::{
    IntoRpc, Job, Params, RpcError,
    error::{limit, reverted, server},
    job,
};
use crate::{
    node::{CallError, CallRequest, EstimateError},
    outcome::halt_text,
};

pub(super) fn route(method: &str, params: &Params<'_>) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "eth_call" => call(params),
        "eth_estimateGas" => estimate(params),
        "eth_createAccessList" => access_list(params),
        _ => return None,
    })
}

impl IntoRpc for CallError {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::Trace(error) => limit(error),
            other => server(other),
        }
    }
}

impl IntoRpc for EstimateError {
    fn into_rpc(self) -> RpcError {
        match self {
            Self::Reverted(data) => reverted(&data),
            other => server(other),
        }
    }
}

/// The call in `params`: transaction, block, state overrides, block overrides.
fn request(params: &Params<'_>) -> Result<CallRequest, RpcError> {
    Ok(CallRequest {
        state: params.optional(2)?,
        env: params.optional(3)?,
        ..request_at(params)?
    })
}

/// The call in `params`: transaction and block.
pub(super) fn request_at(params: &Params<'_>) -> Result<CallRequest, RpcError> {
    let (tx, block): (TransactionRequest, Option<BlockId>) =
        (params.required(0)?, params.optional(1)?);
    Ok(CallRequest {
        tx,
        block,
        state: None,
        env: None,
    })
}

fn call(params: &Params<'_>) -> Result<Job, RpcError> {
    let request = request(params)?;
    job(move |node| {
        let done = node
            .simulate(request)
            .and_then(|mut call| call.run())
            .map_err(IntoRpc::into_rpc)?;
        output(done.result)
    })
}

/// What a call returned, or the error that a node answers with.
fn output(result: ExecutionResult) -> Result<Bytes, RpcError> {
    match result {
        ExecutionResult::Success {
            output: Output::Call(data) | Output::Create(data, _),
            ..
        } => Ok(data),
        ExecutionResult::Revert { output, .. } => Err(reverted(&output)),
        ExecutionResult::Halt { reason, .. } => Err(server(halt_text(&reason))),
    }
}

fn estimate(params: &Params<'_>) -> Result<Job, RpcError> {
    let request = request(params)?;
    job(move |node| {
        let mut call = node.simulate(request).map_err(IntoRpc::into_rpc)?;
        call.estimate().map(U64::from).map_err(IntoRpc::into_rpc)
    })
}

fn access_list(params: &Params<'_>) -> Result<Job, RpcError> {
    let request = request(params)?;
    job(move |node| {
        let estimate = node
            .simulate(request)
            .and_then(|mut call| call.access_list())
            .map_err(IntoRpc::into_rpc)?;
        Ok(AccessListResult {
            access_list: estimate.access_list,
            gas_used: U256::from(estimate.gas_used),
            error: estimate.error,
        })
    })
}
