//! `weir lab sensitivity`: which assumptions matter.

use weir_lab::sensitivity::{Effort, Explained, Vary, sensitivity};

use super::failed;
use crate::failure::Result;
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Draws the assumptions evenly from their ranges and says which part of the variance of a figure's mean each explains: alone (first), and with \
everything it interacts with (total). It runs points x (assumptions + 2) x scrambles evaluations of so many paths each, all on the same draws.

Examples:
  weir lab sensitivity calm --of slashed_eth --vary slashing.reach=0.2..1
  weir lab sensitivity calm --of discount_max --vary trading.noise_eth=10..200")]
pub struct Args {
    /// Name in the gallery, or path of a TOML file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The figure, as `weir lab report` names it
    #[arg(long, value_name = "FIGURE")]
    of: String,
    /// An assumption and its range; may be repeated
    #[arg(long, value_name = "TABLE.KEY=LOW..HIGH", required = true, value_parser = range)]
    vary: Vec<Vary>,
    /// Points of a scramble
    #[arg(long, value_name = "COUNT", default_value_t = 64)]
    points: u32,
    /// Independent scrambles, for standard errors
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    scrambles: u32,
    /// Paths of an evaluation
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    paths: u64,
    /// Root seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

fn range(text: &str) -> std::result::Result<Vary, String> {
    let read = || {
        let (key, range) = text.split_once('=')?;
        let (low, high) = range.split_once("..")?;
        let (low, high): (f64, f64) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        (low < high).then(|| Vary {
            key: key.trim().to_owned(),
            low,
            high,
        })
    };
    read().ok_or_else(|| "expected TABLE.KEY=LOW..HIGH, such as slashing.reach=0.2..1".to_owned())
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let effort = Effort {
        points: args.points,
        scrambles: args.scrambles,
        paths: args.paths,
        seed: args.seed,
    };
    let explained = sensitivity(&args.scenario, &args.of, &args.vary, effort)
        .map_err(|error| failed("there are no indices", error))?;
    shell.result(&explained, |explained| {
        let lines = explained.iter().map(|Explained { vary, index }| {
            format!(
                "{:<36} {:>6.3} ± {:.3}   {:>6.3} ± {:.3}\n",
                vary.key, index.first, index.first_error, index.total, index.total_error
            )
        });
        format!("{:<36} {:>14}   {:>14}\n", "", "first", "total") + &lines.collect::<String>()
    })
}
