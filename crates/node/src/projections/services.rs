//! Services and operators, and who agreed to what.

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IAllocator::IAllocatorEvents;
use weir_abi::IHub::IHubEvents;

use super::{Context, Doc, ProjectError, Workspace};
use crate::amount::Amount;
use crate::store::Kind;

/// A service, under terms that never change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceDoc {
    /// Its number.
    pub service: u32,
    /// What opt-ins name.
    #[schema(value_type = String)]
    pub terms_hash: B256,
    /// May file slash requests.
    #[schema(value_type = String)]
    pub slasher: Address,
    /// May veto them.
    #[schema(value_type = String)]
    pub resolver: Address,
    /// To whom slashed assets are due.
    #[schema(value_type = String)]
    pub sink: Address,
    /// How long the resolver may think, seconds.
    pub veto_window_s: u64,
    /// Most of one operator for one epoch of offence, out of 1e18.
    #[schema(value_type = String)]
    pub max_wad: Amount,
    /// When the vault opted in, Unix seconds; 0 if it has not.
    pub vault_since_s: u64,
    /// Operators that take part.
    #[schema(value_type = Vec<String>)]
    pub operators: Vec<Address>,
}

impl Doc for ServiceDoc {
    const KIND: Kind = Kind::Service;
}

/// An operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OperatorDoc {
    /// Its account.
    #[schema(value_type = String)]
    pub operator: Address,
    /// Key that it signs with.
    #[schema(value_type = String)]
    pub signer: Address,
    /// What it has in common with others.
    pub groups: Vec<String>,
    /// When it registered, Unix seconds.
    pub since_s: u64,
}

impl Doc for OperatorDoc {
    const KIND: Kind = Kind::Operator;
}

pub(super) async fn hub(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IHubEvents,
) -> Result<(), ProjectError> {
    match event {
        IHubEvents::ServiceRegistered(e) => {
            let service = ServiceDoc {
                service: e.service,
                terms_hash: e.termsHash,
                slasher: e.terms.slasher,
                resolver: e.terms.resolver,
                sink: e.terms.sink,
                veto_window_s: e.terms.vetoWindow,
                max_wad: e.terms.maxWad.into(),
                ..ServiceDoc::default()
            };
            ws.put(&e.service.to_be_bytes(), &service).await
        }
        IHubEvents::OperatorRegistered(e) => {
            ws.edit::<OperatorDoc>(e.operator.as_slice(), |operator| {
                operator.operator = e.operator;
                operator.signer = e.newSigner;
                if operator.since_s == 0 {
                    operator.since_s = ctx.block.timestamp_s;
                }
                Ok(())
            })
            .await
        }
        IHubEvents::VaultOptedIn(e) if e.vault == ctx.site.vault => {
            ws.edit::<ServiceDoc>(&e.service.to_be_bytes(), |service| {
                service.vault_since_s = ctx.block.timestamp_s;
                Ok(())
            })
            .await
        }
        IHubEvents::OperatorOptedIn(e) => {
            ws.edit::<ServiceDoc>(&e.service.to_be_bytes(), |service| {
                if !service.operators.contains(&e.operator) {
                    service.operators.push(e.operator);
                }
                Ok(())
            })
            .await
        }
        _ => Ok(()),
    }
}

pub(super) async fn allocator(
    ws: &mut Workspace,
    _ctx: &Context<'_>,
    event: &IAllocatorEvents,
) -> Result<(), ProjectError> {
    let IAllocatorEvents::GroupsSet(e) = event else {
        return Ok(());
    };
    ws.edit::<OperatorDoc>(e.operator.as_slice(), |operator| {
        operator.operator = e.operator;
        let tags = e.newGroups.iter().filter(|tag| !tag.is_zero());
        operator.groups = tags.map(|tag| text(tag.as_slice())).collect();
        Ok(())
    })
    .await
}

/// A tag as people read it: its letters, or hexadecimal digits where it has others.
fn text(tag: &[u8]) -> String {
    let end = tag
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    let letters = tag.get(..end).unwrap_or_default();
    match std::str::from_utf8(letters) {
        Ok(text) if text.chars().all(|c| c.is_ascii_graphic()) => text.to_owned(),
        _ => alloy::hex::encode_prefixed(tag),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_read_as_letters_where_they_are() {
        assert_eq!(super::text(b"geth\0\0\0\0"), "geth");
        assert_eq!(super::text(&[1, 0, 0, 0, 0, 0, 0, 0]), "0x0100000000000000");
    }
}
