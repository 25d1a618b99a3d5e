//! Common shocks after Marshall and Olkin: independent Poisson processes, each of which hits a set of members at once.
//!
//! A member lives until the first shock that hits it. With rates λ_k and A a set of members:
//!
//! ```text
//! P(all of A live past t)  = exp(−t · Σ λ_k over shocks k that hit any of A)
//! corr(1[i hit], 1[j hit]) = (S_ij − S_i·S_j) / √(S_i(1 − S_i) · S_j(1 − S_j))
//! ```
//!
//! Source: A. Marshall and I. Olkin, *A Multivariate Exponential Distribution*, 1967.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1};

/// Why shocks are refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ShockError {
    /// A rate is negative, NaN or infinite.
    #[error(
        "shock {shock} has a rate of {rate}; it must be a finite number a unit of time and not negative"
    )]
    Rate {
        /// Which.
        shock: usize,
        /// Its rate.
        rate: f64,
    },
    /// A shock hits somebody who is not there.
    #[error("shock {shock} hits member {member}, but there are only {members}, counted from 0")]
    NoSuchMember {
        /// Which.
        shock: usize,
        /// Whom.
        member: usize,
        /// How many there are.
        members: usize,
    },
}

/// A shock: how often, and whom it hits.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// Events a unit of time.
    pub rate: f64,
    /// Members that it hits.
    pub members: Vec<usize>,
}

/// An event of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub time: f64,
    /// Which shock.
    pub shock: usize,
}

/// Independent shocks on common members.
#[derive(Clone, Debug, PartialEq)]
pub struct Shocks {
    shocks: Vec<Shock>,
    /// Running sums of the rates.
    cumulative: Vec<f64>,
    members: usize,
}

impl Shocks {
    /// Shocks on `members` members.
    ///
    /// # Errors
    /// A rate that is negative or not a number, or a member that is not there.
    pub fn new(shocks: Vec<Shock>, members: usize) -> Result<Self, ShockError> {
        let mut total = 0.0;
        let mut cumulative = Vec::with_capacity(shocks.len());
        for (shock, each) in shocks.iter().enumerate() {
            let rate = each.rate;
            if !rate.is_finite() || rate < 0.0 {
                return Err(ShockError::Rate { shock, rate });
            }
            if let Some(&member) = each.members.iter().find(|member| **member >= members) {
                return Err(ShockError::NoSuchMember {
                    shock,
                    member,
                    members,
                });
            }
            total += rate;
            cumulative.push(total);
        }
        Ok(Self {
            shocks,
            cumulative,
            members,
        })
    }

    /// The shocks.
    pub fn list(&self) -> &[Shock] {
        &self.shocks
    }

    /// Events a unit of time, of all shocks.
    pub fn total_rate(&self) -> f64 {
        self.cumulative.last().copied().unwrap_or(0.0)
    }

    /// Chance that none of `members` is hit by time `t`.
    pub fn survival(&self, members: &[usize], t: f64) -> f64 {
        let hits = |shock: &&Shock| shock.members.iter().any(|member| members.contains(member));
        let rate: f64 = self
            .shocks
            .iter()
            .filter(hits)
            .map(|shock| shock.rate)
            .sum();
        (-rate * t).exp()
    }

    /// Correlation of "i is hit by time t" and "j is hit by time t"; 0 where one of them is certain.
    pub fn hit_correlation(&self, i: usize, j: usize, t: f64) -> f64 {
        let (a, b) = (self.survival(&[i], t), self.survival(&[j], t));
        let spread = a * (1.0 - a) * b * (1.0 - b);
        if spread <= 0.0 {
            return 0.0;
        }
        (self.survival(&[i, j], t) - a * b) / spread.sqrt()
    }

    /// All events up to `horizon`, in order of time, into `events`: the next event of the superposed process, and which shock it
    /// is. The work is that of the events, not of the shocks or of time steps.
    pub fn draw(&self, horizon: f64, rng: &mut impl Rng, events: &mut Vec<Event>) {
        events.clear();
        let total = self.total_rate();
        if total <= 0.0 {
            return;
        }
        let mut time = 0.0;
        loop {
            let gap: f64 = Exp1.sample(rng);
            time += gap / total;
            if time > horizon {
                return;
            }
            let at = rng.random::<f64>() * total;
            let shock = self.cumulative.partition_point(|sum| *sum <= at);
            let shock = shock.min(self.shocks.len() - 1);
            events.push(Event { time, shock });
        }
    }

    /// When each member is first hit by `events`, infinite if never.
    pub fn first_hits(&self, events: &[Event]) -> Vec<f64> {
        let mut first = vec![f64::INFINITY; self.members];
        for event in events {
            for member in &self.shocks[event.shock].members {
                first[*member] = first[*member].min(event.time);
            }
        }
        first
    }

    /// The same shocks with each rate times its factor: the exponential tilt for rare events.
    ///
    /// # Errors
    /// A factor that makes a rate negative or not a number.
    pub fn tilted(&self, factor: impl Fn(usize, &Shock) -> f64) -> Result<Self, ShockError> {
        let mut shocks = self.shocks.clone();
        for (index, shock) in shocks.iter_mut().enumerate() {
            shock.rate *= factor(index, shock);
        }
        Self::new(shocks, self.members)
    }

    /// Log of the likelihood of `events` up to `horizon` under these shocks over that under `drawn_from`, whose members are the
    /// same: `Σ n_k·ln(λ_k/λ'_k) − (λ_k − λ'_k)·T`.
    pub fn log_ratio(&self, drawn_from: &Self, events: &[Event], horizon: f64) -> f64 {
        let drift = (drawn_from.total_rate() - self.total_rate()) * horizon;
        let rate = |shocks: &Self, event: &Event| shocks.shocks[event.shock].rate;
        events.iter().fold(drift, |sum, event| {
            sum + (rate(self, event) / rate(drawn_from, event)).ln()
        })
    }
}
