//! The optimisation: the allocation of least CVaR that earns what was asked, what each limit costs, and the frontier.

use serde::Serialize;

use super::cvar::{Samples, Tails, duals, minimise};
use super::lp::{LpError, Row, primal};
use super::proposal::{Call, ProposalError, propose};
use super::scenario::{Allocations, Pair};
use super::{limits, losses};
use crate::math::cvar::{Tail, tail};
use crate::math::shocks::ShockError;

/// Points of the frontier.
const POINTS: usize = 12;
/// What is asked for may be missed by this, relatively to the most that can be had.
const HAIR: f64 = 1e-7;
/// How many times as many draws judge the result as found it.
const FRESH: usize = 4;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OptimizeError {
    /// The shocks make no sense.
    #[error(transparent)]
    Shocks(#[from] ShockError),
    /// No draws, or one that is no number.
    #[error("the draws give no finite losses; check rates and horizon")]
    NoLosses,
    /// More is asked than can be earned.
    #[error(
        "an expected return of {wanted:.6} was asked for, but the limits allow {most:.6} at most; ask for less or widen a limit"
    )]
    AskedTooMuch {
        /// What was asked for.
        wanted: f64,
        /// What can be had.
        most: f64,
    },
    /// The programme failed.
    #[error(transparent)]
    Programme(#[from] LpError),
    /// The allocator would refuse the result.
    #[error(transparent)]
    Proposal(#[from] ProposalError),
}

/// What one pair gets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Allocated {
    /// The service.
    pub service: String,
    /// The operator.
    pub operator: String,
    /// The part of the capacity.
    pub part: f64,
    /// What it is expected to earn over the horizon, after slashing, for each unit.
    pub expected_return: f64,
}

/// What a limit costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Price {
    /// The limit.
    pub limit: String,
    /// By how much CVaR would fall if the limit were one unit (all of the capacity) wider, at this margin.
    pub dual: f64,
    /// The same in a sentence.
    pub meaning: String,
}

/// A point of the frontier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Expected return over the horizon, after slashing.
    pub expected_return: f64,
    /// The least CVaR with it.
    pub shortfall: f64,
    /// How much of the capacity it allocates.
    pub allocated: f64,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The scenario's name.
    pub scenario: String,
    /// Whether it was made up.
    pub is_synthetic: bool,
    /// The level of CVaR.
    pub level: f64,
    /// How many draws found it.
    pub draws: usize,
    /// The horizon, years.
    pub horizon_years: f64,
    /// Expected return, after slashing, a part of the capacity.
    pub expected_return: f64,
    /// The most that the limits allow to be expected.
    pub most_return: f64,
    /// CVaR of net losses over the draws that found it: the programme's objective.
    pub shortfall: f64,
    /// The same over fresh draws, with its error: the honest figure, as the first is chosen to be small.
    pub fresh: Tail,
    /// Who gets what; pairs that get nothing are left out.
    pub allocations: Vec<Allocated>,
    /// What each limit that binds costs.
    pub prices: Vec<Price>,
    /// Return against risk.
    pub frontier: Vec<Point>,
    /// The curator's transactions, tried on the allocator's rules.
    pub calls: Vec<Call>,
}

/// Finds the allocation of least CVaR that earns the scenario's least return (half of what can be earned if it asks for
/// nothing), and everything about it.
///
/// # Errors
/// A return that cannot be had, or what the solver or the allocator's rules refuse.
pub fn optimise(scenario: &Allocations) -> Result<Plan, OptimizeError> {
    let pairs = scenario.pairs();
    let samples = sampled(scenario, &pairs, scenario.draws, scenario.seed)?;
    let means: Vec<f64> = samples.means().iter().map(|loss| -loss).collect();
    let (rows, variables) = limits::rows(scenario, &pairs);
    let returns: Vec<(usize, f64)> = means.iter().copied().enumerate().collect();
    let mut costs = vec![0.0; variables];
    for (cost, mean) in costs.iter_mut().zip(&means) {
        *cost = -mean;
    }
    let richest = primal(&costs, &rows)?;
    let expected = |x: &[f64]| -> f64 { means.iter().zip(x).map(|(mean, x)| mean * x).sum() };
    let most_return = expected(&richest);
    let wanted = scenario.least_return.unwrap_or(most_return / 2.0);
    if wanted > most_return * (1.0 + 1e-9) + 1e-12 {
        return Err(OptimizeError::AskedTooMuch {
            wanted,
            most: most_return,
        });
    }
    let mut tails = Tails::default();
    let with = |wanted: f64| {
        let mut with = rows.clone();
        // A hair less than asked, so that the most that can be had is feasible in floating point.
        let wanted = wanted - HAIR * most_return.abs();
        let row = Row::at_least("the return asked for", returns.clone(), wanted);
        with.push(row);
        with
    };
    let chosen = with(wanted);
    let minimum = minimise(&samples, scenario.level, &chosen, variables, &mut tails)?;
    let prices = prices(&chosen, &duals(&chosen, variables, &tails)?);
    let mut frontier = Vec::with_capacity(POINTS);
    for point in 1..=POINTS {
        let rows = with(most_return * point as f64 / POINTS as f64);
        let at = minimise(&samples, scenario.level, &rows, variables, &mut tails)?;
        frontier.push(Point {
            expected_return: expected(&at.values),
            shortfall: at.shortfall,
            allocated: at.values[..pairs.len()].iter().sum(),
        });
    }
    let parts = &minimum.values[..pairs.len()];
    let fresh = sampled(
        scenario,
        &pairs,
        scenario.draws * FRESH,
        scenario.seed.wrapping_add(1),
    )?;
    let mut net = fresh.of(parts);
    let fresh = tail(&mut net, scenario.level).ok_or(OptimizeError::NoLosses)?;
    let named = pairs
        .iter()
        .zip(parts)
        .zip(&means)
        .filter(|((_, part), _)| **part > 1e-9);
    let allocations = named.map(|((pair, part), mean)| Allocated {
        service: scenario.services[pair.0].name.clone(),
        operator: scenario.operators[pair.1].name.clone(),
        part: *part,
        expected_return: *mean,
    });
    Ok(Plan {
        scenario: scenario.name.clone(),
        is_synthetic: scenario.is_synthetic,
        level: scenario.level,
        draws: scenario.draws,
        horizon_years: scenario.horizon_years,
        expected_return: expected(parts),
        most_return,
        shortfall: minimum.shortfall,
        fresh,
        allocations: allocations.collect(),
        prices,
        frontier,
        calls: propose(scenario, &pairs, parts)?,
    })
}

fn sampled(
    scenario: &Allocations,
    pairs: &[Pair],
    draws: usize,
    seed: u64,
) -> Result<Samples, OptimizeError> {
    losses::draw(scenario, pairs, draws, seed)?.ok_or(OptimizeError::NoLosses)
}

fn prices(rows: &[Row], duals: &[f64]) -> Vec<Price> {
    let binding = rows
        .iter()
        .zip(duals)
        .filter(|(row, dual)| **dual > 1e-9 && !row.name.is_empty());
    binding
        .map(|(row, dual)| {
            let meaning = if row.name == "the return asked for" {
                format!("each further 0.1 % of expected return costs {:.4} % of CVaR", dual * 0.1)
            } else {
                format!("one percentage point more of {} would lower CVaR by {dual:.4} percentage points", row.name)
            };
            Price { limit: row.name.clone(), dual: *dual, meaning }
        })
        .collect()
}
