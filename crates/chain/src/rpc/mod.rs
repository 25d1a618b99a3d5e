//! JSON-RPC: one dispatcher for HTTP, WebSocket and in-process callers; one file per group of methods.
//!
//! A request is served in three steps: its parameters are parsed where it arrives, the chain does the [`Job`] on its
//! thread, and the answer is encoded where the request arrived.

mod anvil;
mod debug;
mod encode;
mod envelope;
mod error;
mod eth_block;
mod eth_call;
mod eth_fee;
mod eth_filter;
mod eth_log;
mod eth_send;
mod eth_state;
mod eth_tx;
mod evm;
mod net;
mod params;
mod txpool;

pub(crate) use encode::{encode_header, encode_log};
pub(crate) use envelope::{Incoming, RawRequest, encode, respond};
pub(crate) use error::{
    IntoRpc, RpcError, internal, invalid_params, invalid_request, limit, method_not_found, server,
};
pub(crate) use params::{Params, Quantity};

use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    config::Limits,
    executor::{Client, guarded},
    node::Node,
};

/// An encoded result, or an error.
pub(crate) type RpcResult = Result<Box<RawValue>, RpcError>;

/// Encodes an answer; run off the chain's thread.
type Encode = Box<dyn FnOnce() -> RpcResult + Send>;

/// A request whose parameters were understood, to be done on the chain's thread.
pub(crate) struct Job(Ask);

type Ask = Box<dyn FnOnce(&mut Node) -> Result<Encode, RpcError> + Send>;

/// A job that asks `what` of the chain.
pub(crate) fn job<T: Serialize + Send + 'static>(
    what: impl FnOnce(&mut Node) -> Result<T, RpcError> + Send + 'static,
) -> Result<Job, RpcError> {
    Ok(Job(Box::new(move |node| {
        let answer = what(node)?;
        Ok(Box::new(move || to_raw_value(&answer).map_err(internal)))
    })))
}

/// A job whose answer needs no chain.
pub(crate) fn answer<T: Serialize + Send + 'static>(answer: T) -> Result<Job, RpcError> {
    job(move |_| Ok(answer))
}

/// Finds the method and parses its parameters.
pub(crate) fn prepare(
    method: &str,
    params: Option<&RawValue>,
    limits: &Limits,
) -> Result<Job, RpcError> {
    let params = Params::new(params)?;
    let (namespace, _) = method.split_once('_').unwrap_or_default();
    let job = match namespace {
        "eth" => eth(method, &params, limits),
        "net" | "web3" | "personal" => net::route(method, &params),
        "debug" => debug::route(method, &params),
        "txpool" => txpool::route(method),
        "evm" => evm::route(method, &params),
        "anvil" | "hardhat" => anvil::route(method, &params),
        _ => None,
    };
    job.unwrap_or_else(|| Err(method_not_found(method)))
}

fn eth(method: &str, params: &Params<'_>, limits: &Limits) -> Option<Result<Job, RpcError>> {
    eth_send::route(method, params, limits)
        .or_else(|| eth_call::route(method, params))
        .or_else(|| eth_tx::route(method, params))
        .or_else(|| eth_state::route(method, params))
        .or_else(|| eth_block::route(method, params))
        .or_else(|| eth_fee::route(method, params))
        .or_else(|| eth_log::route(method, params))
        .or_else(|| eth_filter::route(method, params))
}

/// Serves one request.
pub(crate) async fn call(
    client: &Client,
    limits: &Limits,
    method: &str,
    params: Option<&RawValue>,
) -> RpcResult {
    let Job(job) = prepare(method, params, limits)?;
    let encode = client.ask(job).await.map_err(IntoRpc::into_rpc)??;
    encode()
}

/// Longest time that a batch holds the chain's thread before others get their turn.
const SLICE: Duration = Duration::from_millis(20);

/// Does several jobs in order, with few visits to the chain's thread.
async fn do_all(
    client: &Client,
    jobs: Vec<Result<Job, RpcError>>,
) -> Vec<Result<Encode, RpcError>> {
    let count = jobs.len();
    let mut answers = Vec::with_capacity(count);
    let mut jobs = jobs.into_iter();
    while answers.len() < count {
        let done = client.ask(move |node| {
            let started = Instant::now();
            let mut answers = Vec::with_capacity(jobs.len());
            for job in jobs.by_ref() {
                answers.push(do_one(node, job));
                if started.elapsed() > SLICE {
                    break;
                }
            }
            (answers, jobs)
        });
        match done.await {
            Ok((more, rest)) => {
                answers.extend(more);
                jobs = rest;
            }
            Err(error) => {
                let error = error.into_rpc();
                answers.resize_with(count, || Err(error.clone()));
                break;
            }
        }
    }
    answers
}

fn do_one(node: &mut Node, job: Result<Job, RpcError>) -> Result<Encode, RpcError> {
    let Job(job) = job?;
    guarded(node, job).map_err(IntoRpc::into_rpc)?
}
