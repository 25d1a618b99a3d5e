//! A vault with two assets at one and at two ETH, and a hundred of the first in it.

use weir_protocol::clock::Clock;
use weir_protocol::model::VaultWords;
use weir_protocol::units::WAD;
use weir_protocol::vault::{
    Curve, DepositLimits, Quote, Quotes, SYNC_STEPS, SyncSummary, VaultConfig, deposit, initialise,
    list_asset, set_curve, sync,
};

pub const DAY_S: u64 = 86_400;
pub const CLOCK: Clock = Clock {
    genesis_s: 1_000 * DAY_S,
    epoch_s: 5 * DAY_S,
    grace_s: 2 * DAY_S,
};
pub const START_S: u64 = CLOCK.genesis_s;
pub const CURVE: Curve = Curve {
    base_bps: 10,
    kink_bps: 50,
    limit_bps: 250,
    kink_value: 10 * WAD,
    limit_value: 20 * WAD,
    window_s: DAY_S,
};

pub fn empty() -> VaultWords {
    let mut vault = VaultWords::default();
    let config = VaultConfig {
        clock: CLOCK,
        idle_target_bps: 1_000,
        fee_bps: 0,
    };
    initialise(&mut vault, START_S, &config).expect("sound");
    list_asset(&mut vault, 1_000 * WAD, 0).expect("room");
    list_asset(&mut vault, 1_000 * WAD, 100).expect("room");
    set_curve(&mut vault, START_S, &CURVE).expect("sound");
    vault
}

pub fn vault() -> VaultWords {
    let mut vault = empty();
    let limits = DepositLimits::NONE;
    deposit(&mut vault, START_S, 0, 100 * WAD, &quotes(), &limits).expect("the first");
    vault
}

pub fn quotes() -> Quotes {
    let mut quotes = Quotes::default();
    quotes[0] = Quote::fresh(WAD);
    quotes[1] = Quote::fresh(2 * WAD);
    quotes
}

pub fn sync_to(vault: &mut VaultWords, now_s: u64) -> SyncSummary {
    let summary = sync(vault, now_s, SYNC_STEPS).expect("a sync never fails");
    assert!(summary.done);
    summary
}
