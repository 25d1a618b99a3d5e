//! The most profitable attack on a network too large to search, as a mixed-integer programme.
//!
//! ```text
//! maximise  Σ π_s·a_s − Σ σ_v·z_v − Σ r_s              a, z in {0, 1};  r_s >= 0 (and 0 in a rigid network)
//! so that   Σ_v w_vs·z_v + r_s >= need_s·a_s for each s,  Σ a_s >= 1
//! ```
//!
//! with as many binaries as there are validators and services; the published formulation needs two big-M rows a validator.

use good_lp::solvers::SolutionStatus;
use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, WithMipGap, WithTimeLimit, constraint,
    microlp, variable,
};

use super::attack::{Method, Model};
use super::scaled::Scaled;

/// The solver may take so long.
const TIME_LIMIT_S: f64 = 10.0;
/// Relative to the profit: a solution this near to the bound is taken.
const GAP: f32 = 1e-4;

/// The validators that lose everything in the best attack found, and how far it can be trusted.
pub(super) fn best_set(scaled: &Scaled, model: Model) -> (Option<Vec<bool>>, Method) {
    let services: Vec<usize> = (0..scaled.profits.len())
        .filter(|s| scaled.profits[*s] > 0)
        .collect();
    if services.is_empty() {
        return (None, Method::Exact);
    }
    // In units of the largest amount, so that the solver's tolerances mean the same everywhere.
    let largest = scaled
        .stakes
        .iter()
        .chain(&scaled.profits)
        .copied()
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let part = |amount: i128| amount as f64 / largest;
    let mut variables = ProblemVariables::new();
    let losers: Vec<_> = scaled
        .stakes
        .iter()
        .map(|_| variables.add(variable().binary()))
        .collect();
    let fallen: Vec<_> = services
        .iter()
        .map(|_| variables.add(variable().binary()))
        .collect();
    let most = match model {
        Model::Rigid => 0.0,
        Model::Elastic => f64::INFINITY,
    };
    let rests: Vec<_> = services
        .iter()
        .map(|_| variables.add(variable().min(0.0).max(most)))
        .collect();
    let mut profit = Expression::from(0.0);
    for (place, service) in services.iter().enumerate() {
        profit += part(scaled.profits[*service]) * fallen[place] - rests[place];
    }
    for (loser, stake) in losers.iter().zip(&scaled.stakes) {
        profit -= part(*stake) * *loser;
    }
    // Everybody together always can: a set to start from, with nothing said of better ones.
    let everybody = (Some(vec![true; losers.len()]), Method::BestFound);
    let problem = variables.maximise(profit).using(microlp);
    let Ok(mut problem) = problem.with_time_limit(TIME_LIMIT_S).with_mip_gap(GAP) else {
        return everybody;
    };
    let any: Expression = fallen.iter().copied().sum();
    problem.add_constraint(constraint!(any >= 1.0));
    for (place, service) in services.iter().enumerate() {
        let mut have = Expression::from(rests[place]);
        for (loser, amount) in losers.iter().zip(&scaled.allocations[*service]) {
            if *amount > 0 {
                have += part(*amount) * *loser;
            }
        }
        let need = part(scaled.needs[*service]) * fallen[place];
        problem.add_constraint(constraint!(have >= need));
    }
    let Ok(solution) = problem.solve() else {
        return everybody;
    };
    let set = losers
        .iter()
        .map(|loser| solution.value(*loser) > 0.5)
        .collect();
    let method = match solution.status() {
        SolutionStatus::Optimal | SolutionStatus::GapLimit => Method::Solver,
        _ => Method::BestFound,
    };
    (Some(set), method)
}
