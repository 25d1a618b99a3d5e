//! Assets: where each wei of them is, and what one is worth.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IRates::IRatesEvents;
use weir_abi::IVault::IVaultEvents;

use super::vault::VaultDoc;
use super::{Context, Doc, ProjectError, Workspace, small};
use crate::amount::{Amount, OutOfRange};
use crate::store::Kind;
use alloy::primitives::Address;

/// Where each wei of an asset is, as the last call left it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerDoc {
    /// In the vault, not slashable.
    #[schema(value_type = String)]
    pub idle: Amount,
    /// Secures services, slashable.
    #[schema(value_type = String)]
    pub staked: Amount,
    /// Unstaked in an even epoch, still slashable.
    #[schema(value_type = String)]
    pub unbonding_even: Amount,
    /// Unstaked in an odd epoch, still slashable.
    #[schema(value_type = String)]
    pub unbonding_odd: Amount,
    /// Drips into idle until an even epoch starts.
    #[schema(value_type = String)]
    pub unvested_even: Amount,
    /// Drips into idle until an odd epoch starts.
    #[schema(value_type = String)]
    pub unvested_odd: Amount,
    /// Set aside for exits that an undecided slash holds back.
    #[schema(value_type = String)]
    pub held: Amount,
    /// What undecided slashes will take.
    #[schema(value_type = String)]
    pub contested: Amount,
    /// Belongs to settled exits.
    #[schema(value_type = String)]
    pub owed: Amount,
    /// Slashed, waits for its sink.
    #[schema(value_type = String)]
    pub due: Amount,
    /// Rewards that vest each second.
    #[schema(value_type = String)]
    pub stream_per_second: Amount,
    /// Rewards that still vest.
    #[schema(value_type = String)]
    pub stream_left: Amount,
}

impl LedgerDoc {
    /// What counts in the NAV.
    ///
    /// # Errors
    /// The sum has no place.
    pub fn total(&self) -> Result<Amount, OutOfRange> {
        let staked = self.idle.plus(self.staked)?;
        staked.plus(self.unbonding_even)?.plus(self.unbonding_odd)
    }
}

/// An asset of the vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssetDoc {
    /// Its place in the vault's order.
    pub index: u64,
    /// Its contract.
    #[schema(value_type = String)]
    pub token: Address,
    /// Most that deposits may raise its total to.
    #[schema(value_type = String)]
    pub cap: Amount,
    /// Part of a deposit that buys no shares.
    pub deposit_fee_bps: u64,
    /// Whether it takes no more deposits, for ever.
    pub delisted: bool,
    /// What moved to its side pocket.
    #[schema(value_type = String)]
    pub pocketed: Amount,
    /// Last accepted rate, ETH per asset.
    #[schema(value_type = String)]
    pub rate_wad: Amount,
    /// When that was, Unix seconds.
    pub rate_at_s: u64,
    /// What its source answered out of bounds since.
    #[schema(value_type = Option<String>)]
    pub suspicious_wad: Option<Amount>,
    /// Where each wei is.
    pub ledger: LedgerDoc,
    /// All that deposits brought.
    #[schema(value_type = String)]
    pub deposited: Amount,
    /// All that instant exits took.
    #[schema(value_type = String)]
    pub redeemed: Amount,
}

impl Doc for AssetDoc {
    const KIND: Kind = Kind::Asset;
}

/// A rate that was accepted, or was out of bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateDoc {
    /// The asset.
    #[schema(value_type = String)]
    pub asset: Address,
    /// The one before.
    #[schema(value_type = String)]
    pub old_wad: Amount,
    /// The one that was answered.
    #[schema(value_type = String)]
    pub new_wad: Amount,
    /// Whether it was taken.
    pub is_accepted: bool,
    /// Block.
    pub block: u64,
    /// Unix seconds.
    pub timestamp_s: u64,
}

impl Doc for RateDoc {
    const KIND: Kind = Kind::Rate;
}

/// Index of a listed asset.
pub(super) async fn index_of(
    ws: &mut Workspace,
    token: Address,
) -> Result<Option<u8>, ProjectError> {
    let vault = ws
        .load::<VaultDoc>(VaultDoc::KEY)
        .await?
        .unwrap_or_default();
    let place = vault.assets.iter().position(|asset| *asset == token);
    Ok(place.and_then(|place| u8::try_from(place).ok()))
}

/// An asset by its token.
pub(super) async fn by_token(
    ws: &mut Workspace,
    token: Address,
) -> Result<Option<AssetDoc>, ProjectError> {
    match index_of(ws, token).await? {
        Some(index) => ws.load(&[index]).await,
        None => Ok(None),
    }
}

async fn edit(
    ws: &mut Workspace,
    token: Address,
    change: impl FnOnce(&mut AssetDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    match index_of(ws, token).await? {
        Some(index) => ws.edit(&[index], change).await,
        None => Ok(()),
    }
}

pub(super) async fn vault(
    ws: &mut Workspace,
    _ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    match event {
        IVaultEvents::AssetListed(e) => {
            ws.edit::<VaultDoc>(VaultDoc::KEY, |vault| {
                vault.assets.push(e.token);
                Ok(())
            })
            .await?;
            let index = u8::try_from(small(e.index)).unwrap_or(u8::MAX);
            ws.edit::<AssetDoc>(&[index], |asset| {
                asset.index = small(e.index);
                asset.token = e.token;
                asset.cap = e.cap.into();
                asset.deposit_fee_bps = small(e.depositFeeBps);
                Ok(())
            })
            .await
        }
        IVaultEvents::CapSet(e) => {
            edit(ws, e.token, |asset| {
                asset.cap = e.newCap.into();
                Ok(())
            })
            .await
        }
        IVaultEvents::AssetDelisted(e) => {
            edit(ws, e.token, |asset| {
                asset.delisted = true;
                asset.cap = Amount::ZERO;
                Ok(())
            })
            .await
        }
        IVaultEvents::Pocketed(e) => {
            edit(ws, e.token, |asset| {
                asset.pocketed = asset.pocketed.plus(e.amount.into())?;
                Ok(())
            })
            .await
        }
        IVaultEvents::DepositFeeSet(e) => {
            edit(ws, e.token, |asset| {
                asset.deposit_fee_bps = small(e.newBps);
                Ok(())
            })
            .await
        }
        IVaultEvents::Deposited(e) => {
            edit(ws, e.asset, |asset| {
                asset.deposited = asset.deposited.plus(e.amount.into())?;
                Ok(())
            })
            .await
        }
        IVaultEvents::Redeemed(e) => {
            edit(ws, e.asset, |asset| {
                asset.redeemed = asset.redeemed.plus(e.amount.into())?;
                Ok(())
            })
            .await
        }
        IVaultEvents::LedgerChanged(e) => {
            ws.edit::<AssetDoc>(&[e.asset], |asset| {
                let (ledger, first, second) = (&mut asset.ledger, e.first.into(), e.second.into());
                match e.part {
                    0 => (ledger.idle, ledger.staked) = (first, second),
                    1 => (ledger.unbonding_even, ledger.unbonding_odd) = (first, second),
                    2 => (ledger.unvested_even, ledger.unvested_odd) = (first, second),
                    3 => (ledger.held, ledger.contested) = (first, second),
                    4 => (ledger.owed, ledger.due) = (first, second),
                    5 => (ledger.stream_per_second, ledger.stream_left) = (first, second),
                    _ => {}
                }
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}

pub(super) async fn rates(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IRatesEvents,
) -> Result<(), ProjectError> {
    let at_s = ctx.block.timestamp_s;
    let (asset, old_wad, new_wad, is_accepted) = match event {
        IRatesEvents::RateAccepted(e) => (e.asset, e.oldRateWad, e.newRateWad, true),
        IRatesEvents::RateSuspicious(e) => (e.asset, e.acceptedWad, e.answeredWad, false),
        _ => return Ok(()),
    };
    edit(ws, asset, |doc| {
        if is_accepted {
            doc.rate_wad = new_wad.into();
            doc.rate_at_s = at_s;
        }
        doc.suspicious_wad = (!is_accepted).then_some(new_wad.into());
        Ok(())
    })
    .await?;
    let Some(index) = index_of(ws, asset).await? else {
        return Ok(());
    };
    let doc = RateDoc {
        asset,
        old_wad: old_wad.into(),
        new_wad: new_wad.into(),
        is_accepted,
        block: ctx.block.number,
        timestamp_s: at_s,
    };
    ws.put(&[&[index], ctx.place().as_slice()].concat(), &doc)
        .await
}
