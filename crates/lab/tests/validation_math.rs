//! Statistics against closed forms. Each test names its source and its tolerance; estimates are held against three of their own
//! standard errors, with fixed seeds.

use std::f64::consts::PI;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use weir_lab::math::shocks::{Shock, Shocks};
use weir_lab::math::{cvar, importance, sobol};

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}

/// Closed form φ(z)/(1 − β) of a standard normal (1e-6), and the estimate from 200,000 draws within three standard errors.
#[test]
fn v06_v37_shortfall_of_a_normal() {
    near(cvar::normal_shortfall(0.0, 1.0, 0.95), 2.062713, 1e-6);
    near(cvar::normal_shortfall(0.0, 1.0, 0.99), 2.665214, 1e-6);
    let mut rng = ChaCha8Rng::seed_from_u64(37);
    let mut losses: Vec<f64> = (0..200_000)
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    for (level, expected) in [(0.95, 2.062713), (0.99, 2.665214)] {
        let tail = cvar::tail(&mut losses, level).unwrap();
        near(tail.expected_shortfall, expected, 3.0 * tail.standard_error);
        assert!(tail.standard_error < 0.02);
    }
}

/// Small samples by hand: Rockafellar and Uryasev's definition splits an outcome that straddles the level. Exact.
#[test]
fn tails_of_small_samples() {
    let mut losses = vec![4.0, 1.0, 3.0, 2.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
    let tail = cvar::tail(&mut losses, 0.8).unwrap();
    assert_eq!((tail.value_at_risk, tail.expected_shortfall), (8.0, 9.5));
    let tail = cvar::tail(&mut losses, 0.85).unwrap();
    near(
        tail.expected_shortfall,
        (0.05 * 9.0 + 0.1 * 10.0) / 0.15,
        1e-12,
    );
    let tail = cvar::tail(&mut losses, 0.0).unwrap();
    near(tail.expected_shortfall, 5.5, 1e-12);
    let mut pairs: Vec<(f64, f64)> = (1..=10).map(|loss| (f64::from(loss), 0.3)).collect();
    let weighted = cvar::weighted_tail(&mut pairs, 0.8).unwrap();
    near(weighted.expected_shortfall, 9.5, 1e-12);
    near(weighted.effective_samples, 10.0, 1e-9);
    assert!(cvar::tail(&mut [], 0.9).is_none());
    assert!(cvar::tail(&mut [f64::NAN], 0.9).is_none());
    assert!(cvar::tail(&mut [1.0], 1.0).is_none());
}

/// Of 400 estimates with their own 95 % intervals, about 95 % contain the truth: 92 to 98 % (that is four deviations).
#[test]
fn intervals_of_shortfall_cover() {
    let expected = cvar::normal_shortfall(0.0, 1.0, 0.9);
    let mut rng = ChaCha8Rng::seed_from_u64(95);
    let mut covered = 0;
    for _ in 0..400 {
        let mut losses: Vec<f64> = (0..4_000)
            .map(|_| StandardNormal.sample(&mut rng))
            .collect();
        let tail = cvar::tail(&mut losses, 0.9).unwrap();
        let off = (tail.expected_shortfall - expected).abs();
        covered += u32::from(off <= 1.96 * tail.standard_error);
    }
    assert!((368..=392).contains(&covered), "{covered} of 400");
}

/// Marshall and Olkin with rates 0.1, 0.2 and 0.05 for both, at t = 1: closed forms (1e-6) and 200,000 paths (three deviations).
#[test]
fn v06_v39_marshall_olkin() {
    let shock = |rate, members: &[usize]| Shock {
        rate,
        members: members.to_vec(),
    };
    let list = vec![shock(0.1, &[0]), shock(0.2, &[1]), shock(0.05, &[0, 1])];
    let shocks = Shocks::new(list, 2).unwrap();
    near(shocks.survival(&[0, 1], 1.0), 0.704688, 1e-6);
    near(shocks.hit_correlation(0, 1, 1.0), 0.239144, 1e-6);
    let mut rng = ChaCha8Rng::seed_from_u64(39);
    let mut events = Vec::new();
    let n = 200_000;
    let (mut alive, mut hits, mut both) = (0, [0, 0], 0);
    for _ in 0..n {
        shocks.draw(1.0, &mut rng, &mut events);
        let first = shocks.first_hits(&events);
        let is_hit = [first[0] <= 1.0, first[1] <= 1.0];
        alive += u32::from(!is_hit[0] && !is_hit[1]);
        both += u32::from(is_hit[0] && is_hit[1]);
        hits = [
            hits[0] + u32::from(is_hit[0]),
            hits[1] + u32::from(is_hit[1]),
        ];
    }
    let n = f64::from(n);
    let part = |count: u32| f64::from(count) / n;
    near(part(alive), 0.704688, 3.0 * (0.7047f64 * 0.2953 / n).sqrt());
    let (p, q) = (part(hits[0]), part(hits[1]));
    let correlation = (part(both) - p * q) / (p * (1.0 - p) * q * (1.0 - q)).sqrt();
    near(correlation, 0.239144, 3.0 / n.sqrt() * 1.5);
}

/// The same rare event by tilted shocks, with likelihood ratios: within three of its standard errors, and ten times as exact as
/// plain counting would be.
#[test]
fn tilted_shocks_are_unbiased() {
    let shock = |rate, members: &[usize]| Shock {
        rate,
        members: members.to_vec(),
    };
    let list = vec![
        shock(0.001, &[0]),
        shock(0.001, &[1]),
        shock(0.0001, &[0, 1]),
    ];
    let shocks = Shocks::new(list, 2).unwrap();
    let tilted = shocks.tilted(|_, _| 300.0).unwrap();
    let exact = 1.0 - shocks.survival(&[0], 1.0) - shocks.survival(&[1], 1.0)
        + shocks.survival(&[0, 1], 1.0);
    let mut rng = ChaCha8Rng::seed_from_u64(40);
    let (mut events, mut estimate) = (Vec::new(), importance::Estimate::default());
    let draws = 100_000;
    for _ in 0..draws {
        tilted.draw(1.0, &mut rng, &mut events);
        let first = shocks.first_hits(&events);
        let both = first.iter().all(|time| *time <= 1.0);
        let log_weight = shocks.log_ratio(&tilted, &events, 1.0);
        estimate.add(f64::from(u8::from(both)), log_weight);
    }
    near(estimate.mean(), exact, 3.0 * estimate.standard_error());
    let plain = (exact / f64::from(draws)).sqrt();
    assert!(estimate.standard_error() * 10.0 < plain);
}

/// P(Z > 5) from 100,000 tilted draws: 2 %.
#[test]
fn v06_v41_importance_sampling_of_a_normal_tail() {
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let estimate = importance::normal_exceedance(5.0, 100_000, &mut rng);
    near(estimate.mean() / 2.866516e-7, 1.0, 0.02);
    near(
        estimate.mean(),
        2.866516e-7,
        3.0 * estimate.standard_error(),
    );
    assert!(estimate.effective_hits() > 10_000.0);
}

/// Ishigami's function with a = 7, b = 0.1: its analytic indices, 0.01.
#[test]
fn v06_v42_sobol_indices_of_ishigami() {
    let model = |point: &[f64]| {
        let x: Vec<f64> = point.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
    };
    let indices = sobol::indices(model, 3, 4_096, 4, 42).unwrap();
    for (index, (first, total)) in
        indices
            .iter()
            .zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)])
    {
        near(index.first, first, 0.01);
        near(index.total, total, 0.01);
        assert!(index.first_error < 0.01 && index.total_error < 0.01);
    }
    assert_eq!(sobol::indices(|_| 1.0, 2, 64, 1, 0), None);
}

/// One thread and four give the same bytes.
#[test]
fn indices_do_not_depend_on_threads() {
    let model = |point: &[f64]| point[0] + point[1] * point[2];
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| sobol::indices(model, 3, 512, 2, 7))
            .unwrap()
    };
    let bits = |threads| -> Vec<u64> {
        run(threads)
            .iter()
            .map(|index| index.first.to_bits() ^ index.total.to_bits())
            .collect()
    };
    assert_eq!(bits(1), bits(4));
}
