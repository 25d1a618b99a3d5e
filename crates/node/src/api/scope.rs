//! The block that a request is answered at.

use std::time::Duration;

use alloy::eips::BlockId;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_deployment::revert::Refusal;

use super::answer::{Answer, Tagged};
use super::extract::Params;
use super::{ApiError, App};
use crate::indexer::Published;
use crate::store::View;

/// The chain must answer within this.
const PATIENCE: Duration = Duration::from_secs(10);

/// As of which block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The newest published one.
    #[default]
    Latest,
    /// The newest that the chain calls final.
    Finalized,
}

/// The block of a request, as its query names it.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AtParam {
    /// `latest` (the default) or `finalized`.
    #[serde(default)]
    pub at: At,
}

/// Everything a request reads, as of one block.
#[derive(Debug, Clone)]
pub struct Scope {
    /// What handlers need.
    pub app: App,
    /// The documents.
    pub view: View,
    /// What is published.
    pub published: Published,
    /// As of which block was asked.
    pub at: At,
    uri: Uri,
    headers: HeaderMap,
}

impl Scope {
    /// The scope of a page or a stream.
    ///
    /// # Errors
    /// Nothing is published yet.
    pub async fn of(app: &App, at: At) -> Result<Self, ApiError> {
        let published = app.published.borrow().clone();
        let Some(mut block) = published.head else {
            let why = match &published.trouble {
                Some(trouble) => format!("nothing is published yet: {trouble}"),
                None => "nothing is published yet: the history is being read".to_owned(),
            };
            return Err(ApiError::unavailable(why));
        };
        if at == At::Finalized && published.finalized < block.number {
            // Documents can be told as of earlier blocks only as far back as the undo log goes.
            let floor = app.store.undo_floor().await?;
            let found = app.store.block_at_or_below(published.finalized).await?;
            block = found
                .filter(|found| found.number >= floor)
                .ok_or_else(|| ApiError::unavailable("no final block is published yet"))?;
        }
        Ok(Self {
            view: View::new(app.store.clone(), block),
            app: app.clone(),
            published,
            at,
            uri: Uri::default(),
            headers: HeaderMap::new(),
        })
    }

    /// Ends a request: refuses if the branch was left while it was answered.
    ///
    /// # Errors
    /// The chain went back meanwhile.
    pub async fn answer<T: Serialize>(&self, data: T) -> Result<Tagged<T>, ApiError> {
        if !self.view.still_stands().await? {
            return Err(ApiError::unavailable(
                "the chain went back while this was answered",
            ));
        }
        Ok(Tagged::new(
            Answer::new(self, data),
            &self.uri,
            &self.headers,
        ))
    }

    /// What a view of a contract answers at the block; none if it refuses.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn ask_maybe<C: SolCall>(
        &self,
        to: Address,
        call: C,
    ) -> Result<Option<C::Return>, ApiError> {
        let request = TransactionRequest::default()
            .to(to)
            .input(call.abi_encode().into());
        let at = BlockId::hash(self.view.block.hash);
        let answer = async { self.app.provider.call(request).block(at).await };
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => Ok(C::abi_decode_returns(&answer).ok()),
            Ok(Err(error)) if Refusal::of(&error).is_some() => Ok(None),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the chain did not answer a view");
                Err(ApiError::unavailable("the chain did not answer"))
            }
            Err(_) => Err(ApiError::unavailable("the chain did not answer in time")),
        }
    }

    /// What a view of a contract answers at the block.
    ///
    /// # Errors
    /// The contract refused, or the chain did not answer.
    pub async fn ask<C: SolCall>(&self, to: Address, call: C) -> Result<C::Return, ApiError> {
        let answer = self.ask_maybe(to, call).await?;
        answer.ok_or_else(|| {
            ApiError::unavailable(format!(
                "the contract at {to} does not answer {}",
                C::SIGNATURE
            ))
        })
    }
}

impl FromRequestParts<App> for Scope {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Params(AtParam { at }) = Params::from_request_parts(parts, app).await?;
        let mut scope = Self::of(app, at).await?;
        scope.uri = parts.uri.clone();
        scope.headers = parts.headers.clone();
        Ok(scope)
    }
}
