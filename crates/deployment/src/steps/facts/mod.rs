//! How each step is seen on the chain: what it promises, and what is found there.

mod settings;
mod wiring;

use std::fmt::Display;

use alloy::primitives::{Address, B256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::sol_types::SolCall;

use super::{Context, Step, values};
use crate::arb_wasm;
use crate::error::{DeployError, failed};
use crate::view::view;

/// One thing that the plan promises about the chain, and what is found there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fact {
    /// What it is: `vault.epochLength`.
    pub name: String,
    /// What the plan says.
    pub expected: String,
    /// What the chain says.
    pub found: String,
}

impl Fact {
    fn new(name: impl Into<String>, expected: impl Display, found: Option<impl Display>) -> Self {
        let found = found.map_or_else(|| "not set".to_owned(), |found| found.to_string());
        Self {
            name: name.into(),
            expected: expected.to_string(),
            found,
        }
    }

    /// Whether the chain is as the plan says.
    pub fn holds(&self) -> bool {
        self.expected == self.found
    }
}

impl Step {
    /// What this step promises, as found on the chain now. The step is done when all of it holds.
    ///
    /// # Errors
    /// The chain did not answer, or an earlier step is not done.
    pub async fn facts(&self, ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
        match self {
            Self::Create(name) => code(ctx, name).await,
            Self::Activate(name) => activation(ctx, name).await,
            Self::InitToken(name) => wiring::token(ctx, name).await,
            Self::InitLrt => wiring::lrt(ctx).await,
            Self::InitRates => wiring::rates(ctx).await,
            Self::InitExits => wiring::exits(ctx).await,
            Self::InitAllocator => wiring::allocator(ctx).await,
            Self::InitVault => wiring::vault(ctx).await,
            Self::InitGovernor => wiring::governor(ctx).await,
            Self::InitCover => wiring::cover(ctx).await,
            Self::InitRewards => wiring::rewards(ctx).await,
            Self::InitFeed(name) => wiring::feed(ctx, name).await,
            Self::InitZap => wiring::zap(ctx).await,
            Self::InitRouter => wiring::router(ctx).await,
            Self::InitEntry(i) => wiring::entry(ctx, *i).await,
            Self::SetEntry(i) => settings::entry(ctx, *i).await,
            Self::RegisterService(i) => settings::service(ctx, *i).await,
            Self::InitService(i) => settings::program(ctx, *i).await,
            Self::RegisterOperator(i) => settings::operator(ctx, *i).await,
            Self::OptInOperator(i) => settings::operator_opt_in(ctx, *i).await,
            Self::ListSource(i) => settings::source(ctx, *i).await,
            Self::SetSecond(i) => settings::second(ctx, *i).await,
            Self::ListAsset(i) => settings::asset(ctx, *i).await,
            Self::SetFeeCurve => settings::fee_curve(ctx).await,
            Self::SetFeeSplit => settings::fee_split(ctx).await,
            Self::SetIdleTarget => settings::idle_target(ctx).await,
            Self::OptInVault(i) => settings::vault_opt_in(ctx, *i).await,
            Self::Allocate(i) => settings::allocation(ctx, *i).await,
        }
    }
}

async fn code(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
    let expected = values::artifact(ctx.plan, name)?.codehash();
    let found = match ctx.book.contracts.get(name) {
        Some(contract) => Some(code_hash_at(ctx.provider, contract.address).await?),
        None => None,
    };
    Ok(vec![Fact::new(
        format!("{name}.codeHash"),
        expected,
        found.flatten(),
    )])
}

/// keccak256 of the code at an address; none without code.
async fn code_hash_at(
    provider: &DynProvider,
    address: Address,
) -> Result<Option<B256>, DeployError> {
    let code = provider
        .get_code_at(address)
        .await
        .map_err(failed("read the code of a contract"))?;
    Ok((!code.is_empty()).then(|| keccak256(&code)))
}

async fn activation(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
    let doing = "read the activation of a contract";
    let wanted = arb_wasm::stylus_version(ctx.provider)
        .await
        .map_err(failed(doing))?;
    let code_hash = values::artifact(ctx.plan, name)?.codehash();
    let found = arb_wasm::codehash_version(ctx.provider, code_hash)
        .await
        .map_err(failed(doing))?;
    Ok(vec![Fact::new(
        format!("{name}.stylusVersion"),
        wanted.unwrap_or_default(),
        found,
    )])
}

/// A view, whose refusal means that what it tells is not set yet.
async fn ask<C: SolCall>(
    ctx: &Context<'_>,
    to: Address,
    call: C,
) -> Result<Option<C::Return>, DeployError> {
    view(ctx.provider, to, call)
        .await
        .map_err(failed("read a contract"))
}
