//! `weir lab optimize`: where to allocate.

use std::path::PathBuf;

use weir_lab::optimize::{Plan, optimise, parse};

use super::{failed, page, read};
use crate::failure::{Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file names operators, services with what they pay and how they may be slashed, and the limits of exposure. The answer is the \
allocation of least tail loss (CVaR) that earns the wanted return under the limits, the price of each limit, the efficient frontier, and \
the curator's transactions.

Examples:
  weir lab optimize mine.toml
  weir lab optimize mine.toml --html plan.html --json")]
pub struct Args {
    /// A TOML file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also write a page, with the frontier drawn
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let (name, text) = read(&args.file)?;
    let scenario = parse(&name, &text)
        .map_err(|error| Failure::usage("the file is refused").because(error))?;
    let plan = optimise(&scenario).map_err(|error| failed("there is no such allocation", error))?;
    if let Some(html) = &args.html {
        page::write(html, "Where to allocate", &plan.html())?;
    }
    shell.result(&plan, Plan::text)
}
