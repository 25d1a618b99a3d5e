//! Slash requests: the life of each, and who bore it.

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::ICover::ICoverEvents;
use weir_abi::IHub::IHubEvents;
use weir_abi::IVault::IVaultEvents;

use super::history::{self, HistoryDoc};
use super::{Context, Doc, ProjectError, Workspace, amounts};
use crate::amount::Amount;
use crate::store::Kind;

/// Where a slash request is in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlashStatus {
    /// The resolver may veto it.
    #[default]
    Filed,
    /// Its window is over; it can be executed after a wait, and still be vetoed.
    Armed,
    /// The resolver rejected it.
    Vetoed,
    /// It took its loss.
    Executed,
    /// Nobody armed it in time.
    Lapsed,
}

/// A slash request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlashDoc {
    /// Its number.
    pub id: u64,
    /// Where it is in its life.
    pub status: SlashStatus,
    /// Who asked.
    pub service: u32,
    /// Against whom.
    #[schema(value_type = String)]
    pub operator: Address,
    /// Epoch of the offence.
    pub offence_epoch: u64,
    /// Part of the operator's magnitude, out of 1e18.
    #[schema(value_type = String)]
    pub wad: Amount,
    /// Magnitude it takes.
    #[schema(value_type = String)]
    pub delta: Amount,
    /// Out of this much.
    #[schema(value_type = String)]
    pub capacity: Amount,
    /// Hash of the evidence.
    #[schema(value_type = String)]
    pub evidence: B256,
    /// The most it can take, by asset.
    #[schema(value_type = Vec<String>)]
    pub most: Vec<Amount>,
    /// What it took, by asset.
    #[schema(value_type = Vec<String>)]
    pub taken: Vec<Amount>,
    /// What those who left had left behind for it and came back to the vault, by asset.
    #[schema(value_type = Vec<String>)]
    pub held_returned: Vec<Amount>,
    /// After a veto or lapse: what went to those who had left, by asset.
    #[schema(value_type = Vec<String>)]
    pub to_batches: Vec<Amount>,
    /// After a veto or lapse: what drips to holders, by asset.
    #[schema(value_type = Vec<String>)]
    pub to_holders: Vec<Amount>,
    /// Shares that the loss was worth when it was filed.
    #[schema(value_type = String)]
    pub worth_shares: Amount,
    /// Of these, locked from the operator's bond.
    #[schema(value_type = String)]
    pub from_bond: Amount,
    /// Of these, locked from cover.
    #[schema(value_type = String)]
    pub from_cover: Amount,
    /// What the service staked on it, shares.
    #[schema(value_type = String)]
    pub stake: Amount,
    /// Whether a veto or lapse cost the service that stake.
    pub is_stake_forfeited: bool,
    /// Shares of bond and cover that burned.
    #[schema(value_type = String)]
    pub burned: Amount,
    /// Shares of bond and cover that went to those who had left.
    #[schema(value_type = String)]
    pub given: Amount,
    /// The rate in the block before that of the decision, ETH per share.
    #[schema(value_type = Option<String>)]
    pub rate_before_wad: Option<Amount>,
    /// The rate after the block of the decision, ETH per share.
    #[schema(value_type = Option<String>)]
    pub rate_after_wad: Option<Amount>,
    /// Unix seconds.
    pub filed_s: u64,
    /// Block of the filing.
    pub filed_block: u64,
    /// Transaction of the filing.
    #[schema(value_type = String)]
    pub filed_tx: B256,
    /// Unix seconds; 0 if it was not armed.
    pub armed_s: u64,
    /// From when on it can be executed, Unix seconds; 0 if it was not armed.
    pub executable_s: u64,
    /// Unix seconds; 0 while undecided.
    pub decided_s: u64,
    /// Block of the decision; 0 while undecided.
    pub decided_block: u64,
    /// Transaction of the decision.
    #[schema(value_type = Option<String>)]
    pub decided_tx: Option<B256>,
}

impl Doc for SlashDoc {
    const KIND: Kind = Kind::Slash;
}

impl SlashDoc {
    /// Whether it waits for its decision.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.status, SlashStatus::Filed | SlashStatus::Armed)
    }

    fn decide(&mut self, ctx: &Context<'_>, status: SlashStatus) {
        self.status = status;
        self.decided_s = ctx.block.timestamp_s;
        self.decided_block = ctx.block.number;
        self.decided_tx = Some(ctx.tx);
    }
}

async fn edit(
    ws: &mut Workspace,
    id: u64,
    change: impl FnOnce(&mut SlashDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    ws.edit::<SlashDoc>(&id.to_be_bytes(), |slash| {
        slash.id = id;
        change(slash)
    })
    .await
}

pub(super) async fn hub(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IHubEvents,
) -> Result<(), ProjectError> {
    let ours = ctx.site.vault;
    match event {
        IHubEvents::SlashFiled(e) if e.vault == ours => {
            edit(ws, e.id, |slash| {
                slash.status = SlashStatus::Filed;
                slash.service = e.service;
                slash.operator = e.operator;
                slash.offence_epoch = e.offenceEpoch;
                slash.wad = e.wad.into();
                slash.delta = e.delta.into();
                slash.capacity = e.capacity.into();
                slash.evidence = e.evidence;
                slash.most = amounts(&e.losses);
                slash.filed_s = ctx.block.timestamp_s;
                slash.filed_block = ctx.block.number;
                slash.filed_tx = ctx.tx;
                Ok(())
            })
            .await
        }
        IHubEvents::SlashArmed(e) if e.vault == ours => {
            edit(ws, e.id, |slash| {
                slash.status = SlashStatus::Armed;
                slash.armed_s = ctx.block.timestamp_s;
                slash.executable_s = e.executableAt;
                Ok(())
            })
            .await
        }
        IHubEvents::SlashVetoed(e) if e.vault == ours => {
            decide(ws, ctx, e.id, SlashStatus::Vetoed).await
        }
        IHubEvents::SlashExecuted(e) if e.vault == ours => {
            history::executed(ws, ctx.block.number, e.id).await?;
            decide(ws, ctx, e.id, SlashStatus::Executed).await
        }
        IHubEvents::SlashLapsed(e) if e.vault == ours => {
            decide(ws, ctx, e.id, SlashStatus::Lapsed).await
        }
        _ => Ok(()),
    }
}

async fn decide(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    id: u64,
    status: SlashStatus,
) -> Result<(), ProjectError> {
    let before = ws.load::<HistoryDoc>(HistoryDoc::LAST).await?;
    edit(ws, id, |slash| {
        slash.decide(ctx, status);
        slash.rate_before_wad = before.map(|last| last.rate_wad);
        Ok(())
    })
    .await
}

pub(super) async fn vault(
    ws: &mut Workspace,
    _ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    match event {
        IVaultEvents::Slashed(e) => {
            edit(ws, e.id, |slash| {
                slash.taken = amounts(&e.losses);
                slash.held_returned = amounts(&e.heldReturned);
                slash.burned = e.burned.into();
                slash.given = e.given.into();
                Ok(())
            })
            .await
        }
        IVaultEvents::Lifted(e) => {
            edit(ws, e.id, |slash| {
                slash.to_batches = amounts(&e.toBatches);
                slash.to_holders = amounts(&e.toVesting);
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}

pub(super) async fn cover(
    ws: &mut Workspace,
    _ctx: &Context<'_>,
    event: &ICoverEvents,
) -> Result<(), ProjectError> {
    match event {
        ICoverEvents::Locked(e) => {
            edit(ws, e.id, |slash| {
                slash.worth_shares = e.worth.into();
                slash.from_bond = e.fromBond.into();
                slash.from_cover = e.fromCover.into();
                slash.stake = e.stake.into();
                Ok(())
            })
            .await
        }
        ICoverEvents::Unlocked(e) => {
            edit(ws, e.id, |slash| {
                slash.is_stake_forfeited = !e.executed && !e.stake.is_zero();
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}
