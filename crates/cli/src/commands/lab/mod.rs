//! `weir lab`: what happens to a vault if …

mod merge;
mod network;
mod optimize;
mod page;
mod progress;
mod replay;
mod report;
mod scenarios;
mod sensitivity;
mod stress;
mod verify;

use clap::Subcommand;

use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir lab scenarios
  weir lab stress client-bug --paths 20000 --out bug --html bug.html
  weir lab stress ./mine.toml --shard 2/8 --out /data/mine
  weir lab merge /data/mine --out mine.parquet")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the gallery, or print a scenario of it to start from
    Scenarios(scenarios::Args),
    /// Run many paths of a vault in its markets, and say what they come to
    Stress(stress::Args),
    /// Say which assumptions of a scenario matter for a figure
    Sensitivity(sensitivity::Args),
    /// Draw a report of paths that were run
    Report(report::Args),
    /// Run what happened: real history in place of draws
    Replay(replay::Args),
    /// Say whether attacking a restaking network would pay, and what would make it safe
    Network(network::Args),
    /// Find where to allocate: yield against the tail of losses
    Optimize(optimize::Args),
    /// Play paths on the real contracts and compare every word
    Verify(verify::Args),
    /// Make one file of the paths of all shards
    Merge(merge::Args),
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.command {
        Command::Scenarios(args) => scenarios::run(&args, shell),
        Command::Stress(args) => stress::run(&args, shell),
        Command::Sensitivity(args) => sensitivity::run(&args, shell),
        Command::Report(args) => report::run(&args, shell),
        Command::Replay(args) => replay::run(&args, shell),
        Command::Network(args) => network::run(&args, shell),
        Command::Optimize(args) => optimize::run(&args, shell),
        Command::Verify(args) => verify::run(&args, shell),
        Command::Merge(args) => merge::run(&args, shell),
    }
}

/// A failure of the lab.
fn failed(what: &str, error: impl std::fmt::Display) -> Failure {
    Failure::new(Code::Failed, what).because(error)
}

/// The name of a file, for errors, and its text.
fn read(file: &std::path::Path) -> Result<(String, String)> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("cannot read {name}")).because(error))?;
    Ok((name, text))
}

/// A scenario that was refused.
fn refused(error: &weir_lab::scenario::ScenarioError) -> Failure {
    Failure::usage("the scenario is refused")
        .because(error)
        .next("weir lab scenarios calm   prints every key with its unit")
}
