//! What the plan sets once the contracts know each other: assets, parameters, services, operators, stake.

use weir_abi::{IAllocator, IAttestation, ICustody, IHub, IRates, IShare, IVault};

use super::{Fact, ask};
use crate::error::DeployError;
use crate::plan::bps_to_wad;
use crate::steps::{Context, values};

pub async fn service(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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
        Fact::new(
            fact("rewardManager"),
            want.rewardManager,
            found.map(|f| f.rewardManager),
        ),
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
pub async fn program(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn operator(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn operator_opt_in(
    ctx: &Context<'_>,
    allocation: usize,
) -> Result<Vec<Fact>, DeployError> {
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

pub async fn vault_opt_in(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn source(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn second(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn asset(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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

pub async fn entry(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let asset = &ctx.plan.assets[index];
    let call = IShare::vaultCall {
        asset: values::contract(ctx, &asset.token)?,
    };
    let found = ask(ctx, ctx.book.address("lrt")?, call).await?;
    Ok(vec![Fact::new(
        format!("lrt.vault({})", asset.symbol),
        ctx.book.address(&asset.entry())?,
        found,
    )])
}

pub async fn fee_curve(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn fee_split(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::fee_split(ctx)?;
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

pub async fn idle_target(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("vault")?, IVault::stateCall {}).await?;
    Ok(vec![Fact::new(
        "vault.targetIdleBps",
        ctx.plan.vault.idle_target_bps,
        found.map(|f| f.targetIdleBps),
    )])
}

pub async fn allocation(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
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
