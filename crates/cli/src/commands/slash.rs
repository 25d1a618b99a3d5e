//! `weir slash`: the life of a slash request, by hand.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use clap::Subcommand;
use serde::Serialize;
use weir_abi::{IHub, IVault};

use crate::amount::{exact, rate, short};
use crate::commands::operator;
use crate::connect::Client;
use crate::failure::{Failure, Result};
use crate::json::Wei;
use crate::read::VaultView;
use crate::report::{BySymbol, RequestReport, VaultReport, by_symbol};
use crate::shell::Shell;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A slash is filed by the service's slasher, can be vetoed by its resolver, is armed by anyone once the veto window is \
over, and executed by anyone 12 hours later. From filing on, what it will take is contested.

Examples, on a chain of `weir up`:
  weir slash file 10 --from slasher        10 % of the operator's stake
  weir slash veto 1 --from resolver
  weir time warp 2d && weir slash arm 1 --from bob
  weir time warp 12h && weir slash execute 1 --from bob
  weir slash pull wsteth --from bob        to where it belongs")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// File a request: the service's slasher
    #[command(after_help = "\
Examples:
  weir slash file 10 --from slasher
  weir slash file 2.5 --epoch 3 --evidence 'signed twice' --from slasher
  weir slash file 10 --from slasher --dry-run")]
    File {
        /// Part of the operator's stake to take, in percent
        percent: String,
        /// Number or name of the service
        #[arg(long, default_value = "1")]
        service: String,
        /// Name or address of the operator; the first of the address book if left out
        #[arg(long)]
        operator: Option<String>,
        /// Epoch of the offence: this one or the last; this one if left out
        #[arg(long)]
        epoch: Option<u64>,
        /// What is said to prove the offence; its hash is filed
        #[arg(long, default_value = "")]
        evidence: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Reject a request: the service's resolver
    #[command(after_help = "\
Examples:
  weir slash veto 1 --from resolver")]
    Veto(Decision),
    /// Confirm a request whose veto window is over: anyone
    #[command(after_help = "\
Examples:
  weir slash arm 1 --from bob
  weir time warp 2d && weir slash arm 1 --from bob   on `weir up`")]
    Arm(Decision),
    /// Execute a request armed for 12 hours: anyone
    #[command(after_help = "\
Examples:
  weir slash execute 1 --from bob
  weir slash execute 1 --from bob --dry-run   what would be lost")]
    Execute(Decision),
    /// End a request that nobody armed in time: anyone
    #[command(after_help = "\
Examples:
  weir slash lapse 1 --from bob")]
    Lapse(Decision),
    /// Send slashed tokens to where they belong: anyone
    #[command(after_help = "\
Examples:
  weir slash pull wsteth --from bob")]
    Pull {
        /// The asset, by symbol or address
        asset: String,
        /// To whom they are due; the sink of the first service if left out
        #[arg(long, value_name = "ADDRESS")]
        sink: Option<Address>,
        #[command(flatten)]
        send: SendArgs,
    },
}

#[derive(Debug, clap::Args)]
struct Decision {
    /// Number of the request
    id: u64,
    #[command(flatten)]
    send: SendArgs,
}

#[derive(Debug, Serialize)]
struct Filed {
    id: u64,
    operator: Address,
    losses: BySymbol,
    rate_wad: Wei,
    floor_rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Decided {
    id: u64,
    status: &'static str,
    rate_wad: Wei,
    floor_rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Pulled {
    asset: String,
    sink: Address,
    amount: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::File {
            percent,
            service,
            operator,
            epoch,
            evidence,
            send,
        } => {
            let filing = Filing {
                percent,
                service,
                operator,
                epoch,
                evidence,
            };
            file(&filing, &send, shell).await
        }
        Action::Veto(decision) => {
            decide(&decision, shell, "vetoing", "vetoed", |id| IHub::vetoCall {
                id,
            })
            .await
        }
        Action::Arm(decision) => {
            decide(&decision, shell, "arming", "armed", |id| IHub::armCall {
                id,
            })
            .await
        }
        Action::Execute(decision) => {
            decide(&decision, shell, "executing", "executed", |id| {
                IHub::executeCall { id }
            })
            .await
        }
        Action::Lapse(decision) => {
            decide(&decision, shell, "lapsing", "lapsed", |id| {
                IHub::lapseCall { id }
            })
            .await
        }
        Action::Pull { asset, sink, send } => pull(&asset, sink, &send, shell).await,
    }
}

struct Filing {
    percent: String,
    service: String,
    operator: Option<String>,
    epoch: Option<u64>,
    evidence: String,
}

async fn file(filing: &Filing, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (hub, vault) = (client.address("hub")?, client.address("vault")?);
    let wad = percent_to_wad(&filing.percent)?;
    let service = service(client, &filing.service)?;
    let operator = operator::named(client, filing.operator.as_deref())?;
    let now = client.now().await?;
    let before = VaultView::read(&now).await?;
    let epoch = filing.epoch.unwrap_or_else(|| before.epoch());
    let evidence = if filing.evidence.is_empty() {
        B256::ZERO
    } else {
        keccak256(&filing.evidence)
    };
    let call = IHub::fileCall {
        vault,
        service,
        operator,
        wad,
        offenceEpoch: epoch,
        evidence,
    };
    let call = Call::new(hub, call)
        .arg("service", service)
        .arg("operator", client.name_of(operator))
        .arg("part", format!("{} %", filing.percent))
        .arg("offenceEpoch", epoch);
    let doing = "filing the slash";
    let id = caller.simulate(doing, &call).await?;
    let mut outcome = Filed {
        id,
        operator,
        losses: BySymbol::new(),
        rate_wad: Wei(before.state.rateWad),
        floor_rate_wad: Wei(before.state.floorRateWad),
        mined: None,
    };
    if caller.is_dry_run() {
        return caller.show_trial(
            &[call.text(client)],
            &outcome,
            &format!("  it would be request {id}"),
            &[],
        );
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(event) = event::<IHub::SlashFiled>(&receipt, hub) {
        outcome.id = event.id;
        outcome.losses = by_symbol(&before, event.losses);
    }
    let after = client.now().await?.ask(vault, IVault::stateCall {}).await?;
    outcome.rate_wad = Wei(after.rateWad);
    outcome.floor_rate_wad = Wei(after.floorRateWad);
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        let losses = outcome.losses.iter().filter(|(_, loss)| !loss.0.is_zero());
        let losses: Vec<String> = losses
            .map(|(symbol, loss)| format!("{} {symbol}", short(loss.0)))
            .collect();
        format!(
            "filed slash request {}: {} are contested\n  rate {}, floor {}\n{}",
            outcome.id,
            losses.join(", "),
            rate(outcome.rate_wad.0),
            rate(outcome.floor_rate_wad.0),
            mined.line()
        )
    })
}

async fn decide<C: SolCall>(
    decision: &Decision,
    shell: Shell,
    doing: &str,
    done: &'static str,
    call: impl FnOnce(u64) -> C,
) -> Result {
    let caller = Caller::open(&decision.send, shell).await?;
    let client = &caller.client;
    let (hub, vault, id) = (
        client.address("hub")?,
        client.address("vault")?,
        decision.id,
    );
    let call = Call::new(hub, call(id)).arg("id", id);
    let doing = format!("{doing} slash request {id}");
    caller.simulate(&doing, &call).await?;
    let before = client.now().await?.ask(vault, IVault::stateCall {}).await?;
    let mut outcome = Decided {
        id,
        status: done,
        rate_wad: Wei(before.rateWad),
        floor_rate_wad: Wei(before.floorRateWad),
        mined: None,
    };
    if caller.is_dry_run() {
        return caller.show_trial(
            &[call.text(client)],
            &outcome,
            &format!("  request {id} would be {done}"),
            &[],
        );
    }
    let receipt: TransactionReceipt = caller.send(&doing, &call).await?;
    let now = client.now().await?;
    let after = VaultReport::new(&VaultView::read(&now).await?);
    outcome.rate_wad = after.rate_wad;
    outcome.floor_rate_wad = after.floor_rate_wad;
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    let next = after
        .undecided
        .iter()
        .find(|request: &&RequestReport| request.id == id);
    let next = next
        .map(|request| format!("  it {}\n", request.next_sentence(now.time_s)))
        .unwrap_or_default();
    shell.result(&outcome, |outcome| {
        let (was, is) = (rate(before.rateWad), rate(outcome.rate_wad.0));
        let rates = if was == is {
            format!("the rate is {is}")
        } else {
            format!("the rate went from {was} to {is}")
        };
        format!(
            "slash request {id} is {done}; {rates}\n{next}{}",
            mined.line()
        )
    })
}

async fn pull(asset: &str, sink: Option<Address>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (symbol, token) = client.asset(asset)?;
    let (vault, hub) = (client.address("vault")?, client.address("hub")?);
    let sink = match sink {
        Some(sink) => sink,
        None => {
            client
                .now()
                .await?
                .ask(
                    hub,
                    IHub::termsCall {
                        service: service(client, "1")?,
                    },
                )
                .await?
                .sink
        }
    };
    let call = Call::new(vault, IVault::pullCall { asset: token, sink })
        .arg("asset", &symbol)
        .arg("sink", sink);
    let doing = format!("pulling slashed {symbol}");
    let amount = caller.simulate(&doing, &call).await?;
    let mut outcome = Pulled {
        asset: symbol.clone(),
        sink,
        amount: Wei(amount),
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = format!("  {} {symbol} would go to {sink}", exact(amount));
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let mined = caller.mined(&caller.send(&doing, &call).await?);
    outcome.mined = Some(mined);
    shell.result(&outcome, |_| {
        format!(
            "{} slashed {symbol} went to {sink}\n{}",
            short(amount),
            mined.line()
        )
    })
}

/// Number of a service, by number or by its name in the address book.
pub fn service(client: &Client, text: &str) -> Result<u32> {
    if let Some(id) = client.book.services.get(text) {
        return Ok(*id);
    }
    text.parse().map_err(|_| {
        let known: Vec<&str> = client.book.services.keys().map(String::as_str).collect();
        Failure::usage(format!("there is no service `{text}`"))
            .next(format!("a number, or one of {}", known.join(", ")))
    })
}

/// Name of a service in the address book.
pub fn service_name(client: &Client, service: u32) -> Option<&str> {
    let mut services = client.book.services.iter();
    let (name, _) = services.find(|(_, id)| **id == service)?;
    Some(name)
}

/// `12.5` as a part of 1e18.
pub fn percent_to_wad(text: &str) -> Result<u64> {
    let wrong = || {
        Failure::usage(format!("`{text}` is not a percentage"))
            .next("a number over 0 and up to 100, such as 12.5")
    };
    let digits = text.trim_end_matches(['%', ' ']);
    let percent = weir_deployment::amount::parse_wad(digits).map_err(|_| wrong())?;
    let wad = percent / U256::from(100);
    match u64::try_from(wad) {
        Ok(wad) if wad > 0 && wad <= weir_protocol::units::WAD_MAGNITUDE => Ok(wad),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_parts_of_the_whole() {
        assert_eq!(percent_to_wad("100").unwrap(), 1_000_000_000_000_000_000);
        assert_eq!(percent_to_wad("12.5%").unwrap(), 125_000_000_000_000_000);
        for wrong in ["0", "100.1", "-1", "ten", ""] {
            assert!(percent_to_wad(wrong).is_err(), "{wrong}");
        }
    }
}
