//! The queue: batches, when each will be paid, and what is there to pay it.

use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use weir_protocol::clock::Clock;

use super::ApiError;
use super::answer::Answer;
use super::scope::{AtParam, Scope};
use super::vault::{self, VaultAnswer};
use crate::amount::Amount;
use crate::projections::{BatchDoc, Doc as _, VaultDoc};
use crate::store::{Kind, Range};

/// A batch, and when it will be paid.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueuedBatch {
    /// The batch.
    #[serde(flatten)]
    pub batch: BatchDoc,
    /// `open`, `closed`, `due` (any call pays it), `short` (paid in part: the rest waits for stake to come back), `paid`.
    pub status: &'static str,
    /// When it can be paid, Unix seconds; of a batch that is short, the next time that stake comes back.
    pub expected_s: u64,
    /// What its unpaid shares are worth at the rate, ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
}

/// Idle of an asset.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Liquidity {
    /// The asset.
    pub symbol: String,
    /// Wei that is not slashable.
    #[schema(value_type = String)]
    pub idle: Amount,
    /// That in ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
}

/// The queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueueAnswer {
    /// Number of the epoch.
    pub epoch: u64,
    /// When it ends and its batch closes, Unix seconds.
    pub closes_s: u64,
    /// When a request made now would be paid, Unix seconds.
    pub request_paid_s: u64,
    /// Shares in batches that are not paid.
    #[schema(value_type = String)]
    pub waiting_shares: Amount,
    /// When the oldest of these batches closed or will close, Unix seconds.
    pub oldest_s: Option<u64>,
    /// Idle by asset.
    pub liquidity: Vec<Liquidity>,
    /// Batches, newest first, at most 32.
    pub batches: Vec<QueuedBatch>,
}

/// Reads the queue.
///
/// # Errors
/// The database, the chain or a contract did not answer.
pub async fn read(scope: &Scope) -> Result<QueueAnswer, ApiError> {
    let now = vault::read(scope).await?;
    let doc = scope
        .view
        .get::<VaultDoc>(VaultDoc::KIND, VaultDoc::KEY)
        .await?;
    let doc = doc.unwrap_or_default();
    let clock = Clock {
        genesis_s: doc.genesis_s,
        epoch_s: doc.epoch_s,
        grace_s: doc.grace_s,
    };
    let newest = Range::prefix(Kind::Batch, &[], 32).descending();
    let found = scope.view.scan::<BatchDoc>(newest).await?;
    let now_s = scope.view.block.timestamp_s;
    let batches: Vec<QueuedBatch> = found
        .into_iter()
        .map(|(_, batch)| queued(batch, &clock, &now, now_s))
        .collect();
    let waits = |batch: &&QueuedBatch| batch.batch.filled < batch.batch.shares;
    let waiting = batches.iter().filter(waits);
    let shares = waiting.clone().fold(Amount::ZERO, |sum, queued| {
        let left = queued
            .batch
            .shares
            .minus(queued.batch.filled)
            .unwrap_or_default();
        sum.plus(left).unwrap_or(sum)
    });
    let oldest = waiting
        .map(|queued| clock.start_s(queued.batch.epoch.saturating_add(1)))
        .min();
    Ok(QueueAnswer {
        epoch: now.epoch,
        closes_s: now.epoch_ends_s,
        request_paid_s: now.exit_at_s,
        waiting_shares: shares,
        oldest_s: oldest,
        liquidity: now
            .assets
            .iter()
            .map(|asset| Liquidity {
                symbol: asset.symbol.clone(),
                idle: asset.idle,
                value: asset.idle.at_rate(asset.rate_wad).unwrap_or_default(),
            })
            .collect(),
        batches,
    })
}

fn queued(batch: BatchDoc, clock: &Clock, now: &VaultAnswer, now_s: u64) -> QueuedBatch {
    let matures_s = clock.maturity_s(batch.epoch);
    let left = batch.shares.minus(batch.filled).unwrap_or_default();
    let is_part = batch.filled > Amount::ZERO;
    let (status, expected_s) = if left == Amount::ZERO {
        ("paid", batch.settled_s)
    } else if batch.epoch >= now.epoch {
        ("open", matures_s)
    } else if is_part {
        ("short", clock.maturity_s(clock.matured_at(now_s)))
    } else if matures_s <= now_s {
        ("due", now_s)
    } else {
        ("closed", matures_s)
    };
    QueuedBatch {
        value: left.at_rate(now.rate_wad).unwrap_or_default(),
        batch,
        status,
        expected_s,
    }
}

/// The queue: batches, when each will be paid, and what is there to pay it.
#[utoipa::path(get, path = "/v1/queue", tag = "vault", params(AtParam),
    responses((status = 200, body = Answer<QueueAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn queue(scope: Scope) -> Result<impl IntoResponse, ApiError> {
    let data = read(&scope).await?;
    scope.answer(data).await
}
