//! How every path of a scenario begins: a vault with its services, operators, allocations, bonds and cover.
//!
//! The opening is a list of calls, so that the contracts can be opened the same way. The graph is drawn once, from the scenario
//! alone: operators get a client and a cloud by the parts that the scenario gives, and serve services at random. It is synthetic.

use alloy_primitives::{Address, B64};
use rand::seq::SliceRandom as _;
use rand::{Rng as _, RngExt as _};
use weir_protocol::allocator::Groups;
use weir_protocol::clock::Clock;
use weir_protocol::hub::Terms;
use weir_protocol::model::{
    AssetConfig, Call, Config, Model, ModelError, Op, SourceConfig, account,
};
use weir_protocol::rates::{Bounds, Guard};
use weir_protocol::units::{WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{Curve, DepositLimits};

use super::random::Streams;
use crate::scenario::Scenario;

/// Has every share that holders, loopers, pools and arbitrageurs have; the lab keeps apart whose they are.
pub const PUBLIC: Address = account(10);
/// Bonds for operators, and has entered cover.
pub const INSURER: Address = account(14);
/// When paths begin, Unix seconds.
pub const GENESIS_S: u64 = 1_700_000_000;
/// What the public has of each asset at the start, wei: more than it can ever deposit.
pub const GIFT: u128 = 4_000_000_000 * WAD;

/// An operator of a service.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The service, from 1.
    pub service: u32,
    /// The operator, from 0.
    pub operator: u32,
    /// Its part of the capacity.
    pub part: f64,
}

/// The graph.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Allocations.
    pub places: Vec<Place>,
    /// Client of each operator.
    pub clients: Vec<usize>,
    /// Cloud of each operator.
    pub clouds: Vec<usize>,
}

/// How every path begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The world.
    pub config: Config,
    /// Who serves what.
    pub graph: Graph,
    /// The calls that led to the model.
    pub ops: Vec<Op>,
    /// The vault after them.
    pub model: Model,
}

/// The account of an operator.
pub fn operator_account(operator: u32) -> Address {
    Address::left_padding_from(&(0x6f70_0000_u32 + operator).to_be_bytes())
}

/// Files for a service.
pub fn slasher(service: u32) -> Address {
    Address::left_padding_from(&(0x736c_0000_u32 + service).to_be_bytes())
}

/// Vetoes for a service.
pub fn resolver(service: u32) -> Address {
    Address::left_padding_from(&(0x7265_0000_u32 + service).to_be_bytes())
}

fn sink(service: u32) -> Address {
    Address::left_padding_from(&(0x7369_0000_u32 + service).to_be_bytes())
}

/// Wei of so many ETH or shares.
pub fn wei(amount: f64) -> u128 {
    (amount * 1e18).max(0.0) as u128
}

/// The model before the opening: nothing has happened but that the public was given tokens.
pub fn start(config: &Config) -> Result<Model, ModelError> {
    let mut model = Model::new(config)?;
    for asset in 0..config.assets.len() as u8 {
        model.give(asset, PUBLIC, GIFT);
    }
    Ok(model)
}

/// A part of one as a magnitude.
pub fn magnitude(part: f64) -> u64 {
    ((part * 1e18) as u64).min(WAD_MAGNITUDE)
}

impl Opening {
    /// Opens a vault as the scenario says. Refused only where the protocol's own rules refuse it.
    pub fn new(scenario: &Scenario, fingerprint: u64) -> Result<Self, ModelError> {
        let config = config(scenario);
        let graph = graph(scenario, fingerprint);
        let model = start(&config)?;
        let mut opening = Self {
            config,
            graph,
            ops: Vec::new(),
            model,
        };
        opening.parties(scenario)?;
        opening.deposits(scenario)?;
        opening.first_loss(scenario)?;
        // Two epochs later allocations are in force for every offence, and cover counts.
        let seconds = 2 * opening.config.clock.epoch_s;
        opening.call(Address::ZERO, Call::Advance { seconds })?;
        opening.call(PUBLIC, Call::Sync)?;
        Ok(opening)
    }

    fn call(&mut self, caller: Address, call: Call) -> Result<(), ModelError> {
        let op = Op { caller, call };
        self.model.apply(&op)?;
        self.ops.push(op);
        Ok(())
    }

    fn parties(&mut self, scenario: &Scenario) -> Result<(), ModelError> {
        let governor = self.config.governor;
        for service in 1..=scenario.network.services {
            let terms = Terms {
                slasher: slasher(service),
                resolver: resolver(service),
                reward_manager: Address::ZERO,
                sink: sink(service),
                veto_window_s: (scenario.slashing.veto_window_hours * 3_600.0) as u64,
                max_wad: magnitude(scenario.slashing.max_part).max(1),
            };
            self.call(slasher(service), Call::RegisterService { terms })?;
            self.call(governor, Call::OptInVault { service })?;
        }
        let places = self.graph.places.clone();
        for operator in 0..scenario.network.operators {
            let client = self.graph.clients[operator as usize] as u64 + 1;
            let cloud = self.graph.clouds[operator as usize] as u64 + 0x100;
            let mut groups = Groups::default();
            groups[0] = B64::from(client);
            groups[1] = B64::from(cloud);
            let operator = operator_account(operator);
            self.call(governor, Call::SetGroups { operator, groups })?;
        }
        for place in places {
            let (service, operator) = (place.service, operator_account(place.operator));
            self.call(operator, Call::OptInOperator { service })?;
            let magnitude = magnitude(place.part);
            if magnitude > 0 {
                let call = Call::Allocate {
                    service,
                    operator,
                    magnitude,
                };
                self.call(self.config.curator, call)?;
            }
        }
        Ok(())
    }

    fn deposits(&mut self, scenario: &Scenario) -> Result<(), ModelError> {
        for (asset, terms) in (0u8..).zip(&scenario.vault.asset) {
            let amount = wei(scenario.holders.deposits_eth * terms.deposit_part / terms.rate_eth);
            if amount == 0 {
                continue;
            }
            let limits = DepositLimits::NONE;
            let call = Call::Deposit {
                asset,
                amount,
                receiver: PUBLIC,
                limits,
            };
            self.call(PUBLIC, call)?;
        }
        Ok(())
    }

    fn first_loss(&mut self, scenario: &Scenario) -> Result<(), ModelError> {
        let network = &scenario.network;
        let supply = self.model.shares_of(PUBLIC) as f64 / 1e18;
        let bonds: f64 = self
            .graph
            .places
            .iter()
            .map(|place| place.part * network.bond_part)
            .sum();
        let shares = wei(supply * (bonds + network.cover_part));
        if shares == 0 {
            return Ok(());
        }
        self.call(
            PUBLIC,
            Call::TransferShares {
                to: INSURER,
                shares,
            },
        )?;
        let mut left = shares;
        for operator in 0..network.operators {
            let places = self
                .graph
                .places
                .iter()
                .filter(|place| place.operator == operator);
            let part: f64 = places.map(|place| place.part).sum();
            let shares = wei(supply * part * network.bond_part).min(left);
            if shares > 0 {
                left -= shares;
                let operator = operator_account(operator);
                self.call(INSURER, Call::Bond { operator, shares })?;
            }
        }
        if network.cover_part > 0.0 && left > 0 {
            self.call(INSURER, Call::EnterCover { shares: left })?;
        }
        Ok(())
    }
}

fn config(scenario: &Scenario) -> Config {
    let vault = &scenario.vault;
    let [base_bps, kink_bps, limit_bps] = vault.instant_fee_bps;
    let [kink, limit] = vault.instant_outflow_eth;
    Config {
        clock: Clock {
            genesis_s: GENESIS_S,
            epoch_s: (vault.epoch_days * 86_400.0) as u64,
            grace_s: (vault.grace_hours * 3_600.0) as u64,
        },
        idle_target_bps: vault.idle_target_bps,
        fee_bps: vault.performance_fee_bps,
        curve: Curve {
            base_bps,
            kink_bps,
            limit_bps,
            kink_value: wei(kink),
            limit_value: wei(limit),
            window_s: (vault.instant_window_hours * 3_600.0) as u64,
        },
        increase_delay_s: 0,
        // Neither a stake on filings nor a least bond: what stands behind slashes is what the scenario says.
        stake_bps: 0,
        bond_bps: 0,
        assets: vault
            .asset
            .iter()
            .map(|asset| AssetConfig {
                cap: GIFT,
                deposit_fee_bps: 0,
                source: Some(SourceConfig {
                    rate_wad: wei(asset.rate_eth),
                    // What the deployment's plan takes for an LST: it may fall by 5 % at once, and grow by 0.1 % a day.
                    bounds: Bounds {
                        max_drop_wad: 50_000_000_000_000_000,
                        max_growth_per_day_wad: 1_000_000_000_000_000,
                    },
                    guard: Guard::Absent,
                    margin_wad: 0,
                    second: None,
                }),
            })
            .collect(),
        governor: account(1),
        guardian: account(2),
        curator: account(3),
    }
}

fn graph(scenario: &Scenario, fingerprint: u64) -> Graph {
    let network = &scenario.network;
    let mut random = Streams::of_graph(fingerprint);
    let mut members = |parts: &[f64]| -> Vec<usize> {
        // By largest remainders, so that the parts are met as closely as the number of operators allows.
        let count = network.operators as usize;
        let mut edges = parts.iter().scan(0.0, |sum, part| {
            *sum += part;
            Some((*sum * count as f64).round() as usize)
        });
        let mut edge = edges.next().unwrap_or(count);
        let mut kind = 0;
        let mut kinds: Vec<usize> = (0..count)
            .map(|place| {
                while place >= edge && kind + 1 < parts.len() {
                    kind += 1;
                    edge = edges.next().unwrap_or(count);
                }
                kind
            })
            .collect();
        kinds.shuffle(&mut random);
        kinds
    };
    let (clients, clouds) = (
        members(&network.client_parts),
        members(&network.cloud_parts),
    );
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut order: Vec<u32> = (0..network.operators).collect();
    order.shuffle(&mut random);
    while pairs.len() < network.allocations as usize {
        let operator = order[pairs.len() % order.len()];
        let service = random.random_range(1..=network.services);
        if pairs.contains(&(service, operator)) {
            // Full operators are passed over; there is room elsewhere, as the scenario was checked.
            let free =
                (1..=network.services).find(|service| !pairs.contains(&(*service, operator)));
            match free {
                Some(service) => pairs.push((service, operator)),
                None => order.retain(|other| *other != operator),
            }
        } else {
            pairs.push((service, operator));
        }
    }
    let weights: Vec<f64> = pairs.iter().map(|_| 0.5 + random.random::<f64>()).collect();
    let sum: f64 = weights.iter().sum();
    let places = pairs
        .iter()
        .zip(&weights)
        .map(|((service, operator), weight)| Place {
            service: *service,
            operator: *operator,
            part: weight / sum * network.allocated_part,
        });
    let _ = random.next_u32();
    Graph {
        places: places.collect(),
        clients,
        clouds,
    }
}
