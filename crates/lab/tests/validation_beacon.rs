//! Ethereum's own stake and real records against the rules. Each test names its source and its tolerance. Tests that read a
//! data file want `WEIR_LAB_DATA` to name the directory it is in, and say so when they are skipped.

use std::path::PathBuf;

use alloy_primitives::U256;
use weir_lab::beacon::queue::exit_wait_days;
use weir_lab::beacon::slashing::{
    Fork, correlation_penalty_gwei, initial_penalty_gwei, offline_loss_gwei,
};
use weir_protocol::math::{mul_div_up, product, ratio_down};

const ETH: u64 = 1_000_000_000;

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}

fn data_file(name: &str) -> Option<PathBuf> {
    let Ok(directory) = std::env::var("WEIR_LAB_DATA") else {
        eprintln!("skipped: set WEIR_LAB_DATA to the directory that holds {name}");
        return None;
    };
    Some(PathBuf::from(directory).join(name))
}

/// The consensus specification's integers since Electra, 32 ETH. 1 gwei.
#[test]
fn v06_v15_electra_slashing() {
    assert_eq!(initial_penalty_gwei(32 * ETH), 7_812_500);
    let correlation =
        |total, slashed| correlation_penalty_gwei(32 * ETH, slashed * ETH, total * ETH).unwrap();
    assert_eq!(correlation(27_000_000, 640), 2_275_552);
    assert_eq!(correlation(36_000_000, 1_280), 3_413_312);
    assert_eq!(correlation(36_000_000, 360_000), 960_000_000);
    // A third of all slashed at once loses everything.
    assert_eq!(correlation(36_000_000, 18_000_000), 32 * ETH);
}

/// Lido's offline and slashing risk code for Altair, run on 400,000 validators of 32 ETH. 1e-8 ETH.
#[test]
fn v06_v17_offline_slashing_of_altair() {
    for (slashed, eth) in [(1, 0.621233458), (100, 0.636582333), (4_000, 1.247983979)] {
        let loss = offline_loss_gwei(Fork::Altair, 400_000, slashed) / ETH as f64;
        near(loss, eth, 1e-8);
    }
}

/// The queue's peak since Electra in the public record (validatorqueue.com): 2,673,349 ETH waited 46.41 days. 0.06 days.
#[test]
fn v06_v19_exit_queue_at_its_peak() {
    near(exit_wait_days(2_673_349.0), 46.41, 0.06);
}

/// All 464 days of that record since 8 May 2025. 0.06 days.
#[test]
fn v06_v19_exit_queue_on_every_day() {
    let Some(path) = data_file("eth_validator_queue_daily_2023-05_2026-08.json") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let days: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut seen = 0;
    for day in days
        .iter()
        .filter(|day| day["date"].as_str() >= Some("2025-05-08"))
    {
        let queue = day["exit_queue"].as_f64().unwrap();
        near(
            exit_wait_days(queue),
            day["exit_wait"].as_f64().unwrap(),
            0.06,
        );
        seen += 1;
    }
    assert_eq!(seen, 464);
}

/// An EigenLayer slashing on Holesky (in the fixtures of Layr-Labs/sidecar): 194526931019878002 of a magnitude of 1e18 leaves
/// what the log says. Weir rounds a slash up, as EigenLayer does. Exact.
#[test]
fn v06_v44_eigenlayer_magnitude_after_a_slash() {
    let wad = 1_000_000_000_000_000_000;
    let taken = mul_div_up(wad, 194_526_931_019_878_002, wad).unwrap();
    assert_eq!(wad - taken, 805_473_068_980_121_998);
}

/// rETH's rate at block 18,011,520, from total ETH and supply in the record of its oracle, rounded down. Exact.
#[test]
fn v06_v45_reth_rate() {
    let Some(path) = data_file("reth_protocol_rate_2021-10_2024-09.jsonl") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let rate = text.lines().find_map(|line| {
        let row: Vec<String> = serde_json::from_str(line).unwrap();
        let at = |column: usize| row[column].parse::<U256>().unwrap();
        let amount = |column: usize| u128::try_from(at(column)).unwrap();
        let wad = 1_000_000_000_000_000_000;
        let is_wanted = at(0) == U256::from(18_011_520);
        is_wanted.then(|| ratio_down(product(amount(2), wad), U256::from(amount(4))).unwrap())
    });
    assert_eq!(rate, Some(1_081_832_958_865_592_537));
}
