//! `weir lab network`: whether attacking a restaking network would pay.

use std::path::PathBuf;

use weir_lab::network::{analyse, parse, usual_losses};

use super::{failed, page, read};
use crate::failure::{Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file names operators with their stakes, and services with what their corruption is worth, the part of stake that it takes, and who \
serves them. The answer has the certified slack, the best attack with its members, what a first loss can become, and what would make \
the network safe.

Examples:
  weir lab network mine.toml
  weir lab network mine.toml --html network.html --json")]
pub struct Args {
    /// A TOML file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also write a page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let (name, text) = read(&args.file)?;
    let network = parse(&name, &text)
        .map_err(|error| Failure::usage("the network is refused").because(error))?;
    let analysis = analyse(&network, &usual_losses())
        .map_err(|error| failed("the network cannot be analysed", error))?;
    if let Some(html) = &args.html {
        page::write(html, "A restaking network", &analysis.html())?;
    }
    shell.result(&analysis, weir_lab::network::Analysis::text)
}
