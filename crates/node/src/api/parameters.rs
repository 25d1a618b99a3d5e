//! Parameters: what they are, what they were, and what waits to change.

use alloy::sol_types::SolInterface;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use weir_abi::IAllocator::IAllocatorCalls;
use weir_abi::IExits::IExitsCalls;
use weir_abi::IGovernor::IGovernorCalls;
use weir_abi::IHub::IHubCalls;
use weir_abi::IRates::IRatesCalls;
use weir_abi::IVault::IVaultCalls;

use super::ApiError;
use super::answer::Answer;
use super::extract::Params;
use super::lists::{Page, PageParam, page};
use super::scope::{AtParam, Scope};
use crate::projections::{
    AllocatorDoc, AssetDoc, ChangeDoc, Doc as _, GovernorDoc, ProposalDoc, VaultDoc,
};
use crate::site::{Role, Site};
use crate::store::{Kind, Range};

/// A scheduled call, and what it means.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PendingAnswer {
    /// The call.
    #[serde(flatten)]
    pub proposal: ProposalDoc,
    /// Name of the contract that it calls.
    pub contract: String,
    /// The call in words of the interface.
    pub meaning: String,
    /// `waiting`, `ripe`, `expired`, `executed`, `cancelled`, at the time of the block.
    pub stage: &'static str,
}

/// All parameters.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParametersAnswer {
    /// Of the vault.
    pub vault: VaultDoc,
    /// Of its assets.
    pub assets: Vec<AssetDoc>,
    /// Of the allocator.
    pub allocator: AllocatorDoc,
    /// Roles.
    pub roles: GovernorDoc,
    /// Scheduled calls, newest first, at most 50.
    pub scheduled: Vec<PendingAnswer>,
}

/// A call in words of its interface.
pub fn meaning(site: &Site, target: alloy::primitives::Address, data: &[u8]) -> String {
    fn read<C: SolInterface + std::fmt::Debug>(data: &[u8]) -> Option<String> {
        let call = C::abi_decode(data).ok()?;
        let text = format!("{call:?}");
        // `setCap(setCapCall { .. })` is said once.
        let inner = text
            .split_once('(')
            .map(|(_, inner)| inner.strip_suffix(')').unwrap_or(inner));
        Some(inner.unwrap_or(&text).replacen("Call", "", 1))
    }
    let known = match site.role(target) {
        Some(Role::Vault) => read::<IVaultCalls>(data),
        Some(Role::Hub) => read::<IHubCalls>(data),
        Some(Role::Allocator) => read::<IAllocatorCalls>(data),
        Some(Role::Rates) => read::<IRatesCalls>(data),
        Some(Role::Exits) => read::<IExitsCalls>(data),
        Some(Role::Governor) => read::<IGovernorCalls>(data),
        _ => None,
    };
    known.unwrap_or_else(|| "a call that no interface of the protocol knows".to_owned())
}

fn stage(proposal: &ProposalDoc, now_s: u64) -> &'static str {
    match proposal.status.as_str() {
        "executed" => "executed",
        "cancelled" => "cancelled",
        _ if now_s >= proposal.expires_s => "expired",
        _ if now_s >= proposal.ripe_s => "ripe",
        _ => "waiting",
    }
}

/// Reads all parameters.
///
/// # Errors
/// The database failed.
pub async fn read(scope: &Scope) -> Result<ParametersAnswer, ApiError> {
    let (view, site) = (&scope.view, &scope.app.site);
    let assets = view
        .scan::<AssetDoc>(Range::prefix(Kind::Asset, &[], 16))
        .await?;
    let newest = Range::prefix(Kind::Proposal, &[], 50).descending();
    let scheduled = view.scan::<ProposalDoc>(newest).await?;
    let vault = view.get::<VaultDoc>(VaultDoc::KIND, VaultDoc::KEY).await?;
    let allocator = view
        .get::<AllocatorDoc>(AllocatorDoc::KIND, AllocatorDoc::KEY)
        .await?;
    let roles = view
        .get::<GovernorDoc>(GovernorDoc::KIND, GovernorDoc::KEY)
        .await?;
    Ok(ParametersAnswer {
        vault: vault.unwrap_or_default(),
        assets: assets.into_iter().map(|(_, asset)| asset).collect(),
        allocator: allocator.unwrap_or_default(),
        roles: roles.unwrap_or_default(),
        scheduled: scheduled
            .into_iter()
            .map(|(_, proposal)| PendingAnswer {
                contract: site
                    .contract_name(proposal.target)
                    .map_or_else(|| proposal.target.to_string(), str::to_owned),
                meaning: meaning(site, proposal.target, &proposal.data),
                stage: stage(&proposal, view.block.timestamp_s),
                proposal,
            })
            .collect(),
    })
}

/// All parameters, roles, and calls that wait in the timelock.
#[utoipa::path(get, path = "/v1/parameters", tag = "governance", params(AtParam),
    responses((status = 200, body = Answer<ParametersAnswer>), (status = "default", body = ApiError)))]
pub(super) async fn parameters(scope: Scope) -> Result<impl IntoResponse, ApiError> {
    let data = read(&scope).await?;
    scope.answer(data).await
}

/// What changed when, newest first.
#[utoipa::path(get, path = "/v1/parameters/changes", tag = "governance", params(AtParam, PageParam),
    responses((status = 200, body = Answer<Page<ChangeDoc>>), (status = "default", body = ApiError)))]
pub(super) async fn changes(
    scope: Scope,
    Params(params): Params<PageParam>,
) -> Result<impl IntoResponse, ApiError> {
    let data = page::<ChangeDoc>(&scope, Kind::Change, &[], false, &params).await?;
    scope.answer(data).await
}
