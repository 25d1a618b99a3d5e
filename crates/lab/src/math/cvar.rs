//! The tail of a sample of losses.
//!
//! ```text
//! VaR_β  = the smallest x with P(L <= x) >= β
//! CVaR_β = VaR + E[(L − VaR)+] / (1 − β)                    (Rockafellar and Uryasev, 2000)
//! ```
//!
//! The standard error of the estimate is that of the mean of `VaR + (L − VaR)+/(1 − β)`, which is its asymptotic one
//! (the error of VaR cancels to first order).

/// The tail of a sample.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Tail {
    /// The level β.
    pub level: f64,
    /// Value at risk: the loss that the part β of outcomes does not exceed.
    pub value_at_risk: f64,
    /// The mean loss of the rest.
    pub expected_shortfall: f64,
    /// Standard error of the mean loss of the rest.
    pub standard_error: f64,
    /// Effective number of samples: `(Σw)²/Σw²`.
    pub effective_samples: f64,
}

/// The tail of equally likely `losses` beyond `level` (0 to below 1), or `None` where there are no losses, one is NaN or the
/// level is not in range. Sorts `losses`.
pub fn tail(losses: &mut [f64], level: f64) -> Option<Tail> {
    if losses.iter().any(|loss| loss.is_nan()) {
        return None;
    }
    losses.sort_unstable_by(f64::total_cmp);
    let n = losses.len();
    if n == 0 || !(0.0..1.0).contains(&level) {
        return None;
    }
    // The least loss that at least n·β outcomes do not exceed, with room for the rounding of n·β.
    let rank = (n as f64 * level - 1e-9).ceil().max(1.0) as usize;
    let value_at_risk = losses[rank - 1];
    let weights = std::iter::repeat_n(1.0, n);
    Some(shortfall(
        losses.iter().copied().zip(weights),
        value_at_risk,
        level,
    ))
}

/// The same of `(loss, weight)` pairs, as importance sampling gives them: weights are not negative and need not sum to one.
/// Sorts the pairs.
pub fn weighted_tail(losses: &mut [(f64, f64)], level: f64) -> Option<Tail> {
    let is_bad =
        |(loss, weight): &(f64, f64)| loss.is_nan() || !weight.is_finite() || *weight < 0.0;
    if losses.iter().any(is_bad) || !(0.0..1.0).contains(&level) {
        return None;
    }
    losses.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = losses.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mut below = 0.0;
    let mut value_at_risk = losses.last()?.0;
    for (loss, weight) in losses.iter() {
        below += weight;
        if *weight > 0.0 && below >= level * total * (1.0 - 1e-12) {
            value_at_risk = *loss;
            break;
        }
    }
    Some(shortfall(losses.iter().copied(), value_at_risk, level))
}

fn shortfall(
    losses: impl Iterator<Item = (f64, f64)> + Clone,
    value_at_risk: f64,
    level: f64,
) -> Tail {
    let (mut total, mut squares, mut mean) = (0.0, 0.0, 0.0);
    for (loss, weight) in losses.clone() {
        total += weight;
        squares += weight * weight;
        mean += weight * (loss - value_at_risk).max(0.0);
    }
    mean /= total;
    let mut variance = 0.0;
    for (loss, weight) in losses {
        let off = (loss - value_at_risk).max(0.0) - mean;
        variance += weight * weight * off * off;
    }
    Tail {
        level,
        value_at_risk,
        expected_shortfall: value_at_risk + mean / (1.0 - level),
        standard_error: variance.sqrt() / total / (1.0 - level),
        effective_samples: total * total / squares,
    }
}

/// CVaR of a normal loss of mean `mean` and standard deviation `deviation`: `μ + σ·φ(z_β)/(1 − β)`.
pub fn normal_shortfall(mean: f64, deviation: f64, level: f64) -> f64 {
    use statrs::distribution::{Continuous, ContinuousCDF, Normal};
    let standard = Normal::standard();
    let density = standard.pdf(standard.inverse_cdf(level));
    mean + deviation * density / (1.0 - level)
}
