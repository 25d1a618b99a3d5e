use weir_protocol::clock::Clock;
use weir_protocol::model::VaultWords;
use weir_protocol::units::{AMOUNT_LIMIT, MAX_ASSETS, MIN_EPOCH_S, WAD};
use weir_protocol::vault::{
    Curve, Pause, VaultConfig, VaultError, VaultStore, initialise, list_asset, pause, set_cap,
    set_curve, set_deposit_fee, set_idle_target,
};

use crate::setting::{CLOCK, CURVE, START_S, empty, quotes};

const DAYS_3_S: u64 = 3 * 86_400;

#[test]
fn a_vault_begins_once_and_with_sound_epochs() {
    let config = |clock| VaultConfig {
        clock,
        idle_target_bps: 0,
        fee_bps: 0,
    };
    let again = initialise(&mut empty(), START_S, &config(CLOCK));
    assert_eq!(again, Err(VaultError::AlreadyInitialized));
    let unsound = [
        Clock {
            grace_s: CLOCK.epoch_s,
            ..CLOCK
        },
        Clock {
            grace_s: 0,
            ..CLOCK
        },
        Clock {
            epoch_s: 59,
            grace_s: 1,
            ..CLOCK
        },
        Clock {
            genesis_s: START_S + 1,
            ..CLOCK
        },
    ];
    for clock in unsound {
        let refused = initialise(&mut VaultWords::default(), START_S, &config(clock));
        assert_eq!(refused, Err(VaultError::BadEpochs), "{clock:?}");
    }
    let mut late = VaultWords::default();
    initialise(&mut late, CLOCK.maturity_s(7), &config(CLOCK)).expect("sound");
    let head = late.head();
    assert_eq!((head.closed, head.settled, head.matured), (9, 9, 8));
}

#[test]
fn epochs_are_sound_up_to_their_limits_and_not_beyond() {
    let sound = Clock {
        genesis_s: START_S,
        epoch_s: MIN_EPOCH_S,
        grace_s: MIN_EPOCH_S - 1,
    };
    assert!(sound.is_valid(START_S));
    assert!(!sound.is_valid(START_S - 1), "begun later");
    assert!(sound.is_valid((1 << 40) - 1));
    assert!(!sound.is_valid(1 << 40), "times have 40 bits");
    let epoch = |epoch_s, grace_s| Clock {
        epoch_s,
        grace_s,
        ..sound
    };
    assert!(epoch((1 << 32) - 1, 1).is_valid(START_S));
    assert!(!epoch(1 << 32, 1).is_valid(START_S), "lengths have 32 bits");
    assert!(!epoch(MIN_EPOCH_S - 1, 1).is_valid(START_S), "too short");
    assert!(!epoch(MIN_EPOCH_S, 0).is_valid(START_S), "no grace");
    assert!(
        !epoch(MIN_EPOCH_S, MIN_EPOCH_S).is_valid(START_S),
        "all grace"
    );
}

#[test]
fn epochs_begin_and_mature_when_they_say() {
    for epoch in [0, 1, 2, 77] {
        let start_s = CLOCK.start_s(epoch);
        assert_eq!(CLOCK.epoch_at(start_s), epoch);
        assert_eq!(CLOCK.epoch_at(start_s + CLOCK.epoch_s - 1), epoch);
        let maturity_s = CLOCK.maturity_s(epoch);
        assert_eq!(maturity_s, start_s + 12 * 86_400);
        assert_eq!(CLOCK.matured_at(maturity_s), epoch + 1);
        assert_eq!(CLOCK.matured_at(maturity_s - 1), epoch);
    }
    assert_eq!(CLOCK.matured_at(0), 0);
}

#[test]
fn at_most_eight_assets_are_listed() {
    let mut vault = empty();
    for asset in 2..MAX_ASSETS as u8 {
        assert_eq!(list_asset(&mut vault, 1, 0), Ok(asset));
    }
    let error = VaultError::TooManyAssets { max: 8 };
    assert_eq!(list_asset(&mut vault, 1, 0), Err(error));
}

#[test]
fn parameters_answer_what_they_were_and_stay_in_their_limits() {
    let mut vault = empty();
    let quotes = quotes();
    assert_eq!(set_cap(&mut vault, 0, 7, &quotes), Ok(1_000 * WAD));
    assert_eq!(set_cap(&mut vault, 0, 0, &quotes), Ok(7));
    let amount = AMOUNT_LIMIT;
    let too_large = Err(VaultError::AmountTooLarge { amount });
    assert_eq!(set_cap(&mut vault, 0, amount, &quotes), too_large);
    let unknown = VaultError::AssetUnknown { asset: 2 };
    assert_eq!(set_cap(&mut vault, 2, 1, &quotes), Err(unknown));
    assert_eq!(set_deposit_fee(&mut vault, 1, 500), Ok(100));
    let too_high = |bps, max_bps| VaultError::BpsTooHigh { bps, max_bps };
    assert_eq!(set_deposit_fee(&mut vault, 1, 501), Err(too_high(501, 500)));
    assert_eq!(set_deposit_fee(&mut vault, 2, 1), Err(unknown));
    assert_eq!(set_idle_target(&mut vault, 5_000), Ok(1_000));
    assert_eq!(
        set_idle_target(&mut vault, 5_001),
        Err(too_high(5_001, 5_000))
    );
    assert_eq!(list_asset(&mut vault, 1, 501), Err(too_high(501, 500)));
    assert_eq!(
        list_asset(&mut vault, amount, 0),
        Err(VaultError::AmountTooLarge { amount })
    );
}

#[test]
fn a_fee_curve_rises_and_has_its_kink_inside() {
    let mut vault = empty();
    assert_eq!(set_curve(&mut vault, START_S, &CURVE), Ok(CURVE));
    let bad = [
        Curve {
            base_bps: 51,
            ..CURVE
        },
        Curve {
            kink_bps: 251,
            ..CURVE
        },
        Curve {
            kink_value: 20 * WAD + 1,
            ..CURVE
        },
        Curve {
            limit_value: AMOUNT_LIMIT,
            ..CURVE
        },
        Curve {
            window_s: 0,
            ..CURVE
        },
    ];
    for curve in bad {
        let refused = set_curve(&mut vault, START_S, &curve);
        assert_eq!(refused, Err(VaultError::BadFeeCurve), "{curve:?}");
    }
    let high = Curve {
        limit_bps: 1_001,
        ..CURVE
    };
    let error = VaultError::BpsTooHigh {
        bps: 1_001,
        max_bps: 1_000,
    };
    assert_eq!(set_curve(&mut vault, START_S, &high), Err(error));
}

#[test]
fn a_pause_ends_by_itself_and_cools_down_for_as_long_as_it_lasted() {
    for what in [Pause::Deposits, Pause::Instant] {
        let mut vault = empty();
        let too_long = VaultError::PauseTooLong {
            duration_s: DAYS_3_S + 1,
            max_s: DAYS_3_S,
        };
        assert_eq!(
            pause(&mut vault, START_S, what, DAYS_3_S + 1),
            Err(too_long)
        );
        let until_s = START_S + 1_000;
        assert_eq!(pause(&mut vault, START_S, what, 1_000), Ok((0, until_s)));
        // Neither a longer one in its course, nor another too soon after it.
        let cooling = VaultError::PauseCoolingDown {
            until_s: until_s + 1_000,
        };
        for now_s in [START_S + 1, until_s, until_s + 999] {
            assert_eq!(pause(&mut vault, now_s, what, 10), Err(cooling));
        }
        let next_s = until_s + 1_000;
        assert_eq!(
            pause(&mut vault, next_s, what, DAYS_3_S),
            Ok((until_s, next_s + DAYS_3_S))
        );
        // Ended after an hour, it cools down for an hour.
        let end_s = next_s + 3_600;
        assert_eq!(
            pause(&mut vault, end_s, what, 0),
            Ok((next_s + DAYS_3_S, end_s))
        );
        let cooling = VaultError::PauseCoolingDown {
            until_s: end_s + 3_600,
        };
        assert_eq!(pause(&mut vault, end_s + 3_599, what, 1), Err(cooling));
        assert!(pause(&mut vault, end_s + 3_600, what, 1).is_ok());
    }
}
