//! Holders: who has how much, what it cost, and what is on the way out.

use alloy::primitives::Address;
use axum::response::IntoResponse;
use futures::future::try_join_all;
use serde::Serialize;
use utoipa::ToSchema;
use weir_abi::{IErc20, IExits, IVault};

use super::ApiError;
use super::answer::Answer;
use super::extract::{Params, Part, account, cursor};
use super::lists::{Page, PageParam, page};
use super::scope::{AtParam, Scope};
use crate::amount::Amount;
use crate::projections::{ActivityDoc, Doc as _, HolderDoc, TicketDoc, VaultDoc};
use crate::store::{Kind, Range};
use weir_protocol::clock::Clock;

/// A ticket, and what a claim would pay now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketAnswer {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketDoc,
    /// What a claim would pay now, by asset.
    #[schema(value_type = Vec<String>)]
    pub claimable: Vec<Amount>,
    /// Whether its epoch is open, so that it can be cancelled.
    pub is_open: bool,
    /// When its batch can be paid, Unix seconds.
    pub expected_s: u64,
}

/// What an account has of the vault.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PositionAnswer {
    /// Balance, cost, gains.
    pub holder: HolderDoc,
    /// What the balance is worth at the rate, ETH wei.
    #[schema(value_type = String)]
    pub value: Amount,
    /// The same at the floor rate: if every undecided slash is executed.
    #[schema(value_type = String)]
    pub floor_value: Amount,
    /// Value above cost, ETH wei; zero if it is below.
    #[schema(value_type = String)]
    pub unrealised_gain: Amount,
    /// Value below cost, ETH wei; zero if it is above.
    #[schema(value_type = String)]
    pub unrealised_loss: Amount,
    /// Its tickets that are not finished, oldest first.
    pub tickets: Vec<TicketAnswer>,
    /// Its balance of each asset of the vault, in the vault's order, wei.
    #[schema(value_type = Vec<String>)]
    pub wallet: Vec<Amount>,
}

/// Reads what an account has; all zero if it never had anything.
///
/// # Errors
/// The database, the chain or a contract did not answer.
pub async fn read(scope: &Scope, account: Address) -> Result<PositionAnswer, ApiError> {
    let site = &scope.app.site;
    let holder = scope
        .view
        .get::<HolderDoc>(Kind::Holder, account.as_slice())
        .await?;
    let holder = holder.unwrap_or(HolderDoc {
        account,
        ..HolderDoc::default()
    });
    let tickets = Range::prefix(Kind::Ticket, account.as_slice(), 256);
    let tickets = scope.view.scan::<TicketDoc>(tickets).await?;
    let live = tickets
        .into_iter()
        .map(|(_, ticket)| ticket)
        .filter(|ticket| !ticket.finished && ticket.shares > Amount::ZERO);
    let doc = scope
        .view
        .get::<VaultDoc>(VaultDoc::KIND, VaultDoc::KEY)
        .await?;
    let doc = doc.unwrap_or_default();
    let wallet = doc
        .assets
        .iter()
        .map(|token| scope.ask(*token, IErc20::balanceOfCall { account }));
    let (rate, floor, wallet, tickets) = futures::try_join!(
        scope.ask(site.vault, IVault::rateCall {}),
        scope.ask(site.vault, IVault::floorRateCall {}),
        try_join_all(wallet),
        try_join_all(live.map(|ticket| claimable(scope, &doc, ticket))),
    )?;
    let value = holder.balance.at_rate(rate.into()).unwrap_or_default();
    Ok(PositionAnswer {
        value,
        floor_value: holder.balance.at_rate(floor.into()).unwrap_or_default(),
        unrealised_gain: value.minus(holder.cost).unwrap_or_default(),
        unrealised_loss: holder.cost.minus(value).unwrap_or_default(),
        holder,
        tickets,
        wallet: wallet.into_iter().map(Amount).collect(),
    })
}

async fn claimable(
    scope: &Scope,
    vault: &VaultDoc,
    ticket: TicketDoc,
) -> Result<TicketAnswer, ApiError> {
    let call = IExits::claimableCall {
        ticketId: ticket.id.0,
    };
    let amounts = scope.ask_maybe(scope.app.site.exits, call).await?;
    let clock = Clock {
        genesis_s: vault.genesis_s,
        epoch_s: vault.epoch_s,
        grace_s: vault.grace_s,
    };
    Ok(TicketAnswer {
        claimable: amounts
            .unwrap_or_default()
            .into_iter()
            .map(Amount)
            .collect(),
        is_open: clock.epoch_at(scope.view.block.timestamp_s) == ticket.epoch,
        expected_s: clock.maturity_s(ticket.epoch),
        ticket,
    })
}

/// Accounts with shares, largest first.
#[utoipa::path(get, path = "/v1/holders", tag = "holders", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<HolderDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn holders(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let limit = params.limit()?;
    let beyond = params.cursor.as_deref().map(cursor).transpose()?;
    let beyond = beyond.map(|bytes| match bytes.split_first_chunk::<32>() {
        Some((rank, key)) if key.len() == 20 => Ok((*rank, key.to_vec())),
        _ => Err(ApiError::bad("the cursor is of another list")),
    });
    let found = scope
        .view
        .scan_ranked::<HolderDoc>(Kind::Holder, beyond.transpose()?, limit);
    let found = found.await?;
    let is_full = found.len() == limit as usize;
    let last = found.last().filter(|_| is_full);
    let next = last.map(|((rank, key), _)| alloy::hex::encode([&rank[..], key].concat()));
    let items = found.into_iter().map(|(_, doc)| doc);
    let items = items
        .filter(|holder| holder.balance > Amount::ZERO)
        .collect();
    scope.answer(Page { items, next }).await
}

/// What an account has: shares, cost, gains, tickets.
#[utoipa::path(get, path = "/v1/holders/{account}", tag = "holders",
    params(AtParam, ("account" = String, Path)),
    responses((status = 200, body = Answer<PositionAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn holder(
    scope: Scope,
    Part(text): Part<String>,
) -> Result<impl IntoResponse, ApiError> {
    let data = read(&scope, account(&text)?).await?;
    scope.answer(data).await
}

/// What an account did, newest first.
#[utoipa::path(get, path = "/v1/holders/{account}/activity", tag = "holders",
    params(AtParam, PageParam, ("account" = String, Path)),
    responses((status = 200, body = Answer<Page<ActivityDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn activity(
    scope: Scope,
    Part(text): Part<String>,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let account = account(&text)?;
    let data =
        page::<ActivityDoc>(&scope, Kind::Activity, account.as_slice(), false, &params).await?;
    scope.answer(data).await
}
