//! Parameters, limits and roles that changed: what, from what, to what, and when.

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IAllocator::IAllocatorEvents;
use weir_abi::IGovernor::IGovernorEvents;
use weir_abi::IRates::IRatesEvents;
use weir_abi::IShare::IShareEvents;
use weir_abi::IVault::IVaultEvents;

use super::{Context, Doc, ProjectError, Workspace};
use crate::store::Kind;

/// A parameter or role that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeDoc {
    /// Which.
    pub parameter: String,
    /// Of what: an asset, an operator; none for the whole vault.
    #[schema(value_type = Option<String>)]
    pub of: Option<Address>,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
    /// The contract that told of it.
    #[schema(value_type = String)]
    pub contract: Address,
    /// Block.
    pub block: u64,
    /// Unix seconds.
    pub timestamp_s: u64,
    /// Transaction.
    #[schema(value_type = String)]
    pub tx: B256,
}

impl Doc for ChangeDoc {
    const KIND: Kind = Kind::Change;
}

type Told = (&'static str, Option<Address>, String, String);

async fn note(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    told: Option<Told>,
) -> Result<(), ProjectError> {
    let Some((parameter, of, old, new)) = told else {
        return Ok(());
    };
    let doc = ChangeDoc {
        parameter: parameter.to_owned(),
        of,
        old,
        new,
        contract: ctx.address,
        block: ctx.block.number,
        timestamp_s: ctx.block.timestamp_s,
        tx: ctx.tx,
    };
    ws.put(&ctx.place(), &doc).await
}

fn told(
    name: &'static str,
    of: Option<Address>,
    old: impl ToString,
    new: impl ToString,
) -> Option<Told> {
    Some((name, of, old.to_string(), new.to_string()))
}

/// A struct of several parameters, as JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) async fn vault(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    use super::vault::{CurveDoc, SplitDoc};
    let told = match event {
        IVaultEvents::AssetListed(e) => told("listed", Some(e.token), "", e.cap),
        IVaultEvents::CapSet(e) => told("cap", Some(e.token), e.oldCap, e.newCap),
        IVaultEvents::AssetDelisted(e) => told("delisted", Some(e.token), e.oldCap, 0),
        IVaultEvents::Pocketed(e) => told("pocketed", Some(e.token), "", e.amount),
        IVaultEvents::DepositFeeSet(e) => {
            told("deposit_fee_bps", Some(e.token), e.oldBps, e.newBps)
        }
        IVaultEvents::IdleTargetSet(e) => told("idle_target_bps", None, e.oldBps, e.newBps),
        IVaultEvents::PerformanceFeeSet(e) => told("performance_fee_bps", None, e.oldBps, e.newBps),
        IVaultEvents::FeeCurveSet(e) => {
            let curve = |curve| json(&CurveDoc::from(curve));
            told(
                "instant_exit_fee",
                None,
                curve(&e.oldCurve),
                curve(&e.newCurve),
            )
        }
        IVaultEvents::FeeSplitSet(e) => {
            let split = |split| json(&SplitDoc::from(split));
            told("fee_split", None, split(&e.oldSplit), split(&e.newSplit))
        }
        IVaultEvents::Retired(e) => told("retired", None, "", e.rateWad),
        IVaultEvents::DepositsPaused(e) => {
            told("deposits_paused_until_s", None, e.oldUntil, e.newUntil)
        }
        IVaultEvents::InstantPaused(e) => {
            told("instant_paused_until_s", None, e.oldUntil, e.newUntil)
        }
        _ => None,
    };
    note(ws, ctx, told).await
}

pub(super) async fn allocator(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IAllocatorEvents,
) -> Result<(), ProjectError> {
    use super::allocations::LimitsDoc;
    let told = match event {
        IAllocatorEvents::LimitsSet(e) => {
            let limits = |limits| json(&LimitsDoc::from(limits));
            told(
                "exposure_limits",
                None,
                limits(&e.oldLimits),
                limits(&e.newLimits),
            )
        }
        IAllocatorEvents::GroupsSet(e) => {
            let groups = |tags: &[alloy::primitives::B64]| {
                let tags = tags.iter().filter(|tag| !tag.is_zero());
                tags.map(ToString::to_string).collect::<Vec<_>>().join(" ")
            };
            told(
                "groups",
                Some(e.operator),
                groups(&e.oldGroups),
                groups(&e.newGroups),
            )
        }
        IAllocatorEvents::AllocationsPaused(e) => {
            told("allocations_paused_until_s", None, e.oldUntil, e.newUntil)
        }
        _ => None,
    };
    note(ws, ctx, told).await
}

pub(super) async fn rates(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IRatesEvents,
) -> Result<(), ProjectError> {
    let told = match event {
        IRatesEvents::SourceSet(e) => told("rate_source", Some(e.asset), "", e.source.target),
        IRatesEvents::SecondSet(e) => told(
            "second_rate_source",
            Some(e.asset),
            e.oldTarget,
            e.newTarget,
        ),
        _ => None,
    };
    note(ws, ctx, told).await
}

pub(super) async fn share(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IShareEvents,
) -> Result<(), ProjectError> {
    let IShareEvents::VaultUpdate(e) = event;
    let told = told("entry", Some(e.asset), "", e.vault);
    note(ws, ctx, told).await
}

pub(super) async fn governor(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IGovernorEvents,
) -> Result<(), ProjectError> {
    let told = match event {
        IGovernorEvents::RolesSet(e) => {
            let roles = |governor, curator, guardian| {
                format!("governor {governor}, curator {curator}, guardian {guardian}")
            };
            let old = roles(e.oldGovernor, e.oldCurator, e.oldGuardian);
            told(
                "roles",
                None,
                old,
                roles(e.newGovernor, e.newCurator, e.newGuardian),
            )
        }
        _ => None,
    };
    note(ws, ctx, told).await
}
