//! Changes of which assets the vault takes, and how much of them.

use std::path::PathBuf;

use alloy::primitives::U256;
use weir_abi::{IExits, IVault};

use super::propose::ToOrder;
use crate::amount::{Amount, Percent};
use crate::commands::pocket::tree_of;
use crate::connect::Moment;
use crate::failure::Result;
use crate::order::Order;

/// An asset is added.
#[derive(Debug, clap::Args)]
pub struct ListAsset {
    /// Its token: an address, or the name of a contract
    token: String,
    /// Most that deposits may raise the vault's holding to, whole tokens or wei; 0 once the vault has shares
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    cap: Amount,
    /// Part of a deposit that buys no shares, percent
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    deposit_fee: Percent,
}

impl ToOrder for ListAsset {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let call = IVault::listAssetCall {
            token: now.client.party(&self.token)?,
            cap: self.cap.of(most()),
            depositFeeBps: self.deposit_fee.bps(),
        };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// An asset takes no more deposits.
#[derive(Debug, clap::Args)]
pub struct Delist {
    /// The asset, by symbol or address
    asset: String,
}

impl ToOrder for Delist {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let (_, token) = now.client.asset(&self.asset)?;
        let call = IVault::delistCall { token };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// A failed asset leaves the NAV.
#[derive(Debug, clap::Args)]
pub struct Pocket {
    /// The asset, by symbol or address
    asset: String,
}

impl ToOrder for Pocket {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let (_, token) = now.client.asset(&self.asset)?;
        let call = IVault::pocketCall { token };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// The holders of a pocket are named.
#[derive(Debug, clap::Args)]
pub struct OpenPocket {
    /// The asset, by symbol or address
    asset: String,
    /// File of the tree, as `weir pocket tree` writes it; computed from the chain if left out
    #[arg(long, value_name = "FILE")]
    tree: Option<PathBuf>,
}

impl ToOrder for OpenPocket {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let (_, asset) = now.client.asset(&self.asset)?;
        let tree = tree_of(now.client, asset, self.tree.as_deref()).await?;
        let call = IExits::openPocketCall {
            asset,
            root: tree.root(),
            shares: tree.shares(),
        };
        Ok(Order::new(now.client.address("exits")?, &call))
    }
}

/// The most that the vault takes of an asset.
#[derive(Debug, clap::Args)]
pub struct Cap {
    /// The asset, by symbol or address
    asset: String,
    /// Most that deposits may raise the vault's holding to, whole tokens or wei; `all` is no cap
    amount: Amount,
}

impl ToOrder for Cap {
    async fn order(&self, now: &Moment<'_>) -> Result<Order> {
        let (_, token) = now.client.asset(&self.asset)?;
        let call = IVault::setCapCall {
            token,
            cap: self.amount.of(most()),
        };
        Ok(Order::new(now.client.address("vault")?, &call))
    }
}

/// The most that an amount can be.
fn most() -> U256 {
    U256::from(u128::MAX)
}
