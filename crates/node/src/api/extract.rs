//! Reading requests: whatever does not fit is refused with its reason.

use alloy::primitives::Address;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::ApiError;

/// The query of a request.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query
            .map(|Query(params)| Self(params))
            .map_err(|error| ApiError::bad(error.body_text()))
    }
}

/// A part of the path.
#[derive(Debug)]
pub struct Part<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Part<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(part)| Self(part))
            .map_err(|error| ApiError::bad(error.body_text()))
    }
}

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(error) => Err(refusal(&error)),
        }
    }
}

fn refusal(error: &JsonRejection) -> ApiError {
    let (status, code) = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        }
        _ => (StatusCode::BAD_REQUEST, "bad_request"),
    };
    ApiError::new(status, code, error.body_text())
}

/// An account as text: `0x` and 40 hexadecimal digits, in any case of letters.
pub fn account(text: &str) -> Result<Address, ApiError> {
    text.parse().map_err(|_| {
        ApiError::bad(format!(
            "`{}` is not an account",
            text.chars().take(80).collect::<String>()
        ))
        .next("0x and 40 hexadecimal digits")
    })
}

/// A cursor, as an earlier answer gave it.
pub fn cursor(text: &str) -> Result<Vec<u8>, ApiError> {
    alloy::hex::decode(text).map_err(|_| {
        ApiError::bad("the cursor is not one").next("`next` of the page before, as it is")
    })
}
