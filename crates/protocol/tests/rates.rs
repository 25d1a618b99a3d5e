//! What a source's answer does to an accepted rate.

use alloy_primitives::U256;
use weir_protocol::rates::{
    Accepted, Bounds, Guard, Observation, accept, check_margin, confirm, credit, observe,
};
use weir_protocol::units::WAD;
use weir_protocol::vault::RateState;

const DAY_S: u64 = 86_400;
const START_S: u64 = 1_800_000_000;
const RATE: u64 = 1_200_000_000_000_000_000;
/// Down by 5 % at once, up by 0.1 % a day.
const BOUNDS: Bounds = Bounds {
    max_drop_wad: 50_000_000_000_000_000,
    max_growth_per_day_wad: 1_000_000_000_000_000,
};
const LEAST: u64 = RATE / 100 * 95;
const DAILY: u64 = RATE / 1000;

fn start() -> Accepted {
    accept(RATE.into(), START_S).unwrap()
}

fn after(accepted: Accepted, answer_wad: u64, now_s: u64) -> Observation {
    observe(accepted, &BOUNDS, Some(U256::from(answer_wad)), now_s)
}

#[test]
fn both_bounds_belong_to_what_is_accepted() {
    let day_later = START_S + DAY_S;
    for (answer, fresh) in [
        (LEAST, true),
        (LEAST - 1, false),
        (RATE + DAILY, true),
        (RATE + DAILY + 1, false),
    ] {
        let seen = after(start(), answer, day_later);
        assert_eq!(seen.state == RateState::Fresh, fresh, "{answer}");
        let (rate_wad, at_s, low_wad) = if fresh {
            (answer, day_later, answer)
        } else {
            (RATE, START_S, answer.min(RATE))
        };
        let kept = seen.accepted;
        assert_eq!((kept.rate_wad, kept.at_s), (rate_wad, at_s));
        assert_eq!(seen.low_wad, u128::from(low_wad));
    }
}

#[test]
fn a_rate_that_is_repeated_keeps_its_room_to_grow() {
    let asked_just_before = after(start(), RATE, START_S + DAY_S - 1);
    assert_eq!(asked_just_before.accepted, start());
    let step = after(asked_just_before.accepted, RATE + DAILY, START_S + DAY_S);
    assert_eq!(step.state, RateState::Fresh);
}

#[test]
fn a_value_out_of_bounds_does_not_become_right_by_waiting() {
    let too_high = RATE + 2 * DAILY;
    let mut seen = after(start(), too_high, START_S + DAY_S);
    for days in 2..10 {
        assert_eq!(seen.state, RateState::Suspicious);
        assert_eq!(seen.low_wad, u128::from(RATE));
        assert_eq!(seen.accepted.suspect_since_s, START_S + DAY_S);
        seen = after(seen.accepted, too_high, START_S + days * DAY_S);
    }
    let back = after(seen.accepted, RATE + DAILY, START_S + 10 * DAY_S);
    assert_eq!(back.state, RateState::Fresh);
    assert_eq!(back.accepted.at_s, START_S + 10 * DAY_S);
}

#[test]
fn the_time_out_of_bounds_gives_no_room_to_grow() {
    let out = after(start(), RATE + 2 * DAILY, START_S + DAY_S);
    let back = after(out.accepted, RATE, START_S + 9 * DAY_S);
    assert_eq!(back.state, RateState::Fresh);
    assert_eq!(back.accepted.at_s, START_S + 8 * DAY_S);
    assert_eq!(back.accepted.suspect_since_s, 0);
    let seen = after(back.accepted, RATE + 2 * DAILY + 1, START_S + 10 * DAY_S);
    assert_eq!(seen.state, RateState::Suspicious);
}

#[test]
fn a_suspicious_fall_lowers_the_floor_at_once_and_stays_when_the_source_falls_silent() {
    let fallen = after(start(), RATE / 2, START_S + 1);
    assert_eq!(fallen.state, RateState::Suspicious);
    assert_eq!(fallen.low_wad, u128::from(RATE / 2));
    let silent = observe(fallen.accepted, &BOUNDS, None, START_S + 2);
    assert_eq!(silent.state, RateState::Suspicious);
    assert_eq!(silent.low_wad, u128::from(RATE / 2));
}

#[test]
fn a_silent_source_is_stale_and_changes_nothing() {
    let seen = observe(start(), &BOUNDS, None, START_S + 100 * DAY_S);
    assert_eq!(seen.state, RateState::Stale);
    assert_eq!(seen.accepted, start());
    assert_eq!(seen.low_wad, u128::from(RATE));
}

#[test]
fn no_answer_is_too_large_to_be_judged() {
    for answer in [U256::MAX, U256::from(1u128 << 64), U256::ZERO] {
        let seen = observe(start(), &BOUNDS, Some(answer), START_S + DAY_S);
        assert_eq!(seen.state, RateState::Suspicious);
        assert_eq!(seen.accepted.rate_wad, RATE);
        let back = after(seen.accepted, RATE, START_S + DAY_S + 1);
        assert_eq!(back.state, RateState::Fresh);
    }
}

#[test]
fn an_accepted_rate_survives_its_word() {
    let out = after(start(), RATE * 2, START_S + DAY_S);
    for accepted in [start(), out.accepted] {
        let word = accepted.to_word().unwrap();
        assert_eq!(Accepted::from_word(word), accepted);
    }
}

#[test]
fn a_deposit_is_credited_at_the_lower_of_rate_and_market_and_refused_under_the_margin() {
    let rate = u128::from(RATE);
    let margin = (WAD / 50) as u64;
    let least = rate / 100 * 98;
    let price = |wad: u128| Guard::Price(U256::from(wad));
    assert_eq!(credit(rate, Guard::Absent, margin), rate);
    assert_eq!(credit(rate, Guard::Silent, margin), 0);
    assert_eq!(credit(rate, price(rate + 1), margin), rate);
    assert_eq!(credit(rate, price(rate - 1), margin), rate - 1);
    assert_eq!(credit(rate, price(least), margin), least);
    assert_eq!(credit(rate, price(least - 1), margin), 0);
    assert_eq!(credit(rate, Guard::Price(U256::MAX), margin), rate);
}

#[test]
fn a_second_source_changes_nothing_unless_the_first_is_out_of_bounds() {
    let second = Some(U256::from(RATE / 2));
    for answer in [RATE, LEAST] {
        let seen = after(start(), answer, START_S + DAY_S);
        assert_eq!(confirm(seen, second, 0, START_S + DAY_S), seen);
    }
    let stale = observe(start(), &BOUNDS, None, START_S + DAY_S);
    assert_eq!(
        confirm(stale, Some(U256::from(RATE)), 0, START_S + DAY_S),
        stale
    );
}

#[test]
fn what_two_sources_agree_on_is_accepted_between_half_and_double() {
    let now_s = START_S + DAY_S;
    let margin_wad = 10_000_000_000_000_000;
    for (answer, second, is_taken) in [
        (LEAST - 1, LEAST - 1, true),
        (RATE / 2, RATE / 2, true),
        (RATE / 2 - 1, RATE / 2 - 1, false),
        (RATE * 2, RATE * 2, true),
        (RATE * 2 + 1, RATE * 2 + 1, false),
        (RATE / 2, RATE / 2 + RATE / 200, true),
        (RATE / 2, RATE / 2 + RATE / 200 + 1, false),
        (RATE / 2, RATE / 2 - RATE / 200, true),
        (RATE / 2, RATE / 2 - RATE / 200 - 1, false),
        (0, 0, false),
    ] {
        let seen = after(start(), answer, now_s);
        let then = confirm(seen, Some(U256::from(second)), margin_wad, now_s);
        if is_taken {
            assert_eq!(then.accepted, accept(answer.into(), now_s).unwrap());
            assert_eq!(
                (then.state, then.low_wad),
                (RateState::Fresh, answer.into())
            );
        } else {
            assert_eq!(then, seen, "{answer} {second}");
        }
    }
    let seen = after(start(), RATE / 2, now_s);
    assert_eq!(confirm(seen, None, margin_wad, now_s), seen);
    assert_eq!(confirm(seen, Some(U256::MAX), margin_wad, now_s), seen);
    assert!(check_margin(WAD as u64 / 10).is_ok());
    assert!(check_margin(WAD as u64 / 10 + 1).is_err());
}
