//! Slash requests and who bore them.

use axum::response::IntoResponse;

use super::ApiError;
use super::answer::Answer;
use super::extract::{Params, Part};
use super::lists::{Page, PageParam, page};
use super::scope::{AtParam, Scope};
use crate::projections::SlashDoc;
use crate::store::Kind;

/// Slash requests, newest first.
#[utoipa::path(get, path = "/v1/slashes", tag = "risk", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<SlashDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn slashes(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<SlashDoc>(&scope, Kind::Slash, &[], false, &params).await?;
    scope.answer(data).await
}

/// A slash request.
#[utoipa::path(get, path = "/v1/slashes/{id}", tag = "risk", params(AtParam, ("id" = u64, Path)),
    responses((status = 200, body = Answer<SlashDoc>), (status = "default", body = ApiError)))]
pub(super) async fn slash(
    scope: Scope,
    Part(id): Part<u64>,
) -> Result<impl IntoResponse, ApiError> {
    let found = scope
        .view
        .get::<SlashDoc>(Kind::Slash, &id.to_be_bytes())
        .await?;
    let found =
        found.ok_or_else(|| ApiError::unknown(format!("this vault has no slash request {id}")))?;
    scope.answer(found).await
}
