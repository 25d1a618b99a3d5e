//! Networks made up from a seed, and labelled so: no operator, service or stake in them exists.

use num_rational::BigRational;
use num_traits::Zero;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};

use super::model::{Network, NetworkError, Service, Validator};

/// What to make up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// How many validators.
    pub validators: u32,
    /// How many services.
    pub services: u32,
    /// All stake, ETH: spread lognormally, as operators' stakes are.
    pub total_stake_eth: u32,
    /// How many services a validator secures on average, all with its whole stake (at least one).
    pub mean_services: f64,
    /// All that could be gained, over all stake.
    pub profit_ratio: f64,
    /// The threshold of each service, in thousandths.
    pub threshold_thousandths: u32,
}

/// A made-up network. The same recipe and seed give the same network.
///
/// # Errors
/// A recipe of which nothing can be made, such as a threshold of nothing.
pub fn synthetic(recipe: &Recipe, seed: u64) -> Result<Network, NetworkError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let spread = LogNormal::new(0.0, 1.0).map_err(|_| shape(recipe))?;
    let mut shares = |count: u32, total: f64| -> Vec<BigRational> {
        let weights: Vec<f64> = (0..count).map(|_| spread.sample(&mut rng)).collect();
        let sum: f64 = weights.iter().sum();
        // Whole thousandths of an ETH, at least one, so that exact arithmetic stays short.
        let share = |weight: &f64| ((weight / sum * total * 1000.0).round() as i64).max(1);
        weights
            .iter()
            .map(|weight| BigRational::new(share(weight).into(), 1000.into()))
            .collect()
    };
    let total = f64::from(recipe.total_stake_eth);
    let stakes = shares(recipe.validators, total);
    let profits = shares(recipe.services, total * recipe.profit_ratio.max(0.0));
    let chance = (recipe.mean_services / f64::from(recipe.services.max(1))).clamp(0.0, 1.0);
    let mut allocations = Vec::new();
    for stake in &stakes {
        let sure = rng.random_range(0..recipe.services.max(1));
        let row = (0..recipe.services).map(|service| {
            let serves = rng.random_bool(chance) || service == sure;
            if serves {
                stake.clone()
            } else {
                BigRational::zero()
            }
        });
        allocations.push(row.collect());
    }
    let threshold = BigRational::new(recipe.threshold_thousandths.into(), 1000.into());
    let validators = stakes.into_iter().zip(1..).map(|(stake, place)| Validator {
        name: format!("validator-{place}"),
        stake,
    });
    let services = profits.into_iter().zip(1..).map(|(profit, place)| Service {
        name: format!("service-{place}"),
        profit,
        threshold: threshold.clone(),
    });
    let name = format!("synthetic network of seed {seed}");
    let mut network = Network::new(&name, validators.collect(), services.collect(), allocations)?;
    network.is_synthetic = true;
    Ok(network)
}

fn shape(recipe: &Recipe) -> NetworkError {
    NetworkError::Shape {
        validators: recipe.validators as usize,
        services: recipe.services as usize,
    }
}
