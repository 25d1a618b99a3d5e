//! A linear programme with its dual values.
//!
//! ```text
//! primal  minimise c·x  so that  G·x >= h, x >= 0          dual  maximise h·y  so that  Gᵀ·y <= c, y >= 0
//! ```
//!
//! The solver gives no dual values, so the dual is solved as a programme of its own, and both objectives must agree. A dual value is
//! what the objective would rise by if its row asked for one unit more. Where several dual solutions are optimal, one is given.

use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, constraint, microlp,
    variable,
};

/// A row: `Σ coefficient·x >= least`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name, for people.
    pub name: String,
    /// `(variable, coefficient)` pairs.
    pub coefficients: Vec<(usize, f64)>,
    /// The right-hand side.
    pub least: f64,
}

impl Row {
    /// `Σ coefficient·x >= least`.
    pub fn at_least(name: &str, coefficients: Vec<(usize, f64)>, least: f64) -> Self {
        Self {
            name: name.to_owned(),
            coefficients,
            least,
        }
    }

    /// `Σ coefficient·x <= most`.
    pub fn at_most(name: &str, coefficients: Vec<(usize, f64)>, most: f64) -> Self {
        let negated = coefficients
            .into_iter()
            .map(|(variable, value)| (variable, -value));
        Self::at_least(name, negated.collect(), -most)
    }
}

/// A solution.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The variables.
    pub values: Vec<f64>,
    /// The dual value of each row, not negative.
    pub duals: Vec<f64>,
    /// The objective.
    pub objective: f64,
}

/// Why a programme has no solution.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LpError {
    /// Nothing meets all rows.
    #[error(
        "no allocation meets every limit and the return asked for; ask for less or widen a limit"
    )]
    Infeasible,
    /// It has no least value.
    #[error("the objective has no least value: a bound is missing")]
    Unbounded,
    /// Primal and dual disagree.
    #[error(
        "the solver's primal ({primal}) and dual ({dual}) disagree; its result cannot be trusted"
    )]
    Gap {
        /// The objective of the primal.
        primal: f64,
        /// That of the dual.
        dual: f64,
    },
    /// Anything else the solver says.
    #[error("the solver failed: {0}")]
    Solver(String),
}

/// Primal and dual may differ by this, relatively.
const TOLERANCE: f64 = 1e-6;

/// Solves for the variables alone.
///
/// # Errors
/// Infeasible, unbounded, or the solver's failure.
pub fn primal(costs: &[f64], rows: &[Row]) -> Result<Vec<f64>, LpError> {
    let mut variables = ProblemVariables::new();
    let xs: Vec<_> = costs
        .iter()
        .map(|_| variables.add(variable().min(0.0)))
        .collect();
    let objective: Expression = xs.iter().zip(costs).map(|(x, cost)| *cost * *x).sum();
    let mut problem = variables.minimise(objective).using(microlp);
    for row in rows {
        let sum: Expression = row
            .coefficients
            .iter()
            .map(|(place, value)| *value * xs[*place])
            .sum();
        problem.add_constraint(constraint!(sum >= row.least));
    }
    let solution = problem.solve().map_err(|error| match error {
        ResolutionError::Infeasible => LpError::Infeasible,
        ResolutionError::Unbounded => LpError::Unbounded,
        other => LpError::Solver(other.to_string()),
    })?;
    Ok(xs.iter().map(|x| solution.value(*x)).collect())
}

/// Solves the primal and the dual.
///
/// # Errors
/// As [`primal`], or the two disagree.
pub fn solve(costs: &[f64], rows: &[Row]) -> Result<Solved, LpError> {
    let values = primal(costs, rows)?;
    // Maximising h·y under Gᵀ·y <= c is minimising −h·y under −Gᵀ·y >= −c.
    let mut columns: Vec<Row> = costs
        .iter()
        .map(|cost| Row::at_least("", Vec::new(), -cost))
        .collect();
    for (place, row) in rows.iter().enumerate() {
        for (variable, value) in &row.coefficients {
            columns[*variable].coefficients.push((place, -value));
        }
    }
    let negated: Vec<f64> = rows.iter().map(|row| -row.least).collect();
    let duals = primal(&negated, &columns)?;
    let objective: f64 = values.iter().zip(costs).map(|(x, cost)| x * cost).sum();
    let dual: f64 = rows
        .iter()
        .zip(&duals)
        .map(|(row, dual)| row.least * dual)
        .sum();
    if (objective - dual).abs() > TOLERANCE * (1.0 + objective.abs()) {
        return Err(LpError::Gap {
            primal: objective,
            dual,
        });
    }
    Ok(Solved {
        values,
        duals,
        objective,
    })
}
