//! Transactions: encoded, tried at the newest block, explained, with what is still missing. Nothing is signed or sent here.

use alloy::eips::BlockId;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::{IErc20, IExits, IVault};
use weir_deployment::amount::format_wad as exact;
use weir_deployment::revert::Refusal;

use super::ApiError;
use super::answer::Answer;
use super::extract::Body;
use super::parameters::meaning;
use super::scope::Scope;
use crate::amount::Amount;
use crate::indexer;
use crate::projections::ticket_id;

/// How long a call may wait for its block, seconds.
const PATIENCE_S: u64 = 20 * 60;

/// A call to sign and send.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallAnswer {
    /// Who must sign it.
    #[schema(value_type = String)]
    pub from: Address,
    /// Whom it calls.
    #[schema(value_type = String)]
    pub to: Address,
    /// Ether along, wei.
    #[schema(value_type = String)]
    pub value: Amount,
    /// Calldata.
    #[schema(value_type = String)]
    pub data: Bytes,
    /// The call in words of the interface.
    pub meaning: String,
}

/// What the call would do now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrialAnswer {
    /// Whether it would succeed.
    pub succeeds: bool,
    /// What the contract says if not.
    pub refusal: Option<String>,
    /// Gas that it would use; none if it would not succeed.
    pub gas: Option<u64>,
}

/// A transaction, tried and explained.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TxAnswer {
    /// The call.
    pub call: CallAnswer,
    /// What it means for the account.
    pub summary: String,
    /// Calls that must be mined before it.
    pub first: Vec<CallAnswer>,
    /// What it would do now. Where calls must come first it is not tried.
    pub trial: Option<TrialAnswer>,
}

/// A deposit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DepositBody {
    /// Who pays.
    #[schema(value_type = String)]
    from: Address,
    /// Symbol or address of the asset.
    asset: String,
    /// Wei of it.
    #[schema(value_type = String)]
    amount: Amount,
    /// Who gets the shares; `from` if left out.
    #[schema(value_type = Option<String>)]
    receiver: Option<Address>,
    /// Fewest shares, as a part under what is expected now; 50 if left out.
    slippage_bps: Option<u16>,
}

/// A request to leave, or to take shares back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SharesBody {
    /// Whose shares.
    #[schema(value_type = String)]
    from: Address,
    /// Wei of shares.
    #[schema(value_type = String)]
    shares: Amount,
    /// Who owns the ticket; `from` if left out. Not used by `cancel`.
    #[schema(value_type = Option<String>)]
    receiver: Option<Address>,
    /// Epoch of the ticket, for `cancel`.
    epoch: Option<u64>,
}

/// A claim.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimBody {
    /// Who sends it: anyone may.
    #[schema(value_type = String)]
    from: Address,
    /// Whose ticket; `from` if left out.
    #[schema(value_type = Option<String>)]
    owner: Option<Address>,
    /// Epoch of the ticket.
    epoch: u64,
}

/// An instant exit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedeemBody {
    /// Whose shares.
    #[schema(value_type = String)]
    from: Address,
    /// Symbol or address of the asset to be paid in.
    asset: String,
    /// Wei of shares.
    #[schema(value_type = String)]
    shares: Amount,
    /// Who is paid; `from` if left out.
    #[schema(value_type = Option<String>)]
    receiver: Option<Address>,
    /// Least payment, as a part under what is expected now; 50 if left out.
    slippage_bps: Option<u16>,
}

impl Scope {
    fn asset(&self, text: &str) -> Result<(String, Address), ApiError> {
        let by_address = text.parse::<Address>().ok();
        let assets = &self.app.site.assets;
        let found = assets.iter().find(|asset| {
            asset.symbol.eq_ignore_ascii_case(text) || by_address == Some(asset.token)
        });
        let symbols = || {
            assets
                .iter()
                .map(|asset| asset.symbol.as_str())
                .collect::<Vec<_>>()
        };
        found
            .map(|asset| (asset.symbol.clone(), asset.token))
            .ok_or_else(|| {
                ApiError::bad("the vault has no such asset")
                    .next(format!("one of {}", symbols().join(", ")))
            })
    }

    fn deadline(&self) -> U256 {
        let now_s = self.view.block.timestamp_s.max(indexer::now_s());
        U256::from(now_s.saturating_add(PATIENCE_S))
    }

    fn encoded<C: SolCall>(&self, from: Address, to: Address, call: &C) -> CallAnswer {
        let data = Bytes::from(call.abi_encode());
        CallAnswer {
            from,
            to,
            value: Amount::ZERO,
            meaning: meaning(&self.app.site, to, &data),
            data,
        }
    }

    async fn tried(
        &self,
        call: CallAnswer,
        summary: String,
        first: Vec<CallAnswer>,
    ) -> Result<TxAnswer, ApiError> {
        let trial = if first.is_empty() {
            Some(self.trial(&call).await?)
        } else {
            None
        };
        Ok(TxAnswer {
            call,
            summary,
            first,
            trial,
        })
    }

    async fn trial(&self, call: &CallAnswer) -> Result<TrialAnswer, ApiError> {
        let request = TransactionRequest::default()
            .from(call.from)
            .to(call.to)
            .input(call.data.clone().into());
        let at = BlockId::latest();
        let gas = self.app.provider.estimate_gas(request).block(at).await;
        match gas {
            Ok(gas) => Ok(TrialAnswer {
                succeeds: true,
                refusal: None,
                gas: Some(gas),
            }),
            Err(error) if error.is_error_resp() => {
                let refusal = Refusal::of(&error).map(|refusal| refusal.to_string());
                let said = error.as_error_resp().map(|said| said.message.to_string());
                Ok(TrialAnswer {
                    succeeds: false,
                    refusal: refusal.or(said),
                    gas: None,
                })
            }
            Err(error) => {
                tracing::warn!(%error, "the chain did not answer a trial");
                Err(ApiError::unavailable("the chain did not answer"))
            }
        }
    }
}

fn nonzero(amount: Amount, what: &str) -> Result<U256, ApiError> {
    if amount == Amount::ZERO {
        return Err(ApiError::bad(format!("`{what}` may not be zero")));
    }
    if amount.0 > U256::from(u128::MAX) {
        return Err(ApiError::bad(format!(
            "`{what}` is more than 128 bits hold"
        )));
    }
    Ok(amount.0)
}

fn least(expected: U256, slippage_bps: Option<u16>) -> Result<U256, ApiError> {
    let bps = slippage_bps.unwrap_or(50);
    let kept = 10_000u16
        .checked_sub(bps)
        .ok_or_else(|| ApiError::bad("`slippage_bps` is at most 10000"))?;
    Ok(expected.saturating_mul(U256::from(kept)) / U256::from(10_000))
}

/// A deposit: an asset in, shares out.
#[utoipa::path(post, path = "/v1/tx/deposit", tag = "transactions", request_body = DepositBody,
    responses((status = 200, body = Answer<TxAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn deposit(
    scope: Scope,
    Body(body): Body<DepositBody>,
) -> Result<impl IntoResponse, ApiError> {
    let (vault, amount) = (scope.app.site.vault, nonzero(body.amount, "amount")?);
    let (symbol, asset) = scope.asset(&body.asset)?;
    let preview = IVault::previewDepositCall { asset, amount };
    let expected = scope.ask_maybe(vault, preview).await?;
    let owner = body.from;
    let allowance = IErc20::allowanceCall {
        owner,
        spender: vault,
    };
    let has = scope.ask(asset, allowance).await?;
    let call = IVault::depositCall {
        asset,
        amount,
        receiver: body.receiver.unwrap_or(owner),
        minShares: least(expected.unwrap_or_default(), body.slippage_bps)?,
        minFloorRate: U256::ZERO,
        deadline: scope.deadline(),
    };
    let call = scope.encoded(owner, vault, &call);
    let mut first = Vec::new();
    if has < amount {
        let approve = IErc20::approveCall {
            spender: vault,
            value: amount,
        };
        let mut approve = scope.encoded(owner, asset, &approve);
        approve.meaning = format!("let the vault take {} {symbol}", exact(amount));
        first.push(approve);
    }
    let summary = match expected {
        Some(shares) => format!(
            "gives {} {symbol} for about {} shares",
            exact(amount),
            exact(shares)
        ),
        None => format!(
            "gives {} {symbol}; the vault tells no price now",
            exact(amount)
        ),
    };
    let data = scope.tried(call, summary, first).await?;
    scope.answer(data).await
}

/// A request to leave by the queue.
#[utoipa::path(post, path = "/v1/tx/request", tag = "transactions", request_body = SharesBody,
    responses((status = 200, body = Answer<TxAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn request(
    scope: Scope,
    Body(body): Body<SharesBody>,
) -> Result<impl IntoResponse, ApiError> {
    let shares = nonzero(body.shares, "shares")?;
    let call = IExits::requestCall {
        shares,
        receiver: body.receiver.unwrap_or(body.from),
    };
    let call = scope.encoded(body.from, scope.app.site.exits, &call);
    let summary = format!(
        "puts {} shares into the queue: they earn and bear slashes until they are paid in kind",
        exact(shares)
    );
    let data = scope.tried(call, summary, Vec::new()).await?;
    scope.answer(data).await
}

/// Shares back from the queue, in the epoch they were put in.
#[utoipa::path(post, path = "/v1/tx/cancel", tag = "transactions", request_body = SharesBody,
    responses((status = 200, body = Answer<TxAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn cancel(
    scope: Scope,
    Body(body): Body<SharesBody>,
) -> Result<impl IntoResponse, ApiError> {
    let shares = nonzero(body.shares, "shares")?;
    let epoch = body
        .epoch
        .ok_or_else(|| ApiError::bad("`epoch` of the ticket is missing"))?;
    let call = IExits::cancelCall {
        ticketId: ticket_id(epoch, body.from),
        shares,
    };
    let call = scope.encoded(body.from, scope.app.site.exits, &call);
    let summary = format!("takes {} shares back from the queue", exact(shares));
    let data = scope.tried(call, summary, Vec::new()).await?;
    scope.answer(data).await
}

/// What a ticket may be paid now.
#[utoipa::path(post, path = "/v1/tx/claim", tag = "transactions", request_body = ClaimBody,
    responses((status = 200, body = Answer<TxAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn claim(
    scope: Scope,
    Body(body): Body<ClaimBody>,
) -> Result<impl IntoResponse, ApiError> {
    let site = scope.app.site.clone();
    let id = ticket_id(body.epoch, body.owner.unwrap_or(body.from));
    let amounts = scope
        .ask_maybe(site.exits, IExits::claimableCall { ticketId: id })
        .await?;
    let call = scope.encoded(body.from, site.exits, &IExits::claimCall { ticketId: id });
    let parts = amounts.unwrap_or_default();
    let parts = parts
        .iter()
        .zip(&site.assets)
        .filter(|(amount, _)| !amount.is_zero());
    let parts = parts.map(|(amount, asset)| format!("{} {}", exact(*amount), asset.symbol));
    let parts: Vec<String> = parts.collect();
    let summary = if parts.is_empty() {
        "nothing can be claimed now".to_owned()
    } else {
        format!("pays the owner {}", parts.join(", "))
    };
    let data = scope.tried(call, summary, Vec::new()).await?;
    scope.answer(data).await
}

/// An instant exit: shares for one asset, at a fee.
#[utoipa::path(post, path = "/v1/tx/redeem", tag = "transactions", request_body = RedeemBody,
    responses((status = 200, body = Answer<TxAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn redeem(
    scope: Scope,
    Body(body): Body<RedeemBody>,
) -> Result<impl IntoResponse, ApiError> {
    let (vault, shares) = (scope.app.site.vault, nonzero(body.shares, "shares")?);
    let (symbol, asset) = scope.asset(&body.asset)?;
    let expected = scope
        .ask_maybe(vault, IVault::previewRedeemCall { asset, shares })
        .await?;
    let (amount, fee) = expected.map_or_else(Default::default, |quote| (quote.amount, quote.fee));
    let call = IVault::redeemCall {
        asset,
        shares,
        receiver: body.receiver.unwrap_or(body.from),
        minAmount: least(amount, body.slippage_bps)?,
        deadline: scope.deadline(),
    };
    let call = scope.encoded(body.from, vault, &call);
    let summary = format!(
        "gives {} shares for about {} {symbol}, after a fee of {} {symbol}",
        exact(shares),
        exact(amount),
        exact(fee)
    );
    let data = scope.tried(call, summary, Vec::new()).await?;
    scope.answer(data).await
}
