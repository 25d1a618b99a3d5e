//! `weir operator hold` and `weir service challenge`: blobs that are promised, and asked for.

use std::path::PathBuf;
use std::time::Duration;

use alloy::primitives::{Address, B256};
use alloy::signers::k256::elliptic_curve::rand_core::{OsRng, RngCore as _};
use serde::Serialize;
use weir_abi::ICustody;
use weir_operator::{Custody, custodies, keep};
use weir_protocol::services::merkle::chunk_count;

use crate::amount::exact;
use crate::commands::{daemon, slash};
use crate::connect::Client;
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::time::at;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

/// For `--help`.
pub const HOLD_HELP: &str = "\
The blob is copied into the operator's folder, from where `weir operator run` answers for it.

Examples:
  weir operator hold notes.txt --from operator
  weir operator hold notes.txt --for 90d --from operator --dry-run";

/// For `--help`.
pub const CHALLENGE_HELP: &str = "\
The bond goes to the operator if it answers in time, else it comes back.

Examples:
  weir service challenge 1 --from bob
  weir service challenge 1 --chunk 0 --from bob --dry-run";

/// What `weir operator hold` takes.
#[derive(Debug, clap::Args)]
pub struct HoldArgs {
    /// The file
    file: PathBuf,
    /// For how long
    #[arg(long = "for", value_name = "SPAN", default_value = "30d", value_parser = humantime::parse_duration)]
    span: Duration,
    /// Number or name of the custody service; the first if left out
    #[arg(long)]
    service: Option<String>,
    /// The operator's folder; one in the user's data folder if left out
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    send: SendArgs,
}

/// What `weir service challenge` takes.
#[derive(Debug, clap::Args)]
pub struct ChallengeArgs {
    /// Number of the holding
    holding: u64,
    /// Number of the chunk, from 0; drawn by this machine if left out
    #[arg(long)]
    chunk: Option<u64>,
    /// Number or name of the custody service; the first if left out
    #[arg(long)]
    service: Option<String>,
    #[command(flatten)]
    send: SendArgs,
}

#[derive(Debug, Serialize)]
struct Held {
    holding: u64,
    operator: Address,
    root: B256,
    length: u64,
    until_s: u64,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Asked {
    challenge: u64,
    holding: u64,
    operator: Address,
    chunk: u64,
    bond: Wei,
    /// Until when it can be answered, Unix seconds; 0 in a dry run.
    deadline_s: u64,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs `weir operator hold`.
pub async fn hold(args: &HoldArgs, shell: Shell) -> Result {
    let blob = std::fs::read(&args.file).map_err(|error| {
        Failure::usage(format!("cannot read {}", args.file.display())).because(error)
    })?;
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let custody = custody(client, args.service.as_deref()).await?;
    let operator = caller.address();
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => daemon::default_folder(operator)?,
    };
    // Kept before it is promised.
    let root = keep(&folder, &blob)
        .map_err(|error| Failure::new(Code::Failed, "cannot keep the blob").because(error))?;
    let until_s = client.now().await?.time_s + args.span.as_secs();
    let call = ICustody::holdCall {
        root,
        length: blob.len() as u64,
        until: until_s,
    };
    let call = Call::new(custody.contract, call)
        .arg("root", root)
        .arg("length", blob.len())
        .arg("until", at(until_s));
    let doing = "promising to hold the blob";
    let mut outcome = Held {
        holding: caller.simulate(doing, &call).await?,
        operator,
        root,
        length: blob.len() as u64,
        until_s,
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = format!("  it would be holding {}", outcome.holding);
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(held) = event::<ICustody::Held>(&receipt, custody.contract) {
        outcome.holding = held.id;
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{} holds {} bytes until {}, as holding {}; weir operator run answers for it\n{}",
            client.name_of(operator),
            outcome.length,
            at(until_s),
            outcome.holding,
            mined.line()
        )
    })
}

/// Runs `weir service challenge`.
pub async fn challenge(args: &ChallengeArgs, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let custody = custody(client, args.service.as_deref()).await?;
    let contract = custody.contract;
    let now = client.now().await?;
    let doing = format!("asking for a chunk of holding {}", args.holding);
    let call = ICustody::holdingCall { id: args.holding };
    let holding = now.ask_for(&doing, contract, call).await?;
    let operator = holding.operator;
    let bond = now
        .ask_for(&doing, contract, ICustody::bondOfCall { operator })
        .await?;
    let count = chunk_count(holding.length).max(1);
    let chunk = args.chunk.unwrap_or_else(|| OsRng.next_u64() % count);
    let call = ICustody::challengeCall {
        holding: args.holding,
        chunk,
    };
    let call = Call::new(contract, call)
        .value(bond)
        .arg("holding", args.holding)
        .arg("chunk", chunk);
    let mut outcome = Asked {
        challenge: caller.simulate(&doing, &call).await?,
        holding: args.holding,
        operator,
        chunk,
        bond: Wei(bond),
        deadline_s: 0,
        mined: None,
    };
    let name = client.name_of(operator);
    if caller.is_dry_run() {
        let sentence = format!("  {name} would be asked for chunk {chunk} of {count}");
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(&doing, &call).await?;
    if let Some(asked) = event::<ICustody::Challenged>(&receipt, contract) {
        (outcome.challenge, outcome.deadline_s) = (asked.id, asked.deadline);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "challenge {}: {name} must answer with chunk {chunk} of {count} by {}; the bond is {} ETH\n{}",
            outcome.challenge,
            at(outcome.deadline_s),
            exact(bond),
            mined.line()
        )
    })
}

/// A custody service, by number or name; the first if none is named.
async fn custody(client: &Client, text: Option<&str>) -> Result<Custody> {
    let wanted = text.map(|text| slash::service(client, text)).transpose()?;
    let hub = client.address("hub")?;
    let found = custodies(&client.provider, hub).await;
    let mut found = found.map_err(daemon::failure)?.into_iter();
    let custody = found.find(|found| wanted.is_none_or(|wanted| wanted == found.terms.service));
    custody.ok_or_else(|| {
        Failure::usage("there is no such custody service").next("weir service list shows all")
    })
}
