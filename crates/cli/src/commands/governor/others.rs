//! Changes of limits, groups, services and roles, and any call by its function.

use alloy::primitives::{Address, FixedBytes};
use weir_abi::{IAllocator, IGovernor, IHub};

use super::propose::ToOrder;
use crate::amount::Percent;
use crate::commands::{operator, slash};
use crate::connect::Moment;
use crate::datum::tag;
use crate::decode::encode;
use crate::failure::{Failure, Result};
use crate::order::Order;

/// How much may be at risk in one place.
#[derive(Debug, Clone, clap::Args)]
pub struct Limits {
    /// Most at risk in one service, percent of all stake
    #[arg(long, value_name = "PERCENT")]
    service: Option<Percent>,
    /// Most at risk through one operator, percent
    #[arg(long, value_name = "PERCENT")]
    operator: Option<Percent>,
    /// Most at risk through the operators of one group, percent
    #[arg(long, value_name = "PERCENT")]
    group: Option<Percent>,
    /// Most that is lost if the worst operator fails everywhere, percent
    #[arg(long, value_name = "PERCENT")]
    worst_one: Option<Percent>,
    /// Most that is lost if the worst two do, percent
    #[arg(long, value_name = "PERCENT")]
    worst_two: Option<Percent>,
    /// Most that is lost if the worst three do, percent
    #[arg(long, value_name = "PERCENT")]
    worst_three: Option<Percent>,
}

impl Limits {
    /// Whether anything is to be set.
    pub const fn is_empty(&self) -> bool {
        matches!(
            self,
            Self {
                service: None,
                operator: None,
                group: None,
                worst_one: None,
                worst_two: None,
                worst_three: None,
            }
        )
    }

    /// The call that sets them, and leaves those that are not named.
    ///
    /// # Errors
    /// Nothing is named, or the chain did not answer.
    pub async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        if self.is_empty() {
            return Err(Failure::usage("no limit is named").next("--operator 50, for instance"));
        }
        let allocator = now.client.address("allocator")?;
        let old = now.ask(allocator, IAllocator::limitsCall {}).await?;
        // A percentage has at most 10,000 basis points.
        let bps = |new: Option<Percent>, old: u16| {
            new.map_or(old, |new| u16::try_from(new.0).unwrap_or(u16::MAX))
        };
        let limits = IAllocator::Limits {
            serviceBps: bps(self.service, old.serviceBps),
            operatorBps: bps(self.operator, old.operatorBps),
            groupBps: bps(self.group, old.groupBps),
            worstOneBps: bps(self.worst_one, old.worstOneBps),
            worstTwoBps: bps(self.worst_two, old.worstTwoBps),
            worstThreeBps: bps(self.worst_three, old.worstThreeBps),
        };
        let call = IAllocator::setLimitsCall { limits };
        Ok(Order::new(allocator, &call))
    }
}

impl ToOrder for Limits {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        self.order(now).await
    }
}

/// What an operator has in common with others.
#[derive(Debug, clap::Args)]
pub struct Groups {
    /// Name or address of the operator
    operator: String,
    /// Tags, four at most: one to eight letters each, such as a client or a cloud
    #[arg(value_parser = tag)]
    tags: Vec<FixedBytes<8>>,
}

impl ToOrder for Groups {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let call = IAllocator::setGroupsCall {
            operator: operator::named(now.client, Some(&self.operator))?,
            groups: self.tags.clone(),
        };
        Ok(Order::new(now.client.address("allocator")?, &call))
    }
}

/// A service may slash.
#[derive(Debug, clap::Args)]
pub struct OptIn {
    /// Number or name of the service
    service: String,
}

impl ToOrder for OptIn {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let client = now.client;
        let hub = client.address("hub")?;
        let service = slash::service(client, &self.service)?;
        let doing = format!("reading the terms of service {service}");
        let hash = IHub::termsHashCall { service };
        let call = IHub::optInVaultCall {
            vault: client.address("vault")?,
            service,
            termsHash: now.ask_for(&doing, hub, hash).await?,
        };
        Ok(Order::new(hub, &call))
    }
}

/// Roles are named anew.
#[derive(Debug, clap::Args)]
pub struct Roles {
    /// Name or address of the governor
    #[arg(long, value_name = "ACCOUNT")]
    governor: Option<String>,
    /// Name or address of the curator
    #[arg(long, value_name = "ACCOUNT")]
    curator: Option<String>,
    /// Name or address of the guardian
    #[arg(long, value_name = "ACCOUNT")]
    guardian: Option<String>,
}

impl ToOrder for Roles {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let governor = now.client.address("governor")?;
        let old = now.ask(governor, IGovernor::rolesCall {}).await?;
        let who = |new: &Option<String>, old: Address| match new {
            Some(text) => now.client.party(text),
            None => Ok(old),
        };
        let call = IGovernor::setRolesCall {
            governor: who(&self.governor, old.governor)?,
            curator: who(&self.curator, old.curator)?,
            guardian: who(&self.guardian, old.guardian)?,
        };
        Ok(Order::new(governor, &call))
    }
}

/// Any call.
#[derive(Debug, clap::Args)]
pub struct AnyCall {
    /// Name or address of the contract
    contract: String,
    /// The function, by name or signature; or the calldata, as 0x and hexadecimal digits
    function: String,
    /// Its arguments, in order; a list or a struct in brackets, with commas between
    arguments: Vec<String>,
}

impl ToOrder for AnyCall {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let target = now.client.party(&self.contract)?;
        let data = if self.function.starts_with("0x") {
            let read = self.function.parse();
            read.map_err(|error| Failure::usage("this is no calldata").because(error))?
        } else {
            encode(now.client, target, &self.function, &self.arguments)?
        };
        Ok(Order { target, data })
    }
}
