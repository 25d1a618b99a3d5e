//! What is replayed, laid out on the steps of a scenario.

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

impl History {
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
