//! The worlds that stories happen in, and how they begin.

use std::collections::VecDeque;

use alloy_primitives::{Address, U256};

use super::first_loss::first_lines;
use super::{GIFT, HOLDERS, OPERATORS, RESOLVERS, SINKS, SLASHERS, by};
use crate::clock::Clock;
use crate::hub::Terms;
use crate::model::{AssetConfig, Call, Config, Op, Random, SecondConfig, SourceConfig};
use crate::rates::{Bounds, Guard};
use crate::units::{WAD, WAD_MAGNITUDE};
use crate::vault::{Curve, DepositLimits};

/// A world: its epochs, fees and assets.
pub(super) fn config(random: &mut Random) -> Config {
    let mut config = Config {
        clock: random.pick(
            Config::default().clock,
            &[
                Clock {
                    genesis_s: 1_700_000_000,
                    epoch_s: 86_400,
                    grace_s: 86_399,
                },
                Clock {
                    genesis_s: 1_000,
                    epoch_s: 43_200,
                    grace_s: 1,
                },
            ],
        ),
        idle_target_bps: random.pick(500, &[0, 1_000, 5_000]),
        curve: curve(random),
        fee_bps: random.pick(1_000, &[0, 1, 2_000]),
        ..Config::default()
    };
    config.stake_bps = random.pick(0, &[0, 100]);
    config.bond_bps = random.pick(0, &[0, 100, 1_000]);
    config.increase_delay_s = random.pick(0, &[1, config.clock.epoch_s]);
    let assets = random.pick(2, &[1, 2, 2, 3, 8]);
    config.assets = (0..assets).map(|place| asset(random, place)).collect();
    // A vault of one asset that can lose nearly all of its worth is one that can be retired.
    if let [only] = config.assets.as_mut_slice()
        && random.percent(40)
    {
        *only = asset(random, 1);
    }
    config
}

fn asset(random: &mut Random, place: usize) -> AssetConfig {
    let rate_wad = random.pick(WAD, &[WAD / 2, WAD + WAD / 7, 3 * WAD, WAD - 1]);
    let source = SourceConfig {
        rate_wad,
        bounds: Bounds {
            max_drop_wad: random.pick(0, &[10_000_000_000_000_000, 200_000_000_000_000_000]),
            max_growth_per_day_wad: random.pick(200_000_000_000_000, &[10_000_000_000_000_000]),
        },
        guard: random.pick(Guard::Absent, &[Guard::Price(U256::from(rate_wad))]),
        margin_wad: random.pick(0, &[20_000_000_000_000_000]),
        second: random.pick(
            None,
            &[Some(SecondConfig {
                rate_wad,
                margin_wad: 10_000_000_000_000_000,
            })],
        ),
    };
    AssetConfig {
        cap: GIFT.saturating_mul(100),
        deposit_fee_bps: random.pick(0, &[0, 0, 5]),
        source: (place > 0).then_some(source),
    }
}

/// A fee curve, valid or just about.
pub(super) fn curve(random: &mut Random) -> Curve {
    let limit_value = random.pick(1_000 * WAD, &[WAD, 100_000 * WAD, 0]);
    let base_bps = random.pick(0, &[1, 5, 100]);
    let kink_bps = random.pick(base_bps, &[base_bps + 10, base_bps + 300]);
    Curve {
        base_bps,
        kink_bps,
        limit_bps: random.pick(kink_bps, &[kink_bps + 200, 1_000]),
        kink_value: random.pick(limit_value / 2, &[0, limit_value, limit_value / 10]),
        limit_value,
        window_s: random.pick(86_400, &[1, 3_600]),
    }
}

/// Two services with an operator each and one that serves both, allocations in force, and a first deposit.
pub(super) fn scene(random: &mut Random, config: &Config) -> VecDeque<Op> {
    let mut scene = VecDeque::new();
    let parties = SLASHERS.into_iter().zip(RESOLVERS).zip(SINKS);
    for (service, ((slasher, resolver), sink)) in (1u32..).zip(parties) {
        let terms = Terms {
            slasher,
            resolver,
            reward_manager: slasher,
            sink: random.pick(sink, &[sink, sink, Address::ZERO]),
            veto_window_s: random.pick(config.clock.epoch_s / 2, &[1, config.clock.epoch_s - 1]),
            max_wad: random.pick(WAD_MAGNITUDE, &[WAD_MAGNITUDE, WAD_MAGNITUDE / 2]),
        };
        scene.push_back(by(slasher, Call::RegisterService { terms }));
        scene.push_back(by(config.governor, Call::OptInVault { service }));
        if random.percent(70) {
            let approved = true;
            let call = Call::ApproveResolver { resolver, approved };
            scene.push_back(by(config.governor, call));
        }
        for operator in OPERATORS {
            scene.push_back(by(operator, Call::OptInOperator { service }));
            scene.push_back(by(
                config.curator,
                Call::Allocate {
                    service,
                    operator,
                    magnitude: random.pick(
                        WAD_MAGNITUDE / 8,
                        &[WAD_MAGNITUDE / 10, WAD_MAGNITUDE / 8, 1, 0],
                    ),
                },
            ));
        }
    }
    let seconds = config.increase_delay_s;
    scene.push_back(by(Address::ZERO, Call::Advance { seconds }));
    let amount = random.pick(10 * WAD, &[WAD / 10, 1_000 * WAD]);
    let [receiver, ..] = HOLDERS;
    scene.push_back(by(
        receiver,
        Call::Deposit {
            asset: 0,
            amount,
            receiver,
            limits: DepositLimits::NONE,
        },
    ));
    let is_bonded = random.percent(50);
    scene.extend(first_lines(amount, is_bonded));
    scene
}
