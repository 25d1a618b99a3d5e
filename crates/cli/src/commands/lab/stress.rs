//! `weir lab stress`: Monte Carlo of a vault in its markets.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use weir_lab::report::{Figures, figures, summary};
use weir_lab::scenario::Scenario;
use weir_lab::stress::Plan;
use weir_lab::stress::run::{Job, Ran, RunError, run as run_paths};
use weir_lab::table::Paths;

use super::progress::Progress;
use super::{failed, refused, report};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A scenario is a name of the gallery or a TOML file; what a file leaves out is as in `calm`. The same seed gives the same paths on any \
number of threads and shards. Ctrl-C ends the run and keeps what is done; the same command with --resume does the rest. A tilt over 1 \
makes slashes more frequent and weighs each path by its likelihood ratio: rare losses need far fewer paths.

Examples:
  weir lab stress calm
  weir lab stress rogue-service --paths 100000 --out rogue --html rogue.html
  weir lab stress calm --tilt 8 --out tail
  weir lab stress bridge-shock --set lending.oracle=floor --out floor
  weir lab stress calm --paths 1000000 --shard 0/8 --out /data/calm")]
pub struct Args {
    /// Name in the gallery, or path of a TOML file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Paths of the whole run, all shards together
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    paths: u64,
    /// Root seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Factor of the intensity of slashing shocks
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    tilt: f64,
    /// Replaces a value of the scenario, on the same draws as without it; may be repeated
    #[arg(long = "set", value_name = "TABLE.KEY=VALUE")]
    sets: Vec<String>,
    /// Only this part of the paths: number from 0, of so many
    #[arg(long, value_name = "I/N", default_value = "0/1", value_parser = shard)]
    shard: (u64, u64),
    /// Threads; as many as there are cores by default
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 0,
        hide_default_value = true
    )]
    threads: usize,
    /// Folder for the paths, as Parquet; `lab/SCENARIO` by default
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Keep what is in the folder, and run what is missing
    #[arg(long)]
    resume: bool,
    /// Also draw the report, once all paths are there
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

fn shard(text: &str) -> std::result::Result<(u64, u64), String> {
    let numbers = text
        .split_once('/')
        .and_then(|(shard, of)| Some((shard.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((shard, of)) if shard < of => Ok((shard, of)),
        _ => Err("expected I/N with I from 0 and under N, such as 0/8".to_owned()),
    }
}

#[derive(Debug, Serialize)]
struct Outcome {
    folder: PathBuf,
    paths_kept: u64,
    paths_run: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<Figures>,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    if !(args.tilt.is_finite() && args.tilt > 0.0 && args.tilt <= 1e4) {
        return Err(Failure::usage(format!(
            "a tilt of {} weighs nothing; expected a factor over 0",
            args.tilt
        )));
    }
    let scenario =
        Scenario::load_with(&args.scenario, &args.sets).map_err(|error| refused(&error))?;
    let base = Scenario::load(&args.scenario).map_err(|error| refused(&error))?;
    let streams = base.fingerprint().map_err(|error| refused(&error))?;
    let plan = Plan::with_streams(scenario, streams)
        .map_err(|error| failed("the vault cannot be opened", error))?;
    let job = Job {
        seed: args.seed,
        tilt: args.tilt,
        paths: args.paths,
        shard: args.shard,
        threads: args.threads,
        folder: folder(args),
        resume: args.resume,
    };
    let stop = until_interrupted();
    let (first, end) = job.range();
    let mut progress = Progress::new(shell, end - first);
    let ran = run_paths(&plan, &job, &stop, |done| progress.tell(done))
        .map_err(|error| explain(&error, args))?;
    if ran.stopped {
        return Err(stopped(&ran, &job, args));
    }
    let is_whole = args.shard == (0, 1);
    let figures = if is_whole {
        let paths =
            Paths::open(&job.folder).map_err(|error| failed("the paths cannot be read", error))?;
        let figures = figures(&paths).map_err(|error| failed("the paths cannot be read", error))?;
        if let Some(html) = &args.html {
            report::write(&paths, &figures, html, shell)?;
        }
        Some(figures)
    } else {
        None
    };
    let outcome = Outcome {
        folder: job.folder,
        paths_kept: ran.kept,
        paths_run: ran.ran,
        figures,
    };
    shell.result(&outcome, text)
}

fn folder(args: &Args) -> PathBuf {
    let name = PathBuf::from(&args.scenario);
    let name = name.file_stem().unwrap_or_default().to_owned();
    args.out
        .clone()
        .unwrap_or_else(|| PathBuf::from("lab").join(name))
}

/// Set by the first Ctrl-C; a second one ends the process as usual.
fn until_interrupted() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            heard.store(true, Ordering::Relaxed);
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
    stop
}

fn explain(error: &RunError, args: &Args) -> Failure {
    match error {
        RunError::NotEmpty(folder) => {
            Failure::usage(format!("{} holds paths already", folder.display()))
                .next("add --resume to keep them and run the rest, or give another --out")
        }
        error => failed(&format!("{} cannot be run", args.scenario), error),
    }
}

fn stopped(ran: &Ran, job: &Job, args: &Args) -> Failure {
    let done = ran.kept + ran.ran;
    Failure::new(
        Code::Unfinished,
        format!("stopped after {done} of {} paths", ran.of),
    )
    .because(format!("they are in {}", job.folder.display()))
    .next(format!(
        "weir lab stress {} … --resume   does the rest",
        args.scenario
    ))
}

fn text(outcome: &Outcome) -> String {
    let Outcome {
        folder,
        paths_kept,
        paths_run,
        figures,
    } = outcome;
    let mut text = String::new();
    if let Some(figures) = figures {
        text += &format!(
            "{}, {} paths, seed {}\n\n",
            figures.title, figures.paths, figures.seed
        );
        for line in summary(figures) {
            text += &format!("  {line}\n");
        }
        text += "\n";
    }
    let kept = if *paths_kept > 0 {
        format!(", {paths_kept} were there")
    } else {
        String::new()
    };
    text + &format!("{paths_run} paths run{kept}: {}\n", folder.display())
}
