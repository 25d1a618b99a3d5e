//! Whether a scenario makes sense: ranges, and what contradicts itself.

use super::error::Wrong;
use super::{EventKind, Scenario};

type Checked = Result<(), Wrong>;

/// Refuses the first value that is out of its range or contradicts another.
pub(super) fn check(scenario: &Scenario) -> Checked {
    time(scenario)?;
    vault(scenario)?;
    world(scenario)?;
    markets(scenario)?;
    events(scenario)
}

fn wrong(path: impl Into<String>, value: impl ToString, expected: impl Into<String>) -> Checked {
    Err(Wrong {
        path: path.into(),
        value: value.to_string(),
        expected: expected.into(),
    })
}

/// `least..=most`; refuses NaN.
fn within(path: &str, value: f64, least: f64, most: f64, unit: &str) -> Checked {
    if value >= least && value <= most {
        return Ok(());
    }
    wrong(path, value, format!("{unit} from {least} to {most}"))
}

fn part(path: &str, value: f64) -> Checked {
    within(path, value, 0.0, 1.0, "a part")
}

fn eth(path: &str, value: f64) -> Checked {
    within(path, value, 0.0, 1e9, "ETH")
}

fn per_year(path: &str, value: f64) -> Checked {
    within(path, value, 0.0, 1e4, "times or a part per year")
}

fn volatility(path: &str, value: f64) -> Checked {
    within(path, value, 0.0, 100.0, "a volatility")
}

fn bps(path: &str, value: f64, most: f64) -> Checked {
    within(path, value, 0.0, most, "bps")
}

fn parts_of_one(path: &str, parts: &[f64]) -> Checked {
    for value in parts {
        part(path, *value)?;
    }
    let sum: f64 = parts.iter().sum();
    if (sum - 1.0).abs() < 1e-9 {
        return Ok(());
    }
    wrong(
        path,
        format!("{parts:?}, together {sum}"),
        "parts that are 1 together",
    )
}

fn time(scenario: &Scenario) -> Checked {
    let time = &scenario.time;
    within("time.horizon_days", time.horizon_days, 1.0, 3_650.0, "days")?;
    within("time.step_hours", time.step_hours, 0.25, 24.0, "hours")?;
    if time.steps() as f64 * time.step_hours != time.horizon_days * 24.0 {
        return wrong(
            "time.step_hours",
            time.step_hours,
            format!(
                "a length of which {} days are a whole number",
                time.horizon_days
            ),
        );
    }
    let vault = &scenario.vault;
    within("vault.epoch_days", vault.epoch_days, 0.25, 60.0, "days")?;
    let steps = vault.epoch_days * 24.0 / time.step_hours;
    if steps.fract() != 0.0 {
        return wrong(
            "vault.epoch_days",
            vault.epoch_days,
            format!("a whole number of steps of {} hours", time.step_hours),
        );
    }
    let most = vault.epoch_days * 24.0 - 1.0;
    within(
        "vault.grace_hours",
        vault.grace_hours,
        1.0,
        most,
        "hours, shorter than an epoch:",
    )?;
    within(
        "slashing.veto_window_hours",
        scenario.slashing.veto_window_hours,
        1.0,
        most,
        "hours, shorter than an epoch:",
    )
}

fn vault(scenario: &Scenario) -> Checked {
    let vault = &scenario.vault;
    bps(
        "vault.idle_target_bps",
        vault.idle_target_bps.into(),
        5_000.0,
    )?;
    bps(
        "vault.performance_fee_bps",
        vault.performance_fee_bps.into(),
        2_000.0,
    )?;
    let fees = vault.instant_fee_bps;
    if !fees.is_sorted() || fees[2] > 1_000 {
        return wrong(
            "vault.instant_fee_bps",
            format!("{fees:?}"),
            "three rising fees of at most 1000 bps",
        );
    }
    let [kink, limit] = vault.instant_outflow_eth;
    eth("vault.instant_outflow_eth", kink)?;
    eth("vault.instant_outflow_eth", limit)?;
    if kink > limit {
        return wrong(
            "vault.instant_outflow_eth",
            format!("[{kink}, {limit}]"),
            "the kink under the limit",
        );
    }
    within(
        "vault.instant_window_hours",
        vault.instant_window_hours,
        1.0,
        8_760.0,
        "hours",
    )?;
    if vault.asset.is_empty() || vault.asset.len() > 8 {
        return wrong(
            "vault.asset",
            format!("{} assets", vault.asset.len()),
            "1 to 8 assets",
        );
    }
    for (place, asset) in vault.asset.iter().enumerate() {
        let at = |key: &str| format!("vault.asset[{place}].{key}");
        part(&at("deposit_part"), asset.deposit_part)?;
        within(&at("rate_eth"), asset.rate_eth, 0.01, 10.0, "ETH per asset")?;
        within(
            &at("yield_per_year"),
            asset.yield_per_year,
            -0.5,
            0.3,
            "a yield per year",
        )?;
        volatility(&at("yield_volatility"), asset.yield_volatility)?;
        per_year(
            &at("yield_reversion_per_year"),
            asset.yield_reversion_per_year,
        )?;
    }
    let parts: Vec<f64> = vault.asset.iter().map(|asset| asset.deposit_part).collect();
    parts_of_one("vault.asset", &parts)?;
    let holders = &scenario.holders;
    within(
        "holders.deposits_eth",
        holders.deposits_eth,
        100.0,
        1e8,
        "ETH",
    )?;
    per_year("holders.inflow_per_year", holders.inflow_per_year)?;
    per_year("holders.outflow_per_year", holders.outflow_per_year)?;
    volatility("holders.flow_volatility", holders.flow_volatility)?;
    per_year("holders.run_per_contested", holders.run_per_contested)?;
    per_year("holders.run_per_discount", holders.run_per_discount)?;
    part("holders.queue_part", holders.queue_part)?;
    within(
        "holders.worst_discount",
        holders.worst_discount,
        0.0,
        0.95,
        "a part",
    )
}

fn world(scenario: &Scenario) -> Checked {
    let network = &scenario.network;
    let count = |path: &str, value: u32, least: u32, most: u32| {
        within(path, value.into(), least.into(), most.into(), "a number")
    };
    count("network.operators", network.operators, 1, 250)?;
    count("network.services", network.services, 1, 250)?;
    let most = network.operators.saturating_mul(network.services).min(64);
    let least = network.operators.min(64);
    if network.allocations < least.min(most) || network.allocations > most {
        return wrong(
            "network.allocations",
            network.allocations,
            format!(
                "{least} to {most}: one for an operator as far as 64 go, and no more than there are pairs"
            ),
        );
    }
    part("network.allocated_part", network.allocated_part)?;
    parts_of_one("network.client_parts", &network.client_parts)?;
    parts_of_one("network.cloud_parts", &network.cloud_parts)?;
    part("network.bond_part", network.bond_part)?;
    within("network.cover_part", network.cover_part, 0.0, 0.5, "a part")?;
    let slashing = &scenario.slashing;
    per_year("slashing.operator_per_year", slashing.operator_per_year)?;
    per_year("slashing.service_per_year", slashing.service_per_year)?;
    per_year("slashing.client_per_year", slashing.client_per_year)?;
    per_year("slashing.cloud_per_year", slashing.cloud_per_year)?;
    part("slashing.reach", slashing.reach)?;
    within(
        "slashing.severity_alpha",
        slashing.severity_alpha,
        0.01,
        1e4,
        "a parameter",
    )?;
    within(
        "slashing.severity_beta",
        slashing.severity_beta,
        0.01,
        1e4,
        "a parameter",
    )?;
    within("slashing.max_part", slashing.max_part, 1e-6, 1.0, "a part")?;
    within(
        "slashing.evidence_hours",
        slashing.evidence_hours,
        0.0,
        8_760.0,
        "hours",
    )?;
    part("slashing.veto_of_just", slashing.veto_of_just)?;
    count(
        "slashing.rogue_services",
        slashing.rogue_services,
        0,
        network.services,
    )?;
    per_year(
        "slashing.rogue_filings_per_year",
        slashing.rogue_filings_per_year,
    )?;
    part("slashing.veto_of_rogue", slashing.veto_of_rogue)?;
    within(
        "rewards.per_year",
        scenario.rewards.per_year,
        0.0,
        1.0,
        "a part per year",
    )?;
    volatility("rewards.volatility", scenario.rewards.volatility)?;
    part("rewards.commission_part", scenario.rewards.commission_part)?;
    within(
        "queue.wait_days",
        scenario.queue.wait_days,
        0.01,
        365.0,
        "days",
    )?;
    per_year(
        "queue.reversion_per_year",
        scenario.queue.reversion_per_year,
    )?;
    volatility("queue.volatility", scenario.queue.volatility)
}

fn markets(scenario: &Scenario) -> Checked {
    let Scenario {
        stableswap,
        concentrated,
        trading,
        arbitrage,
        lending,
        ..
    } = scenario;
    let deposits_eth = scenario.holders.deposits_eth;
    within(
        "stableswap.value_eth",
        stableswap.value_eth,
        1.0,
        1e9,
        "ETH",
    )?;
    within(
        "stableswap.amplification",
        stableswap.amplification,
        1.0,
        1e6,
        "a number",
    )?;
    bps("stableswap.fee_bps", stableswap.fee_bps, 1_000.0)?;
    eth("concentrated.value_eth", concentrated.value_eth)?;
    within(
        "concentrated.below_bps",
        concentrated.below_bps,
        1.0,
        9_000.0,
        "bps",
    )?;
    within(
        "concentrated.above_bps",
        concentrated.above_bps,
        1.0,
        9_000.0,
        "bps",
    )?;
    bps("concentrated.fee_bps", concentrated.fee_bps, 1_000.0)?;
    eth("trading.noise_eth", trading.noise_eth)?;
    per_year("trading.panics_per_year", trading.panics_per_year)?;
    eth("trading.panic_eth", trading.panic_eth)?;
    eth("arbitrage.capital_eth", arbitrage.capital_eth)?;
    per_year("arbitrage.cost_per_year", arbitrage.cost_per_year)?;
    bps("arbitrage.premium_bps", arbitrage.premium_bps, 5_000.0)?;
    within(
        "lending.loopers",
        lending.loopers.into(),
        0.0,
        10_000.0,
        "a number",
    )?;
    within(
        "lending.collateral_part",
        lending.collateral_part,
        0.0,
        0.95,
        "a part",
    )?;
    part(
        "lending.liquidation_threshold",
        lending.liquidation_threshold,
    )?;
    bps("lending.bonus_bps", lending.bonus_bps, 2_000.0)?;
    within(
        "lending.close_factor",
        lending.close_factor,
        0.01,
        1.0,
        "a part",
    )?;
    per_year("lending.borrow_per_year", lending.borrow_per_year)?;
    within(
        "lending.deleverage_below",
        lending.deleverage_below,
        0.0,
        2.0,
        "a health",
    )?;
    let [least, most] = lending.loan_to_value;
    if !(0.0 <= least && least <= most && most < lending.liquidation_threshold) {
        return wrong(
            "lending.loan_to_value",
            format!("[{least}, {most}]"),
            format!(
                "a least and a largest part under the liquidation threshold of {}",
                lending.liquidation_threshold
            ),
        );
    }
    let in_pools = (stableswap.value_eth + concentrated.value_eth) / 2.0;
    let promised = in_pools / deposits_eth
        + lending.collateral_part
        + scenario.network.cover_part
        + scenario.network.bond_part * scenario.network.allocated_part;
    if promised > 0.98 {
        return wrong(
            "holders.deposits_eth",
            deposits_eth,
            format!(
                "more: pools, loopers, bonds and cover would hold {promised:.2} of it, and holders the rest"
            ),
        );
    }
    Ok(())
}

fn events(scenario: &Scenario) -> Checked {
    for (place, event) in scenario.events.iter().enumerate() {
        let at = |key: &str| format!("event[{place}].{key}");
        within(
            &at("day"),
            event.day,
            0.0,
            scenario.time.horizon_days,
            "days inside the horizon,",
        )?;
        let amount = at("amount");
        match event.kind {
            EventKind::SellEth => eth(&amount, event.amount)?,
            EventKind::HaltDays | EventKind::QueueDays => {
                within(&amount, event.amount, 0.0, 365.0, "days")?;
            }
            // A pool without anything has no price.
            EventKind::DrainPart => within(&amount, event.amount, 0.0, 0.99, "a part")?,
            _ => part(&amount, event.amount)?,
        }
        let most = match event.kind {
            EventKind::ClientPart => scenario.network.client_parts.len(),
            EventKind::ServicePart => scenario.network.services as usize,
            EventKind::RatePart => scenario.vault.asset.len(),
            _ => 1,
        };
        if event.which as usize >= most {
            return wrong(at("which"), event.which, format!("a number under {most}"));
        }
    }
    Ok(())
}
