//! Who waits for what, and when it comes.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::parts::{number, table, tile, when};
use super::{Shared, show};
use crate::amount::Amount;
use crate::api::{ApiError, QueueAnswer, Scope, read_queue};

pub(super) async fn page(State(app): Shared) -> Response {
    show(app, "/queue", body).await
}

async fn body(scope: &Scope) -> Result<Markup, ApiError> {
    let queue = read_queue(scope).await?;
    let now_s = scope.view.block.timestamp_s;
    Ok(html! {
        h1 { "Queue" }
        section #figures data-live {
            div .tiles {
                (tile("Waiting", &number(queue.waiting_shares, 4), "shares"))
                (tile("Epoch", &queue.epoch.to_string(), ""))
                @for asset in &queue.liquidity {
                    (tile(&format!("Idle {}", asset.symbol), &number(asset.idle, 4), &format!("{} ETH", number(asset.value, 2))))
                }
            }
            p { "The open batch closes " (when(queue.closes_s, now_s)) ". What is requested now is paid " (when(queue.request_paid_s, now_s)) "." }
        }
        section #batches data-live {
            h2 { "Batches" }
            (batches(&queue, now_s))
        }
    })
}

fn batches(queue: &QueueAnswer, now_s: u64) -> Markup {
    let rows: Vec<Vec<Markup>> = queue
        .batches
        .iter()
        .map(|one| {
            let batch = &one.batch;
            vec![
                html! { (batch.epoch) },
                html! { span .tag { (one.status) } },
                html! { (batch.tickets) },
                html! { (number(batch.shares, 4)) },
                html! { (number(batch.filled, 4)) },
                html! { (number(one.value, 2)) },
                html! { @if one.status == "paid" && one.expected_s == 0 { "–" } @else { (when(one.expected_s, now_s)) } },
                html! { @if batch.held.iter().any(|held| *held > Amount::ZERO) { "a part was held back for a slash" } },
            ]
        })
        .collect();
    table(
        "Batches",
        &[
            "Epoch",
            "",
            "Tickets",
            "Shares",
            "Paid for",
            "ETH unpaid",
            "Paid or expected",
            "",
        ],
        &rows,
        "Nobody has asked to leave.",
    )
}
