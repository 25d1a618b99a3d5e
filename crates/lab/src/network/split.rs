//! Splitting stake over services of different degrees.
//!
//! A service's degree says how often stake that secures it may be used. The services of each degree are a group, and stake is
//! split over the groups in proportion to the summed rewards of each. Within a group of degree d, d units of use go to its services
//! in proportion to their rewards, at most one each. Source: *Risk-Aware Restaking*, the authors' simulations at 040cd24.

/// A group of services, and the part of the stake that goes to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its degree: each unit of its stake is used so often.
    pub degree: f64,
    /// The part of the stake.
    pub part: f64,
    /// How much of each unit of its stake secures each service, 0 to 1; 0 for services of other degrees.
    pub uses: Vec<f64>,
}

/// Splits stake over services of `degrees` and `rewards`, by rising degree. `None` if the lists differ in length or are empty, a
/// number is negative or not finite, or nothing is rewarded.
pub fn split(degrees: &[f64], rewards: &[f64]) -> Option<Vec<Group>> {
    let is_usable = |value: &f64| value.is_finite() && *value >= 0.0;
    let is_valid = degrees.len() == rewards.len() && degrees.iter().chain(rewards).all(is_usable);
    if !is_valid {
        return None;
    }
    let mut levels = degrees.to_vec();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let members = |level: f64| -> Vec<usize> {
        (0..degrees.len())
            .filter(|service| degrees[*service] == level)
            .collect()
    };
    let sums: Vec<f64> = levels
        .iter()
        .map(|level| members(*level).iter().map(|s| rewards[*s]).sum())
        .collect();
    let total: f64 = sums.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let group = |(level, sum): (&f64, &f64)| Group {
        degree: *level,
        part: sum / total,
        uses: uses(*level, members(*level), rewards),
    };
    Some(levels.iter().zip(&sums).map(group).collect())
}

/// `degree` units in proportion to rewards, at most one each; what is above one goes to the others.
fn uses(degree: f64, mut members: Vec<usize>, rewards: &[f64]) -> Vec<f64> {
    let mut uses = vec![0.0; rewards.len()];
    let mut left = degree;
    loop {
        let sum: f64 = members.iter().map(|service| rewards[*service]).sum();
        if left <= 0.0 || sum <= 0.0 {
            return uses;
        }
        let share = |service: usize| rewards[service] / sum * left;
        let (full, rest): (Vec<usize>, Vec<usize>) =
            members.iter().partition(|service| share(**service) >= 1.0);
        if full.is_empty() {
            for service in rest {
                uses[service] = share(service);
            }
            return uses;
        }
        for service in &full {
            uses[*service] = 1.0;
        }
        left -= full.len() as f64;
        members = rest;
    }
}
