//! `weir completions`: tab completion for shells.

use clap::CommandFactory as _;
use clap_complete::Shell as Kind;

use crate::cli::Cli;
use crate::failure::Result;
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir completions bash > ~/.local/share/bash-completion/completions/weir
  weir completions zsh > ~/.zfunc/_weir
  weir completions fish > ~/.config/fish/completions/weir.fish")]
pub struct Args {
    /// The shell
    kind: Kind,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(args.kind, &mut Cli::command(), "weir", &mut script);
    shell.print(&String::from_utf8_lossy(&script))
}
