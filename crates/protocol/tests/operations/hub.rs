use alloy_primitives::{Address, B256, U256};
use weir_protocol::allocator::Part;
use weir_protocol::hub::{
    BURN, EXECUTE_DELAY_S, Filing, HubError, HubKey, HubStore, Status, Terms, approve_resolver,
    arm, execute, file, is_approved, lapse, opt_in_operator, opt_in_vault, record_delta,
    register_service, terms, veto,
};
use weir_protocol::model::{Table, account};
use weir_protocol::units::WAD_MAGNITUDE as WAD;

use crate::setting::{CLOCK, DAY_S};

const VAULT: Address = account(1);
const SLASHER: Address = account(30);
const RESOLVER: Address = account(40);
const SINK: Address = account(50);
const OPERATOR: Address = account(60);
const STRANGER: Address = account(99);
const HASH: B256 = B256::repeat_byte(7);
const WINDOW_S: u64 = 2 * DAY_S;
const TERMS: Terms = Terms {
    slasher: SLASHER,
    resolver: RESOLVER,
    reward_manager: Address::ZERO,
    sink: SINK,
    veto_window_s: WINDOW_S,
    max_wad: WAD / 2,
};
/// The middle of epoch 10.
const NOW_S: u64 = CLOCK.genesis_s + 10 * CLOCK.epoch_s + 2 * DAY_S;

type Store = Table<HubKey, U256>;

fn store() -> Store {
    let mut store = Store::default();
    assert_eq!(register_service(&mut store, &TERMS, HASH), Ok(1));
    opt_in_vault(&mut store, &CLOCK, VAULT, 1, HASH).expect("its terms");
    approve_resolver(&mut store, VAULT, RESOLVER, true).expect("room");
    opt_in_operator(&mut store, OPERATOR, 1, HASH).expect("its terms");
    store
}

fn filing(wad: u64) -> Filing {
    Filing {
        vault: VAULT,
        service: 1,
        operator: OPERATOR,
        wad,
        offence_epoch: 10,
    }
}

fn ask(store: &mut Store, now_s: u64, wad: u64) -> Result<u64, HubError> {
    let offence_epoch = CLOCK.epoch_at(now_s);
    let filing = Filing {
        offence_epoch,
        ..filing(wad)
    };
    file(store, &CLOCK, now_s, SLASHER, &filing)
}

fn status(store: &Store, id: u64) -> Status {
    store.request(id).expect("filed").status
}

#[test]
fn a_service_has_parties_a_window_and_a_cap() {
    let mut store = Store::default();
    let bad = [
        Terms {
            slasher: Address::ZERO,
            ..TERMS
        },
        Terms {
            resolver: Address::ZERO,
            ..TERMS
        },
        Terms {
            veto_window_s: 0,
            ..TERMS
        },
        Terms {
            max_wad: 0,
            ..TERMS
        },
        Terms {
            max_wad: WAD + 1,
            ..TERMS
        },
    ];
    for bad in bad {
        assert_eq!(
            register_service(&mut store, &bad, HASH),
            Err(HubError::BadTerms)
        );
    }
    assert_eq!(register_service(&mut store, &TERMS, HASH), Ok(1));
    assert_eq!(register_service(&mut store, &TERMS, HASH), Ok(2));
    assert_eq!(terms(&store, 2), Ok(TERMS));
    assert_eq!(
        terms(&store, 3),
        Err(HubError::ServiceUnknown { service: 3 })
    );
}

#[test]
fn opting_in_names_the_terms() {
    let mut store = Store::default();
    let unknown = Err(HubError::ServiceUnknown { service: 1 });
    assert_eq!(opt_in_vault(&mut store, &CLOCK, VAULT, 1, HASH), unknown);
    assert_eq!(opt_in_operator(&mut store, OPERATOR, 1, HASH), unknown);
    register_service(&mut store, &TERMS, HASH).expect("sound");
    let got = B256::ZERO;
    let mismatch = Err(HubError::TermsMismatch {
        expected: HASH,
        got,
    });
    assert_eq!(opt_in_vault(&mut store, &CLOCK, VAULT, 1, got), mismatch);
    assert_eq!(opt_in_operator(&mut store, OPERATOR, 1, got), mismatch);
    let veto_window_s = CLOCK.epoch_s;
    let slow = Terms {
        veto_window_s,
        ..TERMS
    };
    register_service(&mut store, &slow, HASH).expect("sound");
    let too_long = HubError::WindowTooLong {
        veto_window_s,
        epoch_s: CLOCK.epoch_s,
    };
    assert_eq!(
        opt_in_vault(&mut store, &CLOCK, VAULT, 2, HASH),
        Err(too_long)
    );
}

#[test]
fn a_filing_is_of_the_slasher_for_those_who_opted_in() {
    let mut store = store();
    let mut ask = |caller, filing: Filing| file(&mut store, &CLOCK, NOW_S, caller, &filing);
    let unauthorized = HubError::Unauthorized { caller: STRANGER };
    assert_eq!(ask(STRANGER, filing(1)), Err(unauthorized));
    let service = 2;
    let unknown = ask(
        SLASHER,
        Filing {
            service,
            ..filing(1)
        },
    );
    assert_eq!(unknown, Err(HubError::ServiceUnknown { service }));
    let vault = STRANGER;
    let not_in = ask(SLASHER, Filing { vault, ..filing(1) });
    assert_eq!(not_in, Err(HubError::VaultNotIn { vault, service: 1 }));
    let operator = STRANGER;
    let not_in = ask(
        SLASHER,
        Filing {
            operator,
            ..filing(1)
        },
    );
    assert_eq!(
        not_in,
        Err(HubError::OperatorNotIn {
            operator,
            service: 1
        })
    );
    for wad in [0, WAD + 1] {
        assert_eq!(ask(SLASHER, filing(wad)), Err(HubError::BadWad { wad }));
    }
    for offence_epoch in [0, 8, 11, u64::MAX] {
        let out = ask(
            SLASHER,
            Filing {
                offence_epoch,
                ..filing(1)
            },
        );
        let current = 10;
        assert_eq!(
            out,
            Err(HubError::OffenceEpochOutOfRange {
                offence_epoch,
                current
            })
        );
    }
    assert_eq!(ask(SLASHER, filing(1)), Ok(1));
    assert_eq!(
        ask(
            SLASHER,
            Filing {
                offence_epoch: 9,
                ..filing(1)
            }
        ),
        Ok(2)
    );
}

#[test]
fn a_request_remembers_what_was_filed() {
    let mut store = store();
    let id = ask(&mut store, NOW_S, WAD / 3).expect("sound");
    record_delta(&mut store, id, Part::of(77, WAD)).expect("filed");
    let request = store.request(id).expect("filed");
    assert_eq!((request.vault, request.operator), (VAULT, OPERATOR));
    assert_eq!((request.wad, request.delta), (WAD / 3, 77));
    assert_eq!((request.filed_s, request.offence_epoch), (NOW_S, 10));
    assert_eq!(
        (request.veto_window_s, request.epoch_s),
        (WINDOW_S, CLOCK.epoch_s)
    );
    assert_eq!(store.request(2), Err(HubError::RequestUnknown { id: 2 }));
}

#[test]
fn the_cap_counts_every_request_for_an_epoch_vetoed_ones_too() {
    let mut store = store();
    let half = WAD / 2;
    let third = WAD / 3;
    let id = ask(&mut store, NOW_S, third).expect("below the cap");
    let above = |attempted| {
        Err(HubError::AboveSlashCap {
            max_wad: half,
            attempted,
        })
    };
    assert_eq!(ask(&mut store, NOW_S, third), above(2 * third));
    veto(&mut store, &CLOCK, NOW_S, RESOLVER, id).expect("undecided");
    // The cool-down over, the next epoch: the last is still counted, on its own.
    let next_s = NOW_S + CLOCK.epoch_s;
    let mut last = |wad| file(&mut store, &CLOCK, next_s, SLASHER, &filing(wad));
    assert_eq!(last(half - third + 1), above(half + 1));
    assert_eq!(last(half - third), Ok(2));
    assert_eq!(ask(&mut store, next_s, half), Ok(3));
    assert_eq!(ask(&mut store, next_s, 1), above(half + 1));
    assert_eq!(ask(&mut store, next_s + 2 * CLOCK.epoch_s, half), Ok(4));
}

#[test]
fn a_service_has_at_most_four_undecided_requests() {
    let mut store = store();
    for id in 1..=4 {
        assert_eq!(ask(&mut store, NOW_S, 1), Ok(id));
    }
    let many = HubError::TooManyUndecided { service: 1, max: 4 };
    assert_eq!(ask(&mut store, NOW_S, 1), Err(many));
    let end_s = NOW_S + WINDOW_S;
    arm(&mut store, end_s, 1).expect("the window is over");
    execute(&mut store, &CLOCK, end_s + EXECUTE_DELAY_S, 1).expect("armed");
    assert_eq!(ask(&mut store, end_s + EXECUTE_DELAY_S, 1), Ok(5));
}

#[test]
fn a_request_is_armed_after_its_window_and_executed_half_a_day_later() {
    let mut store = store();
    let id = ask(&mut store, NOW_S, 1).expect("sound");
    let until_s = NOW_S + WINDOW_S;
    assert_eq!(
        arm(&mut store, until_s - 1, id),
        Err(HubError::WindowOpen { until_s })
    );
    let wrong = |status| HubError::WrongStatus { id, status };
    let early = execute(&mut store, &CLOCK, until_s, id);
    assert_eq!(early, Err(wrong(Status::Filed)));
    let at_s = until_s + EXECUTE_DELAY_S;
    assert_eq!(arm(&mut store, until_s, id), Ok(at_s));
    assert_eq!(arm(&mut store, until_s, id), Err(wrong(Status::Armed)));
    let early = execute(&mut store, &CLOCK, at_s - 1, id);
    assert_eq!(early, Err(HubError::NotYetExecutable { at_s }));
    let lapsed = lapse(&mut store, &CLOCK, at_s + 10 * CLOCK.epoch_s, id);
    assert_eq!(
        lapsed,
        Err(wrong(Status::Armed)),
        "an armed request does not lapse"
    );
    let decision = execute(&mut store, &CLOCK, at_s, id).expect("12 hours later");
    assert_eq!((decision.sink, decision.filed_epoch), (SINK, 10));
    assert_eq!(status(&store, id), Status::Executed);
    let late = veto(&mut store, &CLOCK, at_s, RESOLVER, id);
    assert_eq!(late, Err(wrong(Status::Executed)));
    assert_eq!(
        ask(&mut store, at_s, 1),
        Ok(2),
        "an execution costs no cool-down"
    );
}

#[test]
fn a_veto_counts_until_execution_and_is_the_resolvers() {
    let mut store = store();
    let id = ask(&mut store, NOW_S, 1).expect("sound");
    let caller = SLASHER;
    let refused = veto(&mut store, &CLOCK, NOW_S, caller, id);
    assert_eq!(refused, Err(HubError::Unauthorized { caller }));
    arm(&mut store, NOW_S + WINDOW_S, id).expect("the window is over");
    let late_s = NOW_S + WINDOW_S + 10 * EXECUTE_DELAY_S;
    veto(&mut store, &CLOCK, late_s, RESOLVER, id).expect("not executed");
    assert_eq!(status(&store, id), Status::Vetoed);
}

#[test]
fn a_request_that_nobody_arms_lapses_after_an_epoch() {
    let mut store = store();
    let id = ask(&mut store, NOW_S, 1).expect("sound");
    let at_s = NOW_S + WINDOW_S + CLOCK.epoch_s;
    let early = lapse(&mut store, &CLOCK, at_s - 1, id);
    assert_eq!(early, Err(HubError::NotYetLapsed { at_s }));
    assert_eq!(
        arm(&mut store, at_s, id),
        Err(HubError::ArmingOver { since_s: at_s })
    );
    lapse(&mut store, &CLOCK, at_s, id).expect("over");
    assert_eq!(status(&store, id), Status::Lapsed);
    let until_s = at_s + CLOCK.epoch_s;
    assert_eq!(
        ask(&mut store, until_s - 1, 1),
        Err(HubError::CoolingDown { until_s })
    );
    assert_eq!(
        ask(&mut store, until_s, 1),
        Ok(2),
        "a lapse does not suspend"
    );
}

#[test]
fn a_second_veto_ends_a_services_filings() {
    let mut store = store();
    let id = ask(&mut store, NOW_S, 1).expect("sound");
    let second = ask(&mut store, NOW_S, 1).expect("sound");
    veto(&mut store, &CLOCK, NOW_S, RESOLVER, id).expect("undecided");
    let until_s = NOW_S + CLOCK.epoch_s;
    assert_eq!(
        ask(&mut store, NOW_S, 1),
        Err(HubError::CoolingDown { until_s })
    );
    veto(&mut store, &CLOCK, NOW_S, RESOLVER, second).expect("undecided");
    let suspended = Err(HubError::Suspended { service: 1 });
    assert_eq!(ask(&mut store, until_s + 100 * CLOCK.epoch_s, 1), suspended);
}

#[test]
fn what_is_slashed_burns_unless_the_terms_name_somebody_and_the_vault_approved_the_resolver() {
    let burns = Terms {
        sink: Address::ZERO,
        ..TERMS
    };
    for (terms, approved, sink) in [
        (TERMS, true, SINK),
        (TERMS, false, BURN),
        (burns, true, BURN),
        (burns, false, BURN),
    ] {
        let mut store = Store::default();
        register_service(&mut store, &terms, HASH).expect("sound");
        // Before or after the opt-in: the vault has one number.
        assert_eq!(
            approve_resolver(&mut store, VAULT, RESOLVER, true),
            Ok(false)
        );
        opt_in_vault(&mut store, &CLOCK, VAULT, 1, HASH).expect("its terms");
        opt_in_operator(&mut store, OPERATOR, 1, HASH).expect("its terms");
        assert_eq!(
            approve_resolver(&mut store, VAULT, RESOLVER, approved),
            Ok(true)
        );
        assert_eq!(is_approved(&store, VAULT, RESOLVER), approved);
        assert!(!is_approved(&store, STRANGER, RESOLVER));
        let id = ask(&mut store, NOW_S, WAD / 10).expect("within the terms");
        let until_s = NOW_S + WINDOW_S;
        let at_s = arm(&mut store, until_s, id).expect("the window is over");
        let decision = execute(&mut store, &CLOCK, at_s, id).expect("12 hours later");
        assert_eq!(decision.sink, sink);
    }
}
