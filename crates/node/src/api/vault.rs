//! The vault: rate, backing by asset and place, coverage, growth.

use alloy::primitives::{Address, U256};
use axum::response::IntoResponse;
use futures::future::try_join_all;
use serde::Serialize;
use utoipa::ToSchema;
use weir_abi::{IAllocator, ICover, IErc20, IRates, IVault};

use super::ApiError;
use super::answer::Answer;
use super::growth::{Growth, growth};
use super::scope::{AtParam, Scope};
use crate::amount::{Amount, WAD};
use crate::projections::{Doc as _, HistoryDoc, VaultDoc};

/// An asset of the vault, as if synced at the block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssetAnswer {
    /// What people call it.
    pub symbol: String,
    /// Its contract.
    #[schema(value_type = String)]
    pub token: Address,
    /// ETH per asset, last accepted.
    #[schema(value_type = String)]
    pub rate_wad: Amount,
    /// `fresh`, `stale` or `suspicious`.
    pub rate_state: &'static str,
    /// Since when that is the rate, Unix seconds.
    pub rate_since_s: u64,
    /// What counts in the NAV, wei.
    #[schema(value_type = String)]
    pub total: Amount,
    /// That in ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
    /// Its part of the NAV.
    pub share_bps: u64,
    /// In the vault, not slashable.
    #[schema(value_type = String)]
    pub idle: Amount,
    /// Secures services, slashable.
    #[schema(value_type = String)]
    pub staked: Amount,
    /// Unstaked and still slashable.
    #[schema(value_type = String)]
    pub unbonding: Amount,
    /// Set aside for exits that undecided slashes hold back.
    #[schema(value_type = String)]
    pub held: Amount,
    /// Belongs to settled exits.
    #[schema(value_type = String)]
    pub owed: Amount,
    /// Slashed, waits for its sink.
    #[schema(value_type = String)]
    pub due: Amount,
    /// Still drips to holders.
    #[schema(value_type = String)]
    pub unvested: Amount,
    /// Of the total, what undecided slashes will take.
    #[schema(value_type = String)]
    pub contested: Amount,
    /// What the vault has of the token, wei.
    #[schema(value_type = String)]
    pub balance: Amount,
    /// Whether that is at least all of the above together.
    pub is_backed: bool,
    /// Most that deposits may raise the total to.
    #[schema(value_type = String)]
    pub cap: Amount,
    /// Part of a deposit that buys no shares.
    pub deposit_fee_bps: u64,
}

/// The vault, as if synced at the block.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VaultAnswer {
    /// Its contract.
    #[schema(value_type = String)]
    pub vault: Address,
    /// The share token.
    #[schema(value_type = String)]
    pub token: Address,
    /// ETH per share.
    #[schema(value_type = String)]
    pub rate_wad: Amount,
    /// ETH per share if every undecided slash is executed.
    #[schema(value_type = String)]
    pub floor_rate_wad: Amount,
    /// No performance fee is taken up to this rate.
    #[schema(value_type = String)]
    pub hwm_wad: Amount,
    /// Rate by high-water mark, out of 1e18: below one after a loss that is not recovered.
    #[schema(value_type = String)]
    pub backing_ratio_wad: Amount,
    /// ETH wei.
    #[schema(value_type = String)]
    pub nav: Amount,
    /// Shares.
    #[schema(value_type = String)]
    pub supply: Amount,
    /// Accounts with shares.
    pub holders: u64,
    /// `fresh`, `stale` or `suspicious`: the worst of the assets held.
    pub rate_state: &'static str,
    /// Number of the epoch.
    pub epoch: u64,
    /// When it ends, Unix seconds.
    pub epoch_ends_s: u64,
    /// When a request made now would be paid, Unix seconds.
    pub exit_at_s: u64,
    /// Slash requests that are not decided.
    pub undecided: u64,
    /// Shares in closed batches that are not paid.
    #[schema(value_type = String)]
    pub pending_shares: Amount,
    /// Rolling net outflow of instant exits, ETH wei.
    #[schema(value_type = String)]
    pub net_outflow: Amount,
    /// Unix seconds; in the past or 0 if not.
    pub deposits_paused_until_s: u64,
    /// Unix seconds; in the past or 0 if not.
    pub instant_paused_until_s: u64,
    /// Performance fee.
    pub fee_bps: u64,
    /// Shares that slashes burn before holders lose: bonds and cover.
    #[schema(value_type = String)]
    pub burnable_shares: Amount,
    /// Their value by the loss if the worst single operator fails, out of 1e18; none while nothing is at risk.
    #[schema(value_type = Option<String>)]
    pub coverage_ratio_wad: Option<Amount>,
    /// Over 7 days.
    pub growth_7d: Option<Growth>,
    /// Over 30 days.
    pub growth_30d: Option<Growth>,
    /// Assets in the vault's order.
    pub assets: Vec<AssetAnswer>,
}

/// Names a state of rates.
pub fn rate_state(number: u64) -> &'static str {
    match number {
        0 => "fresh",
        1 => "stale",
        _ => "suspicious",
    }
}

fn at_rate(amount: U256, rate_wad: U256) -> U256 {
    amount.saturating_mul(rate_wad) / WAD
}

/// Reads the vault.
///
/// # Errors
/// The database, the chain or a contract did not answer.
pub async fn read(scope: &Scope) -> Result<VaultAnswer, ApiError> {
    let site = &scope.app.site;
    let (state, health, tokens, quotes, fee, burnable, worst) = futures::try_join!(
        scope.ask(site.vault, IVault::stateCall {}),
        scope.ask(site.vault, IVault::healthCall {}),
        scope.ask(site.vault, IVault::assetsCall {}),
        scope.ask(site.rates, IRates::peekCall {}),
        scope.ask(site.vault, IVault::performanceFeeCall {}),
        scope.ask(site.cover, ICover::burnableCall {}),
        scope.ask(site.allocator, IAllocator::worstCaseCall { operators: 1 }),
    )?;
    let doc = scope
        .view
        .get::<VaultDoc>(VaultDoc::KIND, VaultDoc::KEY)
        .await?;
    let doc = doc.unwrap_or_default();
    let assets = tokens.into_iter().zip(quotes);
    let assets = assets.map(|(token, quote)| asset(scope, token, quote, state.nav));
    let (assets, growth_7d, growth_30d) = futures::try_join!(
        try_join_all(assets),
        async { Ok(growth(&scope.view, 7).await?) },
        async { Ok::<_, ApiError>(growth(&scope.view, 30).await?) },
    )?;
    let slashable: U256 = assets.iter().fold(U256::ZERO, |sum, asset| {
        let stake = asset.staked.0.saturating_add(asset.unbonding.0);
        sum.saturating_add(at_rate(stake, asset.rate_wad.0))
    });
    let loss = slashable.saturating_mul(U256::from(worst.loss));
    let loss = loss
        .checked_div(U256::from(worst.capacity))
        .unwrap_or_default();
    let cover = at_rate(burnable, state.rateWad);
    let epoch: u64 = state.currentEpoch.saturating_to();
    let ends_s = doc
        .genesis_s
        .saturating_add(epoch.saturating_add(1).saturating_mul(doc.epoch_s));
    Ok(VaultAnswer {
        vault: site.vault,
        token: site.lrt,
        rate_wad: state.rateWad.into(),
        floor_rate_wad: state.floorRateWad.into(),
        hwm_wad: fee.hwmWad.into(),
        backing_ratio_wad: quotient_wad(state.rateWad, fee.hwmWad).unwrap_or_default(),
        nav: state.nav.into(),
        supply: state.supply.into(),
        holders: doc.holders,
        rate_state: rate_state(state.rateState.saturating_to()),
        epoch,
        epoch_ends_s: ends_s,
        exit_at_s: health.exitAt.saturating_to(),
        undecided: state.undecided.saturating_to(),
        pending_shares: state.pendingShares.into(),
        net_outflow: state.netOutflow.into(),
        deposits_paused_until_s: state.depositsPausedUntil.saturating_to(),
        instant_paused_until_s: state.instantPausedUntil.saturating_to(),
        fee_bps: fee.feeBps.saturating_to(),
        burnable_shares: burnable.into(),
        coverage_ratio_wad: quotient_wad(cover, loss),
        growth_7d,
        growth_30d,
        assets,
    })
}

fn quotient_wad(numerator: U256, denominator: U256) -> Option<Amount> {
    numerator
        .saturating_mul(WAD)
        .checked_div(denominator)
        .map(Amount)
}

async fn asset(
    scope: &Scope,
    token: Address,
    quote: IRates::Quote,
    nav: U256,
) -> Result<AssetAnswer, ApiError> {
    let (site, account) = (&scope.app.site, scope.app.site.vault);
    let (asset, balance) = futures::try_join!(
        scope.ask(site.vault, IVault::assetCall { token }),
        scope.ask(token, IErc20::balanceOfCall { account }),
    )?;
    let ledger = &asset.ledger;
    let sum = |parts: &[U256]| {
        parts
            .iter()
            .fold(U256::ZERO, |sum, part| sum.saturating_add(*part))
    };
    let unbonding = sum(&[ledger.unbondingEven, ledger.unbondingOdd]);
    let total = sum(&[ledger.idle, ledger.staked, unbonding]);
    let all = sum(&[total, ledger.held, ledger.owed, ledger.due, ledger.unvested]);
    let value = at_rate(total, quote.rateWad);
    let share = value.saturating_mul(U256::from(10_000)).checked_div(nav);
    Ok(AssetAnswer {
        symbol: site.symbol(token),
        token,
        rate_wad: quote.rateWad.into(),
        rate_state: rate_state(quote.state.into()),
        rate_since_s: quote.acceptedAt,
        total: total.into(),
        value: value.into(),
        share_bps: share.unwrap_or_default().saturating_to(),
        idle: ledger.idle.into(),
        staked: ledger.staked.into(),
        unbonding: unbonding.into(),
        held: ledger.held.into(),
        owed: ledger.owed.into(),
        due: ledger.due.into(),
        unvested: ledger.unvested.into(),
        contested: ledger.contested.into(),
        balance: balance.into(),
        is_backed: balance >= all,
        cap: asset.cap.into(),
        deposit_fee_bps: asset.depositFeeBps.saturating_to(),
    })
}

/// The vault: rate, backing by asset and place, coverage, growth.
#[utoipa::path(get, path = "/v1/vault", tag = "vault", params(AtParam),
    responses((status = 200, body = Answer<VaultAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn vault(scope: Scope) -> Result<impl IntoResponse, ApiError> {
    let data = read(&scope).await?;
    scope.answer(data).await
}

/// The rate as events leave it, and how it grew.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct RateAnswer {
    /// After the last block that moved it.
    last: HistoryDoc,
    /// Over 7 days.
    growth_7d: Option<Growth>,
    /// Over 30 days.
    growth_30d: Option<Growth>,
}

/// The rate after the last block that moved it, and how it grew. Asks no contract.
#[utoipa::path(get, path = "/v1/rate", tag = "vault", params(AtParam),
    responses((status = 200, body = Answer<RateAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn rate(scope: Scope) -> Result<impl IntoResponse, ApiError> {
    let last = scope
        .view
        .get::<HistoryDoc>(HistoryDoc::KIND, HistoryDoc::LAST)
        .await?;
    let data = RateAnswer {
        last: last.ok_or_else(|| ApiError::unknown("the vault has no rate yet"))?,
        growth_7d: growth(&scope.view, 7).await?,
        growth_30d: growth(&scope.view, 30).await?,
    };
    scope.answer(data).await
}
