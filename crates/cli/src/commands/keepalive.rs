//! `weir keepalive`: programs of the contracts, which expire a year after their activation unless somebody keeps them alive.

use std::collections::BTreeMap;
use std::time::Duration;

use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use clap::Subcommand;
use serde::Serialize;
use weir_deployment::arb_wasm::{ARB_WASM, IArbWasm, IArbWasm::IArbWasmErrors, program_time_left};
use weir_deployment::revert::Refusal;

use crate::amount::exact;
use crate::connect::{ChainArgs, Client};
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::Shell;
use crate::table::Sheet;
use crate::time::span;
use crate::transact::{Call, Caller, Mined, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The chain runs a Stylus program for a year after its activation. Anyone may renew it from 31 days on, and activate one that has expired: \
until then every call of it fails, exits too.

Examples, on a chain of `weir up`:
  weir keepalive status
  weir time warp 310d && weir keepalive run --from bob")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show for how long the chain will run each contract
    #[command(after_help = "\
Examples:
  weir keepalive status
  weir keepalive status --json")]
    Status {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Renew every program that expires soon, and activate those that have expired: anyone
    #[command(after_help = "\
Examples:
  weir keepalive run --from bob
  weir keepalive run --within 90d --from bob --dry-run")]
    Run {
        /// How soon a program must expire to be renewed
        #[arg(long, value_name = "SPAN", default_value = "60d", value_parser = humantime::parse_duration)]
        within: Duration,
        #[command(flatten)]
        send: SendArgs,
    },
}

/// A program, which one contract or more run.
#[derive(Debug, Clone, Serialize)]
struct Program {
    contracts: Vec<String>,
    address: Address,
    code_hash: B256,
    /// How long the chain will run it, seconds; none if it does not.
    left_s: Option<u64>,
}

/// A program that was renewed, or would be.
#[derive(Debug, Serialize)]
struct Renewed {
    contracts: Vec<String>,
    /// `renewed` or `activated`.
    what: &'static str,
    /// What the chain takes for it beside gas, ETH wei.
    fee: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Status { chain } => status(&chain, shell).await,
        Action::Run { within, send } => renew(within, &send, shell).await,
    }
}

/// The programs of the deployment, the one that expires first on top.
async fn programs(client: &Client) -> Result<Vec<Program>> {
    let mut by_hash: BTreeMap<B256, Program> = BTreeMap::new();
    for (name, contract) in &client.book.contracts {
        if let Some(program) = by_hash.get_mut(&contract.code_hash) {
            program.contracts.push(name.clone());
            continue;
        }
        let left_s = program_time_left(&client.provider, contract.address).await;
        let left_s = left_s.map_err(|error| client.failure("reading a program", &error))?;
        let program = Program {
            contracts: vec![name.clone()],
            address: contract.address,
            code_hash: contract.code_hash,
            left_s,
        };
        by_hash.insert(contract.code_hash, program);
    }
    let mut programs: Vec<Program> = by_hash.into_values().collect();
    programs.sort_by(|a, b| (a.left_s, &a.contracts).cmp(&(b.left_s, &b.contracts)));
    Ok(programs)
}

async fn status(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let programs = programs(&client).await?;
    shell.result(&programs, |programs| {
        let mut sheet = Sheet::new(2, &["", "runs for"]);
        for program in programs {
            let left = match program.left_s {
                Some(left_s) => span(left_s),
                None => "expired: every call of it fails".to_owned(),
            };
            sheet.row([program.contracts.join(", "), left]);
        }
        sheet.text()
    })
}

async fn renew(within: Duration, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let due = programs(client).await?.into_iter().filter(|program| {
        program
            .left_s
            .is_none_or(|left_s| left_s < within.as_secs())
    });
    let (mut renewed, mut texts) = (Vec::new(), Vec::new());
    for program in due {
        let names = program.contracts.join(", ");
        let outcome = if program.left_s.is_some() {
            let call = IArbWasm::codehashKeepaliveCall {
                codehash: program.code_hash,
            };
            let call = Call::new(ARB_WASM, call).arg("codehash", program.code_hash);
            one(
                &caller,
                &format!("renewing {names}"),
                "renewed",
                call,
                &mut texts,
            )
            .await?
        } else {
            let call = IArbWasm::activateProgramCall {
                program: program.address,
            };
            let call = Call::new(ARB_WASM, call).arg("program", &names);
            one(
                &caller,
                &format!("activating {names}"),
                "activated",
                call,
                &mut texts,
            )
            .await?
        };
        renewed.push(Renewed {
            contracts: program.contracts,
            ..outcome
        });
    }
    if caller.is_dry_run() {
        let sentence = format!("  {} programs would be kept alive", renewed.len());
        return caller.show_trial(&texts, &renewed, &sentence, &[]);
    }
    shell.result(&renewed, |renewed| {
        if renewed.is_empty() {
            return format!("no program expires within {}\n", span(within.as_secs()));
        }
        let lines = renewed.iter().map(|program| {
            let names = program.contracts.join(", ");
            let line = program.mined.map(|mined| mined.line()).unwrap_or_default();
            format!(
                "{} {names} for {} ETH and gas\n{line}",
                program.what,
                exact(program.fee.0)
            )
        });
        lines.collect()
    })
}

async fn one<C: SolCall>(
    caller: &Caller,
    doing: &str,
    what: &'static str,
    call: Call<C>,
    texts: &mut Vec<crate::transact::CallText>,
) -> Result<Renewed> {
    let fee = fee(caller, &call).await?;
    // What is sent over the fee comes back; the fee moves with the chain's load.
    let call = call.value(fee.saturating_add(fee / U256::from(10)));
    let mut renewed = Renewed {
        contracts: Vec::new(),
        what,
        fee: Wei(fee),
        mined: None,
    };
    if caller.is_dry_run() {
        caller.simulate(doing, &call).await?;
        texts.push(call.text(&caller.client));
    } else {
        let receipt = caller.send(doing, &call).await?;
        renewed.mined = Some(caller.mined(&receipt));
    }
    Ok(renewed)
}

/// What the chain takes beside gas: as it says when it is offered nothing.
async fn fee<C: SolCall>(caller: &Caller, call: &Call<C>) -> Result<U256> {
    let client = &caller.client;
    let request = TransactionRequest::default()
        .from(caller.address())
        .to(ARB_WASM)
        .input(call.text(client).data.into());
    match client.provider.call(request).await {
        Ok(_) => Ok(U256::ZERO),
        Err(error) => match Refusal::of(&error) {
            Some(Refusal::ArbWasm(IArbWasmErrors::ProgramInsufficientValue(e))) => Ok(e.want),
            _ => Err(client.failure("asking what it costs", &error)),
        },
    }
}
