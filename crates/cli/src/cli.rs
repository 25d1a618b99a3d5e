//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{
    account, accrue, auction, cancel, check, claim, completions, cover, curator, demo, deploy,
    deposit, exit, give, governor, guardian, keepalive, lab, node, operator, pocket, redeem,
    retire, rewards, service, slash, status, time, up, vault, what_if,
};
use crate::failure::Result;
use crate::shell::Shell;

/// For `--help`: how the process ends, and what it reads from the environment.
pub const AFTER_HELP: &str = "\
Exit codes:
  0  done
  1  failed
  2  wrong arguments
  3  the chain cannot be reached, or the contracts are not there
  4  a contract refused the call
  5  a check found a difference
  6  a deployment or a run of the lab is not finished yet

Environment:
  WEIR_RPC                --rpc
  WEIR_BOOK               --book
  WEIR_STORE              --store
  WEIR_KEYSTORE           --keystore
  WEIR_KEYSTORE_PASSWORD  the password of the keystore
  WEIR_PRIVATE_KEY        a key to sign with, for scripts
  WEIR_HOME               folder of the address books, in place of the user's data folder
  WEIR_LOG                what to log on stderr, such as `debug`
  NO_COLOR                plain text

Start with `weir demo`, or `weir up` and what it prints.";

#[derive(Debug, Parser)]
#[command(
    name = "weir",
    version,
    about = "Liquid restaking on Arbitrum Stylus: a chain to try it on, a deployment, and every call a holder makes",
    after_help = AFTER_HELP,
    max_term_width = 100
)]
pub struct Cli {
    /// The result as JSON on stdout; amounts are wei as text
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// No progress on stderr
    #[arg(long, short, global = true, help_heading = "Output")]
    pub quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a chain with Weir on it, until Ctrl-C
    Up(Box<up::Args>),
    /// Tell the whole life of a vault in one run, every wei accounted for
    Demo(demo::Args),
    /// Show the vault, the queue, undecided slashes, and accounts
    Status(status::Args),
    /// Show what a slash would cost, and whom
    WhatIf(what_if::Args),
    /// End a vault that has lost nearly all: anyone
    Retire(Box<retire::Args>),
    /// Give an asset, get shares
    Deposit(Box<deposit::Args>),
    /// Put shares into the exit queue
    Exit(Box<exit::Args>),
    /// Take shares back from the queue, in the epoch they were put in
    Cancel(Box<cancel::Args>),
    /// Get what settled exits are paid
    Claim(Box<claim::Args>),
    /// Give shares for one asset at once, at a fee
    Redeem(Box<redeem::Args>),
    /// File, decide and execute slashes
    Slash(Box<slash::Args>),
    /// Pay rewards, and see what streams and what waits for operators
    Rewards(Box<rewards::Args>),
    /// Buy tokens that are sold for the vault's holders
    Auction(Box<auction::Args>),
    /// Run the work of services: register, opt in, see what is at stake
    Operator(Box<operator::Args>),
    /// Register services, and see their terms
    Service(Box<service::Args>),
    /// Change parameters through the timelock: propose, list, execute, cancel
    Governor(Box<governor::Args>),
    /// Allocate stake within limits, and see where it is and what can be lost
    Curator(Box<curator::Args>),
    /// Pause deposits, instant exits or raises of allocations for a time
    Guardian(Box<guardian::Args>),
    /// Give shares or an exit ticket to somebody else
    Give(Box<give::Args>),
    /// Do what anyone may for all holders: sync, poke rates, take and split fees
    Vault(Box<vault::Args>),
    /// Put shares behind slashes, first in line after the bonds of operators
    Cover(Box<cover::Args>),
    /// Share what is left of a failed asset among who held it
    Pocket(Box<pocket::Args>),
    /// Keep the contracts' programs from expiring
    Keepalive(Box<keepalive::Args>),
    /// Move the clock of a development chain
    Time(time::Args),
    /// Move the rate of a development token: staking rewards, or a loss
    Accrue(Box<accrue::Args>),
    /// Make a keystore for an account of your own
    Account(account::Args),
    /// Check that a deployment is sound: code, activation, wiring, backing, rates
    Check(check::Args),
    /// Keep the history of a deployment, and answer over HTTP
    Node(Box<node::Args>),
    /// Deploy a plan on any Arbitrum chain
    Deploy(Box<deploy::Args>),
    /// Ask what happens to a vault if …: scenarios, Monte Carlo, reports
    Lab(Box<lab::Args>),
    /// Print tab completion for a shell
    Completions(completions::Args),
}

impl Cli {
    /// Runs the command.
    pub async fn run(self) -> Result {
        let shell = Shell {
            json: self.json,
            quiet: self.quiet,
        };
        match self.command {
            Command::Up(args) => up::run(*args, shell).await,
            Command::Demo(args) => demo::run(args, shell).await,
            Command::Status(args) => status::run(args, shell).await,
            Command::Retire(args) => retire::run(*args, shell).await,
            Command::WhatIf(args) => what_if::run(args, shell).await,
            Command::Deposit(args) => deposit::run(*args, shell).await,
            Command::Exit(args) => exit::run(*args, shell).await,
            Command::Cancel(args) => cancel::run(*args, shell).await,
            Command::Claim(args) => claim::run(*args, shell).await,
            Command::Redeem(args) => redeem::run(*args, shell).await,
            Command::Slash(args) => slash::run(*args, shell).await,
            Command::Rewards(args) => rewards::run(*args, shell).await,
            Command::Auction(args) => auction::run(*args, shell).await,
            Command::Operator(args) => operator::run(*args, shell).await,
            Command::Service(args) => service::run(*args, shell).await,
            Command::Governor(args) => governor::run(*args, shell).await,
            Command::Curator(args) => curator::run(*args, shell).await,
            Command::Guardian(args) => guardian::run(*args, shell).await,
            Command::Give(args) => give::run(*args, shell).await,
            Command::Vault(args) => vault::run(*args, shell).await,
            Command::Cover(args) => cover::run(*args, shell).await,
            Command::Pocket(args) => pocket::run(*args, shell).await,
            Command::Keepalive(args) => keepalive::run(*args, shell).await,
            Command::Time(args) => time::run(args, shell).await,
            Command::Accrue(args) => accrue::run(*args, shell).await,
            Command::Account(args) => account::run(args, shell),
            Command::Check(args) => check::run(args, shell).await,
            Command::Node(args) => node::run(*args, shell).await,
            Command::Deploy(args) => deploy::run(*args, shell).await,
            Command::Lab(args) => lab::run(*args, shell).await,
            Command::Completions(args) => completions::run(&args, shell),
        }
    }
}
