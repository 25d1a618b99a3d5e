//! `weir curator`: which part of the stake secures which service through whom, and what can be lost by it.

mod allocate;
mod exposure;

use alloy::primitives::FixedBytes;
use clap::Subcommand;

use crate::amount::Percent;
use crate::commands::governor::Limits;
use crate::connect::ChainArgs;
use crate::datum::tag;
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::SendArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every unit of stake secures one service through one operator. The curator says which, within the limits of the governor; what is \
taken away stays slashable until stake that is unstaked now is free.

Examples, on a chain of `weir up`:
  weir curator exposure
  weir curator worst-case
  weir curator allocate 30 attestation --from curator
  weir curator limits --operator 80 --from curator")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show where the stake is, what of it can be lost, and how far the limits are
    #[command(after_help = "\
Examples:
  weir curator exposure
  weir curator exposure --json")]
    Exposure {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Show what is lost if any one, two or three operators fail everywhere at once
    #[command(after_help = "\
Examples:
  weir curator worst-case")]
    WorstCase {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Set the part of the stake that an operator has in a service: the curator
    #[command(after_help = "\
Examples:
  weir curator allocate 30 attestation --from curator
  weir curator allocate 10 oracle --operator north --from curator --dry-run
  weir curator allocate 0 custody --from curator   takes it back")]
    Allocate {
        /// Part of all stake, percent
        percent: Percent,
        /// Number or name of the service
        service: String,
        /// Name or address of the operator; the first of the address book if left out
        #[arg(long)]
        operator: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Lower an allocation that a slash or a new limit left over a limit, by as much as it is over: anyone
    #[command(after_help = "\
Examples:
  weir curator trim attestation --from bob
  weir curator trim oracle --operator north --from bob --dry-run")]
    Trim {
        /// Number or name of the service
        service: String,
        /// Name or address of the operator; the first of the address book if left out
        #[arg(long)]
        operator: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Tighten limits: curator, guardian or governor, at once
    #[command(after_help = "\
To widen one is for the governor, and waits: weir governor propose limits. Without any limit this says how far they are, as `weir \
curator exposure` does.

Examples:
  weir curator limits --operator 80 --from curator
  weir curator limits --worst-one 70 --worst-two 85 --from curator --dry-run")]
    Limits {
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Add to what an operator has in common with others: the curator, at once
    #[command(after_help = "\
To take a tag away is for the governor, and waits: weir governor propose groups.

Examples:
  weir curator group north geth aws --from curator")]
    Group {
        /// Name or address of the operator
        operator: String,
        /// Tags to add: one to eight letters each, such as a client or a cloud; an operator has four at most
        #[arg(required = true, value_parser = tag)]
        tags: Vec<FixedBytes<8>>,
        #[command(flatten)]
        send: SendArgs,
    },
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Exposure { chain } => exposure::show(&chain, shell).await,
        Action::WorstCase { chain } => exposure::worst_case(&chain, shell).await,
        Action::Allocate {
            percent,
            service,
            operator,
            send,
        } => allocate::allocate(percent, &service, operator.as_deref(), &send, shell).await,
        Action::Trim {
            service,
            operator,
            send,
        } => allocate::trim(&service, operator.as_deref(), &send, shell).await,
        Action::Limits { limits, send } if limits.is_empty() => {
            exposure::show(&send.chain, shell).await
        }
        Action::Limits { limits, send } => allocate::limits(&limits, &send, shell).await,
        Action::Group {
            operator,
            tags,
            send,
        } => allocate::group(&operator, &tags, &send, shell).await,
    }
}
