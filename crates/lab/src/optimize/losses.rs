//! Sampled slashing losses: common shocks on pairs of a service and an operator.
//!
//! Faults of an operator hit it in all its services, those of a service all its operators, those of a group all operators of it in
//! all their services. Each slashes a part drawn from a Beta distribution of the given mean (and concentration 4: broad), at
//! most the service's cap, of what the pair has left.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Beta, Distribution};

use super::cvar::Samples;
use super::scenario::{Allocations, Pair};
use crate::math::shocks::{Shock, ShockError, Shocks};

/// `a + b` of the Beta distribution of severities.
const CONCENTRATION: f64 = 4.0;

/// Net losses of one unit in each of `pairs` over the horizon, for `draws` draws from `seed`: what is slashed less what is earned.
pub(super) fn draw(
    scenario: &Allocations,
    pairs: &[Pair],
    draws: usize,
    seed: u64,
) -> Result<Option<Samples>, ShockError> {
    let mut shocks = Vec::new();
    let mut severities = Vec::new();
    let mut add = |rate: f64, severity: f64, hits: &dyn Fn(&Pair) -> bool| {
        let members = (0..pairs.len())
            .filter(|place| hits(&pairs[*place]))
            .collect();
        shocks.push(Shock { rate, members });
        severities.push(severity);
    };
    for (place, service) in scenario.services.iter().enumerate() {
        add(service.faults_per_year, service.severity, &|pair| {
            pair.0 == place
        });
    }
    for (place, operator) in scenario.operators.iter().enumerate() {
        add(operator.faults_per_year, operator.severity, &|pair| {
            pair.1 == place
        });
    }
    for (place, group) in scenario.groups.iter().enumerate() {
        let is_in = |pair: &Pair| scenario.operators[pair.1].groups.contains(&place);
        add(group.faults_per_year, group.severity, &is_in);
    }
    let shocks = Shocks::new(shocks, pairs.len())?;
    let earned: Vec<f64> = pairs
        .iter()
        .map(|(service, operator)| {
            let reward = scenario.services[*service].reward_per_year * scenario.horizon_years;
            reward * (1.0 - scenario.operators[*operator].commission)
        })
        .collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut losses = Vec::with_capacity(draws * pairs.len());
    let mut events = Vec::new();
    let mut left = vec![1.0; pairs.len()];
    for _ in 0..draws {
        shocks.draw(scenario.horizon_years, &mut rng, &mut events);
        left.fill(1.0);
        for event in &events {
            let part = severity(severities[event.shock], &mut rng);
            for place in &shocks.list()[event.shock].members {
                left[*place] *= 1.0 - part.min(scenario.services[pairs[*place].0].max_slash);
            }
        }
        losses.extend(
            left.iter()
                .zip(&earned)
                .map(|(left, earned)| 1.0 - left - earned),
        );
    }
    Ok(Samples::new(pairs.len(), losses))
}

fn severity(mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    match Beta::new(CONCENTRATION * mean, CONCENTRATION * (1.0 - mean)) {
        Ok(beta) => beta.sample(rng),
        // A mean of nothing or everything is no distribution but that number.
        Err(_) => mean,
    }
}
