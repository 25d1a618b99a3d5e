//! JSON-RPC over WebSocket, with subscriptions.

use std::{collections::BTreeMap, sync::Arc};

use alloy::rpc::types::{
    Filter,
    pubsub::{Params as SubscriptionParams, SubscriptionKind},
};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::broadcast::error::RecvError;

use super::http::Shared;
use crate::{
    block::Block,
    node::{Event, matching},
    rpc::{self, Incoming, Params, RawRequest, RpcError, RpcResult},
};

/// What a subscription asks for.
#[derive(Clone, Debug)]
enum Wanted {
    Heads,
    Logs(Box<Filter>),
    Pending,
}

/// The subscriptions of one connection.
#[derive(Debug, Default)]
struct Session {
    subscriptions: BTreeMap<u64, Wanted>,
    last_id: u64,
}

#[derive(Serialize)]
struct Notification<'a> {
    jsonrpc: &'static str,
    method: &'static str,
    params: NotificationParams<'a>,
}

#[derive(Serialize)]
struct NotificationParams<'a> {
    subscription: String,
    result: &'a RawValue,
}

/// Serves one connection until it ends.
pub(super) async fn serve(mut socket: WebSocket, shared: Shared) {
    let Ok(mut events) = shared.client.ask(|node| node.events.subscribe()).await else {
        return;
    };
    let mut session = Session::default();
    loop {
        tokio::select! {
            // Events first: a new subscription is not told of what was before it.
            biased;
            event = events.recv() => {
                let event = match event {
                    Ok(event) => event,
                    Err(RecvError::Lagged(_)) if session.subscriptions.is_empty() => continue,
                    Err(RecvError::Lagged(missed)) => return close(socket, missed).await,
                    Err(RecvError::Closed) => return,
                };
                for notification in session.notifications(&event) {
                    if send(&mut socket, notification).await.is_err() {
                        return;
                    }
                }
            }
            message = socket.recv() => {
                let answer = match message {
                    Some(Ok(Message::Text(text))) => session.respond(&shared, text.as_bytes()).await,
                    Some(Ok(Message::Binary(bytes))) => session.respond(&shared, &bytes).await,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                if let Some(answer) = answer
                    && send(&mut socket, answer).await.is_err()
                {
                    return;
                }
            }
        }
    }
}

/// Ends a connection that reads too slowly. What it missed is gone, and it must know.
async fn close(mut socket: WebSocket, missed: u64) {
    let reason = Utf8Bytes::from(format!(
        "too slow: {missed} events were missed; subscribe again"
    ));
    let frame = CloseFrame {
        code: close_code::POLICY,
        reason,
    };
    // Whoever does not read may not hear this either.
    let _unheard = socket.send(Message::Close(Some(frame))).await;
}

async fn send(socket: &mut WebSocket, text: Vec<u8>) -> Result<(), axum::Error> {
    // Everything that is sent was encoded by serde_json, which writes UTF-8.
    let text = Utf8Bytes::try_from(text).unwrap_or_default();
    socket.send(Message::Text(text)).await
}

impl Session {
    /// Serves a message. Subscriptions are made one at a time: in a batch they are refused.
    async fn respond(&mut self, shared: &Shared, message: &[u8]) -> Option<Vec<u8>> {
        if let Ok(Incoming::Single(Ok(request))) = Incoming::parse(message, &shared.limits)
            && let Some(result) = self.subscription(&request, shared.limits.subscriptions)
        {
            return Some(rpc::encode(request.id, &result));
        }
        rpc::respond(&shared.client, &shared.limits, message).await
    }

    /// Serves a request that is about subscriptions. None if it is not.
    fn subscription(&mut self, request: &RawRequest<'_>, most: usize) -> Option<RpcResult> {
        let result = match request.method().ok()? {
            "eth_subscribe" => self
                .subscribe(request.params, most)
                .and_then(|id| encode(&hex_id(id))),
            "eth_unsubscribe" => self
                .unsubscribe(request.params)
                .and_then(|found| encode(&found)),
            _ => return None,
        };
        Some(result)
    }

    fn subscribe(&mut self, params: Option<&RawValue>, most: usize) -> Result<u64, RpcError> {
        let params = Params::new(params)?;
        let wanted = match params.required::<SubscriptionKind>(0)? {
            SubscriptionKind::NewHeads => Wanted::Heads,
            SubscriptionKind::NewPendingTransactions => match params.optional(1)? {
                None | Some(SubscriptionParams::None | SubscriptionParams::Bool(false)) => {
                    Wanted::Pending
                }
                Some(_) => {
                    return Err(rpc::invalid_params(
                        "whole pending transactions are not offered: only hashes",
                    ));
                }
            },
            SubscriptionKind::Logs => Wanted::Logs(params.optional(1)?.unwrap_or_default()),
            other => {
                return Err(rpc::invalid_params(format!(
                    "no such subscription: {other:?}"
                )));
            }
        };
        if self.subscriptions.len() >= most {
            return Err(rpc::limit(format!(
                "too many subscriptions on this connection, limit {most}"
            )));
        }
        self.last_id += 1;
        self.subscriptions.insert(self.last_id, wanted);
        Ok(self.last_id)
    }

    fn unsubscribe(&mut self, params: Option<&RawValue>) -> Result<bool, RpcError> {
        let rpc::Quantity(id) = Params::new(params)?.required(0)?;
        if self.subscriptions.remove(&id).is_none() {
            return Err(rpc::server("subscription not found"));
        }
        Ok(true)
    }

    /// What the connection is told of an event.
    fn notifications(&self, event: &Event) -> Vec<Vec<u8>> {
        let mut notifications = Vec::new();
        for (id, wanted) in &self.subscriptions {
            for result in results(wanted, event) {
                let params = NotificationParams {
                    subscription: hex_id(*id),
                    result: &result,
                };
                let notification = Notification {
                    jsonrpc: "2.0",
                    method: "eth_subscription",
                    params,
                };
                notifications.extend(serde_json::to_vec(&notification));
            }
        }
        notifications
    }
}

fn results(wanted: &Wanted, event: &Event) -> Vec<Box<RawValue>> {
    match (wanted, event) {
        (Wanted::Heads, Event::Block(block)) => to_raw_value(&rpc::encode_header(block))
            .into_iter()
            .collect(),
        (Wanted::Pending, Event::Pending(hash)) => to_raw_value(hash).into_iter().collect(),
        (Wanted::Logs(filter), Event::Block(block)) => logs(filter, block),
        _ => Vec::new(),
    }
}

fn logs(filter: &Filter, block: &Arc<Block>) -> Vec<Box<RawValue>> {
    matching(block, filter)
        .iter()
        .filter_map(|found| rpc::encode_log(&found.block, found.tx, found.log))
        .filter_map(|log| to_raw_value(&log).ok())
        .collect()
}

fn encode<T: Serialize>(value: &T) -> RpcResult {
    to_raw_value(value).map_err(rpc::internal)
}

fn hex_id(id: u64) -> String {
    format!("{id:#x}")
}
