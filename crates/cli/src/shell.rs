//! Where output goes: the result to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use crate::failure::{Code, Failure, Result};

/// How this run of the command speaks.
#[derive(Debug, Clone, Copy)]
pub struct Shell {
    /// The result as JSON.
    pub json: bool,
    /// No progress.
    pub quiet: bool,
}

impl Shell {
    /// Prints the result: `value` as JSON, or what `text` makes of it.
    pub fn result<T: Serialize>(&self, value: &T, text: impl FnOnce(&T) -> String) -> Result {
        let out = if self.json {
            let json = serde_json::to_string_pretty(value);
            json.map_err(|error| {
                Failure::new(Code::Failed, "cannot write the result as JSON").because(error)
            })? + "\n"
        } else {
            text(value)
        };
        self.print(&out)
    }

    /// Prints a part of the result that is text.
    pub fn print(&self, text: &str) -> Result {
        let mut stdout = io::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            // Whoever read the output has seen enough (`weir status | head`).
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::new(Code::Failed, "cannot write to stdout").because(error)),
            Ok(()) => Ok(()),
        }
    }

    /// Tells how things go, unless asked to be quiet.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// Asks for a yes before something is sent; without a terminal to ask at, the answer must be on the command line.
    pub fn confirm(&self, question: &str, flag: &str) -> Result<bool> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(Failure::usage(
                "this asks before it sends, and there is no terminal to ask at",
            )
            .next(format!("add {flag} if you mean it")));
        }
        eprint!("{question} [y/N] ");
        let mut answer = String::new();
        io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Failure::new(Code::Failed, "cannot read the answer").because(error))?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}

/// Faint text on stdout, where colours are wanted.
pub fn faint(text: impl Display) -> String {
    console::style(text).dim().to_string()
}

/// Bold text on stdout, where colours are wanted.
pub fn bold(text: impl Display) -> String {
    console::style(text).bold().to_string()
}
