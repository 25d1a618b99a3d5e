//! The `weir` command.

mod accounts;
mod amount;
mod cli;
mod commands;
mod connect;
mod datum;
mod decode;
mod deed;
mod devchain;
#[cfg(test)]
mod documents;
mod explain;
mod failure;
mod governed;
mod json;
mod order;
mod permit;
mod pocket;
mod read;
mod report;
mod shell;
mod site;
mod table;
mod time;
mod transact;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::Cli;
use crate::failure::{Code, Failure};

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WEIR_LOG")
                .unwrap_or_else(|_| "error".into()),
        )
        .init();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    let json = cli.json;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(cli.run()),
        Err(error) => Err(Failure::new(Code::Failed, "cannot start threads").because(error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report(json);
            ExitCode::from(failure.code as u8)
        }
    }
}

/// Help and the version, which are results, or what is wrong with the arguments.
fn not_understood(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if !error.use_stderr() || !wants_json {
        error.exit();
    }
    let text = error.to_string();
    let mut parts = text.trim_start_matches("error: ").trim().split("\n\n");
    let failure = Failure::usage(parts.next().unwrap_or_default());
    let next: Vec<&str> = parts.map(str::trim).collect();
    let failure = if next.is_empty() {
        failure
    } else {
        failure.next(next.join("\n"))
    };
    failure.report(true);
    ExitCode::from(failure.code as u8)
}
