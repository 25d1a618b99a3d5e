//! Estimates from paths, with confidence intervals and effective sample sizes.
//!
//! With weights w (likelihood ratios; all 1 without importance sampling), n paths, and z the normal quantile of 95 %:
//!
//! ```text
//! n_eff        = (Σw)² / Σw²                                     Kish's effective sample size
//! mean         = Σwv / Σw ± z · sqrt(Σ w²(v − mean)²) / Σw       self-normalised, delta method
//! probability  = Wilson's interval without weights;
//!                (Σ w·1) / n ± z · s / sqrt(n) with them         unbiased; s: deviation of w·1; 0 to 3 / n_eff without a hit
//! quantile p   = order statistics at p ± z · sqrt(p(1 − p) / n_eff)
//! ```
//!
//! Sums run in the order of paths: the same bytes on any number of threads.

/// The normal quantile of a two-sided 95 %.
pub const Z95: f64 = 1.959_963_984_540_054;

/// A number with what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % confidence interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Effective sample size.
    pub effective: f64,
}

/// A column with the weights of its paths.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    values: &'a [f64],
    weights: Option<&'a [f64]>,
    /// Places in the order of values; sorted when a quantile is first asked for.
    order: Vec<usize>,
}

impl<'a> Sample<'a> {
    /// A sample; `weights` are likelihood ratios, none if all are 1.
    pub fn new(values: &'a [f64], weights: Option<&'a [f64]>) -> Self {
        Self {
            values,
            weights,
            order: Vec::new(),
        }
    }

    fn weight(&self, place: usize) -> f64 {
        self.weights
            .and_then(|weights| weights.get(place))
            .copied()
            .unwrap_or(1.0)
    }

    fn sums(&self) -> (f64, f64) {
        let weights = (0..self.values.len()).map(|place| self.weight(place));
        weights.fold((0.0, 0.0), |(sum, squares), weight| {
            (sum + weight, squares + weight * weight)
        })
    }

    /// Effective sample size.
    pub fn effective(&self) -> f64 {
        let (sum, squares) = self.sums();
        if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        }
    }

    /// The mean.
    pub fn mean(&self) -> Estimate {
        let (sum, _) = self.sums();
        let weighted = self
            .values
            .iter()
            .enumerate()
            .map(|(place, value)| self.weight(place) * value);
        let mean = weighted.sum::<f64>() / sum;
        let spread = self
            .values
            .iter()
            .enumerate()
            .map(|(place, value)| (self.weight(place) * (value - mean)).powi(2));
        let n = self.values.len() as f64;
        // Bessel's correction, as for a mean without weights.
        let error = (spread.sum::<f64>() * n / (n - 1.0).max(1.0)).sqrt() / sum;
        Estimate {
            value: mean,
            low: mean - Z95 * error,
            high: mean + Z95 * error,
            effective: self.effective(),
        }
    }

    /// The probability that `is_so`.
    pub fn probability(&self, is_so: impl Fn(f64) -> bool) -> Estimate {
        let n = self.values.len() as f64;
        let hits = self
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| is_so(**value));
        if self.weights.is_none() {
            let p = hits.count() as f64 / n;
            let z2 = Z95 * Z95;
            let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
            let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
            return Estimate {
                value: p,
                low: (middle - half).max(0.0),
                high: (middle + half).min(1.0),
                effective: n,
            };
        }
        let (sum, squares) = hits.fold((0.0, 0.0), |(sum, squares), (place, _)| {
            let weight = self.weight(place);
            (sum + weight, squares + weight * weight)
        });
        if sum == 0.0 {
            // Nobody was hit: at 95 %, no more than 3 of so many equal paths would have been (the rule of three).
            let high = (3.0 / self.effective().max(1.0)).min(1.0);
            return Estimate {
                value: 0.0,
                low: 0.0,
                high,
                effective: 0.0,
            };
        }
        let p = sum / n;
        let error = ((squares / n - p * p).max(0.0) / n).sqrt();
        let effective = if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        };
        Estimate {
            value: p,
            low: (p - Z95 * error).max(0.0),
            high: (p + Z95 * error).min(1.0),
            effective,
        }
    }

    fn sort(&mut self) {
        if self.order.len() != self.values.len() {
            self.order = (0..self.values.len()).collect();
            let values = self.values;
            self.order
                .sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
        }
    }

    /// The quantile `p`, from 0 to 1.
    pub fn quantile(&mut self, p: f64) -> Estimate {
        self.sort();
        let effective = self.effective();
        let half = Z95 * (p * (1.0 - p) / effective.max(1.0)).sqrt();
        let [low, value, high] = [p - half, p, p + half].map(|p| self.at(p));
        Estimate {
            value,
            low,
            high,
            effective,
        }
    }

    fn at(&self, p: f64) -> f64 {
        let (sum, _) = self.sums();
        let wanted = p.clamp(0.0, 1.0) * sum;
        let mut below = 0.0;
        for place in &self.order {
            below += self.weight(*place);
            if below >= wanted {
                return self.values[*place];
            }
        }
        self.order
            .last()
            .map_or(f64::NAN, |place| self.values[*place])
    }

    /// The mean of the part `part` of least values.
    pub fn lower_tail_mean(&mut self, part: f64) -> f64 {
        self.sort();
        let (sum, _) = self.sums();
        let (mut left, mut total) = (part * sum, 0.0);
        for place in &self.order {
            let weight = self.weight(*place).min(left);
            total += weight * self.values[*place];
            left -= weight;
            if left <= 0.0 {
                break;
            }
        }
        total / (part * sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stress::random::{Streams, normal};

    /// Of 2,000 intervals of 95 %, so many may miss: 100 ± 3·sqrt(2000·.05·.95) ≈ 71 to 129.
    fn covers(miss: usize) -> bool {
        (65..=135).contains(&miss)
    }

    #[test]
    fn intervals_of_the_mean_cover_it_as_often_as_they_say() {
        let miss = (0..2_000).filter(|rep| {
            let mut random = Streams::new(*rep, 1, 0).markets;
            let values: Vec<f64> = (0..200).map(|_| 3.0 + 2.0 * normal(&mut random)).collect();
            let mean = Sample::new(&values, None).mean();
            mean.low > 3.0 || mean.high < 3.0
        });
        let miss = miss.count();
        assert!(covers(miss), "{miss}");
    }

    #[test]
    fn intervals_of_a_probability_cover_it() {
        // P(Z > 1) = 0.158655
        let miss = (0..2_000).filter(|rep| {
            let mut random = Streams::new(*rep, 2, 0).markets;
            let values: Vec<f64> = (0..400).map(|_| normal(&mut random)).collect();
            let p = Sample::new(&values, None).probability(|value| value > 1.0);
            p.low > 0.158_655 || p.high < 0.158_655
        });
        let miss = miss.count();
        assert!(covers(miss), "{miss}");
    }

    #[test]
    fn intervals_of_a_quantile_cover_it() {
        // The 90 % quantile of a standard normal.
        let truth = 1.281_551_565_5;
        let miss = (0..2_000).filter(|rep| {
            let mut random = Streams::new(*rep, 3, 0).markets;
            let values: Vec<f64> = (0..500).map(|_| normal(&mut random)).collect();
            let quantile = Sample::new(&values, None).quantile(0.9);
            quantile.low > truth || quantile.high < truth
        });
        let miss = miss.count();
        assert!((55..=150).contains(&miss), "{miss}");
    }

    #[test]
    fn weighted_intervals_cover_under_a_tilted_normal() {
        // Draws from N(2, 1), weighed back to N(0, 1): ratio exp(2 − 2x). P(Z > 2) = 0.0227501319.
        let truth = 0.022_750_131_9;
        let miss = (0..2_000).filter(|rep| {
            let mut random = Streams::new(*rep, 4, 0).markets;
            let values: Vec<f64> = (0..400).map(|_| 2.0 + normal(&mut random)).collect();
            let weights: Vec<f64> = values.iter().map(|x| (2.0 - 2.0 * x).exp()).collect();
            let p = Sample::new(&values, Some(&weights)).probability(|value| value > 2.0);
            p.low > truth || p.high < truth
        });
        let miss = miss.count();
        assert!((60..=150).contains(&miss), "{miss}");
    }

    #[test]
    fn weighted_paths_without_a_hit_bound_a_probability_and_do_not_exclude_it() {
        let none = Sample::new(&[0.0; 100], Some(&[1.0; 100])).probability(|value| value > 0.5);
        assert_eq!((none.value, none.high), (0.0, 0.03));
    }

    #[test]
    fn the_lower_tail_of_a_normal_is_its_cvar() {
        // V37: the mean of the worst 5 % of N(0, 1) is −2.062713.
        let mut random = Streams::new(5, 5, 0).markets;
        let values: Vec<f64> = (0..200_000).map(|_| normal(&mut random)).collect();
        let tail = Sample::new(&values, None).lower_tail_mean(0.05);
        assert!((tail + 2.062_713).abs() < 0.015, "{tail}");
    }
}
