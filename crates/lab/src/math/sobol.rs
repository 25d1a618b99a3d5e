//! Sobol's points and Sobol's indices.
//!
//! Points are Owen-scrambled (the crate `sobol_burley`), so that each seed is an independent, unbiased sample of the cube. With A
//! and B two samples of n points and `A_B^i` A with its coordinate i from B, the indices of coordinate i are estimated as
//!
//! ```text
//! first  S_i  = mean(f(B)·(f(A_B^i) − f(A))) / V        (Saltelli et al., 2010)
//! total  ST_i = mean((f(A) − f(A_B^i))²) / 2V           (Jansen, 1999)
//! ```
//!
//! averaged over independent scrambles, which also give the standard errors.

use rayon::prelude::*;

/// Most coordinates of a point.
pub const MAX_DIMENSIONS: u32 = sobol_burley::NUM_DIMENSIONS;

/// Coordinate `dimension` of point `index` (both from 0) of the scramble `seed`, in [0, 1).
pub fn coordinate(index: u32, dimension: u32, seed: u32) -> f64 {
    // Half of the spacing of 24 bits, so that no inverse distribution meets 0.
    f64::from(sobol_burley::sample(index, dimension, seed)) + 0.5 / 16_777_216.0
}

/// Indices of one input.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Index {
    /// Part of the variance that this input explains alone.
    pub first: f64,
    /// Its standard error.
    pub first_error: f64,
    /// Part of the variance that would be left if only this input were unknown: with all its interactions.
    pub total: f64,
    /// Its standard error.
    pub total_error: f64,
}

/// Indices of the `dimensions` inputs of `model`, which maps a point of the unit cube to a number, from `points` points in each
/// of `scrambles` independent scrambles: `points · (dimensions + 2) · scrambles` runs. The result does not depend on the number
/// of threads. `None` if `2 · dimensions` is 0 or above [`MAX_DIMENSIONS`], a count is 0, or the output never varies.
pub fn indices(
    model: impl Fn(&[f64]) -> f64 + Sync,
    dimensions: u32,
    points: u32,
    scrambles: u32,
    seed: u32,
) -> Option<Vec<Index>> {
    let is_possible = dimensions > 0 && dimensions.saturating_mul(2) <= MAX_DIMENSIONS;
    if !is_possible || points == 0 || scrambles == 0 {
        return None;
    }
    let each: Vec<Vec<[f64; 2]>> = (0..scrambles)
        .map(|scramble| one_scramble(&model, dimensions, points, seed.wrapping_add(scramble)))
        .collect::<Option<_>>()?;
    let summary = |input: usize, which: usize| {
        let values = each.iter().map(|indices| indices[input][which]);
        let n = f64::from(scrambles);
        let mean = values.clone().sum::<f64>() / n;
        let variance = values.map(|value| (value - mean).powi(2)).sum::<f64>();
        let error = (variance / (n - 1.0).max(1.0) / n).sqrt();
        (mean, if scrambles > 1 { error } else { f64::NAN })
    };
    let index = |input: usize| {
        let (first, first_error) = summary(input, 0);
        let (total, total_error) = summary(input, 1);
        Index {
            first,
            first_error,
            total,
            total_error,
        }
    };
    Some((0..dimensions as usize).map(index).collect())
}

fn one_scramble(
    model: &(impl Fn(&[f64]) -> f64 + Sync),
    dimensions: u32,
    points: u32,
    seed: u32,
) -> Option<Vec<[f64; 2]>> {
    let d = dimensions as usize;
    let rows: Vec<Vec<f64>> = (0..points)
        .into_par_iter()
        .map(|index| {
            let at = |first: u32| (0..dimensions).map(move |k| coordinate(index, first + k, seed));
            let a: Vec<f64> = at(0).collect();
            let b: Vec<f64> = at(dimensions).collect();
            let mut row = Vec::with_capacity(d + 2);
            row.push(model(&a));
            row.push(model(&b));
            let mut mixed = a.clone();
            for input in 0..d {
                mixed[input] = b[input];
                row.push(model(&mixed));
                mixed[input] = a[input];
            }
            row
        })
        .collect();
    let n = f64::from(points);
    let mean = rows.iter().map(|row| row[0] + row[1]).sum::<f64>() / (2.0 * n);
    let spread = |value: f64| (value - mean).powi(2);
    let squares = rows.iter().map(|row| spread(row[0]) + spread(row[1]));
    let variance = squares.sum::<f64>() / (2.0 * n);
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let index = |input: usize| {
        let first = rows
            .iter()
            .map(|row| (row[1] - mean) * (row[input + 2] - row[0]));
        let total = rows.iter().map(|row| (row[0] - row[input + 2]).powi(2));
        [
            first.sum::<f64>() / n / variance,
            total.sum::<f64>() / (2.0 * n) / variance,
        ]
    };
    Some((0..d).map(index).collect())
}
