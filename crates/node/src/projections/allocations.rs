//! Where the stake is: magnitudes by service and operator, and the limits on them.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IAllocator::{IAllocatorEvents, Limits};

use super::{Context, Doc, ProjectError, Workspace, small};
use crate::amount::Amount;
use crate::store::Kind;

/// What one operator has at stake in one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllocationDoc {
    /// The service.
    pub service: u32,
    /// The operator.
    #[schema(value_type = String)]
    pub operator: Address,
    /// What the curator set it to last, less what was slashed since.
    #[schema(value_type = String)]
    pub magnitude: Amount,
    /// Before the last change.
    #[schema(value_type = String)]
    pub before: Amount,
    /// When the last change counts, Unix seconds.
    pub effective_s: u64,
    /// What undecided slash requests will take.
    #[schema(value_type = String)]
    pub frozen: Amount,
    /// What was slashed, ever.
    #[schema(value_type = String)]
    pub slashed: Amount,
}

impl Doc for AllocationDoc {
    const KIND: Kind = Kind::Allocation;
}

/// How much of the capacity may be at risk in one place, basis points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LimitsDoc {
    /// In one service.
    pub service_bps: u16,
    /// Through one operator.
    pub operator_bps: u16,
    /// Through the operators of one group.
    pub group_bps: u16,
    /// If any one operator fails everywhere.
    pub worst_one_bps: u16,
    /// If any two fail at once.
    pub worst_two_bps: u16,
    /// If any three fail at once.
    pub worst_three_bps: u16,
}

impl From<&Limits> for LimitsDoc {
    fn from(limits: &Limits) -> Self {
        Self {
            service_bps: limits.serviceBps,
            operator_bps: limits.operatorBps,
            group_bps: limits.groupBps,
            worst_one_bps: limits.worstOneBps,
            worst_two_bps: limits.worstTwoBps,
            worst_three_bps: limits.worstThreeBps,
        }
    }
}

/// The allocator as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllocatorDoc {
    /// What is not slashed yet of the 1e18 at the start.
    #[schema(value_type = String)]
    pub capacity: Amount,
    /// Sum of all magnitudes after the last change of one.
    #[schema(value_type = String)]
    pub allocated: Amount,
    /// How much may be at risk in one place; none while nothing is limited.
    pub limits: Option<LimitsDoc>,
    /// How long an increase waits, seconds.
    pub increase_delay_s: u64,
    /// Unix seconds; in the past or 0 if increases are not paused.
    pub paused_until_s: u64,
}

impl AllocatorDoc {
    /// There is one.
    pub const KEY: &'static [u8] = b"allocator";
}

impl Doc for AllocatorDoc {
    const KIND: Kind = Kind::Single;
}

/// What a slash request froze, so that a thaw knows how much comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct FrozenDoc {
    delta: Amount,
}

impl Doc for FrozenDoc {
    const KIND: Kind = Kind::Single;
}

fn frozen_key(id: u64) -> Vec<u8> {
    [b"frozen".as_slice(), &id.to_be_bytes()].concat()
}

fn key(service: u32, operator: Address) -> Vec<u8> {
    [&service.to_be_bytes()[..], operator.as_slice()].concat()
}

async fn edit(
    ws: &mut Workspace,
    service: u32,
    operator: Address,
    change: impl FnOnce(&mut AllocationDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    ws.edit::<AllocationDoc>(&key(service, operator), |allocation| {
        (allocation.service, allocation.operator) = (service, operator);
        change(allocation)
    })
    .await
}

pub(super) async fn allocator(
    ws: &mut Workspace,
    _ctx: &Context<'_>,
    event: &IAllocatorEvents,
) -> Result<(), ProjectError> {
    match event {
        IAllocatorEvents::AllocationChanged(e) => {
            edit(ws, e.service, e.operator, |allocation| {
                allocation.before = e.oldMagnitude.into();
                allocation.magnitude = e.newMagnitude.into();
                allocation.effective_s = e.effectiveAt;
                Ok(())
            })
            .await?;
        }
        IAllocatorEvents::MagnitudeFrozen(e) => {
            edit(ws, e.service, e.operator, |allocation| {
                allocation.frozen = allocation.frozen.plus(e.delta.into())?;
                Ok(())
            })
            .await?;
            let delta = e.delta.into();
            ws.put(&frozen_key(e.id), &FrozenDoc { delta }).await?;
        }
        IAllocatorEvents::MagnitudeSlashed(e) => {
            thaw(ws, e.id, e.service, e.operator).await?;
            edit(ws, e.service, e.operator, |allocation| {
                allocation.magnitude = e.magnitude.into();
                allocation.slashed = allocation.slashed.plus(e.delta.into())?;
                Ok(())
            })
            .await?;
        }
        IAllocatorEvents::MagnitudeThawed(e) => thaw(ws, e.id, e.service, e.operator).await?,
        _ => {}
    }
    ws.edit::<AllocatorDoc>(AllocatorDoc::KEY, |allocator| {
        match event {
            IAllocatorEvents::Initialized(e) => {
                allocator.capacity = Amount(crate::amount::WAD);
                allocator.increase_delay_s = e.increaseDelayS;
            }
            IAllocatorEvents::AllocationChanged(e) => allocator.allocated = e.allocated.into(),
            IAllocatorEvents::MagnitudeSlashed(e) => allocator.capacity = e.capacity.into(),
            IAllocatorEvents::LimitsSet(e) => allocator.limits = Some((&e.newLimits).into()),
            IAllocatorEvents::AllocationsPaused(e) => {
                allocator.paused_until_s = small(e.newUntil);
            }
            _ => {}
        }
        Ok(())
    })
    .await
}

/// Gives back what a request froze.
async fn thaw(
    ws: &mut Workspace,
    id: u64,
    service: u32,
    operator: Address,
) -> Result<(), ProjectError> {
    let frozen = ws
        .load::<FrozenDoc>(&frozen_key(id))
        .await?
        .unwrap_or_default();
    ws.remove::<FrozenDoc>(&frozen_key(id)).await?;
    edit(ws, service, operator, |allocation| {
        allocation.frozen = allocation.frozen.minus(frozen.delta)?;
        Ok(())
    })
    .await
}
