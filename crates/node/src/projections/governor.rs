//! The governor: roles, and calls that wait.

use alloy::primitives::{Address, Bytes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IGovernor::IGovernorEvents;

use super::{Context, Doc, ProjectError, Workspace};
use crate::store::Kind;

/// Who holds which role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GovernorDoc {
    /// Changes parameters.
    #[schema(value_type = String)]
    pub governor: Address,
    /// Allocates.
    #[schema(value_type = String)]
    pub curator: Address,
    /// Pauses.
    #[schema(value_type = String)]
    pub guardian: Address,
    /// How long what lets new value or loss in waits, seconds.
    pub long_wait_s: u64,
}

impl GovernorDoc {
    /// There is one.
    pub const KEY: &'static [u8] = b"governor";
}

impl Doc for GovernorDoc {
    const KIND: Kind = Kind::Single;
}

/// A call that the governor scheduled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalDoc {
    /// Its number.
    pub id: u64,
    /// Whom it calls.
    #[schema(value_type = String)]
    pub target: Address,
    /// With what.
    #[schema(value_type = String)]
    pub data: Bytes,
    /// `waiting`, `executed`, `cancelled`; ripe and expired are a matter of time.
    pub status: String,
    /// Unix seconds.
    pub scheduled_s: u64,
    /// From when on anyone may execute it, Unix seconds.
    pub ripe_s: u64,
    /// From when on nobody can, Unix seconds.
    pub expires_s: u64,
    /// When it was executed or cancelled, Unix seconds; 0 if not.
    pub decided_s: u64,
}

impl Doc for ProposalDoc {
    const KIND: Kind = Kind::Proposal;
}

pub(super) async fn governor(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IGovernorEvents,
) -> Result<(), ProjectError> {
    let now_s = ctx.block.timestamp_s;
    match event {
        IGovernorEvents::Initialized(e) => {
            let doc = GovernorDoc {
                governor: e.governor,
                curator: e.curator,
                guardian: e.guardian,
                long_wait_s: e.longWaitS,
            };
            ws.put(GovernorDoc::KEY, &doc).await
        }
        IGovernorEvents::RolesSet(e) => {
            ws.edit::<GovernorDoc>(GovernorDoc::KEY, |doc| {
                doc.governor = e.newGovernor;
                doc.curator = e.newCurator;
                doc.guardian = e.newGuardian;
                Ok(())
            })
            .await
        }
        IGovernorEvents::Scheduled(e) => {
            let doc = ProposalDoc {
                id: e.id,
                target: e.target,
                data: e.data.clone(),
                status: "waiting".to_owned(),
                scheduled_s: now_s,
                ripe_s: e.ripeAt,
                expires_s: e.expiresAt,
                decided_s: 0,
            };
            ws.put(&e.id.to_be_bytes(), &doc).await
        }
        IGovernorEvents::Executed(e) => decide(ws, e.id, "executed", now_s).await,
        IGovernorEvents::Cancelled(e) => decide(ws, e.id, "cancelled", now_s).await,
        IGovernorEvents::Acted(_) => Ok(()),
    }
}

async fn decide(ws: &mut Workspace, id: u64, status: &str, now_s: u64) -> Result<(), ProjectError> {
    ws.edit::<ProposalDoc>(&id.to_be_bytes(), |doc| {
        doc.status = status.to_owned();
        doc.decided_s = now_s;
        Ok(())
    })
    .await
}
