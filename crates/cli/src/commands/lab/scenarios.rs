//! `weir lab scenarios`: the gallery.

use serde::Serialize;
use weir_lab::scenario::{GALLERY, Scenario};

use super::refused;
use crate::failure::Result;
use crate::shell::{Shell, bold};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir lab scenarios
  weir lab scenarios bank-run > mine.toml")]
pub struct Args {
    /// Print this one, comments and all
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    title: String,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    if let Some(name) = &args.name {
        Scenario::named(name).map_err(|error| refused(&error))?;
        let text = GALLERY
            .iter()
            .find(|named| named.name == name)
            .map_or("", |named| named.text);
        return shell.print(text);
    }
    let mut rows = Vec::new();
    for named in GALLERY {
        let scenario = Scenario::named(named.name).map_err(|error| refused(&error))?;
        rows.push(Row {
            name: named.name,
            title: scenario.title,
        });
    }
    shell.result(&rows, |rows| {
        rows.iter()
            .map(|row| format!("{:<14} {}\n", bold(row.name), row.title))
            .collect()
    })
}
