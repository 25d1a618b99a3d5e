//! `weir lab merge`: one file of the paths of all shards.

use std::path::PathBuf;

use serde::Serialize;
use weir_lab::table::merge;

use super::failed;
use crate::failure::Result;
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The result has each path once, in their order; its bytes do not depend on how the work was split. It opens as it is in DuckDB, Spark and \
DataFusion.

Examples:
  weir lab merge shard-0 shard-1 shard-2 --out calm.parquet
  weir lab merge lab/calm --out calm.parquet")]
pub struct Args {
    /// Folders of `weir lab stress`, or files
    #[arg(value_name = "PATHS", required = true)]
    places: Vec<PathBuf>,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Serialize)]
struct Outcome {
    file: PathBuf,
    files_read: usize,
    paths: u64,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let merged = merge(&args.places, &args.out)
        .map_err(|error| failed("the shards cannot be merged", error))?;
    let outcome = Outcome {
        file: args.out.clone(),
        files_read: merged.files,
        paths: merged.paths,
    };
    shell.result(&outcome, |outcome| {
        format!(
            "{} paths of {} files: {}\n",
            outcome.paths,
            outcome.files_read,
            outcome.file.display()
        )
    })
}
