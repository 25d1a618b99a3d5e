//! What a report says, as numbers.

use serde::Serialize;

use super::ONE_OF;
use crate::estimate::{Estimate, Sample};
use crate::scenario::Scenario;
use crate::stress::COLUMNS;
use crate::table::{Paths, TableError};

/// A column's estimates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The column.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it says.
    pub about: &'static str,
    /// Mean.
    pub mean: Estimate,
    /// Quantile of 5 %.
    pub low: Estimate,
    /// Median.
    pub median: Estimate,
    /// Quantile of 95 %.
    pub high: Estimate,
    /// Exceeded to the bad side in 1 of 400 paths.
    pub worst: Estimate,
}

/// The probability of something that a path does or does not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chance {
    /// What.
    pub what: &'static str,
    /// How likely over the horizon.
    pub probability: Estimate,
}

/// Everything that a report says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Title of the scenario.
    pub title: String,
    /// Where its numbers come from.
    pub source: String,
    /// Length of a path, days.
    pub horizon_days: f64,
    /// Paths.
    pub paths: u64,
    /// Effective sample size of the weights.
    pub effective: f64,
    /// Root seed.
    pub seed: u64,
    /// Factor of the intensity of shocks.
    pub tilt: f64,
    /// Each column.
    pub columns: Vec<Figure>,
    /// Probabilities.
    pub chances: Vec<Chance>,
    /// The largest gap of the books over all paths, ETH.
    pub largest_gap_eth: f64,
}

impl Figures {
    /// The estimates of a column; all columns are there.
    pub fn of(&self, name: &str) -> Option<&Figure> {
        self.columns.iter().find(|figure| figure.name == name)
    }
}

/// Columns of which more is better.
const MORE_IS_BETTER: [&str; 10] = [
    "end_rate",
    "backing_min",
    "backing_end",
    "floor_min",
    "lp_stable_il_part",
    "lp_range_il_part",
    "apy_net_part",
    "apy_base_part",
    "apy_service_part",
    "apy_slash_part",
];

type Test = fn(f64) -> bool;

/// What a summary asks the probability of: a column and a threshold.
const CHANCES: [(&str, &str, Test); 8] = [
    (
        "a slash reaches holders: backing falls under 99.9 %",
        "backing_min",
        |value| value < 0.999,
    ),
    ("backing falls under 99 %", "backing_min", |value| {
        value < 0.99
    }),
    ("backing falls under 95 %", "backing_min", |value| {
        value < 0.95
    }),
    (
        "the pool trades more than 1 % under the rate",
        "discount_max",
        |value| value > 0.01,
    ),
    (
        "the pool trades more than 5 % under the rate",
        "discount_max",
        |value| value > 0.05,
    ),
    (
        "lenders are left with bad debt of more than 1 ETH",
        "bad_debt_eth",
        |value| value > 1.0,
    ),
    (
        "a cascade: a tenth of all loans liquidated within three days",
        "cascade_part",
        |value| value >= 0.1,
    ),
    (
        "a batch is paid, and through Ethereum's queue, only after 30 days",
        "wait_max_days",
        |value| value > 30.0,
    ),
];

/// Estimates everything from files of paths.
pub fn figures(paths: &Paths) -> Result<Figures, TableError> {
    let log_ratios = paths.column("log_ratio")?;
    let weights: Option<Vec<f64>> =
        (paths.about.tilt != 1.0).then(|| log_ratios.iter().map(|log| log.exp()).collect());
    let weights = weights.as_deref();
    let mut columns = Vec::new();
    for column in COLUMNS.iter().filter(|column| column.name != "log_ratio") {
        let values = paths.column(column.name)?;
        let mut sample = Sample::new(&values, weights);
        let tail = 1.0 / ONE_OF;
        let worst = if MORE_IS_BETTER.contains(&column.name) {
            tail
        } else {
            1.0 - tail
        };
        columns.push(Figure {
            name: column.name,
            unit: column.unit,
            about: column.about,
            mean: sample.mean(),
            low: sample.quantile(0.05),
            median: sample.quantile(0.5),
            high: sample.quantile(0.95),
            worst: sample.quantile(worst),
        });
    }
    let mut chances = Vec::new();
    for (what, name, test) in CHANCES {
        let values = paths.column(name)?;
        chances.push(Chance {
            what,
            probability: Sample::new(&values, weights).probability(test),
        });
    }
    let gaps = paths.column("gap_eth")?;
    // Files say what they are of; a scenario of another version is still shown, without its title.
    let scenario: Option<Scenario> = serde_json::from_str(&paths.about.scenario).ok();
    let (title, source, horizon_days) = match scenario {
        Some(scenario) => (scenario.title, scenario.source, scenario.time.horizon_days),
        None => (
            "A scenario of another version".to_owned(),
            String::new(),
            0.0,
        ),
    };
    Ok(Figures {
        title,
        source,
        horizon_days,
        paths: paths.count,
        effective: Sample::new(&log_ratios, weights).effective(),
        seed: paths.about.seed,
        tilt: paths.about.tilt,
        columns,
        chances,
        largest_gap_eth: gaps.iter().fold(0.0, |most: f64, gap| most.max(gap.abs())),
    })
}
