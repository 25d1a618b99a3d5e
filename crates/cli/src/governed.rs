//! What a call of the governor changes: each value as it is, and as the call would make it.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, FixedBytes, U256};
use alloy::sol_types::SolInterface;
use serde::Serialize;
use weir_abi::IAllocator::{self, IAllocatorCalls};
use weir_abi::IExits::{self, IExitsCalls};
use weir_abi::IGovernor::{self, IGovernorCalls};
use weir_abi::IHub::{self, IHubCalls};
use weir_abi::IRates::{self, IRatesCalls};
use weir_abi::IVault::{self, IVaultCalls};

use crate::connect::{Client, Moment};
use crate::datum::{Datum, tag_text};
use crate::explain::share;
use crate::failure::Result;
use crate::table::Sheet;
use crate::time::moment;

/// A value that a call changes.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    /// What.
    pub what: String,
    /// As it is.
    pub before: Datum,
    /// As it would be.
    pub after: Datum,
}

type Named = BTreeMap<&'static str, Datum>;

/// What a call of `target` with `data` changes, as far as that is known here: nothing for calls that have no names.
///
/// # Errors
/// The chain did not answer.
pub async fn changes(now: &Moment<'_>, target: Address, data: &Bytes) -> Result<Vec<Changed>> {
    fn read<C: SolInterface>(data: &[u8]) -> Option<C> {
        C::abi_decode(data).ok()
    }
    let rows = match now.client.contract_name(target).map(String::as_str) {
        Some("vault") => match read(data) {
            Some(call) => of_vault(now, target, call).await?,
            None => Vec::new(),
        },
        Some("rates") => match read(data) {
            Some(call) => of_rates(now, target, call).await?,
            None => Vec::new(),
        },
        Some("allocator") => match read(data) {
            Some(call) => of_allocator(now, target, call).await?,
            None => Vec::new(),
        },
        Some("hub") => match read(data) {
            Some(IHubCalls::optInVault(call)) => opt_in(now, target, call).await?,
            _ => Vec::new(),
        },
        Some("exits") => match read(data) {
            Some(IExitsCalls::openPocket(call)) => open_pocket(now, target, call).await?,
            _ => Vec::new(),
        },
        Some("governor") => match read(data) {
            Some(IGovernorCalls::setRoles(call)) => roles(now, target, &call).await?,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let moved = rows.into_iter().filter(|row| row.before != row.after);
    Ok(moved.collect())
}

/// A table of changes.
pub fn table(client: &Client, changes: &[Changed]) -> String {
    let mut sheet = Sheet::new(1, &["", "now", "then"]);
    for change in changes {
        sheet.row([
            change.what.clone(),
            change.before.text(client),
            change.after.text(client),
        ]);
    }
    sheet.text()
}

fn row(what: impl Into<String>, before: Datum, after: Datum) -> Changed {
    Changed {
        what: what.into(),
        before,
        after,
    }
}

fn word(text: &str) -> Datum {
    Datum::Text(text.to_owned())
}

/// Rows of what two sets of named values have under the same name.
fn compared(of: &str, before: Option<Named>, after: Named) -> Vec<Changed> {
    let mut before = before.unwrap_or_default();
    let rows = after.into_iter().map(|(name, after)| {
        let old = before.remove(name).unwrap_or_else(|| word("none"));
        row(format!("{name}{of}"), old, after)
    });
    rows.collect()
}

async fn of_vault(now: &Moment<'_>, vault: Address, call: IVaultCalls) -> Result<Vec<Changed>> {
    let label = |token| now.client.label(token);
    let asset = |token| now.ask_maybe(vault, IVault::assetCall { token });
    let unlisted = || word("not listed");
    Ok(match call {
        IVaultCalls::setCap(call) => {
            let before = asset(call.token).await?;
            let before = before.map_or_else(unlisted, |asset| Datum::Amount(asset.cap));
            let what = format!("cap of {}", label(call.token));
            vec![row(what, before, Datum::Amount(call.cap))]
        }
        IVaultCalls::setDepositFee(call) => {
            let before = asset(call.token).await?;
            let before = before.map_or_else(unlisted, |asset| Datum::Bps(asset.depositFeeBps));
            let what = format!("deposit fee of {}", label(call.token));
            vec![row(what, before, Datum::Bps(call.feeBps))]
        }
        IVaultCalls::listAsset(call) => {
            let name = label(call.token);
            let fee = Datum::Bps(call.depositFeeBps);
            vec![
                row(
                    format!("cap of {name}"),
                    unlisted(),
                    Datum::Amount(call.cap),
                ),
                row(format!("deposit fee of {name}"), unlisted(), fee),
            ]
        }
        IVaultCalls::delist(call) => {
            let before = asset(call.token).await?;
            let before = before.map_or_else(unlisted, |asset| Datum::Amount(asset.cap));
            let what = format!("cap of {}", label(call.token));
            vec![row(what, before, word("delisted, for ever"))]
        }
        IVaultCalls::pocket(call) => {
            let ledger = asset(call.token).await?.map(|asset| asset.ledger);
            let total = ledger.map_or(U256::ZERO, |ledger| {
                let parts = [ledger.idle, ledger.staked, ledger.unbondingEven];
                crate::read::sum(&parts).saturating_add(ledger.unbondingOdd)
            });
            let what = format!("{} in the NAV", label(call.token));
            vec![row(what, Datum::Amount(total), Datum::Amount(U256::ZERO))]
        }
        IVaultCalls::setIdleTarget(call) => {
            let state = now.ask(vault, IVault::stateCall {}).await?;
            let before = Datum::Bps(state.targetIdleBps);
            vec![row("idle target", before, Datum::Bps(call.targetBps))]
        }
        IVaultCalls::setPerformanceFee(call) => {
            let fee = now.ask(vault, IVault::performanceFeeCall {}).await?;
            let before = Datum::Bps(fee.feeBps);
            vec![row("performance fee", before, Datum::Bps(call.feeBps))]
        }
        IVaultCalls::setFeeCurve(call) => {
            let before = now.ask(vault, IVault::feeCurveCall {}).await?;
            compared("", Some(curve(&before)), curve(&call.curve))
        }
        IVaultCalls::setFeeSplit(call) => {
            let fee = now.ask(vault, IVault::performanceFeeCall {}).await?;
            compared("", Some(split(&fee.split)), split(&call.split))
        }
        IVaultCalls::pauseDeposits(call) => {
            let state = now.ask(vault, IVault::stateCall {}).await?;
            let before = state.depositsPausedUntil;
            vec![pause("deposits", now.time_s, before, call.durationS)]
        }
        IVaultCalls::pauseInstant(call) => {
            let state = now.ask(vault, IVault::stateCall {}).await?;
            let before = state.instantPausedUntil;
            vec![pause("instant exits", now.time_s, before, call.durationS)]
        }
        _ => Vec::new(),
    })
}

fn pause(what: &str, now_s: u64, until: U256, duration_s: U256) -> Changed {
    let now = U256::from(now_s);
    let state = |until: U256| {
        if until > now {
            Datum::Text(format!("paused until {}", moment(until)))
        } else {
            word("open")
        }
    };
    row(what, state(until), state(now.saturating_add(duration_s)))
}

fn curve(curve: &IVault::FeeCurve) -> Named {
    Named::from([
        ("instant fee at no outflow", Datum::Bps(curve.baseBps)),
        ("instant fee at the kink", Datum::Bps(curve.kinkBps)),
        ("instant fee at the limit", Datum::Bps(curve.limitBps)),
        ("outflow at the kink, ETH", Datum::Amount(curve.kinkValue)),
        ("most outflow, ETH", Datum::Amount(curve.limitValue)),
        ("outflow is forgotten over", Datum::Span(curve.windowS)),
    ])
}

fn split(split: &IVault::FeeSplit) -> Named {
    Named::from([
        ("treasury", Datum::Account(split.treasury)),
        ("cover", Datum::Account(split.cover)),
        ("part of cover", Datum::Bps(split.coverBps)),
        (
            "keeper of the operators' part",
            Datum::Account(split.operators),
        ),
        ("part of the operators", Datum::Bps(split.operatorsBps)),
    ])
}

async fn of_rates(now: &Moment<'_>, rates: Address, call: IRatesCalls) -> Result<Vec<Changed>> {
    let of = |asset| format!(" of {}", now.client.label(asset));
    Ok(match call {
        IRatesCalls::listSource(call) => {
            let asset = call.asset;
            let before = now.ask_maybe(rates, IRates::sourceCall { asset }).await?;
            let before = before.map(|before| source(&before));
            compared(&of(asset), before, source(&call.source))
        }
        IRatesCalls::setSecond(call) => {
            let asset = call.asset;
            let before = now.ask_maybe(rates, IRates::secondCall { asset }).await?;
            let named = |target, selector: FixedBytes<4>, margin| {
                Named::from([
                    ("second source", Datum::Account(target)),
                    (
                        "view of the second source",
                        Datum::Text(selector.to_string()),
                    ),
                    ("margin of the second source", Datum::Part(margin)),
                ])
            };
            let before = before.map(|it| named(it.target, it.selector, it.marginWad));
            let after = named(call.target, call.selector, call.marginWad);
            compared(&of(asset), before, after)
        }
        IRatesCalls::accept(call) => {
            let assets = now.ask(rates, IRates::assetsCall {}).await?;
            let rates = now.ask(rates, IRates::acceptedCall {}).await?;
            let mut known = assets.iter().zip(rates);
            let before = known.find(|(asset, _)| **asset == call.asset);
            let before = before.map_or_else(|| word("none"), |(_, wad)| Datum::Rate(wad));
            let what = format!("accepted rate{}", of(call.asset));
            vec![row(what, before, Datum::Rate(call.rateWad))]
        }
        _ => Vec::new(),
    })
}

fn source(source: &IRates::Source) -> Named {
    let view = |selector: FixedBytes<4>| Datum::Text(selector.to_string());
    Named::from([
        ("source", Datum::Account(source.target)),
        ("view of the source", view(source.selector)),
        ("most drop", Datum::Part(source.maxDropWad)),
        (
            "most growth in a day",
            Datum::Part(source.maxGrowthPerDayWad),
        ),
        ("market guard", Datum::Account(source.guard)),
        ("view of the guard", view(source.guardSelector)),
        ("margin of the guard", Datum::Part(source.guardMarginWad)),
    ])
}

async fn of_allocator(
    now: &Moment<'_>,
    allocator: Address,
    call: IAllocatorCalls,
) -> Result<Vec<Changed>> {
    let label = |account| now.client.label(account);
    Ok(match call {
        IAllocatorCalls::allocate(call) => {
            let (service, operator) = (call.service, call.operator);
            let before = IAllocator::allocationCall { service, operator };
            let before = now.ask(allocator, before).await?;
            let what = format!("stake of {} in service {service}", label(operator));
            let (before, after) = (before.pending, call.magnitude);
            vec![row(what, Datum::Part(before), Datum::Part(after))]
        }
        IAllocatorCalls::setLimits(call) => {
            let before = now.ask(allocator, IAllocator::limitsCall {}).await?;
            compared("", Some(limits(&before)), limits(&call.limits))
        }
        IAllocatorCalls::setGroups(call) => {
            let operator = call.operator;
            let before = IAllocator::groupsCall { operator };
            let before = now.ask(allocator, before).await?;
            let what = format!("groups of {}", label(operator));
            vec![row(what, tags(&before), tags(&call.groups))]
        }
        IAllocatorCalls::pauseAllocations(call) => {
            let before = IAllocator::allocationsPausedUntilCall {};
            let before = now.ask(allocator, before).await?;
            let (before, length) = (U256::from(before), call.durationS);
            vec![pause("raises of allocations", now.time_s, before, length)]
        }
        _ => Vec::new(),
    })
}

fn limits(limits: &IAllocator::Limits) -> Named {
    let bps = |bps: u16| Datum::Bps(U256::from(bps));
    Named::from([
        ("at risk in one service", bps(limits.serviceBps)),
        ("at risk through one operator", bps(limits.operatorBps)),
        ("at risk through one group", bps(limits.groupBps)),
        ("lost if the worst one fails", bps(limits.worstOneBps)),
        ("lost if the worst two fail", bps(limits.worstTwoBps)),
        ("lost if the worst three fail", bps(limits.worstThreeBps)),
    ])
}

fn tags(tags: &[FixedBytes<8>]) -> Datum {
    let texts: Vec<String> = tags
        .iter()
        .filter(|tag| !tag.is_zero())
        .map(|tag| tag_text(*tag))
        .collect();
    if texts.is_empty() {
        return word("none");
    }
    Datum::Text(texts.join(", "))
}

async fn opt_in(
    now: &Moment<'_>,
    hub: Address,
    call: IHub::optInVaultCall,
) -> Result<Vec<Changed>> {
    let (vault, service) = (call.vault, call.service);
    let is_in = now.ask(hub, IHub::isVaultInCall { vault, service }).await?;
    let terms = now.ask_maybe(hub, IHub::termsCall { service }).await?;
    let most = terms.map_or_else(String::new, |terms| share(terms.maxWad));
    let may = format!("up to {most} of an operator for an epoch");
    let before = if is_in { may.as_str() } else { "nothing" };
    let what = format!("service {service} may slash");
    Ok(vec![row(what, word(before), word(&may))])
}

async fn open_pocket(
    now: &Moment<'_>,
    exits: Address,
    call: IExits::openPocketCall,
) -> Result<Vec<Changed>> {
    let asset = call.asset;
    let before = now.ask_maybe(exits, IExits::pocketCall { asset }).await?;
    let before = before.filter(|pocket| !pocket.root.is_zero());
    let (root, shares) = match before {
        Some(before) => (
            Datum::Text(before.root.to_string()),
            Datum::Amount(before.shares),
        ),
        None => (word("none"), word("none")),
    };
    let of = format!("the pocket of {}", now.client.label(asset));
    Ok(vec![
        row(
            format!("root of {of}"),
            root,
            Datum::Text(call.root.to_string()),
        ),
        row(
            format!("shares in {of}"),
            shares,
            Datum::Amount(call.shares),
        ),
    ])
}

async fn roles(
    now: &Moment<'_>,
    governor: Address,
    call: &IGovernor::setRolesCall,
) -> Result<Vec<Changed>> {
    let before = now.ask(governor, IGovernor::rolesCall {}).await?;
    let pairs = [
        ("governor", before.governor, call.governor),
        ("curator", before.curator, call.curator),
        ("guardian", before.guardian, call.guardian),
    ];
    let rows =
        pairs.map(|(what, before, after)| row(what, Datum::Account(before), Datum::Account(after)));
    Ok(rows.into())
}
