//! `weir check`: whether a deployment is sound, read from the chain alone.

use alloy::primitives::{Address, keccak256};
use alloy::providers::Provider;
use serde::Serialize;
use weir_abi::{
    IAllocator, ICover, IEntry, IExits, IFeed, IGovernor, IHub, ILrt, IRates, IRewards, IRouter,
    IShare, IVault, IZap,
};
use weir_deployment::arb_wasm;

use crate::amount::short;
use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::{Code, Failure, Result};
use crate::read::VaultView;
use crate::shell::{Shell, bold};

/// A program that expires sooner should be kept alive now: whoever reads this may not look again soon.
const EXPIRES_SOON_DAYS: u64 = 60;
const DAY_S: u64 = 24 * 60 * 60;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Reads the code of every contract, whether the chain will go on running it (a Stylus program expires a year after its activation \
unless somebody keeps it alive), how the contracts are wired to each other, whether the vault has what its ledger promises, and \
whether its rates are fresh. Nothing is sent. The exit code is 5 if something is not as it should be.

Examples:
  weir check
  weir check --rpc https://… --book plan.book.json --json")]
pub struct Args {
    #[command(flatten)]
    chain: ChainArgs,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Findings {
    chain_id: u64,
    block: u64,
    sound: bool,
    findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    what: String,
    sound: bool,
    found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Finding {
    fn new(what: impl Into<String>, sound: bool, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            sound,
            found: found.into(),
            next: None,
        }
    }

    /// Says what to do, if something is wrong.
    fn else_do(mut self, next: impl Into<String>) -> Self {
        self.next = (!self.sound).then(|| next.into());
        self
    }
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let now = client.now().await?;
    let (mut findings, all_run) = programs(&client).await?;
    if all_run {
        findings.push(wiring(&now).await?);
        findings.extend(entries(&now).await?);
        findings.extend(services(&now).await?);
        findings.extend(assets(&VaultView::read(&now).await?));
    }
    let outcome = Findings {
        chain_id: client.book.chain_id,
        block: now.number,
        sound: findings.iter().all(|finding| finding.sound),
        findings,
    };
    shell.result(&outcome, text)?;
    if outcome.sound {
        return Ok(());
    }
    let wrong = outcome.findings.iter().filter(|finding| !finding.sound);
    let names: Vec<&str> = wrong.map(|finding| finding.what.as_str()).collect();
    Err(Failure::new(Code::Mismatch, "the deployment is not sound").because(names.join(", ")))
}

/// The code of every contract, and for how long the chain will run it; and whether all of them can be asked now.
async fn programs(client: &Client) -> Result<(Vec<Finding>, bool)> {
    let provider = &client.provider;
    let (mut findings, mut all_run) = (Vec::new(), true);
    for (name, contract) in &client.book.contracts {
        let failed = |error| client.failure(&format!("reading the code of {name}"), &error);
        let code = provider
            .get_code_at(contract.address)
            .await
            .map_err(failed)?;
        let what = format!("code of {name}");
        if keccak256(&code) != contract.code_hash {
            let finding = Finding::new(
                what,
                false,
                format!("{} has another code than was deployed", contract.address),
            );
            findings.push(finding.else_do(
                "check --rpc and --book: this is not the contract that the address book means",
            ));
            all_run = false;
            continue;
        }
        let left = arb_wasm::program_time_left(provider, contract.address)
            .await
            .map_err(failed)?;
        all_run &= left.is_some();
        let days = left.map(|left_s| left_s / DAY_S);
        let (sound, found) = match days {
            Some(days) => (
                days >= EXPIRES_SOON_DAYS,
                format!("as deployed, runs for {days} days more"),
            ),
            None => (
                false,
                "as deployed, but not active: every call of it fails".to_owned(),
            ),
        };
        let keep_alive = match left {
            Some(_) => format!(
                "ArbWasm.codehashKeepalive({}), by anyone",
                contract.code_hash
            ),
            None => format!("ArbWasm.activateProgram({}), by anyone", contract.address),
        };
        findings.push(Finding::new(what, sound, found).else_do(keep_alive));
    }
    Ok((findings, all_run))
}

/// Whether the contracts know each other by the addresses of the book.
async fn wiring(now: &Moment<'_>) -> Result<Finding> {
    let at = |name: &str| now.client.address(name);
    let (
        of_vault,
        of_allocator,
        of_rates,
        of_cover,
        of_rewards,
        lrt,
        exits,
        feed,
        floor,
        zap,
        router,
        governor,
    ) = futures::try_join!(
        now.ask(at("vault")?, IVault::wiringCall {}),
        now.ask(at("allocator")?, IAllocator::wiringCall {}),
        now.ask(at("rates")?, IRates::wiringCall {}),
        now.ask(at("cover")?, ICover::wiringCall {}),
        now.ask(at("rewards")?, IRewards::wiringCall {}),
        now.ask(at("lrt")?, ILrt::vaultCall {}),
        now.ask(at("exits")?, IExits::vaultCall {}),
        now.ask(at("feed")?, IFeed::wiringCall {}),
        now.ask(at("feed-floor")?, IFeed::wiringCall {}),
        now.ask(at("zap")?, IZap::wiringCall {}),
        now.ask(at("router")?, IRouter::wiringCall {}),
        now.ask(at("governor")?, IGovernor::termsCall {}),
    )?;
    let known: [(&str, &str, Address); 36] = [
        ("vault", "lrt", of_vault.lrt),
        ("vault", "exits", of_vault.exits),
        ("vault", "hub", of_vault.hub),
        ("vault", "allocator", of_vault.allocator),
        ("vault", "rates", of_vault.rates),
        ("vault", "vault-control", of_vault.control),
        ("vault", "vault-views", of_vault.views),
        ("vault", "vault-instant", of_vault.instant),
        ("vault", "vault-slash", of_vault.slash),
        ("vault", "cover", of_vault.cover),
        ("cover", "vault", of_cover.vault),
        ("cover", "lrt", of_cover.lrt),
        ("cover", "exits", of_cover.exits),
        ("cover", "hub", of_cover.hub),
        ("rewards", "vault", of_rewards.vault),
        ("rewards", "lrt", of_rewards.lrt),
        ("rewards", "allocator", of_rewards.allocator),
        ("rewards", "governor", of_rewards.governor),
        ("lrt", "vault", lrt),
        ("exits", "vault", exits),
        ("rates", "vault", of_rates.vault),
        ("feed", "vault", feed.vault),
        ("feed-floor", "vault", floor.vault),
        ("zap", "vault", zap.vault),
        ("router", "vault", router.vault),
        ("router", "exits", router.exits),
        ("router", "lrt", router.lrt),
        ("allocator", "vault", of_allocator.vault),
        ("allocator", "hub", of_allocator.hub),
        ("vault", "governor", of_vault.governor),
        ("vault", "governor", of_vault.guardian),
        ("rates", "governor", of_rates.governor),
        ("allocator", "governor", of_allocator.governor),
        ("allocator", "governor", of_allocator.guardian),
        ("allocator", "governor", of_allocator.curator),
        ("governor", "vault", governor.vault),
    ];
    let mut wrong = Vec::new();
    for (contract, knows, address) in known {
        if at(knows)? != address {
            wrong.push(format!("{contract} takes {address} for {knows}"));
        }
    }
    let found = if wrong.is_empty() {
        format!("{} addresses are those of the address book", known.len())
    } else {
        wrong.join(", ")
    };
    let finding = Finding::new("wiring", wrong.is_empty(), found);
    Ok(finding.else_do("do not use this deployment: wiring is fixed for ever"))
}

/// Whether the exits believe the code of the entries, and standard clients find these.
async fn entries(now: &Moment<'_>) -> Result<Vec<Finding>> {
    let at = |name: &str| now.client.address(name);
    let (vault, lrt) = (at("vault")?, at("lrt")?);
    let believed = now.ask(at("exits")?, IExits::entryCodeCall {}).await?;
    let mut findings = Vec::new();
    for (name, contract) in &now.client.book.contracts {
        if !name.starts_with("entry-") {
            continue;
        }
        let wiring = now.ask(contract.address, IEntry::wiringCall {}).await?;
        let call = IShare::vaultCall {
            asset: wiring.asset,
        };
        let named = now.ask(lrt, call).await?;
        let (sound, found) = if believed != contract.code_hash {
            (false, format!("the exits believe code {believed}"))
        } else if wiring.vault != vault {
            (false, format!("it takes {} for vault", wiring.vault))
        } else if named != contract.address {
            (false, format!("the share token names {named}"))
        } else {
            (true, format!("takes {}", now.client.name_of(wiring.asset)))
        };
        let finding = Finding::new(name, sound, found);
        findings
            .push(finding.else_do("do not use this entry; weir deposit and weir exit need none"));
    }
    Ok(findings)
}

/// Whether the contracts of services, which have their names, are those that file for them.
async fn services(now: &Moment<'_>) -> Result<Vec<Finding>> {
    let (book, hub) = (&now.client.book, now.client.address("hub")?);
    let mut findings = Vec::new();
    for (name, service) in &book.services {
        let Some(contract) = book.contracts.get(name) else {
            continue;
        };
        let call = IHub::termsCall { service: *service };
        let slasher = now.ask(hub, call).await?.slasher;
        let sound = slasher == contract.address;
        let found = if sound {
            format!("its contract files for service {service}")
        } else {
            format!("{slasher} files for service {service}, not its contract")
        };
        let finding = Finding::new(format!("service {name}"), sound, found);
        findings.push(finding.else_do("its operators should leave: evidence can't be filed"));
    }
    Ok(findings)
}

/// Whether every asset is there, and its rate fresh.
fn assets(view: &VaultView) -> Vec<Finding> {
    let mut findings = Vec::new();
    for asset in &view.assets {
        let (symbol, promised) = (&asset.symbol, asset.liabilities());
        let found = format!(
            "the vault has {}, its ledger promises {}",
            short(asset.balance),
            short(promised)
        );
        findings.push(Finding::new(
            format!("backing of {symbol}"),
            asset.balance >= promised,
            found,
        ));
        let state = match asset.quote.state {
            0 => "fresh",
            1 => "stale: its source gives no answer",
            _ => "suspicious: its source answered out of bounds",
        };
        let finding = Finding::new(format!("rate of {symbol}"), asset.quote.state == 0, state);
        findings.push(finding.else_do(
            "deposits and instant exits wait; the queue goes on. The governor may accept a rate",
        ));
    }
    findings
}

fn text(outcome: &Findings) -> String {
    let names = outcome.findings.iter().map(|finding| finding.what.len());
    let widest = names.max().unwrap_or_default();
    let mut text = format!(
        "{}\n\n",
        bold(format!(
            "Weir on chain {}, block {}",
            outcome.chain_id, outcome.block
        ))
    );
    for finding in &outcome.findings {
        let mark = if finding.sound { "ok" } else { "NO" };
        text += &format!("  {mark}  {:<widest$}  {}\n", finding.what, finding.found);
        if let Some(next) = &finding.next {
            text += &format!("  {:widest$}      {next}\n", "");
        }
    }
    text
}
