//! What every answer carries.

use alloy::primitives::{B256, keccak256};
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::scope::{At, Scope};
use crate::indexer;

/// A block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct BlockRef {
    /// Its number.
    pub number: u64,
    /// Its hash.
    #[schema(value_type = String)]
    pub hash: B256,
    /// Unix seconds.
    pub timestamp_s: u64,
}

/// An answer, and how far to trust it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Answer<T> {
    /// The block that everything in it is as of.
    pub block: BlockRef,
    /// `latest` or `finalized`, as it was asked.
    pub at: At,
    /// Whether the chain calls that block final.
    pub is_final: bool,
    /// Blocks that the chain has beyond it, as far as the node knows.
    pub behind_blocks: u64,
    /// How long ago the chain last answered the node, seconds.
    pub staleness_s: u64,
    /// Whether the documents agree with the contracts' storage; where not, they are as of the last block where they did.
    pub is_reconciled: bool,
    /// What was asked for.
    pub data: T,
}

impl<T> Answer<T> {
    /// An answer as of a scope.
    pub fn new(scope: &Scope, data: T) -> Self {
        let (block, published) = (scope.view.block, &scope.published);
        Self {
            block: BlockRef {
                number: block.number,
                hash: block.hash,
                timestamp_s: block.timestamp_s,
            },
            at: scope.at,
            is_final: block.number <= published.finalized,
            behind_blocks: published.chain_head.saturating_sub(block.number),
            staleness_s: indexer::now_s().saturating_sub(published.heard_s),
            is_reconciled: published.verdict.mismatches.is_empty(),
            data,
        }
    }
}

/// An answer for the wire, with an entity tag of its block and its question.
#[derive(Debug)]
pub struct Tagged<T> {
    answer: Answer<T>,
    tag: String,
    is_known: bool,
}

impl<T: Serialize> Tagged<T> {
    /// Answers `uri`; a client that has this answer gets none again.
    pub fn new(answer: Answer<T>, uri: &Uri, headers: &HeaderMap) -> Self {
        let question = keccak256(uri.to_string());
        let flags = u8::from(answer.is_final) + 2 * u8::from(answer.is_reconciled);
        let tag = format!(
            "W/\"{:x}-{}-{flags}\"",
            answer.block.hash,
            alloy::hex::encode(question.get(..8).unwrap_or_default())
        );
        let known = headers.get(header::IF_NONE_MATCH);
        let known = known.and_then(|known| known.to_str().ok());
        let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
        Self {
            answer,
            tag,
            is_known,
        }
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = if self.is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Json(self.answer).into_response()
        };
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}
