//! Values of a plan in the shapes that the contracts take.

use alloy::primitives::{Address, B256, FixedBytes, U256, keccak256};
use alloy::sol_types::SolValue;
use weir_abi::{IAttestation, ICustody, IHub, IRates, IVault, IZap};
use weir_artifacts::Artifact;

use super::Context;
use crate::book::BookError;
use crate::error::{DeployError, failed};
use crate::plan::{AttestationPlan, ContractRef, CustodyPlan, OperatorPlan, Plan, bps_to_wad};
use crate::view::view;

/// The code of a contract. The two feeds are one program; a service's contract has the name of the service.
pub fn artifact(plan: &Plan, name: &str) -> Result<&'static Artifact, DeployError> {
    let program = if is_floor(name) {
        "feed"
    } else {
        plan.program(name)
    };
    weir_artifacts::by_name(program).ok_or_else(|| DeployError::NoArtifact(name.to_owned()))
}

/// The code hash of entries.
pub fn entry_code() -> Result<B256, DeployError> {
    let entry = weir_artifacts::by_name("entry");
    let entry = entry.ok_or_else(|| DeployError::NoArtifact("entry".to_owned()))?;
    Ok(entry.codehash())
}

/// Whether the feed of this name answers the floor rate.
pub fn is_floor(feed: &str) -> bool {
    feed == "feed-floor"
}

/// What a feed says it answers, cut to the 31 bytes that it keeps.
pub fn description(ctx: &Context<'_>, feed: &str) -> String {
    let what = if is_floor(feed) { "floor" } else { "rate" };
    let mut symbol = ctx.plan.token.symbol.clone();
    while symbol.len() > 18 {
        symbol.pop();
    }
    format!("{symbol} / ETH {what}")
}

/// What wires the zap: zero for what it does not wrap.
pub fn zap(ctx: &Context<'_>) -> Result<IZap::initCall, BookError> {
    let wrapper = |reference: Option<&ContractRef>| match reference {
        Some(reference) => contract(ctx, reference),
        None => Ok(Address::ZERO),
    };
    let zap = ctx.plan.zap.as_ref();
    Ok(IZap::initCall {
        vault: ctx.book.address("vault")?,
        weth: wrapper(zap.and_then(|zap| zap.weth.as_ref()))?,
        wsteth: wrapper(zap.and_then(|zap| zap.wsteth.as_ref()))?,
    })
}

pub fn contract(ctx: &Context<'_>, reference: &ContractRef) -> Result<Address, BookError> {
    match reference {
        ContractRef::Address(address) => Ok(*address),
        ContractRef::Deploy(name) => ctx.book.address(name),
    }
}

/// The operator of an allocation. The plan's check made sure that there is one.
pub fn operator(plan: &Plan, allocation: usize) -> &OperatorPlan {
    let name = &plan.allocations[allocation].operator;
    let index = plan
        .operators
        .iter()
        .position(|operator| &operator.name == name)
        .unwrap_or_default();
    &plan.operators[index]
}

/// The index of an allocation's service. The plan's check made sure that there is one.
pub fn service_index(plan: &Plan, allocation: usize) -> usize {
    let name = &plan.allocations[allocation].service;
    plan.services
        .iter()
        .position(|service| &service.name == name)
        .unwrap_or_default()
}

pub fn service_id(ctx: &Context<'_>, service: usize) -> Result<u32, BookError> {
    let name = &ctx.plan.services[service].name;
    ctx.book
        .services
        .get(name)
        .copied()
        .ok_or_else(|| BookError::NoContract(format!("service {name}")))
}

pub fn wiring(ctx: &Context<'_>) -> Result<IVault::Init, BookError> {
    let Context { plan, book, .. } = ctx;
    Ok(IVault::Init {
        lrt: book.address("lrt")?,
        exits: book.address("exits")?,
        hub: book.address("hub")?,
        allocator: book.address("allocator")?,
        rates: book.address("rates")?,
        control: book.address("vault-control")?,
        views: book.address("vault-views")?,
        instant: book.address("vault-instant")?,
        slash: book.address("vault-slash")?,
        cover: book.address("cover")?,
        governor: book.address("governor")?,
        guardian: book.address("governor")?,
        genesis: plan.vault.genesis_s.unwrap_or(book.genesis_s),
        epochLength: plan.vault.epoch_s,
        slashGrace: plan.vault.grace_s,
        feeBps: U256::from(plan.fees.performance_bps),
    })
}

pub fn fee_split(ctx: &Context<'_>) -> Result<IVault::FeeSplit, BookError> {
    let Context { plan, book, .. } = ctx;
    Ok(IVault::FeeSplit {
        treasury: plan.fees.treasury.resolve(book.deployer),
        cover: book.address("cover")?,
        coverBps: U256::from(plan.fees.cover_bps),
        operators: book.address("rewards")?,
        operatorsBps: U256::from(plan.fees.operators_bps),
    })
}

pub fn fee_curve(plan: &Plan) -> IVault::FeeCurve {
    let exit = &plan.instant_exit;
    IVault::FeeCurve {
        baseBps: U256::from(exit.base_fee_bps),
        kinkBps: U256::from(exit.kink_fee_bps),
        limitBps: U256::from(exit.limit_fee_bps),
        kinkValue: exit.kink_outflow_eth.0,
        limitValue: exit.limit_outflow_eth.0,
        windowS: U256::from(exit.window_s),
    }
}

pub fn source(ctx: &Context<'_>, asset: usize) -> Result<IRates::Source, BookError> {
    let asset = &ctx.plan.assets[asset];
    let mut source = IRates::Source {
        target: Address::ZERO,
        selector: FixedBytes::ZERO,
        maxDropWad: 0,
        maxGrowthPerDayWad: 0,
        guard: Address::ZERO,
        guardSelector: FixedBytes::ZERO,
        guardMarginWad: 0,
    };
    if let Some(rate) = &asset.rate {
        source.target = contract(ctx, &rate.source)?;
        source.selector = rate.call.selector().into();
        source.maxDropWad = bps_to_wad(rate.max_drop_bps);
        source.maxGrowthPerDayWad = bps_to_wad(rate.max_growth_per_day_bps);
    }
    if let Some(guard) = &asset.guard {
        source.guard = contract(ctx, &guard.source)?;
        source.guardSelector = guard.call.selector().into();
        source.guardMarginWad = bps_to_wad(guard.margin_bps);
    }
    Ok(source)
}

/// What names the second source of an asset, or takes it back.
pub fn second(ctx: &Context<'_>, asset: usize) -> Result<IRates::setSecondCall, BookError> {
    let asset = &ctx.plan.assets[asset];
    let mut call = IRates::setSecondCall {
        asset: contract(ctx, &asset.token)?,
        target: Address::ZERO,
        selector: FixedBytes::ZERO,
        marginWad: 0,
    };
    if let Some(second) = &asset.second {
        call.target = contract(ctx, &second.source)?;
        call.selector = second.call.selector().into();
        call.marginWad = bps_to_wad(second.margin_bps);
    }
    Ok(call)
}

pub fn terms(ctx: &Context<'_>, service: usize) -> Result<IHub::Terms, BookError> {
    let service = &ctx.plan.services[service];
    let slasher = match service.slasher {
        Some(account) => account.resolve(ctx.book.deployer),
        None => ctx.book.address(&service.name)?,
    };
    Ok(IHub::Terms {
        slasher,
        resolver: service.resolver.resolve(ctx.book.deployer),
        rewardManager: service
            .reward_manager
            .map(|manager| manager.resolve(ctx.book.deployer))
            .unwrap_or_default(),
        sink: service.sink.resolve(ctx.book.deployer),
        vetoWindow: service.veto_window_s,
        maxWad: bps_to_wad(service.max_slash_bps),
    })
}

/// What an attestation service is set up with.
pub fn attestation(
    ctx: &Context<'_>,
    service: usize,
    plan: &AttestationPlan,
) -> Result<IAttestation::Instance, BookError> {
    let wiring = wiring(ctx)?;
    let (target, selector) = match &plan.values {
        Some(values) => (contract(ctx, &values.source)?, values.call.selector()),
        None => (Address::ZERO, [0; 4]),
    };
    Ok(IAttestation::Instance {
        hub: wiring.hub,
        vault: ctx.book.address("vault")?,
        service: service_id(ctx, service)?,
        domain: keccak256(&ctx.plan.services[service].name),
        start: wiring.genesis,
        period: plan.period_s,
        slashWad: bps_to_wad(plan.slash_bps),
        values: plan.values.is_some(),
        target,
        selector: selector.into(),
    })
}

/// What a custody service is set up with.
pub fn custody(
    ctx: &Context<'_>,
    service: usize,
    plan: &CustodyPlan,
) -> Result<ICustody::Instance, BookError> {
    Ok(ICustody::Instance {
        hub: ctx.book.address("hub")?,
        vault: ctx.book.address("vault")?,
        service: service_id(ctx, service)?,
        answerTime: plan.answer_s,
        slashWad: bps_to_wad(plan.slash_bps),
        bond: plan.bond_eth.0,
    })
}

/// The hash that opt-ins name, as `IHub::termsHash` defines it.
pub fn terms_hash(ctx: &Context<'_>, service: usize) -> Result<B256, BookError> {
    Ok(keccak256(terms(ctx, service)?.abi_encode()))
}

/// The id under which the hub has the terms of a service, if it has them.
pub async fn find_service(ctx: &Context<'_>, service: usize) -> Result<Option<u32>, DeployError> {
    let hub = ctx.book.address("hub")?;
    let wanted = terms_hash(ctx, service)?;
    let read = || failed("read the services of the hub");
    let count = view(ctx.provider, hub, IHub::serviceCountCall {})
        .await
        .map_err(read())?
        .unwrap_or_default();
    // The hub numbers services from 1.
    for id in 1..=count {
        let hash = view(ctx.provider, hub, IHub::termsHashCall { service: id })
            .await
            .map_err(read())?;
        if hash == Some(wanted) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
