//! JSON-RPC over HTTP; a WebSocket handshake on the same port goes to [`ws`](super::ws).

use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, State, WebSocketUpgrade, rejection::BytesRejection,
        ws::rejection::WebSocketUpgradeRejection,
    },
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tower_http::cors::CorsLayer;

use super::{counted::Counted, ws};
use crate::{config::Limits, executor::Client, rpc};

/// What every connection needs.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) limits: Limits,
}

/// Serves connections until the runtime stops.
pub(super) async fn serve(listener: TcpListener, client: Client, limits: Limits) {
    let shared = Shared { client, limits };
    let app = Router::new()
        .route("/", get(upgrade).post(post))
        .layer(DefaultBodyLimit::max(limits.request_bytes))
        .layer(CorsLayer::permissive())
        .with_state(shared);
    let listener = Counted::new(listener, limits.connections);
    if let Err(error) = axum::serve(listener, app).await {
        tracing::error!(%error, "the JSON-RPC server stopped");
    }
}

async fn post(State(shared): State<Shared>, body: Result<Bytes, BytesRejection>) -> Response {
    match body {
        Ok(body) => match rpc::respond(&shared.client, &shared.limits, &body).await {
            Some(response) => json(StatusCode::OK, response),
            None => StatusCode::NO_CONTENT.into_response(),
        },
        Err(rejection) => {
            let status = rejection.status();
            let error = if status == StatusCode::PAYLOAD_TOO_LARGE {
                rpc::limit(format!(
                    "request too large, limit {} bytes",
                    shared.limits.request_bytes
                ))
            } else {
                rpc::invalid_request(rejection.body_text())
            };
            json(status, rpc::encode(None, &Err(error)))
        }
    }
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

async fn upgrade(
    State(shared): State<Shared>,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(socket) = socket else {
        let text = "This is a JSON-RPC endpoint: send requests with POST, or open a WebSocket.\n";
        return (StatusCode::METHOD_NOT_ALLOWED, text).into_response();
    };
    let most = shared.limits.request_bytes;
    socket
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| ws::serve(socket, shared))
}
