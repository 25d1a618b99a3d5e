//! Paths of the gallery: conservation, reproducibility, closed forms.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use weir_lab::estimate::Sample;
use weir_lab::report::figures;
use weir_lab::scenario::{GALLERY, Oracle, Scenario};
use weir_lab::stress::run::{Job, run};
use weir_lab::stress::{Outcome, Plan};
use weir_lab::table::{Paths, merge};

fn plan(name: &str) -> Plan {
    Plan::new(Scenario::named(name).unwrap()).unwrap()
}

fn outcomes(plan: &Plan, paths: u64, tilt: f64) -> Vec<Outcome> {
    (0..paths)
        .map(|path| plan.path(11, path, tilt).unwrap())
        .collect()
}

#[test]
fn every_scenario_of_the_gallery_keeps_its_books_on_every_path() {
    // A path whose shares, ETH, value or losses do not add up is an error, and so is one with a number that is none.
    for named in GALLERY {
        for outcome in outcomes(&plan(named.name), 12, 1.0) {
            let borne = outcome.borne_first_loss_eth
                + outcome.borne_holders_eth
                + outcome.borne_loopers_eth
                + outcome.borne_pools_eth
                + outcome.borne_arbitrage_eth
                + outcome.borne_queued_eth
                + outcome.borne_left_eth
                + outcome.borne_others_eth;
            assert!(
                (borne - outcome.slashed_eth).abs() < 1e-6,
                "{}: {outcome:?}",
                named.name
            );
            assert!(
                outcome.gap_eth.abs() < 1e-4,
                "{}: {}",
                named.name,
                outcome.gap_eth
            );
            assert!(
                outcome.backing_min > 0.0 && outcome.backing_min <= 1.0,
                "{}",
                named.name
            );
        }
    }
}

#[test]
fn more_severe_worlds_slash_more() {
    let mean = |plan: &Plan, tilt| {
        let all = outcomes(plan, 40, tilt);
        all.iter().map(|outcome| outcome.slashed_eth).sum::<f64>() / all.len() as f64
    };
    let calm = plan("calm");
    assert!(mean(&calm, 6.0) > 2.0 * mean(&calm, 1.0));
    assert!(mean(&plan("client-bug"), 1.0) > 100.0);
}

#[test]
fn a_bank_run_before_the_slash_does_not_spare_those_who_ran() {
    let all = outcomes(&plan("bank-run"), 20, 1.0);
    let left: f64 = all
        .iter()
        .map(|outcome| outcome.borne_left_eth + outcome.borne_queued_eth)
        .sum();
    let slashed: f64 = all.iter().map(|outcome| outcome.slashed_eth).sum();
    assert!(
        slashed > 0.0 && left > 0.02 * slashed,
        "{left} of {slashed}"
    );
}

#[test]
fn the_oracle_decides_whether_a_depeg_liquidates() {
    let with = |oracle| {
        let scenario = Scenario::named("ezeth-2024").unwrap();
        let streams = scenario.fingerprint().unwrap();
        let mut changed = scenario;
        changed.lending.oracle = oracle;
        let plan = Plan::with_streams(changed, streams).unwrap();
        let all = outcomes(&plan, 10, 1.0);
        all.iter()
            .map(|outcome| outcome.liquidated_part)
            .sum::<f64>()
            / 10.0
    };
    let (market, rate) = (with(Oracle::Market), with(Oracle::Rate));
    assert!(market > 0.1, "{market}");
    assert!(rate < 1e-9, "{rate}");
}

/// With n independent shocks of intensity λ each, the count over T years is Poisson: P(none) = exp(−Λ·T), and its mean is Λ·T.
#[test]
fn the_count_of_shocks_is_poisson_and_tilted_estimates_agree_with_the_closed_form() {
    let mut scenario = Scenario::named("calm").unwrap();
    scenario.slashing.reach = 1.0;
    scenario.slashing.evidence_hours = 0.0;
    let plan = Plan::new(scenario).unwrap();
    let expected = plan.sources.per_year();
    for tilt in [1.0, 2.0] {
        let mut none = Vec::new();
        let mut weights = Vec::new();
        for path in 0..20_000 {
            let mut streams = weir_lab::stress::random::Streams::new(3, 9, path);
            let (offences, log_ratio) =
                plan.sources
                    .draw(&plan.scenario, &plan.opening.graph, tilt, &mut streams);
            none.push(f64::from(u8::from(offences.is_empty())));
            weights.push(log_ratio.exp());
        }
        let p = Sample::new(&none, Some(&weights)).probability(|value| value > 0.5);
        let truth = (-expected).exp();
        assert!(
            p.low <= truth && truth <= p.high,
            "tilt {tilt}: {p:?} against {truth}"
        );
        let mean_weight = weights.iter().sum::<f64>() / 20_000.0;
        assert!((mean_weight - 1.0).abs() < 0.06, "{mean_weight}");
    }
}

/// Without flows, slashes, fees and volatility the rate is the product of its daily growths.
#[test]
fn a_quiet_vault_grows_as_compound_interest_says() {
    let mut scenario = Scenario::named("calm").unwrap();
    for asset in &mut scenario.vault.asset {
        asset.yield_volatility = 0.0;
        asset.yield_per_year = 0.03;
    }
    scenario.vault.performance_fee_bps = 0;
    scenario.slashing.operator_per_year = 0.0;
    scenario.slashing.service_per_year = 0.0;
    scenario.slashing.client_per_year = 0.0;
    scenario.slashing.cloud_per_year = 0.0;
    scenario.rewards.per_year = 0.0;
    scenario.trading.noise_eth = 0.0;
    scenario.trading.panics_per_year = 0.0;
    scenario.holders.inflow_per_year = 0.0;
    scenario.arbitrage.capital_eth = 0.0;
    scenario.holders.outflow_per_year = 0.0;
    let outcome = Plan::new(scenario).unwrap().path(1, 0, 1.0).unwrap();
    let truth = (1.0 + 0.03 / 365.0_f64).powi(365) - 1.0;
    assert!(
        (outcome.apy_net_part - truth).abs() < 1e-9,
        "{truth} {outcome:#?}",
    );
    assert!(outcome.discount_max < 1e-3);
}

fn job(folder: &Path, paths: u64, shard: (u64, u64), threads: usize) -> Job {
    Job {
        seed: 5,
        tilt: 1.0,
        paths,
        shard,
        threads,
        folder: folder.to_owned(),
        resume: false,
    }
}

#[test]
fn bytes_do_not_depend_on_threads_shards_or_stops() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let plan = plan("bank-run");
    let go = AtomicBool::new(false);
    run(&plan, &job(&at("one"), 300, (0, 1), 1), &go, |_| {}).unwrap();
    run(&plan, &job(&at("two"), 300, (0, 1), 2), &go, |_| {}).unwrap();
    for shard in 0..3 {
        run(
            &plan,
            &job(&at(&format!("shard-{shard}")), 300, (shard, 3), 2),
            &go,
            |_| {},
        )
        .unwrap();
    }
    // Stopped at once, then resumed.
    let stop = AtomicBool::new(true);
    let long = Job {
        paths: 2_500,
        ..job(&at("stopped"), 0, (0, 1), 2)
    };
    let ran = run(&plan, &long, &stop, |_| {}).unwrap();
    assert!(ran.stopped && ran.ran > 0 && ran.ran < 2_500, "{ran:?}");
    stop.store(false, Ordering::Relaxed);
    let ran = run(
        &plan,
        &Job {
            resume: true,
            ..long
        },
        &stop,
        |_| {},
    )
    .unwrap();
    assert!(!ran.stopped && ran.kept + ran.ran == 2_500);
    assert_eq!(Paths::open(&at("stopped")).unwrap().count, 2_500);

    let merged = |out: &str, places: &[&str]| {
        let places: Vec<_> = places.iter().map(|name| at(name)).collect();
        merge(&places, &at(out)).unwrap();
        std::fs::read(at(out)).unwrap()
    };
    let one = merged("one.parquet", &["one"]);
    assert_eq!(one, merged("two.parquet", &["two"]));
    assert_eq!(
        one,
        merged("shards.parquet", &["shard-2", "shard-0", "shard-1"])
    );
    let error = merge(&[at("shard-0"), at("shard-2")], &at("gap.parquet")).unwrap_err();
    assert!(error.to_string().contains("path 100 is missing"), "{error}");
    let of = figures(&Paths::open(&at("one.parquet")).unwrap()).unwrap();
    assert_eq!(of.paths, 300);
}
