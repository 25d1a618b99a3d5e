//! Changes of fees and of what instant exits find.

use std::time::Duration;

use alloy::primitives::U256;
use weir_abi::IVault;

use super::propose::ToOrder;
use crate::amount::{Amount, Percent};
use crate::connect::Moment;
use crate::failure::Result;
use crate::order::Order;

/// The part of a deposit that buys no shares.
#[derive(Debug, clap::Args)]
pub struct DepositFee {
    /// The asset, by symbol or address
    asset: String,
    /// The part, percent
    percent: Percent,
}

impl ToOrder for DepositFee {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let (_, token) = now.client.asset(&self.asset)?;
        let call = IVault::setDepositFeeCall {
            token,
            feeBps: self.percent.bps(),
        };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// The part of each asset that stays idle.
#[derive(Debug, clap::Args)]
pub struct IdleTarget {
    /// The part, percent
    percent: Percent,
}

impl ToOrder for IdleTarget {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let call = IVault::setIdleTargetCall {
            targetBps: self.percent.bps(),
        };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// The fee on instant exits.
#[derive(Debug, clap::Args)]
pub struct FeeCurve {
    /// Marginal fee at no outflow, percent
    #[arg(long, value_name = "PERCENT")]
    base: Option<Percent>,
    /// Marginal fee at the kink, percent
    #[arg(long, value_name = "PERCENT")]
    kink: Option<Percent>,
    /// Marginal fee at the limit, percent
    #[arg(long, value_name = "PERCENT")]
    limit: Option<Percent>,
    /// Net outflow at the kink, ETH of value
    #[arg(long, value_name = "ETH")]
    kink_outflow: Option<Amount>,
    /// Most net outflow, ETH of value
    #[arg(long, value_name = "ETH")]
    limit_outflow: Option<Amount>,
    /// How long it takes to forget an outflow
    #[arg(long, value_name = "SPAN", value_parser = humantime::parse_duration)]
    window: Option<Duration>,
}

impl ToOrder for FeeCurve {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let vault = now.client.address("vault")?;
        let old = now.ask(vault, IVault::feeCurveCall {}).await?;
        let bps = |new: Option<Percent>, old: U256| new.map_or(old, Percent::bps);
        let value =
            |new: Option<Amount>, old: U256| new.map_or(old, |new| new.of(U256::from(u128::MAX)));
        let curve = IVault::FeeCurve {
            baseBps: bps(self.base, old.baseBps),
            kinkBps: bps(self.kink, old.kinkBps),
            limitBps: bps(self.limit, old.limitBps),
            kinkValue: value(self.kink_outflow, old.kinkValue),
            limitValue: value(self.limit_outflow, old.limitValue),
            windowS: self
                .window
                .map_or(old.windowS, |window| U256::from(window.as_secs())),
        };
        Ok(Order::new(vault, &IVault::setFeeCurveCall { curve }))
    }
}

/// The performance fee.
#[derive(Debug, clap::Args)]
pub struct PerformanceFee {
    /// Part of a gain above the high-water mark, percent: 20 at most, and a rise is at most a tenth of a percent or a quarter
    percent: Percent,
}

impl ToOrder for PerformanceFee {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let call = IVault::setPerformanceFeeCall {
            feeBps: self.percent.bps(),
        };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// Who has the performance fee.
#[derive(Debug, clap::Args)]
pub struct FeeSplit {
    /// Name or address of who has what the others do not
    #[arg(long, value_name = "ACCOUNT")]
    treasury: Option<String>,
    /// Name or address of the junior tranche, as a rule the contract `cover`
    #[arg(long, value_name = "ACCOUNT")]
    cover: Option<String>,
    /// Its part, percent
    #[arg(long, value_name = "PERCENT")]
    cover_part: Option<Percent>,
    /// Name or address of who keeps the part of the operators
    #[arg(long, value_name = "ACCOUNT")]
    operators: Option<String>,
    /// Their part, percent
    #[arg(long, value_name = "PERCENT")]
    operators_part: Option<Percent>,
}

impl ToOrder for FeeSplit {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let vault = now.client.address("vault")?;
        let old = now.ask(vault, IVault::performanceFeeCall {}).await?.split;
        let who = |new: &Option<String>, old| match new {
            Some(text) => now.client.party(text),
            None => Ok(old),
        };
        let part = |new: Option<Percent>, old: U256| new.map_or(old, Percent::bps);
        let split = IVault::FeeSplit {
            treasury: who(&self.treasury, old.treasury)?,
            cover: who(&self.cover, old.cover)?,
            coverBps: part(self.cover_part, old.coverBps),
            operators: who(&self.operators, old.operators)?,
            operatorsBps: part(self.operators_part, old.operatorsBps),
        };
        Ok(Order::new(vault, &IVault::setFeeSplitCall { split }))
    }
}
