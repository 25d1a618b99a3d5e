//! `weir cover`: shares that stand behind slashes, after the bonds of operators and before all holders.

pub mod bonds;
mod members;
pub mod stakes;
mod status;

pub use status::BondReport;

use clap::{Subcommand, ValueEnum};

use crate::amount::Amount;
use crate::connect::ChainArgs;
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::SendArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A loss is borne first by the bond of the operator that offended, then by cover, whose members are paid for it from the performance \
fee, and then by all holders. First loss, not insurance: all of it is shares of the vault itself, worthless in a total loss.

Examples, on a chain of `weir up`:
  weir cover deposit 2 --from alice
  weir cover status alice
  weir cover exit all --from alice
  weir time settle && weir cover claim --from alice")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Put shares into cover; they count from the next epoch on, once nothing is locked
    #[command(after_help = "\
Examples:
  weir cover deposit 2 --from alice
  weir cover deposit all --from bob --dry-run")]
    Deposit {
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Give notice of shares in cover, instead of an earlier notice; they leave as stake does
    #[command(after_help = "\
Examples:
  weir cover exit 1 --from alice
  weir cover exit all --from alice")]
    Exit {
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Take back shares that do not count yet, or a notice
    #[command(after_help = "\
Examples:
  weir cover cancel deposit --from alice
  weir cover cancel exit --from alice")]
    Cancel {
        /// What to take back
        what: What,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Get what has matured of a notice: anyone, for its member
    #[command(after_help = "\
Examples:
  weir cover claim --from alice
  weir cover claim --of alice --from bob")]
    Claim {
        /// Whose; the sender's if left out
        #[arg(long, value_name = "ACCOUNT")]
        of: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Let fees that have arrived vest into cover: anyone
    #[command(after_help = "\
Examples:
  weir cover earn --from bob")]
    Earn {
        #[command(flatten)]
        send: SendArgs,
    },
    /// Put forfeited stakes of services into the exit queue, for all holders: anyone
    #[command(after_help = "\
Examples:
  weir cover surrender --from bob")]
    Surrender {
        #[command(flatten)]
        send: SendArgs,
    },
    /// Show cover, bonds, what services stake, and what undecided slashes have locked
    #[command(after_help = "\
Examples:
  weir cover status
  weir cover status alice bob")]
    Status {
        /// Members to show: addresses, or names on a chain of `weir up`
        members: Vec<String>,
        #[command(flatten)]
        chain: ChainArgs,
    },
}

/// What a member takes back.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Shares that do not count yet
    Deposit,
    /// A notice
    Exit,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Deposit { shares, send } => members::enter(shares, &send, shell).await,
        Action::Exit { shares, send } => members::leave(shares, &send, shell).await,
        Action::Cancel { what, send } => match what {
            What::Deposit => members::cancel_entry(&send, shell).await,
            What::Exit => members::leave(Amount::NONE, &send, shell).await,
        },
        Action::Claim { of, send } => members::collect(of.as_deref(), &send, shell).await,
        Action::Earn { send } => members::earn(&send, shell).await,
        Action::Surrender { send } => stakes::surrender(&send, shell).await,
        Action::Status { members, chain } => status::run(&members, &chain, shell).await,
    }
}
