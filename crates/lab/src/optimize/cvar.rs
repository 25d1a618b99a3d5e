//! The least CVaR of a portfolio over sampled losses: the linear programme of Rockafellar and Uryasev (2000).
//!
//! ```text
//! minimise over x, η   η + Σ_k max(0, a_k·x − η) / ((1 − β)·n)            a_k: losses of sample k, a unit of each
//! ```
//!
//! Written out it has a row for each sample. CVaR is also the largest mean loss over tails Q that hold the part 1 − β of the
//! samples, `max_Q ā_Q·x`, so the same optimum is reached with the few rows `z >= ā_Q·x` that matter: solve, add the tail of
//! the solution found, and again until that tail says no more than z (Künzi-Bay and Mayer, 2006). What is left is a programme
//! of a few dozen rows, with dual values that mean something.

use super::lp::{LpError, Row, primal, solve};

/// Sampled losses, a row of `assets` numbers for each sample: what one unit of each asset loses, gains being negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    assets: usize,
    losses: Vec<f64>,
}

/// A portfolio of least CVaR.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// The assets, then any further variables.
    pub values: Vec<f64>,
    /// CVaR over the samples.
    pub shortfall: f64,
    /// How many tails it took.
    pub cuts: usize,
}

/// Most tails that are added.
const MAX_CUTS: usize = 2_000;
/// CVaR and the programme's own value may differ by this, relatively to the largest mean loss.
const TOLERANCE: f64 = 1e-8;

impl Samples {
    /// Losses of `assets` assets, row by row. `None` if there is no whole row, or a number is not finite.
    pub fn new(assets: usize, losses: Vec<f64>) -> Option<Self> {
        let is_whole = assets > 0 && !losses.is_empty() && losses.len().is_multiple_of(assets);
        let is_finite = losses.iter().all(|loss| loss.is_finite());
        (is_whole && is_finite).then_some(Self { assets, losses })
    }

    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.losses.len() / self.assets
    }

    /// The mean loss of each asset.
    pub fn means(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.assets];
        for row in self.losses.chunks(self.assets) {
            for (sum, loss) in sums.iter_mut().zip(row) {
                *sum += loss;
            }
        }
        sums.iter().map(|sum| sum / self.count() as f64).collect()
    }

    /// The loss of the portfolio `x` in each sample.
    pub fn of(&self, x: &[f64]) -> Vec<f64> {
        let rows = self.losses.chunks(self.assets);
        rows.map(|row| row.iter().zip(x).map(|(loss, x)| loss * x).sum())
            .collect()
    }

    /// CVaR of the portfolio `x`, and the mean losses of the assets in its tail.
    pub fn tail(&self, x: &[f64], level: f64) -> (f64, Vec<f64>) {
        let losses = self.of(x);
        let mut order: Vec<usize> = (0..losses.len()).collect();
        let mass = (1.0 - level) * losses.len() as f64;
        let whole = (mass.floor() as usize).min(losses.len() - 1);
        // Ties are broken by place, so that the same samples give the same bytes.
        order.select_nth_unstable_by(whole, |a, b| {
            losses[*b].total_cmp(&losses[*a]).then(a.cmp(b))
        });
        let mut means = vec![0.0; self.assets];
        let mut tail: Vec<usize> = order[..whole].to_vec();
        tail.sort_unstable();
        let weighted = tail.iter().map(|place| (*place, 1.0));
        for (place, weight) in weighted.chain([(order[whole], mass - whole as f64)]) {
            let row = &self.losses[place * self.assets..(place + 1) * self.assets];
            for (mean, loss) in means.iter_mut().zip(row) {
                *mean += weight * loss / mass;
            }
        }
        let shortfall = means.iter().zip(x).map(|(mean, x)| mean * x).sum();
        (shortfall, means)
    }
}

/// Tails found so far. They hold for any rows, so one set serves a whole frontier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tails(Vec<Vec<f64>>);

/// The portfolio of least CVaR at `level` (0 to below 1) over `samples` among `x >= 0` that meet `rows`. Rows may speak of
/// `variables` variables, of which the first are the assets.
///
/// # Errors
/// Nothing meets the rows, they do not bound the portfolio, or the solver fails.
pub fn minimise(
    samples: &Samples,
    level: f64,
    rows: &[Row],
    variables: usize,
    tails: &mut Tails,
) -> Result<Minimum, LpError> {
    let means = samples.means();
    let scale = means
        .iter()
        .fold(1e-12, |most: f64, mean| most.max(mean.abs()));
    if tails.0.is_empty() {
        // The mean is a tail that holds everything, and keeps the first programme bounded.
        tails.0.push(means);
    }
    let costs = costs(variables);
    let mut all: Vec<Row> = rows.to_vec();
    all.extend(tails.0.iter().map(|tail| cut(tail, variables)));
    loop {
        let mut values = primal(&costs, &all)?;
        let z = values[variables] - values[variables + 1];
        let (shortfall, tail) = samples.tail(&values, level);
        if shortfall - z <= TOLERANCE * scale || tails.0.len() >= MAX_CUTS {
            values.truncate(variables);
            return Ok(Minimum {
                values,
                shortfall,
                cuts: tails.0.len(),
            });
        }
        all.push(cut(&tail, variables));
        tails.0.push(tail);
    }
}

/// Dual values of `rows` at the portfolio that [`minimise`] found with them, from the same `tails`: what CVaR would rise by if a row
/// asked for one unit more.
///
/// # Errors
/// The solver fails, or its primal and dual disagree.
pub fn duals(rows: &[Row], variables: usize, tails: &Tails) -> Result<Vec<f64>, LpError> {
    let mut all: Vec<Row> = rows.to_vec();
    all.extend(tails.0.iter().map(|tail| cut(tail, variables)));
    let mut duals = solve(&costs(variables), &all)?.duals;
    duals.truncate(rows.len());
    Ok(duals)
}

/// z is the difference of two variables that are not negative, after all others.
fn costs(variables: usize) -> Vec<f64> {
    let mut costs = vec![0.0; variables + 2];
    (costs[variables], costs[variables + 1]) = (1.0, -1.0);
    costs
}

fn cut(means: &[f64], variables: usize) -> Row {
    let mut coefficients: Vec<(usize, f64)> = means.iter().map(|mean| -mean).enumerate().collect();
    coefficients.extend([(variables, 1.0), (variables + 1, -1.0)]);
    Row::at_least("tail", coefficients, 0.0)
}
