//! Changes of where rates come from, and rates that are accepted by hand.

use alloy::primitives::{Address, FixedBytes};
use weir_abi::IRates;
use weir_deployment::plan::ViewCall;

use super::propose::ToOrder;
use crate::amount::{Amount, Percent};
use crate::connect::{Client, Moment};
use crate::failure::{Failure, Result};
use crate::order::Order;

/// Where a rate comes from.
#[derive(Debug, clap::Args)]
pub struct RateSource {
    /// The asset, by symbol or address
    asset: String,
    /// Name or address of the contract that is asked; the asset is worth one ETH if left out
    #[arg(long, value_name = "CONTRACT", requires = "call")]
    source: Option<String>,
    /// View of it without arguments that answers ETH for one, times 1e18
    #[arg(long, value_name = "VIEW", requires = "source")]
    call: Option<String>,
    /// Most that the rate may fall at once, percent
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    max_drop: Percent,
    /// Most that it may grow in a day, percent
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    max_growth: Percent,
    /// Name or address of the contract that answers the market price, against deposits of a failing asset
    #[arg(long, value_name = "CONTRACT", requires = "guard_call")]
    guard: Option<String>,
    /// View of it without arguments that answers ETH for one, times 1e18
    #[arg(long, value_name = "VIEW", requires = "guard")]
    guard_call: Option<String>,
    /// How far under its rate the asset may trade before deposits are refused, percent
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    guard_margin: Percent,
}

impl ToOrder for RateSource {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let client = now.client;
        let (_, asset) = client.asset(&self.asset)?;
        let (target, selector) = view(client, self.source.as_deref(), self.call.as_deref())?;
        let (guard, guard_selector) =
            view(client, self.guard.as_deref(), self.guard_call.as_deref())?;
        let source = IRates::Source {
            target,
            selector,
            maxDropWad: self.max_drop.wad(),
            maxGrowthPerDayWad: self.max_growth.wad(),
            guard,
            guardSelector: guard_selector,
            guardMarginWad: self.guard_margin.wad(),
        };
        let call = IRates::listSourceCall { asset, source };
        Ok(Order::new(client.address("rates")?, &call))
    }
}

/// Who may confirm a rate that is out of its bounds.
#[derive(Debug, clap::Args)]
pub struct SecondSource {
    /// The asset, by symbol or address
    asset: String,
    /// Name or address of the contract that is asked; nobody if left out
    #[arg(long, value_name = "CONTRACT", requires = "call")]
    source: Option<String>,
    /// View of it without arguments that answers ETH for one, times 1e18
    #[arg(long, value_name = "VIEW", requires = "source")]
    call: Option<String>,
    /// How far the two may differ and still agree, percent: at most 10
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    margin: Percent,
}

impl ToOrder for SecondSource {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let client = now.client;
        let (_, asset) = client.asset(&self.asset)?;
        let (target, selector) = view(client, self.source.as_deref(), self.call.as_deref())?;
        let call = IRates::setSecondCall {
            asset,
            target,
            selector,
            marginWad: self.margin.wad(),
        };
        Ok(Order::new(client.address("rates")?, &call))
    }
}

/// A rate is accepted.
#[derive(Debug, clap::Args)]
pub struct AcceptRate {
    /// The asset, by symbol or address
    asset: String,
    /// ETH for one
    rate: Amount,
}

impl ToOrder for AcceptRate {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let client = now.client;
        let (_, asset) = client.asset(&self.asset)?;
        let Amount::Wei(rate_wad) = self.rate else {
            return Err(Failure::usage("`all` is no rate").next("ETH for one, such as 1.02"));
        };
        let call = IRates::acceptCall {
            asset,
            rateWad: rate_wad,
        };
        Ok(Order::new(client.address("rates")?, &call))
    }
}

/// A contract and the selector of its view; all zero for none.
fn view(
    client: &Client,
    contract: Option<&str>,
    call: Option<&str>,
) -> Result<(Address, FixedBytes<4>)> {
    let (Some(contract), Some(call)) = (contract, call) else {
        return Ok((Address::ZERO, FixedBytes::ZERO));
    };
    let view: ViewCall = serde_json::from_value(call.into()).map_err(|_| {
        Failure::usage(format!("`{call}` is not a view without arguments"))
            .next("a name and two brackets, such as 'getExchangeRate()'")
    })?;
    Ok((client.party(contract)?, view.selector().into()))
}
