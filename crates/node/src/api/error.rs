//! Refusals: what happened, why, and what to do next.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tower_governor::GovernorError;
use utoipa::ToSchema;

use crate::store::StoreError;

/// Why a request has no answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiError {
    #[serde(skip)]
    pub(super) status: StatusCode,
    /// Names the kind of trouble, for programs.
    pub code: &'static str,
    /// What happened and why.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, what: impl ToString) -> Self {
        Self {
            status,
            code,
            what: what.to_string(),
            next: None,
        }
    }

    /// The request is not understood.
    pub fn bad(what: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", what)
    }

    /// There is no such thing.
    pub fn unknown(what: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what)
    }

    /// The node cannot answer now.
    pub fn unavailable(what: impl ToString) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", what)
            .next("try again; /readyz tells when the node can answer")
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn next(mut self, next: impl ToString) -> Self {
        self.next = Some(next.to_string());
        self
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a request failed");
        Self::unavailable("the database did not answer")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            error: ApiError,
        }
        (self.status, Json(Body { error: self })).into_response()
    }
}

pub(super) async fn not_found() -> ApiError {
    ApiError::unknown("there is nothing at this address").next("/openapi.json lists what there is")
}

pub(super) async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address does not take that method",
    )
    .next("/openapi.json lists what each takes")
}

pub(super) fn limited(error: GovernorError) -> Response<axum::body::Body> {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "this client asks more than it may",
        )
        .next(format!("ask again in {} s", wait_time.max(1))),
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => {
            ApiError::bad("the address of the client is not known")
        }
    }
    .into_response()
}
