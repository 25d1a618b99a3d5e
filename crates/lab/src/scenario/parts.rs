//! The tables of a scenario.

use serde::{Deserialize, Serialize};

/// How long, and in which steps the markets move.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// Length of a path, days.
    pub horizon_days: f64,
    /// Length of a step, hours; an epoch is a whole number of steps.
    pub step_hours: f64,
}

impl Time {
    /// Steps of a path.
    pub fn steps(&self) -> usize {
        (self.horizon_days * 24.0 / self.step_hours).round() as usize
    }

    /// Length of a step in years of 365 days.
    pub fn step_years(&self) -> f64 {
        self.step_hours / (24.0 * 365.0)
    }

    /// Length of a step, whole seconds.
    pub fn step_s(&self) -> u64 {
        (self.step_hours * 3_600.0).round() as u64
    }
}

/// The vault's parameters, as its governor sets them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vault {
    /// Length of an epoch, days.
    pub epoch_days: f64,
    /// How long after two epochs unstaked assets stay slashable, hours.
    pub grace_hours: f64,
    /// Part of each asset that is kept idle for instant exits, bps.
    pub idle_target_bps: u16,
    /// Performance fee above the high-water mark, bps.
    pub performance_fee_bps: u16,
    /// Marginal fee of an instant exit at no outflow, at the kink and at the limit, bps.
    pub instant_fee_bps: [u16; 3],
    /// Rolling net outflow at the kink and at the limit, ETH.
    pub instant_outflow_eth: [f64; 2],
    /// The window of that outflow, hours.
    pub instant_window_hours: f64,
    /// What can be deposited.
    pub asset: Vec<Asset>,
}

/// An asset of the vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Its symbol, for reports.
    pub name: String,
    /// Part of the value of all deposits.
    pub deposit_part: f64,
    /// ETH per asset at the start.
    pub rate_eth: f64,
    /// Mean of its yield, per year.
    pub yield_per_year: f64,
    /// Volatility of the yield, per square root of a year.
    pub yield_volatility: f64,
    /// How fast the yield returns to its mean, per year.
    pub yield_reversion_per_year: f64,
}

/// Who deposits, who leaves, and what makes them run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holders {
    /// Value of all deposits at the start, ETH; what loopers and pools hold is a part of it.
    pub deposits_eth: f64,
    /// New deposits per year, as a part of the value.
    pub inflow_per_year: f64,
    /// Exits per year without any alarm, as a part of the value.
    pub outflow_per_year: f64,
    /// Volatility of both, per square root of a year (lognormal factor).
    pub flow_volatility: f64,
    /// Part of the holders that leaves per day and per unit of contested loss: 1 means that a contested 1 % makes 1 % leave a day.
    pub run_per_contested: f64,
    /// The same per unit of discount in the pool, as far as it is over half a percent.
    pub run_per_discount: f64,
    /// Part of those who leave that joins the queue; the others sell.
    pub queue_part: f64,
    /// Nobody who can wait sells further under the rate than this: they join the queue as well.
    pub worst_discount: f64,
}

/// Operators, services, and what stands behind slashes. The graph is drawn once from the scenario: it is synthetic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Number of operators.
    pub operators: u32,
    /// Number of services.
    pub services: u32,
    /// Allocations, at most 64 as in the protocol; each gives an operator's stake to a service.
    pub allocations: u32,
    /// Part of the capacity that is allocated.
    pub allocated_part: f64,
    /// Part of the operators that runs each client.
    pub client_parts: Vec<f64>,
    /// Part of the operators that runs in each cloud.
    pub cloud_parts: Vec<f64>,
    /// What each operator has bonded, as a part of the value behind its allocations.
    pub bond_part: f64,
    /// What cover holds, as a part of the supply at the start.
    pub cover_part: f64,
}

/// Marshall–Olkin shocks: who is hit together, how hard, and what becomes of the request.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slashing {
    /// Shocks of one operator alone, each, per year.
    pub operator_per_year: f64,
    /// Shocks of one service, each, per year: all its operators may be hit.
    pub service_per_year: f64,
    /// Shocks of one client, each, per year.
    pub client_per_year: f64,
    /// Shocks of one cloud, each, per year.
    pub cloud_per_year: f64,
    /// Probability that a member of a common shock is hit.
    pub reach: f64,
    /// First parameter of the Beta distribution of the severity.
    pub severity_alpha: f64,
    /// Second parameter of it.
    pub severity_beta: f64,
    /// Most that a service's terms let it slash of one operator and epoch, as a part of its magnitude.
    pub max_part: f64,
    /// Mean time from the offence to its evidence, hours; exponential.
    pub evidence_hours: f64,
    /// Veto window, hours; shorter than an epoch.
    pub veto_window_hours: f64,
    /// Probability that a just request is vetoed all the same.
    pub veto_of_just: f64,
    /// Services that also file without an offence.
    pub rogue_services: u32,
    /// How often each of these files against each of its operators, per year; it asks for the most.
    pub rogue_filings_per_year: f64,
    /// Probability that such a request is vetoed.
    pub veto_of_rogue: f64,
}

/// What services pay. It is paid beside the vault: its ledger takes no reward streams in this model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewards {
    /// Mean, per year, as a part of the allocated value.
    pub per_year: f64,
    /// Volatility of the logarithm, per square root of a year.
    pub volatility: f64,
    /// Part that operators keep.
    pub commission_part: f64,
}

/// Ethereum's own exit queue, which the assets of a settled batch have to pass to become ETH.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Median wait, days.
    pub wait_days: f64,
    /// How fast the logarithm of the wait returns to its median, per year.
    pub reversion_per_year: f64,
    /// Volatility of that logarithm, per square root of a year.
    pub volatility: f64,
}

/// A StableSwap pool of shares and ETH.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StableSwapPool {
    /// Its value at the start, ETH; half of it in shares.
    pub value_eth: f64,
    /// Amplification A, as in Curve's pools of two coins.
    pub amplification: f64,
    /// Fee of an exchange, bps.
    pub fee_bps: f64,
}

/// A concentrated-liquidity position of shares and ETH around the rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concentrated {
    /// Its value at the start, ETH; 0: there is none.
    pub value_eth: f64,
    /// How far under the rate its range begins, bps.
    pub below_bps: f64,
    /// How far over the rate its range ends, bps.
    pub above_bps: f64,
    /// Fee, bps.
    pub fee_bps: f64,
}

/// Who trades in the pools for reasons of their own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trading {
    /// Standard deviation of the net sales of a day, ETH.
    pub noise_eth: f64,
    /// Panics per year: a jump of sales.
    pub panics_per_year: f64,
    /// Mean sale of a panic, ETH; exponential.
    pub panic_eth: f64,
}

/// Who buys at a discount and waits in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arbitrage {
    /// What it can have tied up at most, ETH.
    pub capital_eth: f64,
    /// What its capital costs per year.
    pub cost_per_year: f64,
    /// What it wants beyond that, bps.
    pub premium_bps: f64,
}

/// Which price a lending market believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oracle {
    /// The pool's.
    Market,
    /// The vault's rate.
    Rate,
    /// The vault's floor rate.
    Floor,
}

/// Loopers, who borrow ETH on shares to buy more shares, and who lends to and liquidates them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lending {
    /// Number of loopers; 0: there is no lending.
    pub loopers: u32,
    /// Their shares, as a part of the supply at the start.
    pub collateral_part: f64,
    /// Least and largest loan at the start, as a part of the collateral.
    pub loan_to_value: [f64; 2],
    /// A position whose loan is a larger part of its collateral can be liquidated.
    pub liquidation_threshold: f64,
    /// What liquidators get beyond what they repay, bps.
    pub bonus_bps: f64,
    /// Most of a loan that one liquidation repays.
    pub close_factor: f64,
    /// The price that decides.
    pub oracle: Oracle,
    /// Interest of the loans per year.
    pub borrow_per_year: f64,
    /// Loopers sell down to this health when theirs is under it; at most 1: never.
    pub deleverage_below: f64,
}

/// What happens on a certain day in every path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When, days from the start.
    pub day: f64,
    /// What.
    #[serde(rename = "do")]
    pub kind: EventKind,
    /// How much: ETH, a part, or days, as the kind says.
    pub amount: f64,
    /// Which client, service or asset, from 0, where the kind asks for one.
    #[serde(default)]
    pub which: u32,
}

/// Kinds of events; the amount is what the name ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Somebody sells shares worth this into the pools.
    SellEth,
    /// This part of the holders leaves.
    RunPart,
    /// This part of the liquidity is withdrawn from both pools.
    DrainPart,
    /// All operators of a client offend, with this severity.
    ClientPart,
    /// All operators of a service offend, with this severity.
    ServicePart,
    /// The rate of an asset falls by this part.
    RatePart,
    /// For so many days nobody arbitrages and nobody liquidates: the bridge is closed.
    HaltDays,
    /// Ethereum's exit queue is this long from now on, days.
    QueueDays,
}
