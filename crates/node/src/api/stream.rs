//! News as they come: server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures::{Stream, stream};
use serde_json::json;

use super::App;
use crate::indexer::Published;

pub(super) fn router() -> Router<App> {
    Router::new().route("/v1/stream", get(news))
}

/// One event, `block`, whenever what is published changes, and one at the start.
async fn news(State(app): State<App>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut published = app.published.clone();
    published.mark_changed();
    let events = stream::unfold(published, |mut published| async move {
        published.changed().await.ok()?;
        let event = event(&published.borrow_and_update());
        Some((Ok(event), published))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

fn event(published: &Published) -> Event {
    let head = published.head.map(
        |head| json!({ "number": head.number, "hash": head.hash, "timestamp_s": head.timestamp_s }),
    );
    let data = json!({
        "block": head,
        "chain_head": published.chain_head,
        "finalized": published.finalized,
        "is_reconciled": published.verdict.mismatches.is_empty(),
        "trouble": published.trouble,
    });
    Event::default().event("block").data(data.to_string())
}
