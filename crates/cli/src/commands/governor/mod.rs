//! `weir governor`: what the governor may change, and what waits to be changed.

mod assets;
mod fees;
mod history;
mod others;
mod propose;
mod rates;
mod waiting;

use clap::Subcommand;

pub use others::Limits;
pub use waiting::{Scheduled, table as scheduled_table};

use crate::connect::ChainArgs;
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::SendArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A change that only removes risk counts at once. One that lets new value or new loss in waits until whoever disagrees is out, and \
what is scheduled is public: anyone executes it when it is ripe. In a vault without shares nothing waits.

Examples, on a chain of `weir up`:
  weir governor status
  weir governor propose cap reth 500 --from governor
  weir governor propose deposit-fee reth 0.1 --from governor --dry-run
  weir governor list
  weir governor execute 1 --from bob
  weir governor cancel 1 --from governor")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Change something: at once where nobody need be warned, else scheduled
    #[command(after_help = propose::HELP)]
    Propose(Box<propose::Args>),
    /// Make a scheduled change that is ripe: anyone
    #[command(after_help = "\
Examples:
  weir governor execute 1 --from bob
  weir governor execute 1 --from bob --dry-run")]
    Execute(Numbered),
    /// Take a scheduled change back: the governor, or the guardian
    #[command(after_help = "\
Examples:
  weir governor cancel 1 --from governor
  weir governor cancel 1 --from curator   the guardian on `weir up`")]
    Cancel(Numbered),
    /// List what is scheduled, and from when on it can be executed
    #[command(after_help = "\
Examples:
  weir governor list
  weir governor list --all   executed, cancelled and forgotten ones too")]
    List {
        /// Executed, cancelled and forgotten ones too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Show a scheduled change: the call, each value as it is and as it would be, and when
    #[command(after_help = "\
Examples:
  weir governor show 1")]
    Show {
        /// Its number
        id: u64,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Tell what roles did so far, from the events of the contract
    #[command(after_help = "\
Examples:
  weir governor history
  weir governor history --from-block 1000")]
    History {
        /// First block to look at; that of the deployment if left out
        #[arg(long, value_name = "BLOCK")]
        from_block: Option<u64>,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Show who holds which role, and how long changes wait
    #[command(after_help = "\
Examples:
  weir governor status")]
    Status {
        #[command(flatten)]
        chain: ChainArgs,
    },
}

#[derive(Debug, clap::Args)]
struct Numbered {
    /// Number of the scheduled change
    id: u64,
    #[command(flatten)]
    send: SendArgs,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Propose(args) => propose::run(*args, shell).await,
        Action::Execute(it) => waiting::execute(it.id, &it.send, shell).await,
        Action::Cancel(it) => waiting::cancel(it.id, &it.send, shell).await,
        Action::List { all, chain } => waiting::list(all, &chain, shell).await,
        Action::Show { id, chain } => waiting::show(id, &chain, shell).await,
        Action::History { from_block, chain } => history::run(from_block, &chain, shell).await,
        Action::Status { chain } => waiting::status(&chain, shell).await,
    }
}
