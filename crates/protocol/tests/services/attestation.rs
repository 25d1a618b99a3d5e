//! Reports, seats and keys, in memory.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, address, b256, keccak256};
use proptest::prelude::*;
use weir_protocol::{
    clock::Clock,
    services::attestation::{
        AttestationError as Error, AttestationKey, AttestationStore, Attested, Evidence, Kind,
        MAX_SEATS, Report, Roster, Rules, Signed, attest, convict, digest, domain_separator, enrol,
        note_key, refresh, weighted_median,
    },
};

#[derive(Default)]
struct Store(BTreeMap<U256, U256>);

impl AttestationStore for Store {
    fn load(&self, key: AttestationKey) -> U256 {
        self.0.get(&key.slot()).copied().unwrap_or_default()
    }

    fn save(&mut self, key: AttestationKey, word: U256) {
        self.0.insert(key.slot(), word);
    }
}

const RULES: Rules = Rules {
    start_s: 1_000_000,
    period_s: 60,
    clock: Clock {
        genesis_s: 1_000_000,
        epoch_s: 432_000,
        grace_s: 0,
    },
    kind: Kind::Values,
};

fn operator(number: u8) -> Address {
    Address::repeat_byte(number)
}

fn word(number: u64) -> B256 {
    U256::from(number).into()
}

/// A store with a seat of this weight for each operator from 1 on.
fn seated(weights: &[u64]) -> (Store, Roster) {
    let mut store = Store::default();
    for (number, weight) in (1..).zip(weights) {
        let roster = store.roster();
        enrol(&mut store, &roster, operator(number), *weight).unwrap();
    }
    let roster = store.roster();
    (store, roster)
}

fn report(number: u8, height: u64, payload: B256) -> Report {
    Report {
        operator: operator(number),
        height,
        payload,
    }
}

proptest! {
    /// However the reports come in, the round is final as soon as two thirds reported once, with the median of those.
    #[test]
    fn a_round_is_the_median_of_who_reported_first(
        weights in prop::collection::vec(1_u64..1_000, 1..16),
        order in prop::collection::vec((0_usize..16, 1_u64..100), 1..60),
    ) {
        let (mut store, roster) = seated(&weights);
        let total: u64 = weights.iter().sum();
        let mut said: BTreeMap<usize, Option<u64>> = BTreeMap::new();
        let mut result = None;
        for (who, value) in order {
            let who = who % weights.len();
            let outcome = attest(&mut store, &RULES, &roster, RULES.begins_s(4), &report(who as u8 + 1, 4, word(value)));
            match said.get(&who).copied() {
                None => {
                    said.insert(who, Some(value));
                    let counted = || said.iter().filter_map(|(who, value)| Some((*value.as_ref()?, weights[*who])));
                    let weight: u64 = counted().map(|(_, weight)| weight).sum();
                    let completes = result.is_none() && 3 * weight >= 2 * total;
                    if completes {
                        let mut reports: Vec<_> = counted().map(|(value, weight)| (U256::from(value), weight)).collect();
                        result = weighted_median(&mut reports).map(|value| (B256::from(value), weight));
                    }
                    let Ok(Attested::Counted { result: now, .. }) = outcome else {
                        panic!("{outcome:?}");
                    };
                    prop_assert_eq!(now.is_some(), completes);
                }
                Some(Some(first)) if first == value => {
                    let again = Error::AlreadyAttested { operator: operator(who as u8 + 1), height: 4 };
                    prop_assert_eq!(outcome, Err(again));
                }
                Some(Some(first)) => {
                    said.insert(who, None);
                    prop_assert_eq!(outcome, Ok(Attested::Rival { first: word(first) }));
                }
                Some(None) => {
                    let known = Error::Equivocated { operator: operator(who as u8 + 1), height: 4 };
                    prop_assert_eq!(outcome, Err(known));
                }
            }
            let kept = store.result(4).map(|found| (found.payload, found.weight));
            prop_assert_eq!(kept, result);
        }
    }

    #[test]
    fn no_two_words_share_a_slot(a in keys(), b in keys()) {
        prop_assert_eq!(a == b, a.slot() == b.slot());
        // Far above the words that the contract itself lays out.
        prop_assert!(a.slot() > U256::from(1_000));
    }
}

fn keys() -> impl Strategy<Value = AttestationKey> {
    let account = prop::sample::select(vec![Address::ZERO, operator(1), operator(0xff)]);
    let number = prop::sample::select(vec![0, 1, 1 << 32, u64::MAX]);
    (0..8_u8, account, number).prop_map(|(kind, account, number)| match kind {
        0 => AttestationKey::Counts,
        1 => AttestationKey::Seat(number as u8 % MAX_SEATS),
        2 => AttestationKey::Operator(account),
        3 => AttestationKey::Key(number, account),
        4 => AttestationKey::Report(number, account),
        5 => AttestationKey::Filed(number, account),
        6 => AttestationKey::Result(number),
        _ => AttestationKey::Final(number),
    })
}

#[test]
fn seats_are_kept_reweighed_and_given_to_others_when_empty() {
    let (mut store, roster) = seated(&[10; MAX_SEATS as usize]);
    let late = operator(99);
    let full = Error::RosterFull { max: MAX_SEATS };
    assert_eq!(enrol(&mut store, &roster, late, 5), Err(full));
    let nothing = Error::NoStake { operator: late };
    assert_eq!(enrol(&mut store, &roster, late, 0), Err(nothing));

    let mut asked = 0;
    let weigh = |who: Address| {
        asked += 1;
        Ok::<_, Error>(if who == operator(3) { 0 } else { 20 })
    };
    let roster = refresh(&mut store, 1, weigh).unwrap();
    assert_eq!(asked, 16);
    assert_eq!(roster, store.roster());
    assert_eq!((roster.epoch, roster.total()), (1, 300));
    let again = refresh(&mut store, 1, |_| Err(Error::Overflow));
    assert_eq!(again, Ok(roster.clone()), "weights are read once an epoch");
    enrol(&mut store, &roster, late, 5).unwrap();
    assert_eq!(store.roster().seats[2].operator, late);
    assert_eq!(store.roster().seats.len(), 16);
}

#[test]
fn a_key_answers_for_heights_that_began_before_it_was_replaced() {
    let mut store = Store::default();
    let (old, new) = (operator(0xa1), operator(0xb2));
    note_key(&mut store, RULES.begins_s(0), operator(1), old).unwrap();
    note_key(&mut store, RULES.begins_s(5), operator(1), new).unwrap();
    let mut convicted = |height, first, second| {
        let signed = |payload, key| Signed { payload, key };
        let evidence = Evidence {
            operator: operator(1),
            height,
            first: signed(word(1), first),
            second: signed(word(2), second),
        };
        convict(&mut store, &RULES, &evidence)
    };
    assert_eq!(convicted(5, old, old), Ok(0));
    assert_eq!(convicted(4, old, new), Ok(0));
    assert_eq!(convicted(6, new, new), Ok(0));
    let since_s = RULES.begins_s(5);
    let (operator, key) = (operator(1), old);
    let retired = Error::KeyRetired {
        operator,
        key,
        since_s,
    };
    assert_eq!(convicted(7, new, old), Err(retired));
    for key in [Address::ZERO, operator] {
        let unknown = Error::KeyUnknown { operator, key };
        assert_eq!(convicted(7, key, new), Err(unknown));
    }
    let height = 4;
    let again = Error::AlreadySlashed { operator, height };
    assert_eq!(convicted(4, new, old), Err(again));
    // Back to the old key, which is good again.
    note_key(&mut store, RULES.begins_s(8), operator, old).unwrap();
    let record = store.key(1, old).unwrap();
    assert_eq!((record.since_s, record.until_s), (RULES.begins_s(0), 0));
}

#[test]
fn heights_fix_epochs() {
    assert_eq!(RULES.height_at(RULES.start_s - 1), None);
    assert_eq!(RULES.height_at(RULES.start_s + 119), Some(1));
    assert_eq!(RULES.begins_s(2), 1_000_120);
    // 7,200 heights of a minute are five days.
    assert_eq!(
        (RULES.offence_epoch(7_199), RULES.offence_epoch(7_200)),
        (0, 1)
    );
    assert_eq!(RULES.begins_s(u64::MAX), u64::MAX);
    let (mut store, roster) = seated(&[1]);
    let late = attest(
        &mut store,
        &RULES,
        &roster,
        RULES.begins_s(14_400),
        &report(1, 7_199, word(1)),
    );
    assert!(matches!(late, Err(Error::TooLate { current: 2, .. })));
}

/// The numbers of docs/protocol/services.md.
#[test]
fn the_worked_example() {
    let contract = address!("00000000000000000000000000000000000a77e5");
    let separator = domain_separator(412_346, contract);
    assert_eq!(
        separator,
        b256!("899e9014128724e3dc2b17239332ab6ec3f7ef6c24f7c08a29eb8724c7d5c0b5")
    );
    let domain = keccak256("weir.example");
    let operator = address!("0000000000000000000000000000000000000b0b");
    let value = U256::from(1_150_000_000_000_000_000_u64);
    assert_eq!(
        digest(separator, operator, domain, 7, value.into()),
        b256!("5ecbb53659c05f9778f9afa1c52745f93b3ed1329c321a0f0e7a2ed03540bc68")
    );

    // North has 15 %, south 10 %, east 5 % of the stake: 30 in sum, and 20 make a round final.
    let mut reports = [(100, 15), (104, 10)].map(|(value, weight)| (U256::from(value), weight));
    assert_eq!(weighted_median(&mut reports), Some(U256::from(100)));
    let (mut store, roster) = seated(&[15, 10, 5]);
    let mut reports = [(1, 100), (2, 104), (3, 90)]
        .into_iter()
        .map(|(who, value)| {
            attest(
                &mut store,
                &RULES,
                &roster,
                RULES.begins_s(7),
                &report(who, 7, word(value)),
            )
        });
    let mut next = || match reports.next() {
        Some(Ok(Attested::Counted { result, .. })) => {
            result.map(|found| (found.payload, found.weight, found.total))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(next(), None);
    assert_eq!(next(), Some((word(100), 25, 30)));
    assert_eq!(next(), None);
}
