//! Importance sampling: an estimate from draws of another distribution, with its error and its effective sample size.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// A weighted mean, added up draw by draw; the same bytes for the same order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    draws: u64,
    sum: f64,
    squares: f64,
    weight: f64,
    weight_squares: f64,
}

impl Estimate {
    /// Adds a draw of `value`, whose likelihood under the wanted distribution is `e^log_weight` times that under the one it
    /// was drawn from.
    pub fn add(&mut self, value: f64, log_weight: f64) {
        let weight = log_weight.exp();
        let term = value * weight;
        self.draws += 1;
        self.sum += term;
        self.squares += term * term;
        self.weight += weight;
        self.weight_squares += weight * weight;
    }

    /// Adds all draws of `other`, after its own.
    pub fn merge(&mut self, other: &Self) {
        self.draws += other.draws;
        self.sum += other.sum;
        self.squares += other.squares;
        self.weight += other.weight;
        self.weight_squares += other.weight_squares;
    }

    /// The unbiased mean: `Σ value·weight / draws`.
    pub fn mean(&self) -> f64 {
        self.sum / self.draws as f64
    }

    /// Its standard error.
    pub fn standard_error(&self) -> f64 {
        let n = self.draws as f64;
        let mean = self.mean();
        ((self.squares / n - mean * mean).max(0.0) / (n - 1.0)).sqrt()
    }

    /// Effective number of draws for common events, `(Σw)²/Σw²`: how many equal draws would weigh the same.
    pub fn effective_draws(&self) -> f64 {
        self.weight * self.weight / self.weight_squares
    }

    /// Effective number of draws behind this very mean, `(Σ term)²/Σ term²`: for a rare event, how many equal hits.
    pub fn effective_hits(&self) -> f64 {
        self.sum * self.sum / self.squares
    }
}

/// P(Z > `threshold`) of a standard normal by `draws` draws of a normal moved to the threshold: the exponential tilt, with
/// likelihood ratio `e^(θ²/2 − θz)`.
pub fn normal_exceedance(threshold: f64, draws: u64, rng: &mut impl Rng) -> Estimate {
    let mut estimate = Estimate::default();
    for _ in 0..draws {
        let moved: f64 = StandardNormal.sample(rng);
        let z = moved + threshold;
        let hit = f64::from(u8::from(z > threshold));
        estimate.add(hit, threshold * threshold / 2.0 - threshold * z);
    }
    estimate
}
