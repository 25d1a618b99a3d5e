//! `weir time`: moves the clock of a development chain.

use std::time::Duration;

use alloy::providers::Provider;
use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use crate::commands::exit::clock;
use crate::connect::{ChainArgs, Client};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;
use crate::time::at;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Works on development chains only: `weir up`, anvil and their like.

Examples:
  weir time warp 12h
  weir time epoch            to the start of the next epoch
  weir time epoch 3          three epochs on
  weir time settle           to when exits that are requested now settle")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Let time pass
    #[command(after_help = "\
Examples:
  weir time warp 12h
  weir time warp '1d 6h'")]
    Warp {
        /// How long: 90s, 12h, 2d, 1d 6h
        #[arg(value_parser = humantime::parse_duration)]
        span: Duration,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Go to the start of a later epoch
    #[command(after_help = "\
Examples:
  weir time epoch            to the start of the next epoch
  weir time epoch 3          three epochs on")]
    Epoch {
        /// How many epochs on
        #[arg(default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
        count: u64,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Go to the moment at which exits that are requested now settle
    #[command(after_help = "\
Examples:
  weir time settle")]
    Settle {
        #[command(flatten)]
        chain: ChainArgs,
    },
}

#[derive(Debug, Serialize)]
struct Warped {
    time_s: u64,
    block: u64,
    epoch: u64,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let (chain, target): (&ChainArgs, _) = match &args.action {
        Action::Warp { span, chain } => (chain, Target::Later(span.as_secs())),
        Action::Epoch { count, chain } => (chain, Target::Epoch(*count)),
        Action::Settle { chain } => (chain, Target::Settlement),
    };
    let client = Client::open(chain).await?;
    let vault = client.address("vault")?;
    let now = client.now().await?;
    let clock = clock(&now, vault).await?;
    let epoch = clock.epoch_at(now.time_s);
    let time_s = match target {
        Target::Later(span_s) => now.time_s.saturating_add(span_s),
        Target::Epoch(count) => clock.start_s(epoch.saturating_add(count)),
        Target::Settlement => clock.maturity_s(epoch),
    };
    warp(&client, time_s).await?;
    let now = client.now().await?;
    let warped = Warped {
        time_s: now.time_s,
        block: now.number,
        epoch: clock.epoch_at(now.time_s),
    };
    shell.result(&warped, |warped| {
        format!("it is {}, in epoch {}\n", at(warped.time_s), warped.epoch)
    })
}

enum Target {
    Later(u64),
    Epoch(u64),
    Settlement,
}

/// Mines a block at this time.
async fn warp(client: &Client, time_s: u64) -> Result {
    let refused = |error: alloy::transports::TransportError| {
        Failure::new(Code::Failed, "the chain will not move its clock")
            .because(weir_deployment::revert::reason(&error))
            .next("this works on development chains only, such as that of `weir up`")
    };
    let set: std::result::Result<serde_json::Value, _> = client
        .provider
        .raw_request("evm_setNextBlockTimestamp".into(), json!([time_s]))
        .await;
    set.map_err(refused)?;
    let mined: std::result::Result<serde_json::Value, _> = client
        .provider
        .raw_request("evm_mine".into(), json!([]))
        .await;
    mined.map(drop).map_err(refused)
}
