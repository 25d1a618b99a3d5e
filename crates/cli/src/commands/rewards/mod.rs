//! `weir rewards`: what is paid to holders, and what operators have of it.

mod collect;
mod commission;
mod fund;
mod list;

use clap::Subcommand;

use crate::amount::Amount;
use crate::connect::ChainArgs;
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::SendArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A reward names the operator whose work it is for: its commission is split off, the rest vests by the second until an epoch \
starts. Nobody has to collect what vests.

Examples, on a chain of `weir up`:
  weir rewards list
  weir rewards fund 10 weth --operator operator --from dave
  weir rewards collect --from bob
  weir rewards claim-commission --from operator")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Pay a reward
    #[command(after_help = "\
Examples:
  weir rewards fund 10 weth --operator operator --from dave
  weir rewards fund 5 wsteth --operator operator --for 20d --from dave --dry-run")]
    Fund(FundArgs),
    /// Split the fee shares that wait: to the treasury, to cover, and among operators
    #[command(after_help = "\
Examples:
  weir rewards collect --from bob")]
    Collect {
        #[command(flatten)]
        send: SendArgs,
    },
    /// Show what streams, and what waits for operators
    #[command(after_help = "\
Examples:
  weir rewards list")]
    List {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Set what the sender, an operator, takes of rewards
    #[command(after_help = "\
Less counts at once, more from the next epoch on.

Examples:
  weir rewards set-commission 500 --from operator")]
    SetCommission {
        /// In basis points, at most 5000
        #[arg(value_parser = clap::value_parser!(u64).range(0..=5_000))]
        bps: u64,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Get the commission and the fee shares that wait for the sender, an operator
    #[command(after_help = "\
Examples:
  weir rewards claim-commission --from operator
  weir rewards claim-commission --receiver alice --from operator")]
    ClaimCommission {
        /// Who is paid; the sender if left out
        #[arg(long, value_name = "ACCOUNT")]
        receiver: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
}

/// What `weir rewards fund` takes.
#[derive(Debug, clap::Args)]
struct FundArgs {
    /// How much: 1.5, 1500000000000000000wei, or all
    amount: Amount,
    /// The asset, by symbol or address
    asset: String,
    /// Name or address of the operator whose work it is for
    #[arg(long, value_name = "ACCOUNT")]
    operator: String,
    /// For how long at least: it ends with the next start of an epoch, an epoch away at least and 30 days and 8 epochs at most
    #[arg(long = "for", value_name = "SPAN", default_value = "0s", value_parser = humantime::parse_duration)]
    span: std::time::Duration,
    /// Most commission to accept, in basis points; what the operator takes now if left out
    #[arg(long, value_name = "BPS", value_parser = clap::value_parser!(u64).range(0..=10_000))]
    max_commission: Option<u64>,
    #[command(flatten)]
    send: SendArgs,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Fund(args) => fund::run(&args, shell).await,
        Action::Collect { send } => collect::run(&send, shell).await,
        Action::List { chain } => list::run(&chain, shell).await,
        Action::SetCommission { bps, send } => commission::set(bps, &send, shell).await,
        Action::ClaimCommission { receiver, send } => {
            commission::claim(receiver.as_deref(), &send, shell).await
        }
    }
}
