//! `weir demo`: the whole life of a vault in one run, every wei accounted for.

mod account;
mod evidence;
mod stage;
mod story;

use serde::Serialize;
use weir_chain::{Config, DevAccounts, Time};

use crate::connect::Client;
use crate::devchain;
use crate::failure::{Code, Failure, Result};
use crate::report::{HolderReport, VaultReport};
use crate::shell::{Shell, faint};
use crate::site::{DEV_ACCOUNTS, Dev};
use account::Conservation;
use stage::Stage;

/// Length of an epoch of the demo: five days, as on a live chain.
const EPOCH_S: u64 = 432_000;
/// The demo begins at 2027-01-01 00:00:00 UTC, whenever it is run: every run is the same.
const BEGIN_S: u64 = 1_798_761_600;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Runs the real contracts on a chain in this process: deposits, yield, the exit queue, a slash that is vetoed and one that \
is executed, one that nobody asks for by hand, claims, and an instant exit. After each act it shows what everybody has, and checks that it adds up.

Examples:
  weir demo
  weir demo --json | jq '.acts[].conservation'")]
pub struct Args {
    /// Derive the accounts from this number
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// The whole story.
#[derive(Debug, Serialize)]
struct Story {
    chain_id: u64,
    acts: Vec<Act>,
    /// Whether every check of every act held.
    adds_up: bool,
}

/// One act, and how things stand after it.
#[derive(Debug, Serialize)]
struct Act {
    title: String,
    /// What happened, a sentence each.
    events: Vec<String>,
    time_s: u64,
    vault: VaultReport,
    holders: Vec<HolderReport>,
    conservation: Conservation,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let dev = args.seed.map_or_else(
        || Dev::Mnemonic(weir_chain::TEST_MNEMONIC.to_owned()),
        Dev::Seed,
    );
    let accounts: DevAccounts = dev.accounts();
    debug_assert_eq!(dev.addresses().len(), DEV_ACCOUNTS as usize);
    shell.note(faint("starting a chain and deploying the contracts ..."));
    let chain = devchain::start(Config {
        accounts,
        time: Time::Manual {
            start_s: BEGIN_S,
            step_s: 1,
        },
        native_code_dir: devchain::native_code_dir(),
        ..Config::default()
    })?;
    let book = devchain::deploy(&chain, EPOCH_S, |_| {}).await?;
    let client = Client::new(chain.provider(), book, Some(dev));
    let mut stage = Stage::new(client, chain.accounts().to_vec(), shell);
    story::tell(&mut stage).await?;
    let story = Story {
        chain_id: stage.client().book.chain_id,
        adds_up: stage.acts().iter().all(|act| act.conservation.holds()),
        acts: stage.into_acts(),
    };
    if shell.json {
        shell.result(&story, |_| String::new())?;
    }
    if story.adds_up {
        return Ok(());
    }
    let broken: Vec<&str> = story
        .acts
        .iter()
        .filter(|act| !act.conservation.holds())
        .map(|act| act.title.as_str())
        .collect();
    Err(Failure::new(Code::Mismatch, "the accounts do not add up")
        .because(format!("after: {}", broken.join("; "))))
}
