//! `weir lab replay`: what happened, in place of what might.

use std::path::{Path, PathBuf};

use serde::Serialize;
use weir_lab::estimate::{Estimate, Sample};
use weir_lab::replay::{History, HistoryError, Series, Sources, own, pool, queue, rates, unix_of};
use weir_lab::scenario::Scenario;
use weir_lab::stress::{COLUMNS, Plan};

use super::{failed, read, refused};
use crate::failure::{Failure, Result};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
What a file says replaces what would be drawn; the rest of the scenario stays as it is. The files are yours: the lab ships none. Known \
shapes: rETH's balances of xrchz/rockettrack (balances.jsonl), Curve's stETH pool of MiguelBits/curve-studies-depegs (stETH.csv), \
Ethereum's queue of etheralpha/validatorqueue-com (historical_data.json). A CSV of your own has a first column day (YYYY-MM-DD) or unix_s, \
and any of the columns rate_eth, wait_days, pool_part.

Examples:
  weir lab replay steth-2022 --from 2022-02-20 --pool stETH.csv
  weir lab replay calm --from 2025-08-01 --queue historical_data.json
  weir lab replay calm --from 2024-01-01 --csv mine.csv --column rate_eth")]
pub struct Args {
    /// Name in the gallery, or path of a TOML file
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The day that the paths begin at
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: String,
    /// rETH's balances: the rate of every asset grows as rETH's did
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// Balances of a pool: what its staked part rises by is sold
    #[arg(long, value_name = "FILE")]
    pool: Option<PathBuf>,
    /// Ethereum's exit queue
    #[arg(long, value_name = "FILE")]
    queue: Option<PathBuf>,
    /// A CSV of your own
    #[arg(long, value_name = "FILE", requires = "columns")]
    csv: Option<PathBuf>,
    /// What to take of it: rate_eth, wait_days or pool_part; may be repeated
    #[arg(long = "column", value_name = "NAME", requires = "csv")]
    columns: Vec<String>,
    /// How many paths: what no file says is still drawn
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    paths: u64,
    /// Root seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    unit: &'static str,
    mean: Estimate,
    low_5: f64,
    high_95: f64,
}

/// Runs the command.
pub fn run(args: &Args, shell: Shell) -> Result {
    let scenario = Scenario::load(&args.scenario).map_err(|error| refused(&error))?;
    let from_s = unix_of(&args.from).ok_or_else(|| {
        Failure::usage(format!("{} is no day", args.from)).next("YYYY-MM-DD, such as 2022-05-01")
    })?;
    let sources = sources(args)?;
    let history = History::new(&sources, from_s, &scenario.time).map_err(unfit)?;
    let mut plan =
        Plan::new(scenario).map_err(|error| failed("the vault cannot be opened", error))?;
    plan.history = Some(history);
    let outcomes: std::result::Result<Vec<_>, _> = (0..args.paths)
        .map(|path| plan.path(args.seed, path, 1.0))
        .collect();
    let outcomes = outcomes.map_err(|error| failed("a path cannot be run", error))?;
    let row = |(place, column): (usize, &weir_lab::stress::Column)| {
        let values: Vec<f64> = outcomes
            .iter()
            .map(|outcome| outcome.row()[place])
            .collect();
        let mut sample = Sample::new(&values, None);
        Row {
            name: column.name,
            unit: column.unit,
            mean: sample.mean(),
            low_5: sample.quantile(0.05).value,
            high_95: sample.quantile(0.95).value,
        }
    };
    let rows: Vec<Row> = COLUMNS.iter().enumerate().skip(1).map(row).collect();
    shell.result(&rows, |rows| {
        let lines = rows.iter().map(|row| {
            format!(
                "{:<24} {:>14.5} {:>14.5} {:>14.5}  {}\n",
                row.name, row.mean.value, row.low_5, row.high_95, row.unit
            )
        });
        format!("{:<24} {:>14} {:>14} {:>14}\n", "", "mean", "5 %", "95 %")
            + &lines.collect::<String>()
    })
}

type Parse = fn(&str, &str) -> std::result::Result<Series, HistoryError>;

fn sources(args: &Args) -> Result<Sources> {
    let known = |file: &Option<PathBuf>, parse: Parse| {
        file.as_deref().map(|file| series(file, parse)).transpose()
    };
    let mut sources = Sources {
        rate: known(&args.rates, rates)?,
        wait_days: known(&args.queue, queue)?,
        pool_part: known(&args.pool, pool)?,
    };
    let Some(csv) = &args.csv else {
        return Ok(sources);
    };
    let (name, text) = read(csv)?;
    for column in &args.columns {
        let place = match column.as_str() {
            "rate_eth" => &mut sources.rate,
            "wait_days" => &mut sources.wait_days,
            "pool_part" => &mut sources.pool_part,
            other => {
                return Err(Failure::usage(format!("{other} replaces nothing"))
                    .next("rate_eth, wait_days or pool_part"));
            }
        };
        *place = Some((name.clone(), own(&name, &text, column).map_err(unfit)?));
    }
    Ok(sources)
}

fn series(file: &Path, parse: Parse) -> Result<(String, Series)> {
    let (name, text) = read(file)?;
    let series = parse(&name, &text).map_err(unfit)?;
    Ok((name, series))
}

fn unfit(error: HistoryError) -> Failure {
    Failure::usage("the history is refused").because(error)
}
