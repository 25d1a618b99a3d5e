//! Streams vest at a constant rate, to the wei, however often anybody looks.

use weir_protocol::clock::Clock;
use weir_protocol::model::{Random, VaultWords};
use weir_protocol::units::{AMOUNT_LIMIT, WAD};
use weir_protocol::vault::{
    DepositLimits, MIN_STREAM, SYNC_STEPS, Stream, VaultConfig, VaultError, VaultStore, delist,
    deposit, enqueue, fund_stream, initialise, ledger, list_asset, stream_ends, sync,
};

use crate::setting::{CLOCK, DAY_S, START_S, empty, quotes, sync_to, vault};

fn total(vault: &VaultWords) -> u128 {
    ledger(vault, 0).total().expect("fits")
}

#[test]
fn a_stream_vests_by_the_second_until_its_epoch_starts() {
    let mut vault = vault();
    let summary = fund_stream(&mut vault, START_S, 0, 864_000 * WAD, 2).expect("in range");
    assert_eq!(summary.rate, WAD);
    assert_eq!(summary.end_s, START_S + 10 * DAY_S);
    assert_eq!(total(&vault), 100 * WAD, "nothing at once");
    for seconds in [1, 2, 1_000, 432_000, 432_001, 863_999] {
        sync_to(&mut vault, START_S + seconds);
        assert_eq!(total(&vault), (100 + u128::from(seconds)) * WAD);
    }
    sync_to(&mut vault, START_S + 864_000);
    assert_eq!(total(&vault), 864_100 * WAD);
    assert_eq!(vault.stream(0), Stream::default());
    assert!(!vault.head().streaming && vault.head().dripping == 0);
    sync_to(&mut vault, START_S + 9_000_000);
    assert_eq!(total(&vault), 864_100 * WAD);
}

#[test]
fn streams_that_end_together_are_one_rate_and_what_rounds_vests_with_the_last() {
    let mut vault = vault();
    let mut paid = 0;
    let mut rates = [0; 3];
    for (amount, end) in [(WAD + 1, 2), (3 * WAD, 2), (7 * WAD, 3), (2 * WAD, 2)] {
        let summary = fund_stream(&mut vault, START_S, 0, amount, end).expect("in range");
        rates[end as usize - 1] += summary.rate;
        paid += amount;
    }
    assert_eq!(vault.stream_end(0, 2), rates[1]);
    assert_eq!(vault.stream_end(0, 3), rates[2]);
    assert_eq!(vault.stream(0).rate, rates[1] + rates[2]);
    sync_to(&mut vault, START_S + 10 * DAY_S);
    assert_eq!(vault.stream(0).rate, rates[2]);
    sync_to(&mut vault, START_S + 15 * DAY_S);
    assert_eq!(total(&vault), 100 * WAD + paid);
}

#[test]
fn vesting_in_many_steps_is_vesting_in_one_to_the_wei() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let [mut often, mut seldom] = [vault(), vault()];
        let mut now_s = START_S;
        for _ in 0..6 {
            let [first, last] = stream_ends(&CLOCK, now_s);
            let end = first + random.below(last - first + 1);
            let asset = random.below(2) as u8;
            let amount = MIN_STREAM + random.up_to(1_000 * WAD);
            let streamed = fund_stream(&mut often, now_s, asset, amount, end);
            assert_eq!(
                streamed,
                fund_stream(&mut seldom, now_s, asset, amount, end)
            );
            assert!(streamed.is_ok());
            let until_s = now_s + random.below(12 * DAY_S);
            while now_s < until_s {
                now_s = until_s.min(now_s + 1 + random.below(2 * DAY_S));
                sync_to(&mut often, now_s);
            }
            sync_to(&mut seldom, now_s);
            for asset in 0..2 {
                let [often, seldom] = [ledger(&often, asset), ledger(&seldom, asset)];
                assert_eq!(often, seldom, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_stream_ends_an_epoch_away_at_least_and_thirty_days_at_most() {
    assert_eq!(stream_ends(&CLOCK, START_S), [1, 6]);
    assert_eq!(stream_ends(&CLOCK, START_S + 1), [2, 6]);
    let short = Clock {
        epoch_s: DAY_S / 2,
        grace_s: 1,
        ..CLOCK
    };
    assert_eq!(stream_ends(&short, START_S), [1, 8], "eight epochs at most");
    let long = Clock {
        epoch_s: 40 * DAY_S,
        ..CLOCK
    };
    assert_eq!(stream_ends(&long, START_S + 1), [2, 2], "always one");
    let mut vault = vault();
    for (end, fits) in [(0, false), (1, false), (2, true), (6, true), (7, false)] {
        let now_s = START_S + 1;
        let funded = fund_stream(&mut vault, now_s, 0, WAD, end);
        let refused = VaultError::BadStreamEnd {
            end,
            first: 2,
            last: 6,
        };
        assert_eq!(funded.err(), (!fits).then_some(refused));
    }
}

#[test]
fn a_stream_needs_an_asset_holders_and_an_amount_worth_it() {
    let mut vault = vault();
    let fund =
        |vault: &mut VaultWords, asset, amount| fund_stream(vault, START_S, asset, amount, 3);
    let small = VaultError::StreamTooSmall {
        amount: MIN_STREAM - 1,
        min: MIN_STREAM,
    };
    assert_eq!(fund(&mut vault, 0, MIN_STREAM - 1), Err(small));
    let unknown = VaultError::AssetUnknown { asset: 2 };
    assert_eq!(fund(&mut vault, 2, WAD), Err(unknown));
    for amount in [AMOUNT_LIMIT - 100 * WAD, u128::MAX] {
        let large = VaultError::AmountTooLarge { amount };
        assert_eq!(fund(&mut vault, 0, amount), Err(large));
    }
    delist(&mut vault, 1).expect("listed");
    let delisted = VaultError::AssetDelisted { asset: 1 };
    assert_eq!(fund(&mut vault, 1, WAD), Err(delisted));
    assert_eq!(fund(&mut empty(), 0, WAD), Err(VaultError::NoHolders));
}

#[test]
fn the_longest_streams_and_a_queue_are_synced_in_one_call_after_any_silence() {
    let clock = Clock {
        genesis_s: START_S,
        epoch_s: DAY_S / 2,
        grace_s: DAY_S / 2 - 1,
    };
    for epochs in 1..30 {
        let mut vault = VaultWords::default();
        let config = VaultConfig {
            clock,
            idle_target_bps: 0,
            fee_bps: 0,
        };
        initialise(&mut vault, START_S, &config).expect("sound");
        list_asset(&mut vault, 1_000 * WAD, 0).expect("room");
        let limits = DepositLimits::NONE;
        deposit(&mut vault, START_S, 0, 100 * WAD, &quotes(), &limits).expect("the first");
        for epoch in 0..3 {
            enqueue(&mut vault, WAD).expect("shares");
            sync_to(&mut vault, clock.start_s(epoch + 1));
        }
        enqueue(&mut vault, WAD).expect("shares");
        for end in 4..=3 + 8 {
            fund_stream(&mut vault, clock.start_s(3), 0, WAD, end).expect("in range");
        }
        let now_s = clock.start_s(3 + epochs);
        let summary = sync(&mut vault, now_s, SYNC_STEPS).expect("a sync never fails");
        assert!(summary.done, "after {epochs} epochs");
    }
}
