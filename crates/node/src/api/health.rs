//! Whether the node lives, whether it can be relied on, and its numbers.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics::{counter, histogram};
use serde_json::json;

use super::App;
use crate::indexer;

/// Blocks that the node may be behind and still be ready.
const READY_LAG: u64 = 16;
/// Longest silence of the chain, seconds.
const READY_SILENCE_S: u64 = 60;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
}

async fn ready(State(app): State<App>) -> Response {
    let published = app.published.borrow().clone();
    let head = published.head.map(|head| head.number);
    let behind = published
        .chain_head
        .saturating_sub(head.unwrap_or_default());
    let silence_s = indexer::now_s().saturating_sub(published.heard_s);
    let reasons = [
        (head.is_none(), "nothing is published yet".to_owned()),
        (
            behind > READY_LAG,
            format!("{behind} blocks behind the chain"),
        ),
        (
            silence_s > READY_SILENCE_S,
            format!("the chain has not answered for {silence_s} s"),
        ),
        (
            !published.verdict.mismatches.is_empty(),
            "the documents do not agree with the contracts".to_owned(),
        ),
    ];
    let reasons: Vec<String> = reasons
        .into_iter()
        .filter_map(|(is_so, why)| is_so.then_some(why))
        .collect();
    let status = if reasons.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "ready": reasons.is_empty(),
        "reasons": reasons,
        "block": head,
        "chain_head": published.chain_head,
        "mismatches": published.verdict.mismatches,
        "trouble": published.trouble,
    });
    (status, Json(body)).into_response()
}

async fn numbers(State(app): State<App>) -> Response {
    match &app.metrics {
        Some(recorder) => {
            recorder.run_upkeep();
            let format = "text/plain; version=0.0.4";
            ([(header::CONTENT_TYPE, format)], recorder.render()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "this process records no metrics\n").into_response(),
    }
}

/// Counts requests and how long they take.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    counter!("weir_http_requests_total", "path" => path.clone(), "status" => status).increment(1);
    histogram!("weir_http_request_seconds", "path" => path).record(begun.elapsed().as_secs_f64());
    response
}
