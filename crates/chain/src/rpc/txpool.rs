//! What waits.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U64};
use serde::Serialize;

use super::{Job, RpcError, encode::encode_pending, job};
use crate::{node::Node, tx::Tx};

type BySender<T> = BTreeMap<Address, BTreeMap<String, T>>;

#[derive(Debug, Serialize)]
struct Content<T> {
    pending: T,
    queued: T,
}

pub(super) fn route(method: &str) -> Option<Result<Job, RpcError>> {
    Some(match method {
        "txpool_status" => job(|node| Ok(status(node))),
        "txpool_content" => job(|node| Ok(content(node, encode_pending))),
        "txpool_inspect" => job(|node| Ok(content(node, summary))),
        _ => return None,
    })
}

fn status(node: &Node) -> Content<U64> {
    let waiting = node.pool.waiting(|from| node.world.nonce(from));
    let pending = waiting.iter().filter(|(_, due)| *due).count();
    Content {
        pending: U64::from(pending),
        queued: U64::from(waiting.len() - pending),
    }
}

fn content<T>(node: &Node, show: fn(&Tx) -> Option<T>) -> Content<BySender<T>> {
    let mut content = Content {
        pending: BySender::new(),
        queued: BySender::new(),
    };
    for (tx, due) in node.pool.waiting(|from| node.world.nonce(from)) {
        let half = if due {
            &mut content.pending
        } else {
            &mut content.queued
        };
        if let Some(shown) = show(tx) {
            half.entry(tx.from())
                .or_default()
                .insert(tx.nonce().to_string(), shown);
        }
    }
    content
}

fn summary(tx: &Tx) -> Option<String> {
    let to = tx
        .env
        .kind
        .to()
        .map_or_else(|| "contract creation".to_owned(), Address::to_string);
    Some(format!(
        "{to}: {} wei + {} gas × {} wei",
        tx.env.value, tx.env.gas_limit, tx.env.gas_price
    ))
}
