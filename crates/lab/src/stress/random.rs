//! Where chance comes from: a ChaCha8 stream for each (seed, scenario, path, subject).
//!
//! Shocks, markets and flows have streams of their own, so that a change of policy in one leaves the draws of the others as they
//! were: two policies meet the same shocks (common random numbers).

use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};
use rand_distr::StandardNormal;

/// The streams of one path.
#[derive(Debug)]
pub struct Streams {
    /// Offences, evidence, vetoes.
    pub shocks: ChaCha8Rng,
    /// Yields, sales, waits.
    pub markets: ChaCha8Rng,
    /// Deposits, exits, loopers.
    pub flows: ChaCha8Rng,
}

impl Streams {
    /// The streams of path `path` under root seed `seed`.
    pub fn new(seed: u64, fingerprint: u64, path: u64) -> Self {
        let subject = |subject| stream(seed, fingerprint, path, subject);
        Self {
            shocks: subject(1),
            markets: subject(2),
            flows: subject(3),
        }
    }

    /// The stream that the graph of a scenario is drawn from: the same for every seed.
    pub fn of_graph(fingerprint: u64) -> ChaCha8Rng {
        stream(0, fingerprint, 0, 4)
    }
}

fn stream(seed: u64, fingerprint: u64, path: u64, subject: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    for (place, word) in key
        .chunks_exact_mut(8)
        .zip([seed, fingerprint, subject, 0x7765_6972])
    {
        place.copy_from_slice(&word.to_le_bytes());
    }
    let mut random = ChaCha8Rng::from_seed(key);
    random.set_stream(path);
    random
}

/// A standard normal number.
pub fn normal(random: &mut ChaCha8Rng) -> f64 {
    random.sample(StandardNormal)
}

/// An exponential number of this mean.
pub fn exponential(random: &mut ChaCha8Rng, mean: f64) -> f64 {
    -mean * (1.0 - random.random::<f64>()).ln()
}

/// An Ornstein–Uhlenbeck step, exact over `dt` years: reversion to `mean` at `speed` a year, `volatility` per square root of a year.
#[derive(Clone, Copy, Debug)]
pub struct Reversion {
    mean: f64,
    decay: f64,
    spread: f64,
}

impl Reversion {
    /// The step of length `dt_years`.
    pub fn new(mean: f64, speed: f64, volatility: f64, dt_years: f64) -> Self {
        let decay = (-speed * dt_years).exp();
        let variance = if speed > 0.0 {
            (1.0 - decay * decay) / (2.0 * speed)
        } else {
            dt_years
        };
        Self {
            mean,
            decay,
            spread: volatility * variance.sqrt(),
        }
    }

    /// The next value after `value`, with a standard normal `draw`.
    pub fn next(&self, value: f64, draw: f64) -> f64 {
        self.mean + (value - self.mean) * self.decay + self.spread * draw
    }
}
