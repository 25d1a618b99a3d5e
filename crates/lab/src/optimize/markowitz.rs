//! The portfolio of least variance at a given return, in closed form: for normal returns it is the one of least CVaR too.
//!
//! ```text
//! minimise xᵀΣx  so that  Σx = 1, μ·x = R, x >= 0
//! ```
//!
//! The stationary point solves a linear system; an asset that it would sell short is left out, and again.

/// Fully invested in proportions `x` with mean `mean` and standard deviation `deviation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio {
    /// The part of each asset.
    pub parts: Vec<f64>,
    /// The mean return.
    pub mean: f64,
    /// The standard deviation of the return.
    pub deviation: f64,
}

/// The portfolio of least variance with mean return `wanted`, of assets with mean returns `means` and covariances `covariances`.
/// `None` if the sizes differ or no portfolio has that return.
pub fn least_variance(means: &[f64], covariances: &[Vec<f64>], wanted: f64) -> Option<Portfolio> {
    let n = means.len();
    if covariances.len() != n || covariances.iter().any(|row| row.len() != n) {
        return None;
    }
    let mut used: Vec<usize> = (0..n).collect();
    let parts = loop {
        let m = used.len();
        let mut system = vec![vec![0.0; m + 3]; m + 2];
        for (row, asset) in used.iter().enumerate() {
            for (column, other) in used.iter().enumerate() {
                system[row][column] = covariances[*asset][*other];
            }
            (system[row][m], system[row][m + 1]) = (1.0, means[*asset]);
            (system[m][row], system[m + 1][row]) = (1.0, means[*asset]);
        }
        (system[m][m + 2], system[m + 1][m + 2]) = (1.0, wanted);
        let solution = eliminate(system)?;
        let short = (0..m).filter(|place| solution[*place] < -1e-12);
        match short.min_by(|a, b| solution[*a].total_cmp(&solution[*b])) {
            Some(place) => drop(used.remove(place)),
            None => {
                let mut parts = vec![0.0; n];
                for (place, asset) in used.iter().enumerate() {
                    parts[*asset] = solution[place];
                }
                break parts;
            }
        }
    };
    let row = |row: &Vec<f64>| {
        row.iter()
            .zip(&parts)
            .map(|(value, part)| value * part)
            .sum::<f64>()
    };
    let variance: f64 = covariances
        .iter()
        .zip(&parts)
        .map(|(each, part)| part * row(each))
        .sum();
    Some(Portfolio {
        mean: means
            .iter()
            .zip(&parts)
            .map(|(mean, part)| mean * part)
            .sum(),
        deviation: variance.sqrt(),
        parts,
    })
}

/// Gauss's elimination with the largest pivot; the last column is the right-hand side.
fn eliminate(mut system: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = system.len();
    for column in 0..n {
        let largest = (column..n).max_by(|a, b| {
            system[*a][column]
                .abs()
                .total_cmp(&system[*b][column].abs())
        })?;
        system.swap(column, largest);
        let pivot = system[column].clone();
        if pivot[column].abs() < 1e-14 {
            return None;
        }
        for (place, row) in system.iter_mut().enumerate() {
            if place != column {
                let factor = row[column] / pivot[column];
                for (value, above) in row.iter_mut().zip(&pivot) {
                    *value -= factor * above;
                }
            }
        }
    }
    Some(
        system
            .iter()
            .enumerate()
            .map(|(place, row)| row[n] / row[place])
            .collect(),
    )
}
