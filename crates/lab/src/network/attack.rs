//! The most profitable attack.
//!
//! ```text
//! rigid    validators B lose their whole stake; service s falls when σ(B ∩ N(s)) >= α_s·σ(N(s))
//!          profit = Σ π_s over fallen s − σ(B)
//! elastic  an attacker uses x_vs <= w_vs of v's stake against s; s falls when Σ_v x_vs >= θ_s·Σ_v w_vs
//!          profit = Σ R_s over attacked s − Σ_v min(σ_v, Σ_s x_vs)
//! ```
//!
//! The elastic cost is concave, but once it is chosen which validators Z lose everything, whatever else is needed costs one a
//! unit, so that the services come apart:
//!
//! ```text
//! profit(Z) = −σ(Z) + Σ_s max(0, R_s − max(0, θ_s·W_s − w_s(Z)))
//! ```
//!
//! Both are searched over sets of validators, exactly, leaving out what cannot beat the best so far; beyond what can be searched a
//! mixed-integer programme takes over ([`super::milp`]), whose answer is then computed again exactly.
//!
//! Sources: N. Durvasula and T. Roughgarden, *Robust Restaking Networks*, 2024; R. Bar-Zur and I. Eyal, *Elastic Restaking
//! Networks*, 2025. The separation by Z is ours.

use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::certificate::certificate;
use super::milp;
use super::model::Network;
use super::scaled::{Scaled, TooFine};

/// Most steps of an exact search, some seconds.
const STEPS: u64 = 20_000_000;
/// Most validators that are searched exactly.
pub const EXACT_VALIDATORS: usize = 26;

/// How stake can be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Whole stakes: *Robust Restaking Networks*.
    Rigid,
    /// As much as is used: *Elastic Restaking Networks*.
    Elastic,
}

/// How far an answer can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every set was searched or shown to be worse, in exact numbers.
    Exact,
    /// A solver proved it, within its floating-point tolerance; the attack itself is computed exactly.
    Solver,
    /// The solver ran out of time: there may be a better attack.
    BestFound,
}

/// An attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// Services that fall.
    pub services: Vec<usize>,
    /// What each validator that takes part loses, ETH.
    pub losses: Vec<(usize, BigRational)>,
    /// What the attacker gains, ETH.
    pub prize: BigRational,
    /// What it costs, ETH.
    pub cost: BigRational,
}

impl Attack {
    /// Prize less cost, ETH.
    pub fn profit(&self) -> BigRational {
        &self.prize - &self.cost
    }

    /// Whether it succeeds against `model`: a rigid network stands when the attacker only breaks even, an elastic one does not.
    pub fn succeeds(&self, model: Model) -> bool {
        match model {
            Model::Rigid => self.profit().is_positive(),
            Model::Elastic => !self.profit().is_negative(),
        }
    }
}

/// The most profitable attack, and how far that can be trusted. `None` where no service has anything to gain.
///
/// # Errors
/// Amounts with too many digits.
pub fn best_attack(network: &Network, model: Model) -> Result<(Option<Attack>, Method), TooFine> {
    let scaled = Scaled::new(network)?;
    if network.validators.len() <= EXACT_VALIDATORS
        && let Some(found) = search(&scaled, model)
    {
        return Ok((
            found.map(|set| build(network, &scaled, model, &set)),
            Method::Exact,
        ));
    }
    let (set, method) = milp::best_set(&scaled, model);
    Ok((set.map(|set| build(network, &scaled, model, &set)), method))
}

/// Whether no attack succeeds.
///
/// # Errors
/// Amounts with too many digits.
pub fn is_safe(network: &Network, model: Model) -> Result<bool, TooFine> {
    if certificate(network, model).is_certified() {
        return Ok(true);
    }
    let (attack, _) = best_attack(network, model)?;
    Ok(!attack.is_some_and(|attack| attack.succeeds(model)))
}

/// Services with something to gain that fall without anybody losing anything.
pub fn free_attacks(network: &Network) -> Vec<usize> {
    let is_free = |service: &usize| {
        network.services[*service].profit.is_positive() && network.secured_by(*service).is_zero()
    };
    (0..network.services.len()).filter(is_free).collect()
}

/// The least of cost over prize among all attacks that cost anything: above 1 there is no profitable attack, and it is one more
/// than the true slack γ of the network. `None` where no service has anything to gain, or a free attack makes it 0.
///
/// By Dinkelbach's method: the best attack at prizes times λ gives the next λ, until none is better.
///
/// # Errors
/// Amounts with too many digits.
pub fn least_ratio(
    network: &Network,
    model: Model,
) -> Result<Option<(BigRational, Attack, Method)>, TooFine> {
    if !free_attacks(network).is_empty() {
        return Ok(None);
    }
    let mut factor = BigRational::from_integer(1.into());
    let mut least: Option<(BigRational, Attack, Method)> = None;
    loop {
        let mut priced = network.clone();
        for service in &mut priced.services {
            service.profit *= &factor;
        }
        let (attack, method) = best_attack(&priced, model)?;
        let Some(mut attack) = attack else {
            return Ok(None);
        };
        attack.prize /= &factor;
        let ratio = &attack.cost / &attack.prize;
        if let Some((known, ..)) = &least
            && ratio >= *known
        {
            return Ok(least);
        }
        factor = ratio.clone();
        least = Some((ratio, attack, method));
        // An attack that may not be the best proves nothing of the least ratio: once is enough.
        if method == Method::BestFound {
            return Ok(least);
        }
    }
}

/// An attack by the set of validators that lose everything.
fn build(network: &Network, scaled: &Scaled, model: Model, set: &[bool]) -> Attack {
    let inside = |service: usize| -> i128 {
        let column = scaled.allocations[service].iter().zip(set);
        column
            .filter(|(_, is_in)| **is_in)
            .map(|(amount, _)| amount)
            .sum()
    };
    let mut used: Vec<i128> = scaled
        .stakes
        .iter()
        .zip(set)
        .map(|(stake, is_in)| if *is_in { *stake } else { 0 })
        .collect();
    let gain = |service: &usize| {
        let missing = (scaled.needs[*service] - inside(*service)).max(0);
        scaled.profits[*service] - missing
    };
    let worth = (0..scaled.profits.len()).filter(|service| scaled.profits[*service] > 0);
    let services: Vec<usize> = match model {
        Model::Rigid => worth.filter(|s| inside(*s) >= scaled.needs[*s]).collect(),
        Model::Elastic => {
            let positive: Vec<usize> = worth.clone().filter(|s| gain(s) > 0).collect();
            if positive.is_empty() {
                worth.max_by_key(gain).into_iter().collect()
            } else {
                positive
            }
        }
    };
    if model == Model::Elastic {
        for service in &services {
            let mut missing = (scaled.needs[*service] - inside(*service)).max(0);
            for (validator, available) in scaled.allocations[*service].iter().enumerate() {
                if !set[validator] {
                    let part = missing.min(*available);
                    used[validator] += part;
                    missing -= part;
                }
            }
        }
    }
    let losses = used
        .iter()
        .zip(&scaled.stakes)
        .map(|(used, stake)| (*used).min(*stake));
    let losses: Vec<(usize, i128)> = losses.enumerate().filter(|(_, loss)| *loss > 0).collect();
    let cost = losses.iter().map(|(_, loss)| loss).sum();
    let prize: BigRational = services
        .iter()
        .map(|service| &network.services[*service].profit)
        .sum();
    Attack {
        services,
        losses: losses
            .into_iter()
            .map(|(validator, loss)| (validator, scaled.amount(loss)))
            .collect(),
        prize,
        cost: scaled.amount(cost),
    }
}

/// The best set of validators; `None` if the search takes too long, `Some(None)` if there is nothing to gain.
fn search(scaled: &Scaled, model: Model) -> Option<Option<Vec<bool>>> {
    let services: Vec<usize> = (0..scaled.profits.len())
        .filter(|s| scaled.profits[*s] > 0)
        .collect();
    if services.is_empty() {
        return Some(None);
    }
    let mut order: Vec<usize> = (0..scaled.stakes.len()).collect();
    order.sort_by_key(|validator| -scaled.stakes[*validator]);
    let mut search = Search {
        scaled,
        model,
        rest: services
            .iter()
            .map(|s| scaled.allocations[*s].iter().sum())
            .collect(),
        inside: vec![0; services.len()],
        services,
        order,
        set: vec![false; scaled.stakes.len()],
        best: None,
        steps: 0,
    };
    search.visit(0, 0);
    if search.steps > STEPS {
        return None;
    }
    Some(search.best.map(|(_, set)| set))
}

struct Search<'n> {
    scaled: &'n Scaled,
    model: Model,
    services: Vec<usize>,
    order: Vec<usize>,
    /// Of each service, what the chosen secure it with, and what the undecided do.
    inside: Vec<i128>,
    rest: Vec<i128>,
    set: Vec<bool>,
    best: Option<(i128, Vec<bool>)>,
    steps: u64,
}

impl Search<'_> {
    fn visit(&mut self, depth: usize, cost: i128) {
        self.steps += 1;
        if self.steps > STEPS {
            return;
        }
        if let Some(profit) = self.value(false).map(|prize| prize - cost)
            && self.best.as_ref().is_none_or(|(best, _)| profit > *best)
        {
            self.best = Some((profit, self.set.clone()));
        }
        let Some(&validator) = self.order.get(depth) else {
            return;
        };
        let best = self.best.as_ref().map(|(best, _)| *best);
        let bound = self.value(true).map(|prize| prize - cost);
        if bound.is_none() || bound <= best {
            return;
        }
        let columns: Vec<i128> = self
            .services
            .iter()
            .map(|s| self.scaled.allocations[*s][validator])
            .collect();
        for (rest, amount) in self.rest.iter_mut().zip(&columns) {
            *rest -= amount;
        }
        for (inside, amount) in self.inside.iter_mut().zip(&columns) {
            *inside += amount;
        }
        self.set[validator] = true;
        self.visit(depth + 1, cost + self.scaled.stakes[validator]);
        self.set[validator] = false;
        for (inside, amount) in self.inside.iter_mut().zip(&columns) {
            *inside -= amount;
        }
        self.visit(depth + 1, cost);
        for (rest, amount) in self.rest.iter_mut().zip(&columns) {
            *rest += amount;
        }
    }

    /// What the chosen gain before the cost of the chosen, or, `at_most`, what they could with all the undecided for nothing.
    /// `None` if nothing can fall.
    fn value(&self, at_most: bool) -> Option<i128> {
        let (mut sum, mut single) = (0, None);
        for (place, service) in self.services.iter().enumerate() {
            let have = self.inside[place] + if at_most { self.rest[place] } else { 0 };
            let missing = (self.scaled.needs[*service] - have).max(0);
            let gain = match self.model {
                Model::Rigid if missing > 0 => continue,
                _ => self.scaled.profits[*service] - missing,
            };
            sum += gain.max(0);
            single = single.max(Some(gain));
        }
        single.map(|single| if single > 0 { sum } else { single })
    }
}
