//! Who knows whom: what `init` of each contract promised.

use weir_abi::{
    IAllocator, ICover, IEntry, IErc20, IExits, IFeed, IGovernor, ILrt, ILst, IRates, IRewards,
    IRouter, IVault, IWsteth, IZap,
};

use super::{Fact, ask};
use crate::error::DeployError;
use crate::steps::{Context, values};

pub async fn token(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
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

pub async fn lrt(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn rates(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn exits(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let at = ctx.book.address("exits")?;
    Ok(vec![
        Fact::new(
            "exits.vault",
            ctx.book.address("vault")?,
            ask(ctx, at, IExits::vaultCall {}).await?,
        ),
        Fact::new(
            "exits.entryCode",
            values::entry_code()?,
            ask(ctx, at, IExits::entryCodeCall {}).await?,
        ),
    ])
}

pub async fn cover(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn rewards(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("rewards")?, IRewards::wiringCall {}).await?;
    let found = found.as_ref();
    let at = |name: &str| ctx.book.address(name);
    Ok(vec![
        Fact::new("rewards.vault", at("vault")?, found.map(|f| f.vault)),
        Fact::new("rewards.lrt", at("lrt")?, found.map(|f| f.lrt)),
        Fact::new(
            "rewards.allocator",
            at("allocator")?,
            found.map(|f| f.allocator),
        ),
        Fact::new(
            "rewards.governor",
            at("governor")?,
            found.map(|f| f.governor),
        ),
    ])
}

pub async fn feed(ctx: &Context<'_>, name: &str) -> Result<Vec<Fact>, DeployError> {
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

pub async fn zap(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let want = values::zap(ctx)?;
    let found = ask(ctx, ctx.book.address("zap")?, IZap::wiringCall {}).await?;
    let found = found.as_ref();
    Ok(vec![
        Fact::new("zap.vault", want.vault, found.map(|f| f.vault)),
        Fact::new("zap.weth", want.weth, found.map(|f| f.weth)),
        Fact::new("zap.wsteth", want.wsteth, found.map(|f| f.wsteth)),
    ])
}

pub async fn router(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
    let found = ask(ctx, ctx.book.address("router")?, IRouter::wiringCall {}).await?;
    Ok(vec![Fact::new(
        "router.vault",
        ctx.book.address("vault")?,
        found.map(|f| f.vault),
    )])
}

pub async fn entry(ctx: &Context<'_>, index: usize) -> Result<Vec<Fact>, DeployError> {
    let asset = &ctx.plan.assets[index];
    let name = asset.entry();
    let found = ask(ctx, ctx.book.address(&name)?, IEntry::wiringCall {}).await?;
    let found = found.as_ref();
    let fact = |field: &str| format!("{name}.{field}");
    Ok(vec![
        Fact::new(
            fact("vault"),
            ctx.book.address("vault")?,
            found.map(|f| f.vault),
        ),
        Fact::new(
            fact("asset"),
            values::contract(ctx, &asset.token)?,
            found.map(|f| f.asset),
        ),
    ])
}

pub async fn allocator(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn vault(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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

pub async fn governor(ctx: &Context<'_>) -> Result<Vec<Fact>, DeployError> {
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
