//! The vault as a whole: supply, time, fees, pauses.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IErc20::IErc20Events;
use weir_abi::IVault::{FeeCurve, FeeSplit, IVaultEvents};

use super::{Context, Doc, ProjectError, Workspace, small};
use crate::amount::Amount;
use crate::store::Kind;

/// The marginal fee on instant exits over the vault's net outflow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CurveDoc {
    /// At no outflow.
    pub base_bps: u64,
    /// At `kink_value`.
    pub kink_bps: u64,
    /// At `limit_value`.
    pub limit_bps: u64,
    /// ETH wei.
    #[schema(value_type = String)]
    pub kink_value: Amount,
    /// ETH wei.
    #[schema(value_type = String)]
    pub limit_value: Amount,
    /// Over this long an outflow is forgotten, seconds.
    pub window_s: u64,
}

impl From<&FeeCurve> for CurveDoc {
    fn from(curve: &FeeCurve) -> Self {
        Self {
            base_bps: small(curve.baseBps),
            kink_bps: small(curve.kinkBps),
            limit_bps: small(curve.limitBps),
            kink_value: curve.kinkValue.into(),
            limit_value: curve.limitValue.into(),
            window_s: small(curve.windowS),
        }
    }
}

/// Who has the fee shares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SplitDoc {
    /// Has the rest.
    #[schema(value_type = String)]
    pub treasury: Address,
    /// The junior tranche.
    #[schema(value_type = String)]
    pub cover: Address,
    /// Its part.
    pub cover_bps: u64,
    /// Keeps the part of the operators.
    #[schema(value_type = String)]
    pub operators: Address,
    /// Their part.
    pub operators_bps: u64,
}

impl From<&FeeSplit> for SplitDoc {
    fn from(split: &FeeSplit) -> Self {
        Self {
            treasury: split.treasury,
            cover: split.cover,
            cover_bps: small(split.coverBps),
            operators: split.operators,
            operators_bps: small(split.operatorsBps),
        }
    }
}

/// The vault as its events leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VaultDoc {
    /// Start of epoch 0, Unix seconds.
    pub genesis_s: u64,
    /// Length of an epoch, seconds.
    pub epoch_s: u64,
    /// How long after the start of epoch e+2 what was unstaked in e stays slashable, seconds.
    pub grace_s: u64,
    /// Tokens in the vault's order.
    #[schema(value_type = Vec<String>)]
    pub assets: Vec<Address>,
    /// All shares.
    #[schema(value_type = String)]
    pub supply: Amount,
    /// Accounts with shares.
    pub holders: u64,
    /// Part that stays idle.
    pub idle_target_bps: u64,
    /// Performance fee.
    pub fee_bps: u64,
    /// No fee is taken up to this rate.
    #[schema(value_type = String)]
    pub hwm_wad: Amount,
    /// Who has it.
    pub fee_split: SplitDoc,
    /// The fee on instant exits.
    pub fee_curve: CurveDoc,
    /// Fee shares that were made, ever.
    #[schema(value_type = String)]
    pub fee_shares: Amount,
    /// Of these, shares that went to their receivers.
    #[schema(value_type = String)]
    pub fee_shares_collected: Amount,
    /// Unix seconds; in the past or 0 if not.
    pub deposits_paused_until_s: u64,
    /// Unix seconds; in the past or 0 if not.
    pub instant_paused_until_s: u64,
    /// Shares in closed batches that are not yet paid.
    #[schema(value_type = String)]
    pub pending_shares: Amount,
    /// Epochs with a batch that is not paid in full, oldest first.
    pub open_batches: Vec<u64>,
    /// Whether it has ended: exits alone go on.
    pub is_retired: bool,
    /// Slash requests that are not decided.
    pub undecided: Vec<u64>,
}

impl VaultDoc {
    /// There is one.
    pub const KEY: &'static [u8] = b"vault";
}

impl Doc for VaultDoc {
    const KIND: Kind = Kind::Single;
}

/// How many logs were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountsDoc {
    /// All.
    pub events: u64,
    /// Of contracts that are read, with no event type that knows them. They are kept.
    pub unknown: u64,
}

impl CountsDoc {
    /// There is one.
    pub const KEY: &'static [u8] = b"counts";
}

impl Doc for CountsDoc {
    const KIND: Kind = Kind::Single;
}

/// A fee that was taken, or given to its receivers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeDoc {
    /// `performance`: shares were made. `collected`: they went to their receivers. `instant`: an instant exit left `amount` of `asset`,
    /// which drips back to holders.
    pub kind: String,
    /// Fee shares.
    #[schema(value_type = String)]
    pub shares: Amount,
    /// Of the asset.
    #[schema(value_type = String)]
    pub amount: Amount,
    /// The asset of an instant exit.
    #[schema(value_type = Option<String>)]
    pub asset: Option<Address>,
    /// Of collected shares: treasury, cover, operators.
    #[schema(value_type = Vec<String>)]
    pub split: Vec<Amount>,
    /// Block.
    pub block: u64,
    /// Unix seconds.
    pub timestamp_s: u64,
}

impl Doc for FeeDoc {
    const KIND: Kind = Kind::Fee;
}

async fn edit(
    ws: &mut Workspace,
    change: impl FnOnce(&mut VaultDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    ws.edit(VaultDoc::KEY, change).await
}

pub(super) async fn lrt(ws: &mut Workspace, event: &IErc20Events) -> Result<(), ProjectError> {
    let IErc20Events::Transfer(e) = event else {
        return Ok(());
    };
    if !e.from.is_zero() && !e.to.is_zero() {
        return Ok(());
    }
    edit(ws, |vault| {
        if e.from.is_zero() {
            vault.supply = vault.supply.plus(e.value.into())?;
        }
        if e.to.is_zero() {
            vault.supply = vault.supply.minus(e.value.into())?;
        }
        Ok(())
    })
    .await
}

pub(super) async fn vault(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    if let Some(fee) = fee(ctx, event) {
        ws.put(&ctx.place(), &fee).await?;
    }
    edit(ws, |vault| change(vault, event)).await
}

fn fee(ctx: &Context<'_>, event: &IVaultEvents) -> Option<FeeDoc> {
    let doc = FeeDoc {
        block: ctx.block.number,
        timestamp_s: ctx.block.timestamp_s,
        ..FeeDoc::default()
    };
    match event {
        IVaultEvents::FeeTaken(e) => Some(FeeDoc {
            kind: "performance".to_owned(),
            shares: e.shares.into(),
            ..doc
        }),
        IVaultEvents::FeesCollected(e) => Some(FeeDoc {
            kind: "collected".to_owned(),
            shares: Amount(
                e.treasury
                    .saturating_add(e.cover)
                    .saturating_add(e.operators),
            ),
            split: super::amounts(&[e.treasury, e.cover, e.operators]),
            ..doc
        }),
        IVaultEvents::Redeemed(e) => Some(FeeDoc {
            kind: "instant".to_owned(),
            amount: e.fee.into(),
            asset: Some(e.asset),
            ..doc
        }),
        _ => None,
    }
}

fn change(vault: &mut VaultDoc, event: &IVaultEvents) -> Result<(), ProjectError> {
    match event {
        IVaultEvents::Initialized(e) => {
            vault.genesis_s = e.wiring.genesis;
            vault.epoch_s = e.wiring.epochLength;
            vault.grace_s = e.wiring.slashGrace;
            vault.fee_bps = small(e.wiring.feeBps);
            vault.hwm_wad = Amount(crate::amount::WAD);
        }
        IVaultEvents::IdleTargetSet(e) => vault.idle_target_bps = small(e.newBps),
        IVaultEvents::FeeCurveSet(e) => vault.fee_curve = (&e.newCurve).into(),
        IVaultEvents::PerformanceFeeSet(e) => {
            vault.fee_bps = small(e.newBps);
            vault.hwm_wad = e.hwmWad.into();
        }
        IVaultEvents::FeeSplitSet(e) => vault.fee_split = (&e.newSplit).into(),
        IVaultEvents::FeeTaken(e) => {
            vault.fee_shares = vault.fee_shares.plus(e.shares.into())?;
            vault.hwm_wad = e.hwmWad.into();
        }
        IVaultEvents::FeesCollected(e) => {
            for part in [e.treasury, e.cover, e.operators] {
                vault.fee_shares_collected = vault.fee_shares_collected.plus(part.into())?;
            }
        }
        IVaultEvents::DepositsPaused(e) => vault.deposits_paused_until_s = small(e.newUntil),
        IVaultEvents::InstantPaused(e) => vault.instant_paused_until_s = small(e.newUntil),
        IVaultEvents::EpochClosed(e) => vault.pending_shares = e.pendingShares.into(),
        IVaultEvents::BatchSettled(e) => {
            vault.pending_shares = vault.pending_shares.minus(e.filled.into())?;
        }
        IVaultEvents::Retired(_) => vault.is_retired = true,
        IVaultEvents::Contested(e) => vault.undecided.push(e.id),
        IVaultEvents::Slashed(e) => vault.undecided.retain(|id| *id != e.id),
        IVaultEvents::Lifted(e) => vault.undecided.retain(|id| *id != e.id),
        _ => {}
    }
    Ok(())
}
