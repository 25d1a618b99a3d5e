//! Lists in pages: history, rates, fees, services, raw logs.

use alloy::primitives::{Address, B256, Bytes};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ApiError;
use super::answer::Answer;
use super::extract::{Params, cursor};
use super::scope::{AtParam, Scope};
use crate::projections::{FeeDoc, HistoryDoc, RateDoc, ServiceDoc};
use crate::store::{Kind, Range};

const MOST: u32 = 500;

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParam {
    /// At most so many, up to 500; 50 if left out.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl PageParam {
    /// How many to read.
    ///
    /// # Errors
    /// It is none or too many.
    pub fn limit(&self) -> Result<u32, ApiError> {
        match self.limit {
            None => Ok(50),
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            Some(_) => Err(ApiError::bad(format!(
                "a page has from 1 to {MOST} entries"
            ))),
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// For the next page; none at the end.
    pub next: Option<String>,
}

/// A page of documents whose keys begin with `prefix`, newest first unless `is_ascending`.
///
/// # Errors
/// The parameters are wrong, or the database failed.
pub async fn page<T: DeserializeOwned>(
    scope: &Scope,
    kind: Kind,
    prefix: &[u8],
    is_ascending: bool,
    params: &PageParam,
) -> Result<Page<T>, ApiError> {
    let limit = params.limit()?;
    let mut range = Range::prefix(kind, prefix, limit);
    if kind == Kind::History {
        range.to = Some(HistoryDoc::LAST.to_vec());
    }
    if !is_ascending {
        range = range.descending();
    }
    if let Some(text) = &params.cursor {
        let key = cursor(text)?;
        if !range.contains(&key) {
            return Err(ApiError::bad("the cursor is of another list"));
        }
        range = range.beyond(&key);
    }
    let found = scope.view.scan::<T>(range).await?;
    let is_full = found.len() == limit as usize;
    let last = found.last().map(|(key, _)| alloy::hex::encode(key));
    Ok(Page {
        items: found.into_iter().map(|(_, doc)| doc).collect(),
        next: last.filter(|_| is_full),
    })
}

/// Rate and NAV after each block that moved them, newest first.
#[utoipa::path(get, path = "/v1/rate/history", tag = "vault", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<HistoryDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn history(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<HistoryDoc>(&scope, Kind::History, &[], false, &params).await?;
    scope.answer(data).await
}

/// Which asset.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AssetParam {
    /// Its place in the vault's order, from 0.
    asset: u8,
}

/// Accepted and suspicious rates of an asset, newest first.
#[utoipa::path(get, path = "/v1/rate/assets", tag = "vault", params(AtParam, PageParam, AssetParam),
    responses((status = 200, body = Answer<Page<RateDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn rates(
    scope: Scope,
    Params(params): Params<PageParam>,
    Params(AssetParam { asset }): Params<AssetParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<RateDoc>(&scope, Kind::Rate, &[asset], false, &params).await?;
    scope.answer(data).await
}

/// Fees that were taken or shared, newest first.
#[utoipa::path(get, path = "/v1/fees", tag = "vault", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<FeeDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn fees(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<FeeDoc>(&scope, Kind::Fee, &[], false, &params).await?;
    scope.answer(data).await
}

/// Services, their terms and who takes part.
#[utoipa::path(get, path = "/v1/services", tag = "risk", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<ServiceDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn services(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<ServiceDoc>(&scope, Kind::Service, &[], true, &params).await?;
    scope.answer(data).await
}

/// A raw log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct LogAnswer {
    block: u64,
    #[schema(value_type = String)]
    block_hash: B256,
    log_index: u64,
    #[schema(value_type = String)]
    tx: B256,
    #[schema(value_type = String)]
    address: Address,
    /// Name of the contract in the address book.
    contract: Option<String>,
    #[schema(value_type = Vec<String>)]
    topics: Vec<B256>,
    #[schema(value_type = String)]
    data: Bytes,
}

/// Raw logs as the chain gave them, oldest first.
#[utoipa::path(get, path = "/v1/events", tag = "history", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<LogAnswer>>), (status = "default", body = ApiError)))]
pub(super) async fn events(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let limit = params.limit()?;
    let after = params.cursor.as_deref().map(place).transpose()?;
    let mut logs = scope.app.store.logs_after(after, limit).await?;
    let is_full = logs.len() == limit as usize;
    logs.retain(|log| log.block <= scope.view.block.number);
    let next = logs.last().filter(|_| is_full);
    let next = next.map(|log| format!("{}-{}", log.block, log.log_index));
    let site = &scope.app.site;
    let items = logs.into_iter().map(|log| LogAnswer {
        block: log.block,
        block_hash: log.block_hash,
        log_index: log.log_index,
        tx: log.tx_hash,
        contract: site.contract_name(log.address).map(str::to_owned),
        address: log.address,
        topics: log.topics,
        data: log.data,
    });
    let items = items.collect();
    scope.answer(Page { items, next }).await
}

fn place(text: &str) -> Result<(u64, u64), ApiError> {
    let parts = text.split_once('-');
    let parts = parts.and_then(|(block, log)| Some((block.parse().ok()?, log.parse().ok()?)));
    parts.ok_or_else(|| {
        ApiError::bad("the cursor is not one").next("`next` of the page before, as it is")
    })
}
