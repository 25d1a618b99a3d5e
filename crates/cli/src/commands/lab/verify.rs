//! `weir lab verify`: paths of a scenario on the real contracts.

use serde::Serialize;
use weir_flows::Twin;
use weir_lab::scenario::Scenario;
use weir_lab::stress::Plan;
use weir_lab::verify::{Tale, eventful, tale};

use super::{failed, refused};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Takes the paths with the most slash requests, deploys the contracts on a chain in the process for each, and sends every call of the \
path. After each call every changed storage word of vault, exits, allocator and cover, the refusals, the answers and the ledger rebuilt \
from events must be the model's to the wei, and every balance as well every few calls and at the end. The exit code is 5 if anything \
differs.

Examples:
  weir lab verify bank-run
  weir lab verify rogue-service --paths 3 --of 500 --seed 7")]
pub struct Args {
    /// Name in the gallery, or path of a TOML file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// How many paths to play
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    paths: usize,
    /// They are the most eventful of so many
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    of: u64,
    /// Root seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// A path that was played.
#[derive(Debug, Serialize)]
struct Played {
    path: u64,
    calls: usize,
    slashes_executed: u64,
    slashed_eth: f64,
    equal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let scenario = Scenario::load(&args.scenario).map_err(|error| refused(&error))?;
    let plan = Plan::new(scenario).map_err(|error| failed("the vault cannot be opened", error))?;
    let stuck = |error| failed("a path cannot be run", error);
    let mut played = Vec::new();
    for path in eventful(&plan, args.seed, args.of, args.paths).map_err(stuck)? {
        let tale = tale(&plan, args.seed, path).map_err(stuck)?;
        shell.note(format!("path {path}: {} calls", tale.ops.len()));
        played.push(play(tale));
    }
    shell.result(&played, |played| played.iter().map(line).collect())?;
    let different = played.iter().find(|played| !played.equal);
    match different.and_then(|played| played.difference.as_ref()) {
        Some(why) => Err(Failure::new(Code::Mismatch, "contracts and model differ").because(why)),
        None => Ok(()),
    }
}

fn line(played: &Played) -> String {
    let Played {
        path,
        calls,
        slashes_executed,
        slashed_eth,
        equal,
        ..
    } = played;
    let verdict = if *equal {
        "equal to the wei after every call"
    } else {
        "DIFFERENT"
    };
    format!(
        "path {path}: {calls} calls, {slashes_executed} slashes of {slashed_eth:.2} ETH: {verdict}\n"
    )
}

/// Plays a path on a thread of its own: the chain is asked by blocking calls, which a task must not make. A difference is a panic of
/// the twin, whose message says where.
fn play(tale: Tale) -> Played {
    let Tale {
        path,
        outcome,
        model,
        ops,
        operators,
        bonders,
    } = tale;
    let calls = ops.len();
    let twin = std::thread::spawn(move || {
        let mut twin = Twin::of(model, &operators, &bonders);
        for op in &ops {
            twin.step(op);
        }
        twin.finish();
    });
    let twin = twin.join();
    let difference = twin.err().map(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "the twin stopped without a word".to_owned())
    });
    Played {
        path,
        calls,
        slashes_executed: outcome.executed as u64,
        slashed_eth: outcome.slashed_eth,
        equal: difference.is_none(),
        difference,
    }
}
