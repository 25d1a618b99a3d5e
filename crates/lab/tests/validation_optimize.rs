//! Allocation against closed forms, against the programme written out, and against the allocator's own rules.

use statrs::distribution::{ContinuousCDF, Normal};
use weir_lab::math::cvar::normal_shortfall;
use weir_lab::math::sobol::coordinate;
use weir_lab::optimize::cvar::{Samples, Tails, minimise};
use weir_lab::optimize::lp::{LpError, Row, primal, solve};
use weir_lab::optimize::markowitz::least_variance;
use weir_lab::optimize::{OptimizeError, optimise, parse};

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}

const MEANS: [f64; 3] = [0.010_111_0, 0.004_353_2, 0.013_705_8];

fn covariances() -> Vec<Vec<f64>> {
    vec![
        vec![0.003_246_25, 0.000_229_83, 0.004_203_95],
        vec![0.000_229_83, 0.000_499_37, 0.000_192_47],
        vec![0.004_203_95, 0.000_192_47, 0.007_640_97],
    ]
}

/// Rockafellar and Uryasev's example of three assets with normal returns: in closed form (1e-5), and as the linear programme over
/// 65,536 Sobol points (1 % of CVaR).
#[test]
fn v06_v36_portfolio_of_least_shortfall() {
    let best = least_variance(&MEANS, &covariances(), 0.011).unwrap();
    for (part, expected) in best.parts.iter().zip([0.45201, 0.11557, 0.43242]) {
        near(*part, expected, 1e-5);
    }
    let levels = [(0.9, 0.096975), (0.95, 0.115908), (0.99, 0.152977)];
    for (level, expected) in levels {
        near(
            normal_shortfall(-best.mean, best.deviation, level),
            expected,
            1e-5,
        );
    }
    let samples = normal_samples(1 << 16, 36);
    let (all, returns) = (
        vec![(0, 1.0), (1, 1.0), (2, 1.0)],
        MEANS.into_iter().enumerate().collect(),
    );
    let rows = [
        Row::at_least("all", all.clone(), 1.0),
        Row::at_most("all", all, 1.0),
        Row::at_least("return", returns, 0.011),
    ];
    for (level, expected) in levels {
        let minimum = minimise(&samples, level, &rows, 3, &mut Tails::default()).unwrap();
        near(minimum.shortfall / expected, 1.0, 0.01);
        // What the programme says is least is less than any other portfolio's shortfall over the same draws.
        let (other, _) = samples.tail(&best.parts, level);
        assert!(minimum.shortfall <= other + 1e-9);
    }
}

/// Losses of normal returns: scrambled Sobol points through the inverse of the normal distribution and a Cholesky factor.
fn normal_samples(count: u32, seed: u32) -> Samples {
    let c = covariances();
    let l00 = c[0][0].sqrt();
    let (l10, l20) = (c[1][0] / l00, c[2][0] / l00);
    let l11 = (c[1][1] - l10 * l10).sqrt();
    let l21 = (c[2][1] - l20 * l10) / l11;
    let l22 = (c[2][2] - l20 * l20 - l21 * l21).sqrt();
    let normal = Normal::standard();
    let mut losses = Vec::new();
    for point in 0..count {
        let z = [0, 1, 2].map(|axis| normal.inverse_cdf(coordinate(point, axis, seed)));
        let off = [
            l00 * z[0],
            l10 * z[0] + l11 * z[1],
            l20 * z[0] + l21 * z[1] + l22 * z[2],
        ];
        losses.extend(off.iter().zip(MEANS).map(|(off, mean)| -off - mean));
    }
    Samples::new(3, losses).unwrap()
}

/// The programme by its tails against the programme written out with a row for each of 300 samples. 1e-7.
#[test]
fn tails_give_the_optimum_of_the_programme_written_out() {
    let samples = normal_samples(300, 1);
    for level in [0.8, 0.9, 0.973] {
        let all = vec![(0, 1.0), (1, 1.0), (2, 1.0)];
        let rows = [
            Row::at_least("all", all.clone(), 1.0),
            Row::at_most("all", all, 1.0),
        ];
        let minimum = minimise(&samples, level, &rows, 3, &mut Tails::default()).unwrap();
        let n = samples.count();
        // x, then η as a difference, then an excess for each sample.
        let mut costs = vec![0.0, 0.0, 0.0, 1.0, -1.0];
        costs.extend(std::iter::repeat_n(1.0 / ((1.0 - level) * n as f64), n));
        let mut written: Vec<Row> = rows.to_vec();
        let units: Vec<Vec<f64>> = (0..3)
            .map(|asset| samples.of(&[0, 1, 2].map(|place| f64::from(u8::from(place == asset)))))
            .collect();
        for sample in 0..n {
            let of = |(asset, losses): (usize, &Vec<f64>)| (asset, -losses[sample]);
            let mut row: Vec<(usize, f64)> = units.iter().enumerate().map(of).collect();
            row.extend([(3, 1.0), (4, -1.0), (5 + sample, 1.0)]);
            written.push(Row::at_least("sample", row, 0.0));
        }
        written.push(Row::at_most("bound", vec![(3, 1.0), (4, 1.0)], 1e3));
        let values = primal(&costs, &written).unwrap();
        let objective: f64 = values.iter().zip(&costs).map(|(x, cost)| x * cost).sum();
        near(minimum.shortfall, objective, 1e-7);
    }
}

/// Dual values against solving again with a row moved. 1e-6.
#[test]
fn dual_values_are_what_a_row_is_worth() {
    let rows = |most: f64| {
        [
            Row::at_most("land", vec![(0, 1.0), (1, 1.0)], most),
            Row::at_most("work", vec![(0, 1.0), (1, 3.0)], 9.0),
        ]
    };
    let costs = [-3.0, -5.0];
    let solved = solve(&costs, &rows(5.0)).unwrap();
    let moved = solve(&costs, &rows(5.1)).unwrap();
    near(
        (solved.objective - moved.objective) / 0.1,
        solved.duals[0],
        1e-6,
    );
    near(solved.objective, -19.0, 1e-9);
    assert_eq!(
        solve(
            &[1.0],
            &[
                Row::at_least("", vec![(0, 1.0)], 2.0),
                Row::at_most("", vec![(0, 1.0)], 1.0)
            ]
        ),
        Err(LpError::Infeasible)
    );
}

const SCENARIO: &str = r#"
name = "three services"
synthetic = true
seed = 7
draws = 20000
level = "95%"
horizon_years = 1
allocated = "100%"
least_return = "2%"

[limits]
service = "50%"
operator = "40%"
group = "60%"
worst = ["40%", "60%", "70%"]

[[service]]
name = "oracle"
id = 1
reward_per_year = "4%"
max_slash = "20%"
faults_per_year = 0.02
severity = "10%"

[[service]]
name = "bridge"
id = 2
reward_per_year = "7%"
max_slash = "50%"
faults_per_year = 0.05
severity = "30%"

[[operator]]
name = "ada"
address = "0x00000000000000000000000000000000000000a1"
commission = "10%"
groups = ["geth"]
faults_per_year = 0.02
severity = "50%"

[[operator]]
name = "bo"
address = "0x00000000000000000000000000000000000000b2"
commission = "5%"
groups = ["geth"]
faults_per_year = 0.03
severity = "40%"

[[operator]]
name = "cy"
address = "0x00000000000000000000000000000000000000c3"
commission = "12%"
groups = []
faults_per_year = 0.01
severity = "40%"

[[group]]
name = "geth"
faults_per_year = 0.01
severity = "80%"

[[current]]
service = "bridge"
operator = "bo"
magnitude = "30%"
"#;

/// A plan keeps every limit, reaches its return, holds on fresh draws, and every dual value is what moving its limit is worth.
#[test]
fn a_plan_keeps_the_limits_and_prices_them() {
    let scenario = parse("three.toml", SCENARIO).unwrap();
    let plan = optimise(&scenario).unwrap();
    near(plan.expected_return, 0.02, 1e-6);
    let risk = |part: f64, service: &str| part * if service == "oracle" { 0.6 } else { 1.0 };
    let sum = |is_counted: &dyn Fn(&str, &str) -> bool| -> f64 {
        let counted = plan
            .allocations
            .iter()
            .filter(|each| is_counted(&each.service, &each.operator));
        counted.map(|each| risk(each.part, &each.service)).sum()
    };
    for service in ["oracle", "bridge"] {
        assert!(sum(&|name, _| name == service) <= 0.5 + 1e-7);
    }
    let mut operators: Vec<f64> = ["ada", "bo", "cy"]
        .iter()
        .map(|name| sum(&|_, operator| operator == *name))
        .collect();
    operators.sort_by(|a, b| b.total_cmp(a));
    assert!(operators[0] <= 0.4 + 1e-7 && operators[0] + operators[1] <= 0.6 + 1e-7);
    assert!(operators.iter().sum::<f64>() <= 0.7 + 1e-7);
    assert!(sum(&|_, operator| operator != "cy") <= 0.6 + 1e-7);
    let off = (plan.fresh.expected_shortfall - plan.shortfall).abs();
    assert!(
        off < 0.15 * plan.shortfall,
        "{} on fresh draws, {} in the programme",
        plan.fresh.expected_shortfall,
        plan.shortfall
    );
    assert!(
        plan.frontier
            .windows(2)
            .all(|pair| pair[0].shortfall <= pair[1].shortfall + 1e-9)
    );
    // A decrease comes first, and nothing is raised before it has expired.
    assert!(
        plan.calls
            .iter()
            .any(|call| call.step == 1 && call.was_wad > call.magnitude_wad)
    );
    assert!(
        plan.calls
            .iter()
            .all(|call| (call.magnitude_wad > call.was_wad) == (call.step == 2))
    );
    let price = plan
        .prices
        .iter()
        .find(|price| price.limit == "the return asked for")
        .unwrap();
    let mut more = scenario.clone();
    more.least_return = Some(0.02 + 1e-5);
    let moved = optimise(&more).unwrap();
    near(
        (moved.shortfall - plan.shortfall) / 1e-5 / price.dual,
        1.0,
        0.05,
    );
    assert_eq!(plan.text(), optimise(&scenario).unwrap().text());
    assert!(plan.html().contains("<svg"));
}

/// What cannot be earned is refused with what can.
#[test]
fn too_much_is_refused() {
    let mut scenario = parse("three.toml", SCENARIO).unwrap();
    scenario.least_return = Some(0.5);
    let Err(OptimizeError::AskedTooMuch { wanted, most }) = optimise(&scenario) else {
        panic!("not refused");
    };
    assert!(wanted == 0.5 && most < 0.07);
}

/// Each mistake names its line, its value and what was expected.
#[test]
fn mistakes_are_refused_with_their_line() {
    let cases = [
        (
            "level = \"95%\"",
            "level = nan",
            "line 6: level is nan; expected a level",
        ),
        (
            "draws = 20000",
            "draws = -5",
            "line 5: draws is -5; expected a number of draws",
        ),
        (
            "max_slash = \"20%\"",
            "max_slash = 20",
            "line 21: service[1].max_slash is 20; expected a part",
        ),
        (
            "severity = \"80%\"",
            "severity = \"80 bps\"",
            "line 60: group[1].severity is \"80 bps\"; expected a part",
        ),
        (
            "operator = \"bo\"",
            "operator = \"eve\"",
            "line 64: current[1].operator is eve; expected an operator of this file",
        ),
        (
            "seed = 7",
            "seeds = 7",
            "line 1: seed is missing; expected a whole number",
        ),
        (
            "horizon_years = 1",
            "horizon_years = 1\nhorizon_days = 3",
            "line 8: horizon_days is not a key here; expected one of",
        ),
        (
            "groups = [\"geth\"]",
            "groups = [\"reth\"]",
            "line 37: a group of an operator is reth; expected at most four",
        ),
        ("name = \"three services\"", "name = three", "line 2"),
    ];
    for (from, to, expected) in cases {
        let text = SCENARIO.replacen(from, to, 1);
        let error = parse("three.toml", &text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\nexpected: {expected}");
    }
}
