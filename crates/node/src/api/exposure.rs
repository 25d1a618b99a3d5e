//! Where each unit of stake is, and what could be lost at once.

use alloy::primitives::{Address, U256};
use axum::response::IntoResponse;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_abi::{IAllocator, IRates, IVault};

use super::ApiError;
use super::answer::Answer;
use super::extract::{Params, account};
use super::scope::{AtParam, Scope};
use crate::amount::{Amount, WAD};
use crate::projections::{AllocatorDoc, Doc as _, LimitsDoc};

/// A part of the stake.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceAnswer {
    /// The service.
    pub service: u32,
    /// What people call it.
    pub service_name: String,
    /// The operator.
    #[schema(value_type = String)]
    pub operator: Address,
    /// What people call it.
    pub operator_name: String,
    /// All that can be slashed or will be, out of the capacity.
    #[schema(value_type = String)]
    pub magnitude: Amount,
    /// Of it, what is not in force yet.
    #[schema(value_type = String)]
    pub pending: Amount,
    /// Of it, what was taken back and can still be slashed.
    #[schema(value_type = String)]
    pub leaving: Amount,
    /// Of it, what undecided slash requests will take.
    #[schema(value_type = String)]
    pub frozen: Amount,
    /// The most that can be lost of it.
    #[schema(value_type = String)]
    pub at_risk: Amount,
    /// What of the stake is behind it, ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
    /// The most that can be lost of that, ETH wei.
    #[schema(value_type = String)]
    pub value_at_risk: Amount,
}

/// The loss if so many operators fail at once everywhere.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorstAnswer {
    /// How many.
    pub operators: u8,
    /// Magnitude.
    #[schema(value_type = String)]
    pub loss: Amount,
    /// ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
    /// Of the capacity.
    pub loss_bps: u64,
}

/// Where the stake is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExposureAnswer {
    /// What is not slashed yet of the 1e18 at the start.
    #[schema(value_type = String)]
    pub capacity: Amount,
    /// Sum of all magnitudes.
    #[schema(value_type = String)]
    pub allocated: Amount,
    /// Slashable stake, ETH wei.
    #[schema(value_type = String)]
    pub slashable_value: Amount,
    /// Each part.
    pub places: Vec<PlaceAnswer>,
    /// If one, two or three operators fail.
    pub worst: Vec<WorstAnswer>,
    /// Limits; none while nothing is limited.
    pub limits: Option<LimitsDoc>,
}

/// Reads where the stake is.
///
/// # Errors
/// The database, the chain or a contract did not answer.
pub async fn read(scope: &Scope) -> Result<ExposureAnswer, ApiError> {
    let site = &scope.app.site;
    let ask_worst = |operators| scope.ask(site.allocator, IAllocator::worstCaseCall { operators });
    let (capacity, allocated, exposure, stake, one, two, three) = futures::try_join!(
        scope.ask(site.allocator, IAllocator::capacityCall {}),
        scope.ask(site.allocator, IAllocator::allocatedCall {}),
        scope.ask(site.allocator, IAllocator::exposureCall {}),
        stake_value(scope),
        ask_worst(1),
        ask_worst(2),
        ask_worst(3),
    )?;
    let value = |magnitude: u64| -> Amount {
        let part = stake.saturating_mul(U256::from(magnitude));
        part.checked_div(U256::from(capacity))
            .unwrap_or_default()
            .into()
    };
    let places = exposure.iter().map(|e| PlaceAnswer {
        service: e.service,
        service_name: site.service_name(e.service),
        operator: e.operator,
        operator_name: site.operator_name(e.operator),
        magnitude: e.magnitude.into(),
        pending: e.pending.into(),
        leaving: e.leaving.into(),
        frozen: e.frozen.into(),
        at_risk: e.atRisk.into(),
        value: value(e.magnitude),
        value_at_risk: value(e.atRisk),
    });
    let worst = (1u8..)
        .zip([one, two, three])
        .map(|(operators, worst)| WorstAnswer {
            operators,
            loss: worst.loss.into(),
            value: value(worst.loss),
            loss_bps: u64::try_from(
                u128::from(worst.loss) * 10_000 / u128::from(worst.capacity.max(1)),
            )
            .unwrap_or(u64::MAX),
        });
    let doc = scope
        .view
        .get::<AllocatorDoc>(AllocatorDoc::KIND, AllocatorDoc::KEY)
        .await?;
    Ok(ExposureAnswer {
        capacity: capacity.into(),
        allocated: allocated.into(),
        slashable_value: stake.into(),
        places: places.collect(),
        worst: worst.collect(),
        limits: doc.and_then(|doc| doc.limits),
    })
}

/// All that is slashable, ETH wei.
async fn stake_value(scope: &Scope) -> Result<U256, ApiError> {
    let site = &scope.app.site;
    let (tokens, quotes) = futures::try_join!(
        scope.ask(site.vault, IVault::assetsCall {}),
        scope.ask(site.rates, IRates::peekCall {}),
    )?;
    let assets = tokens
        .into_iter()
        .map(|token| scope.ask(site.vault, IVault::assetCall { token }));
    let assets = try_join_all(assets).await?;
    Ok(assets
        .iter()
        .zip(quotes)
        .fold(U256::ZERO, |sum, (asset, quote)| {
            let ledger = &asset.ledger;
            let unbonding = ledger.unbondingEven.saturating_add(ledger.unbondingOdd);
            let stake = ledger.staked.saturating_add(unbonding);
            sum.saturating_add(stake.saturating_mul(quote.rateWad) / WAD)
        }))
}

/// Where each unit of stake is, and what could be lost at once.
#[utoipa::path(get, path = "/v1/exposure", tag = "risk", params(AtParam),
    responses((status = 200, body = Answer<ExposureAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn exposure(scope: Scope) -> Result<impl IntoResponse, ApiError> {
    let data = read(&scope).await?;
    scope.answer(data).await
}

/// Which slash.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WhatIfParam {
    /// The service.
    service: u32,
    /// The operator.
    operator: String,
    /// Part of its stake there, out of 1e18, at most that.
    wad: u64,
}

/// What a slash would cost, and whom, if nothing else happened until it is executed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct WhatIfAnswer {
    /// Magnitude that it would take.
    #[schema(value_type = String)]
    delta: Amount,
    /// Out of this much.
    #[schema(value_type = String)]
    capacity: Amount,
    /// ETH per share now.
    #[schema(value_type = String)]
    rate_wad: Amount,
    /// ETH per share once it is executed.
    #[schema(value_type = String)]
    rate_after_wad: Amount,
    /// ETH per share if every undecided slash is executed, with this one among them.
    #[schema(value_type = String)]
    floor_rate_wad: Amount,
    /// What is lost, ETH wei.
    #[schema(value_type = String)]
    loss: Amount,
    /// Of it, by the operator's bond.
    #[schema(value_type = String)]
    by_bond: Amount,
    /// Of it, by cover.
    #[schema(value_type = String)]
    by_cover: Amount,
    /// Of it, by all who hold shares.
    #[schema(value_type = String)]
    by_holders: Amount,
}

/// What a slash that is filed now would cost, and whom.
#[utoipa::path(get, path = "/v1/what-if", tag = "risk", params(AtParam, WhatIfParam),
    responses((status = 200, body = Answer<WhatIfAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn what_if(
    scope: Scope,
    Params(params): Params<WhatIfParam>,
) -> Result<impl IntoResponse, ApiError> {
    let call = IVault::whatIfCall {
        service: params.service,
        operator: account(&params.operator)?,
        wad: params.wad,
    };
    let answer = scope.ask_maybe(scope.app.site.vault, call).await?;
    let what = answer.ok_or_else(|| {
        ApiError::bad("the contracts refuse such a slash").next(
            "a service of /v1/services, an operator with stake in it, and a part of at most 1e18",
        )
    })?;
    let data = WhatIfAnswer {
        delta: what.delta.into(),
        capacity: what.capacity.into(),
        rate_wad: what.rateWad.into(),
        rate_after_wad: what.rateAfterWad.into(),
        floor_rate_wad: what.floorRateWad.into(),
        loss: what.loss.into(),
        by_bond: what.byBond.into(),
        by_cover: what.byCover.into(),
        by_holders: what.byHolders.into(),
    };
    scope.answer(data).await
}
