//! What can be certified in one pass over who secures what, without searching for an attack.
//!
//! ```text
//! rigid    T_v = Σ_{s in N(v)} c_s                                     c_s = π_s / (threshold_s · what secures s)
//! elastic  T_v = max(max c_s over s that v secures, Σ_s w_vs·c_s / σ_v)
//! slack    γ* = min_v 1/T_v − 1
//! ```
//!
//! The first is Corollary 2 of *Robust Restaking Networks*. The second is ours: an attack uses x_vs and gains at most `Σ_v Σ_s x_vs·c_s`.
//! A validator that loses what is used, `Σ_s x_vs`, adds at most max c_s times that; one that loses everything adds at most
//! `Σ_s w_vs·c_s`. So the prize is at most max T_v times the cost.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::attack::{Model, free_attacks};
use super::model::Network;

/// What is certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// γ*, or `None` where nothing can be gained from anybody's service.
    pub gamma: Option<BigRational>,
    /// A validator that holds it down.
    pub weakest: Option<usize>,
    /// Services that fall for nothing; with any, nothing is certified.
    pub free: Vec<usize>,
}

impl Certificate {
    /// Whether the network is certified to withstand every attack with some slack.
    pub fn is_certified(&self) -> bool {
        self.free.is_empty() && self.gamma.as_ref().is_none_or(Signed::is_positive)
    }
}

/// What is certified of `network` if stake can be lost as `model` says.
pub fn certificate(network: &Network, model: Model) -> Certificate {
    let weights: Vec<BigRational> = (0..network.services.len())
        .map(|place| {
            let service = &network.services[place];
            let need = &service.threshold * network.secured_by(place);
            if need.is_zero() {
                return need;
            }
            &service.profit / need
        })
        .collect();
    let mut worst: Option<(BigRational, usize)> = None;
    for (place, (validator, row)) in network
        .validators
        .iter()
        .zip(&network.allocations)
        .enumerate()
    {
        if validator.stake.is_zero() {
            continue;
        }
        let secured = row
            .iter()
            .zip(&weights)
            .filter(|(amount, _)| amount.is_positive());
        let most = match model {
            Model::Rigid => secured.map(|(_, weight)| weight).sum(),
            Model::Elastic => {
                let all: BigRational = secured
                    .clone()
                    .map(|(amount, weight)| amount * weight)
                    .sum();
                let single = secured.map(|(_, weight)| weight.clone()).max();
                single.unwrap_or_default().max(all / &validator.stake)
            }
        };
        if most.is_positive() && worst.as_ref().is_none_or(|(known, _)| most > *known) {
            worst = Some((most, place));
        }
    }
    Certificate {
        weakest: worst.as_ref().map(|(_, place)| *place),
        gamma: worst.map(|(most, _)| most.recip() - BigRational::one()),
        free: free_attacks(network),
    }
}
