//! Bonds of operators, from the events of the cover contract.

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::ICover::ICoverEvents;

use super::slashes::SlashDoc;
use super::{Doc, ProjectError, Workspace};
use crate::amount::Amount;
use crate::store::Kind;

/// The bond of an operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BondDoc {
    /// The operator.
    #[schema(value_type = String)]
    pub operator: Address,
    /// Its shares, those locked for undecided requests included.
    #[schema(value_type = String)]
    pub shares: Amount,
    /// Shares that have given notice.
    #[schema(value_type = String)]
    pub leaving: Amount,
    /// From when on these can be collected, Unix seconds; 0 without a notice.
    pub leaves_s: u64,
    /// Shares that slashes took, ever.
    #[schema(value_type = String)]
    pub slashed: Amount,
}

impl Doc for BondDoc {
    const KIND: Kind = Kind::Cushion;
}

async fn edit(
    ws: &mut Workspace,
    operator: Address,
    change: impl FnOnce(&mut BondDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    ws.edit::<BondDoc>(operator.as_slice(), |bond| {
        bond.operator = operator;
        change(bond)
    })
    .await
}

pub(super) async fn cover(ws: &mut Workspace, event: &ICoverEvents) -> Result<(), ProjectError> {
    match event {
        ICoverEvents::Bonded(e) => {
            edit(ws, e.operator, |bond| {
                bond.shares = e.total.into();
                Ok(())
            })
            .await
        }
        ICoverEvents::Unbonding(e) => {
            edit(ws, e.operator, |bond| {
                bond.leaving = e.shares.into();
                bond.leaves_s = e.leavesAt;
                Ok(())
            })
            .await
        }
        ICoverEvents::BondCollected(e) => {
            edit(ws, e.operator, |bond| {
                bond.shares = bond.shares.minus(e.shares.into())?;
                bond.leaving = bond.leaving.minus(e.shares.into()).unwrap_or_default();
                Ok(())
            })
            .await
        }
        ICoverEvents::Unlocked(e) if e.executed => {
            let slash = ws.load::<SlashDoc>(&e.id.to_be_bytes()).await?;
            // The request is read first from `SlashFiled`, which names the operator, and long before it is decided.
            let operator = slash.unwrap_or_default().operator;
            edit(ws, operator, |bond| {
                bond.shares = bond.shares.minus(e.fromBond.into())?;
                bond.slashed = bond.slashed.plus(e.fromBond.into())?;
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}
