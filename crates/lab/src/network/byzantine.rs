//! Elastic networks when services themselves turn Byzantine and slash who secures them.
//!
//! A set X of Byzantine services takes all that secures it: `σ'_v = max(0, σ_v − Σ_X w_vs)`, `w'_vs = min(w_vs, σ'_v)`. X weighs
//! `Σ_X R_s/θ_s` over the same of all services: what it costs to be X. The network withstands the part f of its services if no X
//! that weighs f or less leaves an attack that gains its attacker anything. Source: R. Bar-Zur and I. Eyal, *Elastic Restaking
//! Networks*, 2025, and its authors' code.
//!
//! Sets are tried by rising weight, each with the exact search, so the first that breaks the network is the lightest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::attack::{Attack, Model, best_attack};
use super::certificate::certificate;
use super::model::Network;
use super::scaled::TooFine;
use super::symmetric::Symmetric;

/// Most sets that are tried, and at most so many that all their searches together take this many steps at worst.
const SETS: usize = 20_000;
const STEPS: usize = 200_000_000;

/// How many sets are tried of `network`: each service alone at least.
fn most_sets(network: &Network) -> usize {
    let each = (1usize << network.validators.len().min(26)) * network.services.len().max(1);
    SETS.min(STEPS / each).max(network.services.len() + 1)
}

/// The lightest set of Byzantine services that breaks a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byzantine {
    /// Its weight, a part of that of all services. If `set` is `None`: no set up to this weight breaks the network, and heavier
    /// ones were not tried.
    pub fraction: BigRational,
    /// The set; all services if nothing less breaks the network.
    pub set: Option<Vec<usize>>,
}

/// What remains when the services `set` are Byzantine. The services of the answer are those left, in order.
pub fn without(network: &Network, set: &[usize]) -> Network {
    let mut left = network.clone();
    left.symmetric = None;
    let stays = |service: usize| !set.contains(&service);
    let keep = |place: &mut usize| {
        let is_kept = stays(*place);
        *place += 1;
        is_kept
    };
    let mut place = 0;
    left.services.retain(|_| keep(&mut place));
    for (validator, row) in left.validators.iter_mut().zip(&mut left.allocations) {
        let taken: BigRational = set.iter().map(|service| &row[*service]).sum();
        validator.stake = (&validator.stake - taken).max(BigRational::zero());
        let mut place = 0;
        row.retain(|_| keep(&mut place));
        for amount in row {
            *amount = amount.clone().min(validator.stake.clone());
        }
    }
    left
}

/// The weight of each service, a part of that of all. All zero where no service has anything to gain.
pub fn weights(network: &Network) -> Vec<BigRational> {
    let each = network
        .services
        .iter()
        .map(|service| &service.profit / &service.threshold);
    let total: BigRational = each.clone().sum();
    if total.is_zero() {
        return vec![total; network.services.len()];
    }
    each.map(|weight| weight / &total).collect()
}

/// The lightest set of Byzantine services after which an attacker with `budget` ETH to lose can attack: an attack there costs
/// at most `budget` more than it gains. With no set at all, the network is not secure to begin with.
///
/// # Errors
/// Amounts with too many digits.
pub fn lightest(network: &Network, budget: &BigRational) -> Result<Byzantine, TooFine> {
    if let Some(alike) = &network.symmetric {
        return Ok(lightest_of_alike(alike, network, budget));
    }
    let (mut at, most) = (BigRational::zero(), most_sets(network));
    for (tried, (fraction, set)) in Sets::new(&weights(network)).enumerate() {
        if tried >= most {
            return Ok(Byzantine {
                fraction: at,
                set: None,
            });
        }
        let left = without(network, &set);
        // What is certified to lose its attackers something needs no search.
        let is_certified = budget.is_zero() && certificate(&left, Model::Elastic).is_certified();
        let breaks = if is_certified && set.len() < network.services.len() {
            false
        } else {
            match best_attack(&left, Model::Elastic)?.0 {
                Some(attack) => !(attack.profit() + budget).is_negative(),
                None => set.len() == network.services.len(),
            }
        };
        if breaks {
            return Ok(Byzantine {
                fraction,
                set: Some(set),
            });
        }
        at = fraction;
    }
    Ok(Byzantine {
        fraction: at,
        set: None,
    })
}

fn lightest_of_alike(alike: &Symmetric, network: &Network, budget: &BigRational) -> Byzantine {
    let stake = network
        .validators
        .first()
        .map(|validator| validator.stake.clone());
    let stake = stake.unwrap_or_default();
    let withstands = |count: &u32| {
        alike
            .budget(&stake, *count)
            .is_some_and(|least| least > *budget)
    };
    let count = (0..alike.services)
        .find(|count| !withstands(count))
        .unwrap_or(alike.services);
    Byzantine {
        fraction: BigRational::new(count.into(), alike.services.into()),
        set: Some((0..count as usize).collect()),
    }
}

/// A set of Byzantine services (of the whole network) and the best attack after it (places in the network without them).
pub type Broken = (Vec<usize>, Attack);

/// The worst attack after any set of Byzantine services that weighs `fraction` or less. The negative of its profit is the budget up to which the network is
/// secure. The flag says whether every set was tried.
///
/// # Errors
/// Amounts with too many digits.
pub fn worst_attack(
    network: &Network,
    fraction: &BigRational,
) -> Result<(Option<Broken>, bool), TooFine> {
    let mut worst: Option<Broken> = None;
    for (tried, (weight, set)) in Sets::new(&weights(network)).enumerate() {
        if weight > *fraction {
            break;
        }
        if tried >= most_sets(network) {
            return Ok((worst, false));
        }
        if let (Some(attack), _) = best_attack(&without(network, &set), Model::Elastic)?
            && worst
                .as_ref()
                .is_none_or(|(_, known)| attack.profit() > known.profit())
        {
            worst = Some((set, attack));
        }
    }
    Ok((worst, true))
}

/// All subsets by rising weight. From a set whose heaviest member is at place p of the rising weights come two: with p + 1 as well,
/// and with p + 1 in place of p; every set comes once.
struct Sets {
    order: Vec<(BigRational, usize)>,
    heap: BinaryHeap<Reverse<(BigRational, Vec<usize>)>>,
}

impl Sets {
    fn new(weights: &[BigRational]) -> Self {
        let mut order: Vec<(BigRational, usize)> = weights.iter().cloned().zip(0..).collect();
        order.sort();
        let mut heap = BinaryHeap::new();
        heap.push(Reverse((BigRational::zero(), Vec::new())));
        Self { order, heap }
    }
}

impl Iterator for Sets {
    type Item = (BigRational, Vec<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((weight, places)) = self.heap.pop()?;
        let next = places.last().map_or(0, |last| last + 1);
        if let Some((more, _)) = self.order.get(next) {
            let mut with = places.clone();
            with.push(next);
            self.heap.push(Reverse((&weight + more, with)));
            if let Some((last, _)) = places.last().map(|last| &self.order[*last]) {
                let mut instead = places.clone();
                instead.pop();
                instead.push(next);
                self.heap.push(Reverse((&weight + more - last, instead)));
            }
        }
        let mut set: Vec<usize> = places.iter().map(|place| self.order[*place].1).collect();
        set.sort_unstable();
        Some((weight, set))
    }
}
