//! Which assumptions matter: Sobol's indices of a figure's mean over ranges of a scenario's values.
//!
//! Each evaluation is the mean of a column over the same paths (the same seed and streams), so that what varies is the assumption and not the
//! draws. See [`sobol`](crate::math::sobol) for the estimators.

use serde::Serialize;

use crate::math::sobol::{Index, indices};
use crate::scenario::{Scenario, ScenarioError};
use crate::stress::{PathError, Plan, column};

/// A value of the scenario and the range that it is drawn from, evenly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Vary {
    /// Its key, such as `slashing.client_per_year`.
    pub key: String,
    /// Least.
    pub low: f64,
    /// Most.
    pub high: f64,
}

/// How many evaluations, of how many paths each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Points of a scramble.
    pub points: u32,
    /// Independent scrambles, for standard errors.
    pub scrambles: u32,
    /// Paths of an evaluation.
    pub paths: u64,
    /// Root seed.
    pub seed: u64,
}

/// What an assumption explains.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained {
    /// The assumption.
    #[serde(flatten)]
    pub vary: Vary,
    /// What it explains.
    #[serde(flatten)]
    pub index: Index,
}

/// Why there are no indices.
#[derive(Debug, thiserror::Error)]
pub enum SensitivityError {
    /// An end of a range is refused.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A path failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// There is no such figure.
    #[error("there is no figure {0}")]
    Column(String),
    /// The figure is the same everywhere.
    #[error("{0} is the same wherever these assumptions are: nothing to explain")]
    Constant(String),
}

/// The indices of the mean of column `of` in the scenario `name`.
pub fn sensitivity(
    name: &str,
    of: &str,
    vary: &[Vary],
    effort: Effort,
) -> Result<Vec<Explained>, SensitivityError> {
    let place = column(of).ok_or_else(|| SensitivityError::Column(of.to_owned()))?;
    let streams = Scenario::load(name)?.fingerprint()?;
    let mean = |values: &[f64]| -> Result<f64, SensitivityError> {
        let sets: Vec<String> = vary
            .iter()
            .zip(values)
            .map(|(vary, value)| format!("{}={value:?}", vary.key))
            .collect();
        let plan = Plan::with_streams(Scenario::load_with(name, &sets)?, streams)?;
        let mut sum = 0.0;
        for path in 0..effort.paths {
            sum += plan.path(effort.seed, path, 1.0)?.row()[place];
        }
        Ok(sum / effort.paths as f64)
    };
    // Ends first: what is refused there is a mistake of the caller.
    mean(&vary.iter().map(|vary| vary.low).collect::<Vec<_>>())?;
    mean(&vary.iter().map(|vary| vary.high).collect::<Vec<_>>())?;
    let at = |point: &[f64]| {
        let values: Vec<f64> = vary
            .iter()
            .zip(point)
            .map(|(vary, at)| vary.low + (vary.high - vary.low) * at)
            .collect();
        mean(&values).unwrap_or(f64::NAN)
    };
    let Effort {
        points,
        scrambles,
        seed,
        ..
    } = effort;
    let found = indices(at, vary.len() as u32, points, scrambles, seed as u32);
    let found = found.ok_or_else(|| SensitivityError::Constant(of.to_owned()))?;
    Ok(vary
        .iter()
        .zip(found)
        .map(|(vary, index)| Explained {
            vary: vary.clone(),
            index,
        })
        .collect())
}
