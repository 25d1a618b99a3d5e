//! A batch that idle cannot pay: in this slice only a broken bound makes one, so the tests break it by hand.

use weir_protocol::allocator::Part;
use weir_protocol::units::WAD;
use weir_protocol::vault::{
    Balance, SYNC_STEPS, VaultStore, contest, enqueue, ledger, lift, releasable, released, sync,
};

use crate::setting::{CLOCK, sync_to, vault};

const TENTH: u64 = 100_000_000_000_000_000;
const ALL: u64 = 1_000_000_000_000_000_000;

/// A vault with a batch of forty shares, at its close.
fn closed() -> weir_protocol::model::VaultWords {
    let mut vault = vault();
    enqueue(&mut vault, 40 * WAD).expect("shares");
    sync_to(&mut vault, CLOCK.start_s(1));
    vault
}

/// Puts all that is unbonding back to work, so that only idle is left for the batch.
fn lose_unbonding(vault: &mut weir_protocol::model::VaultWords) {
    let Balance { idle, staked } = vault.balance(0);
    let unbonding: u128 = vault.unbonding(0).iter().sum();
    vault.set_unbonding(0, [0, 0]);
    let staked = staked + unbonding;
    vault.set_balance(0, Balance { idle, staked });
}

#[test]
fn a_batch_is_paid_in_kind_at_its_maturity_and_not_before() {
    let mut vault = closed();
    assert_eq!(vault.unbonding(0)[0], 40 * WAD + 64);
    sync_to(&mut vault, CLOCK.maturity_s(0) - 1);
    assert_eq!(vault.batch(0).filled, 0);
    let summary = sync_to(&mut vault, CLOCK.maturity_s(0));
    assert_eq!(summary.burned_shares, 40 * WAD);
    assert_eq!(released(&vault, 0).expect("fits").amounts[0], 40 * WAD);
    assert_eq!(ledger(&vault, 0).owed, 40 * WAD);
    assert_eq!(vault.head().supply, 60 * WAD);
}

#[test]
fn what_idle_cannot_pay_waits_in_front_of_later_batches() {
    let mut vault = closed();
    lose_unbonding(&mut vault);
    let summary = sync_to(&mut vault, CLOCK.maturity_s(0));
    // Ten of the forty that it needs are idle: a quarter is paid.
    assert_eq!(summary.burned_shares, 10 * WAD);
    assert_eq!(vault.batch(0).filled, 10 * WAD);
    assert!(vault.head().stalled);
    let half = releasable(&vault, 0, 20 * WAD, &[0; 8], 0).expect("half of the batch");
    assert_eq!(half.amounts[0], 5 * WAD);
    assert!(!half.finished);

    // A later batch: at the next close both are provided for, and the older is paid first.
    enqueue(&mut vault, 20 * WAD).expect("shares");
    sync_to(&mut vault, CLOCK.start_s(3));
    assert_eq!(vault.queued(), 50 * WAD);
    let summary = sync_to(&mut vault, CLOCK.maturity_s(2));
    assert_eq!(summary.burned_shares, 50 * WAD);
    assert_eq!(released(&vault, 0).expect("fits").amounts[0], 40 * WAD);
    assert_eq!(released(&vault, 2).expect("fits").amounts[0], 20 * WAD);
    let rest = releasable(&vault, 0, 20 * WAD, &half.amounts, 0).expect("half of the batch");
    assert_eq!(rest.amounts[0], 15 * WAD);
    assert!(rest.finished);
}

#[test]
fn a_later_batch_waits_for_an_older_one_that_is_short() {
    let mut vault = closed();
    enqueue(&mut vault, 10 * WAD).expect("shares");
    sync_to(&mut vault, CLOCK.maturity_s(0) - 1);
    let Balance { idle, staked } = vault.balance(0);
    // Everything is at work but a single wei.
    let unbonding: u128 = vault.unbonding(0).iter().sum();
    vault.set_unbonding(0, [0, 0]);
    let staked = staked + idle + unbonding - 1;
    vault.set_balance(0, Balance { idle: 1, staked });
    let summary = sync_to(&mut vault, CLOCK.maturity_s(0));
    assert_eq!(summary.burned_shares, 1);
    let summary = sync_to(&mut vault, CLOCK.maturity_s(1));
    assert_eq!(summary.burned_shares, 0, "nothing matured in between");
    assert_eq!(vault.head().settled, 0);
    let summary = sync_to(&mut vault, CLOCK.maturity_s(2));
    assert_eq!(summary.burned_shares, 50 * WAD - 1);
    assert_eq!(ledger(&vault, 0).total(), Ok(50 * WAD));
}

#[test]
fn a_batch_filled_in_parts_under_contest_claims_of_each_part() {
    let mut vault = closed();
    lose_unbonding(&mut vault);
    contest(&mut vault, 1, Part::of(TENTH, ALL)).expect("fits");
    sync_to(&mut vault, CLOCK.maturity_s(0));
    let row = ledger(&vault, 0);
    // A tenth of the ninety at work is contested: ten leave with 91 parts of a hundred and a claim on nine.
    assert_eq!(row.owed, 91 * WAD / 10);
    assert_eq!(row.held, 9 * WAD / 10);
    lift(&mut vault, CLOCK.maturity_s(0), 1).expect("contested");
    contest(&mut vault, 2, Part::of(TENTH, ALL)).expect("fits");
    sync_to(&mut vault, CLOCK.maturity_s(2));
    assert_eq!(vault.batch(0).filled, 40 * WAD);
    assert_eq!(vault.batch(0).helds, 1, "the decided claim was released");
    let whole = releasable(&vault, 0, 40 * WAD, &[0; 8], 0).expect("the batch");
    assert!(!whole.finished, "the second request is undecided");
    lift(&mut vault, CLOCK.maturity_s(2), 2).expect("contested");
    let whole = releasable(&vault, 0, 40 * WAD, &[0; 8], 0).expect("the batch");
    assert!(whole.finished);
    assert!(whole.amounts[0].abs_diff(40 * WAD) <= 3);
}

#[test]
fn a_sync_without_steps_left_says_so() {
    let mut vault = vault();
    enqueue(&mut vault, 40 * WAD).expect("shares");
    let end_s = CLOCK.maturity_s(5);
    let summary = sync(&mut vault, end_s, 1).expect("a sync never fails");
    assert!(!summary.done);
    assert_eq!(summary.next_epoch, 1);
    let summary = sync(&mut vault, end_s, SYNC_STEPS).expect("a sync never fails");
    assert!(summary.done);
    assert_eq!(summary.burned_shares, 40 * WAD);
    assert_eq!(vault.head().closed, CLOCK.epoch_at(end_s));
}
