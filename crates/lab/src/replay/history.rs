//! What is replayed, laid out on the steps of a scenario.

use super::{HistoryError, Series};
use crate::scenario::Time;

/// Series by step, from 1; what is empty is drawn as usual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Growth factor of every asset's rate over the step.
    pub growth: Vec<f64>,
    /// Wait in Ethereum's exit queue, days.
    pub wait_days: Vec<f64>,
    /// Net sale into the pools, as a part of the StableSwap pool's value at the start; negative: bought.
    pub sale_part: Vec<f64>,
}

/// Series that can be replayed, each with the name of its file.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// ETH per asset.
    pub rate: Option<(String, Series)>,
    /// Wait in Ethereum's exit queue, days.
    pub wait_days: Option<(String, Series)>,
    /// The part of a pool that is the staked asset: what it rises by in a step was sold.
    pub pool_part: Option<(String, Series)>,
}

impl History {
    /// Lays series on the steps of a scenario that begins at `from_s`, Unix seconds.
    pub fn new(sources: &Sources, from_s: f64, time: &Time) -> Result<Self, HistoryError> {
        let grid = |source: &Option<(String, Series)>| match source {
            Some((file, series)) => series.grid(file, from_s, time.step_s() as f64, time.steps()),
            None => Ok(Vec::new()),
        };
        let (rate, wait, part) = (
            grid(&sources.rate)?,
            grid(&sources.wait_days)?,
            grid(&sources.pool_part)?,
        );
        Ok(Self {
            growth: rate.windows(2).map(|pair| pair[1] / pair[0]).collect(),
            wait_days: wait.into_iter().skip(1).collect(),
            sale_part: part.windows(2).map(|pair| pair[1] - pair[0]).collect(),
        })
    }

    /// Growth in a step.
    pub fn growth(&self, step: usize) -> Option<f64> {
        self.growth.get(step.checked_sub(1)?).copied()
    }

    /// Wait in a step, days.
    pub fn wait_days(&self, step: usize) -> Option<f64> {
        self.wait_days.get(step.checked_sub(1)?).copied()
    }

    /// Sale in a step.
    pub fn sale_part(&self, step: usize) -> Option<f64> {
        self.sale_part.get(step.checked_sub(1)?).copied()
    }
}
