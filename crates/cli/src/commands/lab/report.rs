//! `weir lab report`: the figures of paths that were run, as one HTML file.

use std::path::{Path, PathBuf};

use serde::Serialize;
use weir_lab::report::{Figures, figures, html, summary};
use weir_lab::scenario::Scenario;
use weir_lab::stress::{Moment, Plan};
use weir_lab::table::Paths;

use super::failed;
use crate::failure::Result;
use crate::shell::Shell;

/// Paths that are drawn step by step.
const DRAWN: u64 = 5;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir lab report lab/calm --html calm.html
  weir lab report merged.parquet --html all.html --json")]
pub struct Args {
    /// Folder of `weir lab stress`, or a file of `weir lab merge`
    #[arg(value_name = "PATHS")]
    paths: PathBuf,
    /// Where the report goes
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    html: PathBuf,
}

#[derive(Debug, Serialize)]
struct Outcome {
    html: PathBuf,
    figures: Figures,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let unread = |error| failed("the paths cannot be read", error);
    let paths = Paths::open(&args.paths).map_err(unread)?;
    let figures = figures(&paths).map_err(unread)?;
    write(&paths, &figures, &args.html, shell)?;
    let outcome = Outcome {
        html: args.html.clone(),
        figures,
    };
    shell.result(&outcome, |outcome| {
        let lines: String = summary(&outcome.figures)
            .iter()
            .map(|line| format!("{line}\n"))
            .collect();
        format!("{lines}\n{}\n", outcome.html.display())
    })
}

/// Writes the report, with a few paths run again to be drawn step by step.
pub fn write(paths: &Paths, figures: &Figures, file: &Path, shell: Shell) -> Result {
    let recorded = recorded(paths).unwrap_or_else(|why| {
        shell.note(format!("no single paths in the report: {why}"));
        Vec::new()
    });
    let page = html(paths, figures, &recorded)
        .map_err(|error| failed("the report cannot be drawn", error))?;
    std::fs::write(file, page)
        .map_err(|error| failed(&format!("cannot write {}", file.display()), error))
}

fn recorded(paths: &Paths) -> std::result::Result<Vec<Vec<Moment>>, String> {
    let scenario: Scenario =
        serde_json::from_str(&paths.about.scenario).map_err(|error| error.to_string())?;
    let plan =
        Plan::with_streams(scenario, paths.about.streams).map_err(|error| error.to_string())?;
    let path = |path| {
        let recorded = plan.recorded(paths.about.seed, path, paths.about.tilt);
        recorded
            .map(|(_, record)| record.moments)
            .map_err(|error| error.to_string())
    };
    (0..DRAWN.min(paths.count)).map(path).collect()
}
