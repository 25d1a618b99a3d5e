use weir_protocol::allocator::Part;
use weir_protocol::units::WAD;
use weir_protocol::vault::{
    Balance, Contest, DepositLimits, Pause, RateState, RedeemLimits, VaultError, VaultStore,
    Verdict, contest, deposit, enqueue, execute, ledger, lift, pause, preview_redeem, redeem,
    set_curve, set_idle_target,
};

use crate::setting::{CLOCK, CURVE, DAY_S, START_S, empty, quotes, sync_to, vault};

const NONE: RedeemLimits = RedeemLimits::NONE;
const TENTH: u64 = 100_000_000_000_000_000;
const ALL: u64 = 1_000_000_000_000_000_000;

#[test]
fn a_redemption_pays_the_floor_less_the_integral_of_the_fee() {
    let mut vault = vault();
    let summary = redeem(&mut vault, START_S, 0, 5 * WAD, &quotes(), &NONE).expect("idle");
    // From 10 bps up to 30 bps over 5 ETH: 20 bps on average.
    assert_eq!(summary.fee, 5 * WAD * 20 / 10_000);
    assert_eq!(summary.amount, 5 * WAD - summary.fee);
    assert_eq!(summary.supply, 95 * WAD);
    let row = ledger(&vault, 0);
    assert_eq!(row.idle, 5 * WAD);
    assert_eq!(row.unvested, [summary.fee, 0]);
    assert_eq!(vault.flow().outflow, 5 * WAD);
}

#[test]
fn an_outflow_is_forgotten_in_its_window_and_lowered_by_deposits() {
    let mut vault = vault();
    redeem(&mut vault, START_S, 0, 5 * WAD, &quotes(), &NONE).expect("idle");
    let after = |vault: &_, seconds| {
        let summary = preview_redeem(vault, START_S + seconds, 0, WAD / 100, &quotes());
        let summary = summary.expect("idle");
        summary.outflow - summary.value
    };
    // 20 ETH a day: the five are gone in a quarter.
    assert_eq!(after(&vault, 0), 5 * WAD);
    assert_eq!(after(&vault, DAY_S / 8), 5 * WAD / 2);
    assert_eq!(after(&vault, DAY_S / 4), 0);
    let limits = DepositLimits::NONE;
    deposit(&mut vault, START_S, 0, 3 * WAD, &quotes(), &limits).expect("room");
    assert_eq!(after(&vault, 0), 2 * WAD);
    deposit(&mut vault, START_S, 0, 3 * WAD, &quotes(), &limits).expect("room");
    assert_eq!(after(&vault, 0), 0);
}

#[test]
fn a_change_of_the_curve_keeps_the_outflow() {
    let mut vault = vault();
    redeem(&mut vault, START_S, 0, 5 * WAD, &quotes(), &NONE).expect("idle");
    let curve = weir_protocol::vault::Curve {
        limit_value: 12 * WAD,
        ..CURVE
    };
    set_curve(&mut vault, START_S + DAY_S / 8, &curve).expect("sound");
    assert_eq!(vault.flow().outflow, 5 * WAD / 2);
    let refused = redeem(
        &mut vault,
        START_S + DAY_S / 8,
        0,
        10 * WAD,
        &quotes(),
        &NONE,
    );
    assert_eq!(
        refused,
        Err(VaultError::OutflowLimit {
            limit_value: 12 * WAD,
            attempted: 12 * WAD + WAD / 2
        })
    );
}

#[test]
fn refusals_name_the_values_that_failed() {
    let fresh = quotes();
    let ask = |shares, limits| redeem(&mut vault(), START_S, 0, shares, &fresh, &limits);
    assert_eq!(ask(0, NONE), Err(VaultError::ZeroAmount));
    let deadline_s = START_S - 1;
    assert_eq!(
        ask(WAD, RedeemLimits { deadline_s, ..NONE }),
        Err(VaultError::Expired {
            deadline_s,
            now_s: START_S
        })
    );
    let min_amount = WAD;
    let amount = ask(WAD, NONE).expect("idle").amount;
    assert_eq!(
        ask(WAD, RedeemLimits { min_amount, ..NONE }),
        Err(VaultError::BelowMinAmount { min_amount, amount })
    );
    assert_eq!(
        ask(10 * WAD + 1, NONE),
        Err(VaultError::InsufficientIdle {
            asset: 0,
            available: 10 * WAD,
            needed: 10 * WAD + 1
        })
    );
    assert_eq!(
        ask(20 * WAD + 1, NONE),
        Err(VaultError::OutflowLimit {
            limit_value: 20 * WAD,
            attempted: 20 * WAD + 1
        })
    );
    assert_eq!(ask(101 * WAD, NONE), Err(VaultError::Overflow));
    let unknown = redeem(&mut vault(), START_S, 2, WAD, &fresh, &NONE);
    assert_eq!(unknown, Err(VaultError::AssetUnknown { asset: 2 }));
    let nothing = redeem(&mut empty(), START_S, 0, WAD, &fresh, &NONE);
    assert_eq!(nothing, Err(VaultError::Overflow), "no shares exist");
}

#[test]
fn a_wei_of_a_share_pays_nothing_and_is_refused() {
    let refused = redeem(&mut vault(), START_S, 1, 1, &quotes(), &NONE);
    assert_eq!(refused, Err(VaultError::ZeroAmount));
}

#[test]
fn instant_exits_stop_with_a_pause_or_a_rate_that_is_not_fresh() {
    let mut paused = vault();
    pause(&mut paused, START_S, Pause::Instant, 60).expect("short");
    let until_s = START_S + 60;
    let refused = redeem(&mut paused, until_s - 1, 0, WAD, &quotes(), &NONE);
    assert_eq!(refused, Err(VaultError::InstantPaused { until_s }));
    assert!(redeem(&mut paused, until_s, 0, WAD, &quotes(), &NONE).is_ok());
    let mut quotes = quotes();
    quotes[0].state = RateState::Suspicious;
    let refused = redeem(&mut vault(), START_S, 0, WAD, &quotes, &NONE);
    let state = RateState::Suspicious;
    assert_eq!(refused, Err(VaultError::RateNotFresh { asset: 0, state }));
}

#[test]
fn closed_batches_come_first_in_every_asset() {
    let mut vault = vault();
    let limits = DepositLimits::NONE;
    deposit(&mut vault, START_S, 1, 10 * WAD, &quotes(), &limits).expect("room");
    let supply = vault.head().supply;
    enqueue(&mut vault, supply / 2).expect("shares");
    let closed_s = CLOCK.start_s(1);
    sync_to(&mut vault, closed_s);
    // Idle and unbonding cover the batch and the target; more than the target cannot leave, in either asset.
    let target = ledger(&vault, 0).total().expect("fits") / 10;
    let ask = |asset, shares| preview_redeem(&vault, closed_s, asset, shares, &quotes());
    assert!(ask(0, target / 2).is_ok());
    assert!(matches!(
        ask(0, target * 3 / 2),
        Err(VaultError::InsufficientIdle { .. })
    ));
    // The second asset's idle covers this, but fewer shares would remain for the first one's batch to be a part of.
    let mut tight = vault;
    let total = ledger(&tight, 0).total().expect("fits");
    let needed = total.div_ceil(2);
    let idle = 1_000;
    let staked = total - needed - idle;
    tight.set_balance(0, Balance { idle, staked });
    tight.set_unbonding(0, [needed, 0]);
    let refused = preview_redeem(&tight, closed_s, 1, WAD, &quotes());
    assert!(matches!(
        refused,
        Err(VaultError::InsufficientIdle { asset: 0, .. })
    ));
}

#[test]
fn an_asset_of_which_nothing_is_left_does_not_hold_up_the_others() {
    let mut vault = vault();
    assert_eq!(ledger(&vault, 1).total(), Ok(0));
    enqueue(&mut vault, WAD).expect("shares");
    let closed_s = CLOCK.start_s(1);
    sync_to(&mut vault, closed_s);
    redeem(&mut vault, closed_s, 0, WAD, &quotes(), &NONE).expect("the first asset has it");
}

#[test]
fn a_later_batchs_bucket_does_not_cover_an_earlier_batch() {
    let mut vault = vault();
    // Without a target the ten idle are what the first batch needs; with one again, the second's bucket covers both.
    set_idle_target(&mut vault, 0).expect("in range");
    enqueue(&mut vault, 10 * WAD).expect("shares");
    sync_to(&mut vault, CLOCK.start_s(1));
    set_idle_target(&mut vault, 1_000).expect("in range");
    enqueue(&mut vault, 40 * WAD).expect("shares");
    let both_closed_s = CLOCK.start_s(2);
    sync_to(&mut vault, both_closed_s);
    assert_eq!(ledger(&vault, 0).idle, 10 * WAD);
    let refused = redeem(
        &mut vault.clone(),
        both_closed_s,
        0,
        5 * WAD,
        &quotes(),
        &NONE,
    );
    assert!(matches!(
        refused,
        Err(VaultError::InsufficientIdle { asset: 0, .. })
    ));
    sync_to(&mut vault, CLOCK.maturity_s(0));
    assert_eq!(vault.batch(0).filled, 10 * WAD);
}

#[test]
fn a_contest_leaves_the_leavers_part_behind_until_the_decision() {
    let mut vault = vault();
    // Nine of the ninety staked.
    contest(&mut vault, 1, Part::of(TENTH, ALL)).expect("fits");
    let summary = redeem(&mut vault, START_S, 0, 5 * WAD, &quotes(), &NONE).expect("idle");
    let gross = 5 * WAD * 91 / 100;
    assert_eq!(summary.amount + summary.fee, gross);
    assert_eq!(summary.set_aside, 5 * WAD - gross);
    let row = ledger(&vault, 0);
    assert_eq!(row.held, summary.set_aside);
    assert_eq!(row.contested, 9 * WAD - summary.set_aside);

    let mut vetoed = vault.clone();
    execute(&mut vault, 1, Part::of(TENTH, ALL), Default::default()).expect("contested");
    let row = ledger(&vault, 0);
    // 95 shares share what is left of the ninety-five less nine, and of what the leaver left for it.
    assert_eq!(row.total(), Ok(95 * WAD - 9 * WAD + summary.set_aside));
    assert_eq!((row.held, row.contested, row.due), (0, 0, 9 * WAD));

    lift(&mut vetoed, START_S, 1).expect("contested");
    let row = ledger(&vetoed, 0);
    assert_eq!(row.total(), Ok(95 * WAD));
    assert_eq!(row.unvested, [summary.fee + summary.set_aside, 0]);
    assert_eq!((row.held, row.contested, row.due), (0, 0, 0));
}

#[test]
fn what_an_execution_will_need_of_idle_stays() {
    let mut vault = vault();
    // All that was slashable is contested, and most of it has matured to idle since.
    contest(&mut vault, 1, Part::of(ALL, ALL)).expect("fits");
    let mut balance = vault.balance(0);
    balance.idle += 80 * WAD;
    balance.staked -= 80 * WAD;
    vault.set_balance(0, balance);
    assert_eq!(
        vault.contest(1),
        Contest {
            verdict: Verdict::Undecided,
            delta: ALL,
            scale: 0,
        }
    );
    // 90 idle, of which execution needs 80.
    let ask = |shares| preview_redeem(&vault, START_S, 0, shares, &quotes());
    assert!(ask(10 * WAD).is_ok());
    let refused = ask(10 * WAD + WAD / 10);
    assert!(matches!(
        refused,
        Err(VaultError::InsufficientIdle { asset: 0, .. })
    ));
}
