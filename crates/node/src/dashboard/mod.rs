//! The pages: rendered here, kept live by server-sent events, with three small scripts and no others.
//!
//! Every page reads through the same functions as the API, as of one block. Parts marked `data-live` are fetched again and
//! replaced when a block is published. Without scripts the pages still tell everything; only sending needs them.

mod chart;
mod exposure;
mod overview;
mod parameters;
mod parts;
mod position;
mod queue;
mod slashes;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::api::{ApiError, App, At, Scope};
use crate::indexer;

const STYLE: &str = include_str!("style.css");
const LIVE: &str = include_str!("live.js");
const WALLET: &str = include_str!("wallet.js");

/// Pages by address, name and what they answer.
const PAGES: [(&str, &str); 6] = [
    ("/", "Overview"),
    ("/exposure", "Exposure"),
    ("/queue", "Queue"),
    ("/slashes", "Slashes"),
    ("/parameters", "Parameters"),
    ("/position", "My position"),
];

/// The pages of a node.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(overview::page))
        .route("/exposure", get(exposure::page))
        .route("/queue", get(queue::page))
        .route("/slashes", get(slashes::page))
        .route("/parameters", get(parameters::page))
        .route("/position", get(position::page))
        .route("/assets/{file}", get(asset))
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            policy(app),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ))
}

/// Nothing but what this binary serves; a development chain may be talked to as well.
fn policy(app: &App) -> HeaderValue {
    let chain = app.rpc_url.as_deref().unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self' {chain}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

async fn asset(Path(file): Path<String>) -> Response {
    let (kind, text) = match file.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "live.js" => ("text/javascript; charset=utf-8", LIVE),
        "wallet.js" => ("text/javascript; charset=utf-8", WALLET),
        _ => return (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

/// A page, or what stands in its place while it cannot be made.
async fn show(
    app: App,
    path: &'static str,
    body: impl AsyncFnOnce(&Scope) -> Result<Markup, ApiError>,
) -> Response {
    let made = async {
        let scope = Scope::of(&app, At::Latest).await?;
        let body = body(&scope).await?;
        Ok::<_, ApiError>((scope, body))
    };
    match made.await {
        Ok((scope, body)) => {
            Html(frame(path, &status(&scope), &body).into_string()).into_response()
        }
        Err(error) => {
            let status = html! { div #status .status .bad data-live { "No data" } };
            let body = html! {
                section #trouble data-live {
                    h1 { "Nothing to show yet" }
                    p { (error.what) }
                    p .faint { "This page comes by itself as soon as there is." }
                }
            };
            let page = frame(path, &status, &body).into_string();
            (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
        }
    }
}

/// What everything on the page is as of, and whether it can be relied on.
fn status(scope: &Scope) -> Markup {
    let (block, published) = (scope.view.block, &scope.published);
    let silence_s = indexer::now_s().saturating_sub(published.heard_s);
    let behind = published.chain_head.saturating_sub(block.number);
    let differs = !published.verdict.mismatches.is_empty();
    let is_stale = silence_s > 60 || published.trouble.is_some();
    html! {
        div #status .status .bad[differs || is_stale] data-live role="status" {
            span title=(block.hash) { "Block " (block.number) }
            span { (parts::time(block.timestamp_s)) }
            span { @if block.number <= published.finalized { "final" } @else { "not final" } }
            @if behind > 0 { span { (behind) " behind the chain" } }
            @if differs {
                strong { "Does not agree with the contracts: shown as of the last block that did" }
            } @else {
                span { "agrees with the contracts" }
            }
            @if is_stale { strong { "Stale: the chain last answered " (parts::span(silence_s)) " ago" } }
        }
    }
}

fn frame(path: &str, status: &Markup, body: &Markup) -> Markup {
    let name = PAGES
        .iter()
        .find(|(at, _)| *at == path)
        .map_or("", |(_, name)| name);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (name) " · Weir" }
                link rel="stylesheet" href="/assets/style.css";
                script type="module" src="/assets/live.js" {}
                @if path == "/position" { script type="module" src="/assets/wallet.js" {} }
            }
            body {
                a .skip href="#main" { "To the content" }
                header {
                    a .brand href="/" { "Weir" }
                    nav aria-label="Pages" {
                        @for (at, name) in PAGES {
                            a href=(at) aria-current=[(at == path).then_some("page")] { (name) }
                        }
                    }
                }
                (status)
                main #main { (body) }
                footer {
                    a href="/openapi.json" { "API" } " · " a href="/readyz" { "Health" } " · " a href="/metrics" { "Metrics" }
                }
            }
        }
    }
}

type Shared = State<App>;
