//! How each step is seen on the chain: what it promises, and what is found there.

use std::fmt::Display;

use alloy::primitives::{Address, B256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::sol_types::SolCall;
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IErc20, IExits, IFeed, IGovernor, IHub, ILrt, ILst,
    IRates, IVault, IWsteth, IZap,
};

use super::{Context, Step, values};
use crate::arb_wasm;
use crate::error::{DeployError, failed};
use crate::plan::bps_to_wad;
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
            Self::InitToken(name) => token(ctx, name).await,
            Self::InitLrt => lrt(ctx).await,
            Self::InitRates => rates(ctx).await,
            Self::InitExits => exits(ctx).await,
            Self::InitAllocator => allocator(ctx).await,
            Self::InitVault => vault(ctx).await,
            Self::InitGovernor => governor(ctx).await,
            Self::InitCover => cover(ctx).await,
            Self::InitFeed(name) => feed(ctx, name).await,
            Self::InitZap => zap(ctx).await,
            Self::RegisterService(i) => service(ctx, *i).await,
            Self::InitService(i) => program(ctx, *i).await,
            Self::RegisterOperator(i) => operator(ctx, *i).await,
            Self::OptInOperator(i) => operator_opt_in(ctx, *i).await,
            Self::ListSource(i) => source(ctx, *i).await,
            Self::SetSecond(i) => second(ctx, *i).await,
            Self::ListAsset(i) => asset(ctx, *i).await,
            Self::SetFeeCurve => fee_curve(ctx).await,
            Self::SetFeeSplit => fee_split(ctx).await,
            Self::SetIdleTarget => idle_target(ctx).await,
            Self::OptInVault(i) => vault_opt_in(ctx, *i).await,
            Self::Allocate(i) => allocation(ctx, *i).await,
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

async fn token(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
    let at = ctx.book.address(name)?;
    Ok(match name {
        // Wrapped ether has no owner and needs no wiring.
        "weth" => Vec::new(),
        "wsteth" => {
            let found = ask(ctx, at, IWsteth::stETHCall {}).await?;
            vec![Fact::new("wsteth.stETH", ctx.book.address("steth")?, found)]
        }
        _ => {
            let found = ask(ctx, at, ILst::ownerCall {}).await?;
            vec![Fact::new(format!("{name}.owner"), ctx.book.deployer, found)]
        }
    })
}

async fn lrt(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let at = ctx.book.address("lrt")?;
    Ok(vec![
        Fact::new(
            "lrt.vault",
            ctx.book.address("vault")?,
            ask(ctx, at, ILrt::vaultCall {}).await?,
        ),
        Fact::new(
            "lrt.name",
            &ctx.plan.token.name,
            ask(ctx, at, IErc20::nameCall {}).await?,
        ),
        Fact::new(
            "lrt.symbol",
            &ctx.plan.token.symbol,
            ask(ctx, at, IErc20::symbolCall {}).await?,
        ),
    ])
}

async fn rates(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("rates")?, IRates::wiringCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new(
            "rates.vault",
            ctx.book.address("vault")?,
            found.map(|f| f.vault),
        ),
        Fact::new(
            "rates.governor",
            ctx.book.address("governor")?,
            found.map(|f| f.governor),
        ),
    ])
}

async fn exits(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("exits")?, IExits::vaultCall {}).await?;
    Ok(vec![Fact::new(
        "exits.vault",
        ctx.book.address("vault")?,
        found,
    )])
}

async fn cover(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("cover")?, ICover::wiringCall {}).await?;
    let found = found.as_ref();
    let at = |name: &str| ctx.book.address(name);
    let plan = &ctx.plan.cover;
    Ok(vec![
        Fact::new("cover.vault", at("vault")?, found.map(|f| f.vault)),
        Fact::new("cover.lrt", at("lrt")?, found.map(|f| f.lrt)),
        Fact::new("cover.exits", at("exits")?, found.map(|f| f.exits)),
        Fact::new("cover.hub", at("hub")?, found.map(|f| f.hub)),
        Fact::new(
            "cover.stakeBps",
            plan.filing_stake_bps,
            found.map(|f| f.stakeBps),
        ),
        Fact::new(
            "cover.bondBps",
            plan.operator_bond_bps,
            found.map(|f| f.bondBps),
        ),
    ])
}

async fn feed(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
    let at = ctx.book.address(name)?;
    let found = ask(ctx, at, IFeed::wiringCall {}).await?;
    let description = ask(ctx, at, IFeed::descriptionCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new(
            format!("{name}.vault"),
            ctx.book.address("vault")?,
            found.map(|f| f.vault),
        ),
        Fact::new(
            format!("{name}.isFloor"),
            values::is_floor(name),
            found.map(|f| f.isFloor),
        ),
        Fact::new(
            format!("{name}.description"),
            values::description(ctx, name),
            description,
        ),
    ])
}

async fn zap(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::zap(ctx)?;
    let found = ask(ctx, ctx.book.address("zap")?, IZap::wiringCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new("zap.vault", want.vault, found.map(|f| f.vault)),
        Fact::new("zap.weth", want.weth, found.map(|f| f.weth)),
        Fact::new("zap.wsteth", want.wsteth, found.map(|f| f.wsteth)),
    ])
}

async fn allocator(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(
        ctx,
        ctx.book.address("allocator")?,
        IAllocator::wiringCall {},
    )
    .await?;
    let found = found.as_ref();
    let plan = ctx.plan;
    Ok(vec![
        Fact::new(
            "allocator.vault",
            ctx.book.address("vault")?,
            found.map(|f| f.vault),
        ),
        Fact::new(
            "allocator.hub",
            ctx.book.address("hub")?,
            found.map(|f| f.hub),
        ),
        Fact::new(
            "allocator.curator",
            ctx.book.address("governor")?,
            found.map(|f| f.curator),
        ),
        Fact::new(
            "allocator.increaseDelayS",
            plan.allocator.increase_delay_s,
            found.map(|f| f.increaseDelayS),
        ),
    ])
}

async fn vault(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::wiring(ctx)?;
    let found = ask(ctx, ctx.book.address("vault")?, IVault::wiringCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new("vault.lrt", want.lrt, found.map(|f| f.lrt)),
        Fact::new("vault.exits", want.exits, found.map(|f| f.exits)),
        Fact::new("vault.hub", want.hub, found.map(|f| f.hub)),
        Fact::new(
            "vault.allocator",
            want.allocator,
            found.map(|f| f.allocator),
        ),
        Fact::new("vault.rates", want.rates, found.map(|f| f.rates)),
        Fact::new("vault.control", want.control, found.map(|f| f.control)),
        Fact::new("vault.views", want.views, found.map(|f| f.views)),
        Fact::new("vault.instant", want.instant, found.map(|f| f.instant)),
        Fact::new("vault.slash", want.slash, found.map(|f| f.slash)),
        Fact::new("vault.cover", want.cover, found.map(|f| f.cover)),
        Fact::new("vault.governor", want.governor, found.map(|f| f.governor)),
        Fact::new("vault.guardian", want.guardian, found.map(|f| f.guardian)),
        Fact::new("vault.genesis", want.genesis, found.map(|f| f.genesis)),
        Fact::new(
            "vault.epochLength",
            want.epochLength,
            found.map(|f| f.epochLength),
        ),
        Fact::new(
            "vault.slashGrace",
            want.slashGrace,
            found.map(|f| f.slashGrace),
        ),
        Fact::new("vault.feeBps", want.feeBps, found.map(|f| f.feeBps)),
    ])
}

async fn governor(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let at = ctx.book.address("governor")?;
    let terms = ask(ctx, at, IGovernor::termsCall {}).await?;
    let found = ask(ctx, at, IGovernor::rolesCall {}).await?;
    let (roles, deployer) = (&ctx.plan.roles, ctx.book.deployer);
    let found = found.as_ref();
    Ok(vec![
        Fact::new(
            "governor.vault",
            ctx.book.address("vault")?,
            terms.map(|f| f.vault),
        ),
        Fact::new(
            "governor.governor",
            roles.governor.resolve(deployer),
            found.map(|f| f.governor),
        ),
        Fact::new(
            "governor.curator",
            roles.curator.resolve(deployer),
            found.map(|f| f.curator),
        ),
        Fact::new(
            "governor.guardian",
            roles.guardian.resolve(deployer),
            found.map(|f| f.guardian),
        ),
    ])
}

async fn service(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let name = &ctx.plan.services[index].name;
    let want = values::terms(ctx, index)?;
    let found = match ctx.book.services.get(name) {
        Some(service) => {
            ask(
                ctx,
                ctx.book.address("hub")?,
                IHub::termsCall { service: *service },
            )
            .await?
        }
        None => None,
    };
    let found = found.as_ref();
    let fact = |field: &str| format!("hub.terms({name}).{field}");
    Ok(vec![
        Fact::new(fact("slasher"), want.slasher, found.map(|f| f.slasher)),
        Fact::new(fact("resolver"), want.resolver, found.map(|f| f.resolver)),
        Fact::new(fact("sink"), want.sink, found.map(|f| f.sink)),
        Fact::new(
            fact("vetoWindow"),
            want.vetoWindow,
            found.map(|f| f.vetoWindow),
        ),
        Fact::new(fact("maxWad"), want.maxWad, found.map(|f| f.maxWad)),
    ])
}

/// What the contract that files for a service was set up with.
async fn program(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let service = &ctx.plan.services[index];
    let at = ctx.book.address(&service.name)?;
    let name = format!("{}.instance", service.name);
    let fact = match (&service.attestation, &service.custody) {
        (Some(plan), _) => {
            let want = values::attestation(ctx, index, plan)?;
            let found = ask(ctx, at, IAttestation::instanceCall {}).await?;
            let found = found.map(|found| format!("{found:?}"));
            Fact::new(name, format!("{want:?}"), found)
        }
        (None, Some(plan)) => {
            let want = values::custody(ctx, index, plan)?;
            let found = ask(ctx, at, ICustody::instanceCall {}).await?;
            let found = found.map(|found| format!("{found:?}"));
            Fact::new(name, format!("{want:?}"), found)
        }
        (None, None) => return Ok(Vec::new()),
    };
    Ok(vec![fact])
}

async fn operator(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let operator = &ctx.plan.operators[index];
    let account = operator.account.resolve(ctx.book.deployer);
    let want = operator
        .signer
        .unwrap_or(operator.account)
        .resolve(ctx.book.deployer);
    let found = ask(
        ctx,
        ctx.book.address("hub")?,
        IHub::signerCall { operator: account },
    )
    .await?;
    Ok(vec![Fact::new(
        format!("hub.signer({})", operator.name),
        want,
        found,
    )])
}

async fn operator_opt_in(ctx: &Context<'_>, allocation: usize) -> Result<Vec<Fact>, DeployError> {
    let service = values::service_id(ctx, values::service_index(ctx.plan, allocation))?;
    let account = values::operator(ctx.plan, allocation)
        .account
        .resolve(ctx.book.deployer);
    let call = IHub::isOperatorInCall {
        operator: account,
        service,
    };
    let found = ask(ctx, ctx.book.address("hub")?, call).await?;
    let allocation = &ctx.plan.allocations[allocation];
    Ok(vec![Fact::new(
        format!(
            "hub.isOperatorIn({}, {})",
            allocation.operator, allocation.service
        ),
        true,
        found,
    )])
}

async fn vault_opt_in(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let call = IHub::isVaultInCall {
        vault: ctx.book.address("vault")?,
        service: values::service_id(ctx, index)?,
    };
    let found = ask(ctx, ctx.book.address("hub")?, call).await?;
    Ok(vec![Fact::new(
        format!("hub.isVaultIn({})", ctx.plan.services[index].name),
        true,
        found,
    )])
}

async fn source(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let asset = &ctx.plan.assets[index];
    let want = values::source(ctx, index)?;
    let call = IRates::sourceCall {
        asset: values::contract(ctx, &asset.token)?,
    };
    let found = ask(ctx, ctx.book.address("rates")?, call).await?;
    let found = found.as_ref();
    let fact = |field: &str| format!("rates.source({}).{field}", asset.symbol);
    Ok(vec![
        Fact::new(fact("target"), want.target, found.map(|f| f.target)),
        Fact::new(fact("selector"), want.selector, found.map(|f| f.selector)),
        Fact::new(
            fact("maxDropWad"),
            want.maxDropWad,
            found.map(|f| f.maxDropWad),
        ),
        Fact::new(
            fact("maxGrowthPerDayWad"),
            want.maxGrowthPerDayWad,
            found.map(|f| f.maxGrowthPerDayWad),
        ),
        Fact::new(fact("guard"), want.guard, found.map(|f| f.guard)),
        Fact::new(
            fact("guardSelector"),
            want.guardSelector,
            found.map(|f| f.guardSelector),
        ),
        Fact::new(
            fact("guardMarginWad"),
            want.guardMarginWad,
            found.map(|f| f.guardMarginWad),
        ),
    ])
}

async fn second(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let asset = &ctx.plan.assets[index];
    let want = values::second(ctx, index)?;
    let call = IRates::secondCall { asset: want.asset };
    let found = ask(ctx, ctx.book.address("rates")?, call).await?;
    let found = found.as_ref();
    let fact = |field: &str| format!("rates.second({}).{field}", asset.symbol);
    Ok(vec![
        Fact::new(fact("target"), want.target, found.map(|f| f.target)),
        Fact::new(fact("selector"), want.selector, found.map(|f| f.selector)),
        Fact::new(
            fact("marginWad"),
            want.marginWad,
            found.map(|f| f.marginWad),
        ),
    ])
}

async fn asset(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let asset = &ctx.plan.assets[index];
    let at = ctx.book.address("vault")?;
    let token = values::contract(ctx, &asset.token)?;
    let found = ask(ctx, at, IVault::assetCall { token }).await?;
    let order = ask(ctx, at, IVault::assetsCall {}).await?;
    let position = order.and_then(|tokens| tokens.iter().position(|listed| *listed == token));
    let fact = |field: &str| format!("vault.asset({}).{field}", asset.symbol);
    let found = found.as_ref();
    Ok(vec![
        Fact::new(fact("index"), index, position),
        Fact::new(fact("cap"), asset.cap_tokens.0, found.map(|f| f.cap)),
        Fact::new(
            fact("depositFeeBps"),
            asset.deposit_fee_bps,
            found.map(|f| f.depositFeeBps),
        ),
    ])
}

async fn fee_curve(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::fee_curve(ctx.plan);
    let found = ask(ctx, ctx.book.address("vault")?, IVault::feeCurveCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new(
            "vault.feeCurve.baseBps",
            want.baseBps,
            found.map(|f| f.baseBps),
        ),
        Fact::new(
            "vault.feeCurve.kinkBps",
            want.kinkBps,
            found.map(|f| f.kinkBps),
        ),
        Fact::new(
            "vault.feeCurve.limitBps",
            want.limitBps,
            found.map(|f| f.limitBps),
        ),
        Fact::new(
            "vault.feeCurve.kinkValue",
            want.kinkValue,
            found.map(|f| f.kinkValue),
        ),
        Fact::new(
            "vault.feeCurve.limitValue",
            want.limitValue,
            found.map(|f| f.limitValue),
        ),
        Fact::new(
            "vault.feeCurve.windowS",
            want.windowS,
            found.map(|f| f.windowS),
        ),
    ])
}

async fn fee_split(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::fee_split(ctx);
    let found = ask(
        ctx,
        ctx.book.address("vault")?,
        IVault::performanceFeeCall {},
    )
    .await?;
    let found = found.as_ref().map(|fee| &fee.split);
    Ok(vec![
        Fact::new(
            "vault.fees.treasury",
            want.treasury,
            found.map(|f| f.treasury),
        ),
        Fact::new("vault.fees.cover", want.cover, found.map(|f| f.cover)),
        Fact::new(
            "vault.fees.coverBps",
            want.coverBps,
            found.map(|f| f.coverBps),
        ),
        Fact::new(
            "vault.fees.operators",
            want.operators,
            found.map(|f| f.operators),
        ),
        Fact::new(
            "vault.fees.operatorsBps",
            want.operatorsBps,
            found.map(|f| f.operatorsBps),
        ),
    ])
}

async fn idle_target(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("vault")?, IVault::stateCall {}).await?;
    Ok(vec![Fact::new(
        "vault.targetIdleBps",
        ctx.plan.vault.idle_target_bps,
        found.map(|f| f.targetIdleBps),
    )])
}

async fn allocation(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let service = values::service_id(ctx, values::service_index(ctx.plan, index))?;
    let operator = values::operator(ctx.plan, index)
        .account
        .resolve(ctx.book.deployer);
    let call = IAllocator::allocationCall { service, operator };
    let found = ask(ctx, ctx.book.address("allocator")?, call).await?;
    let allocation = &ctx.plan.allocations[index];
    let name = format!(
        "allocator.allocation({}, {}).pending",
        allocation.service, allocation.operator
    );
    Ok(vec![Fact::new(
        name,
        bps_to_wad(allocation.share_bps),
        found.map(|f| f.pending),
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
