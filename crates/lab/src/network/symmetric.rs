//! Elastic networks in which all are alike, in closed form.
//!
//! n validators with a stake σ each secure m services with `d·σ/m` each, where d is the restaking degree. An attack on k services
//! needs n·θ validators' worth of each: F = floor(n·θ) of them whole and one in part, f = n·θ − F, so that it costs
//!
//! ```text
//! cost(k) = F·min(σ, k·w) + min(σ, f·k·w)
//! ```
//!
//! After b services turned Byzantine, `σ' = max(0, σ − b·w)`, `w' = min(w, σ')` and m − b services remain. Everything scales with
//! σ, so the least stake is a maximum over k. Source: R. Bar-Zur and I. Eyal, *Elastic Restaking Networks*, 2025, Section 5.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::model::{Network, NetworkError, Service, Validator};

/// A network in which all are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symmetric {
    /// How many validators.
    pub validators: u32,
    /// How many services.
    pub services: u32,
    /// Restaking degree d: how often a unit of stake is used.
    pub degree: BigRational,
    /// The part θ of its stake that an attack on a service needs.
    pub threshold: BigRational,
    /// What a service gains its attacker, ETH.
    pub profit: BigRational,
}

impl Symmetric {
    /// The network written out, with a stake of `stake` ETH each.
    ///
    /// # Errors
    /// A negative amount, a threshold outside its range, or a degree above the number of services.
    pub fn written_out(&self, name: &str, stake: &BigRational) -> Result<Network, NetworkError> {
        let validator = |place: u32| Validator {
            name: format!("validator-{}", place + 1),
            stake: stake.clone(),
        };
        let service = |place: u32| Service {
            name: format!("service-{}", place + 1),
            profit: self.profit.clone(),
            threshold: self.threshold.clone(),
        };
        let allocation = &self.degree * stake / BigRational::from_integer(self.services.into());
        let row = vec![allocation; self.services as usize];
        let mut network = Network::new(
            name,
            (0..self.validators).map(validator).collect(),
            (0..self.services).map(service).collect(),
            vec![row; self.validators as usize],
        )?;
        network.symmetric = Some(self.clone());
        Ok(network)
    }

    /// What an attack on `attacked` services costs for each unit of a validator's stake, after `byzantine` services took theirs.
    fn cost(&self, attacked: u32, byzantine: u32) -> BigRational {
        let whole = |number: u32| BigRational::from_integer(number.into());
        let allocation = &self.degree / whole(self.services);
        let left = (BigRational::one() - whole(byzantine) * &allocation).max(BigRational::zero());
        let allocation = allocation.min(left.clone());
        let needed = whole(self.validators) * &self.threshold;
        let full = needed.floor();
        let part = needed - &full;
        let each = whole(attacked) * allocation;
        full * left.clone().min(each.clone()) + left.min(part * each)
    }

    /// The least stake of each validator, ETH, from which on every attack loses its attacker at least `budget` ETH, with
    /// `byzantine` services Byzantine. `None` if no stake is enough, or no service is left to attack.
    pub fn least_stake(&self, byzantine: u32, budget: &BigRational) -> Option<BigRational> {
        let left = self
            .services
            .checked_sub(byzantine)
            .filter(|left| *left > 0)?;
        let mut least = BigRational::zero();
        for attacked in 1..=left {
            let cost = self.cost(attacked, byzantine);
            let prize = &self.profit * BigRational::from_integer(attacked.into());
            if !cost.is_positive() {
                return None;
            }
            least = least.max((prize + budget) / cost);
        }
        Some(least)
    }

    /// What every attack loses its attacker at least, ETH, at a stake of `stake` ETH each and with `byzantine` services
    /// Byzantine: the budget up to which the network is secure. Not positive if it is not secure at all; `None` if no service
    /// is left.
    pub fn budget(&self, stake: &BigRational, byzantine: u32) -> Option<BigRational> {
        let left = self.services.checked_sub(byzantine)?;
        (1..=left)
            .map(|attacked| {
                let prize = &self.profit * BigRational::from_integer(attacked.into());
                stake * self.cost(attacked, byzantine) - prize
            })
            .min()
    }

    /// The degree of those from 1 to the number of services in steps of `1/steps` at which the least stake is least, and that
    /// stake.
    pub fn best_degree(
        &self,
        steps: u32,
        byzantine: u32,
        budget: &BigRational,
    ) -> Option<(BigRational, BigRational)> {
        let most = self.services.checked_mul(steps)?;
        (steps.max(1)..=most)
            .filter_map(|step| {
                let degree = BigRational::new(step.into(), steps.into());
                let at = Self {
                    degree: degree.clone(),
                    ..self.clone()
                };
                at.least_stake(byzantine, budget)
                    .map(|stake| (degree, stake))
            })
            .min_by(|a, b| a.1.cmp(&b.1))
    }
}
