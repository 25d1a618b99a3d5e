//! Limits of exposure, against a sum over every set of operators.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B64, U256};
use proptest::prelude::*;
use weir_protocol::allocator::{
    AllocatorError, AllocatorKey, AllocatorStore, Exposure, Groups, Limits, MAX_ALLOCATIONS, Place,
    allocate, exposures, freeze, initialise, pause, set_groups, set_limits, slash, thaw, trim,
    worst_case,
};
use weir_protocol::model::{Table, account};
use weir_protocol::units::WAD_MAGNITUDE as WAD;

use crate::setting::{CLOCK, DAY_S};

const ONE: Address = account(60);
const OTHER: Address = account(61);
const GETH: B64 = B64::new(*b"geth\0\0\0\0");
const CLOUD: B64 = B64::new(*b"cloud\0\0\0");

type Store = Table<AllocatorKey, U256>;

/// The caps of services 1, 2 and 3.
const CAPS: [u64; 3] = [WAD, WAD / 10, WAD / 4];

fn store() -> Store {
    let mut store = Store::default();
    initialise(&mut store, 0).expect("once");
    store
}

/// Allocates; a refusal leaves no trace, as in a transaction.
fn set(
    store: &mut Store,
    now_s: u64,
    service: u32,
    operator: Address,
    magnitude: u64,
) -> Result<u64, AllocatorError> {
    let cap = CAPS[service as usize - 1];
    let mut tried = store.clone();
    let summary = allocate(&mut tried, &CLOCK, now_s, service, operator, magnitude, cap)?;
    *store = tried;
    Ok(summary.encumbered)
}

fn groups(tags: &[B64]) -> Groups {
    let mut groups = Groups::default();
    for (group, tag) in groups.iter_mut().zip(tags) {
        *group = *tag;
    }
    groups
}

fn above(place: Place, limit: u64, attempted: u64) -> Result<u64, AllocatorError> {
    Err(AllocatorError::AboveLimit {
        place,
        limit,
        attempted,
    })
}

#[test]
fn a_service_that_may_slash_a_tenth_an_epoch_puts_three_tenths_at_risk() {
    let mut store = store();
    let limits = Limits {
        service_bps: 1_500,
        ..Limits::NONE
    };
    set_limits(&mut store, &limits, true).expect("valid");
    let start_s = CLOCK.start_s(4);
    set(&mut store, start_s, 2, ONE, WAD / 2).expect("0.15 at risk");
    assert_eq!(
        set(&mut store, start_s, 2, OTHER, 1),
        above(Place::Service(2), WAD / 100 * 15, WAD / 100 * 15 + 1)
    );
    set(&mut store, start_s, 1, OTHER, WAD / 100 * 15).expect("another service");
    let list = exposures(&store, &CLOCK, start_s).expect("fits");
    let risks: Vec<_> = list.iter().map(Exposure::at_risk).collect();
    assert_eq!(risks, [Ok(WAD / 100 * 15), Ok(WAD / 100 * 15)]);
}

#[test]
fn an_operator_a_group_and_common_failures_have_limits_of_their_own() {
    let start_s = CLOCK.start_s(4);
    let tenth = WAD / 10;
    let cases = [
        (
            Limits {
                operator_bps: 1_000,
                ..Limits::NONE
            },
            Place::Operator(ONE),
            tenth,
        ),
        (
            Limits {
                group_bps: 2_000,
                ..Limits::NONE
            },
            Place::Group(CLOUD),
            2 * tenth,
        ),
        (
            Limits {
                worst_bps: [1_000, 10_000, 10_000],
                ..Limits::NONE
            },
            Place::Failures(1),
            tenth,
        ),
        (
            Limits {
                worst_bps: [10_000, 2_000, 10_000],
                ..Limits::NONE
            },
            Place::Failures(2),
            2 * tenth,
        ),
        (
            Limits {
                worst_bps: [10_000, 10_000, 2_000],
                ..Limits::NONE
            },
            Place::Failures(3),
            2 * tenth,
        ),
    ];
    for (limits, place, limit) in cases {
        let mut store = store();
        set_limits(&mut store, &limits, true).expect("valid");
        set_groups(&mut store, ONE, &groups(&[CLOUD, GETH]), true).expect("fits");
        set_groups(&mut store, OTHER, &groups(&[B64::ZERO, CLOUD]), true).expect("fits");
        set(&mut store, start_s, 1, OTHER, tenth).expect("room");
        set(&mut store, start_s, 1, ONE, tenth).expect("room");
        let again = set(&mut store, start_s + DAY_S, 3, ONE, 1);
        assert_eq!(again, above(place, limit, limit + 1), "{limits:?}");
    }
}

#[test]
fn what_is_leaving_or_frozen_still_counts_and_a_decrease_is_never_refused() {
    let mut store = store();
    let start_s = CLOCK.start_s(4);
    set(&mut store, start_s, 1, ONE, WAD / 2).expect("room");
    let later_s = CLOCK.start_s(6);
    freeze(&mut store, &CLOCK, later_s, 1, 1, ONE, WAD / 10, 6).expect("slashable");
    let none = Limits {
        service_bps: 0,
        operator_bps: 0,
        group_bps: 0,
        worst_bps: [0; 3],
    };
    set_limits(&mut store, &none, false).expect("tighter");
    set(&mut store, later_s, 1, ONE, WAD / 10).expect("a decrease");
    let [row] = exposures(&store, &CLOCK, later_s).expect("fits")[..] else {
        panic!("one allocation");
    };
    assert_eq!((row.kept, row.frozen), (WAD / 10, WAD / 20));
    assert_eq!(row.leaving, WAD / 20 * 7);
    assert_eq!(row.at_risk(), Ok(WAD / 2));
    assert_eq!(worst_case(&store, &CLOCK, later_s, 1), Ok(WAD / 2));
    assert_eq!(worst_case(&store, &CLOCK, later_s, 0), Ok(0));
}

#[test]
fn a_slash_pushes_others_over_a_limit_and_anybody_trims_them() {
    let mut store = store();
    let start_s = CLOCK.start_s(4);
    let limits = Limits {
        operator_bps: 5_000,
        ..Limits::NONE
    };
    set_limits(&mut store, &limits, true).expect("valid");
    set(&mut store, start_s, 1, ONE, WAD / 2).expect("room");
    set(&mut store, start_s, 1, OTHER, WAD / 10 * 4).expect("room");
    let nothing = Err(AllocatorError::NothingToTrim {
        service: 1,
        operator: ONE,
    });
    let later_s = CLOCK.start_s(6);
    assert_eq!(trim(&mut store, &CLOCK, later_s, 1, ONE), nothing);
    freeze(&mut store, &CLOCK, later_s, 7, 1, OTHER, WAD / 2, 6).expect("slashable");
    slash(&mut store, 7, 1, OTHER).expect("frozen");
    // M is 0.8, so 0.4 is the limit.
    let summary = trim(&mut store, &CLOCK, later_s, 1, ONE).expect("over");
    assert_eq!((summary.old, summary.new), (WAD / 2, WAD / 10 * 4));
    assert_eq!(trim(&mut store, &CLOCK, later_s, 1, ONE), nothing);
    assert_eq!(
        set(&mut store, later_s, 1, ONE, WAD / 10 * 4 + 1),
        above(Place::Operator(ONE), WAD / 10 * 4, WAD / 2 + 1),
        "what was trimmed can still be slashed"
    );
}

#[test]
fn curator_and_guardian_may_only_tighten() {
    let mut store = store();
    let limits = Limits {
        group_bps: 3_000,
        ..Limits::NONE
    };
    assert_eq!(set_limits(&mut store, &limits, false), Ok(Limits::NONE));
    let wider = Limits {
        group_bps: 3_001,
        service_bps: 0,
        ..limits
    };
    assert_eq!(
        set_limits(&mut store, &wider, false),
        Err(AllocatorError::Loosens)
    );
    assert_eq!(set_limits(&mut store, &wider, true), Ok(limits));
    let too_wide = Limits {
        worst_bps: [0, 10_001, 0],
        ..limits
    };
    let refused = AllocatorError::BpsTooHigh {
        bps: 10_001,
        max_bps: 10_000,
    };
    assert_eq!(set_limits(&mut store, &too_wide, true), Err(refused));

    let (one, both) = (groups(&[GETH]), groups(&[CLOUD, GETH]));
    set_groups(&mut store, ONE, &one, false).expect("more");
    assert_eq!(set_groups(&mut store, ONE, &both, false), Ok(one));
    assert_eq!(store.groups(ONE), both);
    assert_eq!(
        set_groups(&mut store, ONE, &one, false),
        Err(AllocatorError::Loosens)
    );
    assert_eq!(set_groups(&mut store, ONE, &one, true), Ok(both));
}

#[test]
fn increases_pause_and_decreases_do_not() {
    let mut store = store();
    let start_s = CLOCK.start_s(4);
    set(&mut store, start_s, 1, ONE, WAD / 2).expect("room");
    pause(&mut store, start_s, 100).expect("the first");
    let paused = AllocatorError::AllocationsPaused {
        until_s: start_s + 100,
    };
    assert_eq!(set(&mut store, start_s + 99, 2, ONE, 1), Err(paused));
    set(&mut store, start_s + 99, 1, ONE, WAD / 4).expect("a decrease");
    set(&mut store, start_s + 100, 2, ONE, 1).expect("it is over");
    let cooling = AllocatorError::PauseCoolingDown {
        until_s: start_s + 200,
    };
    assert_eq!(pause(&mut store, start_s + 199, 1), Err(cooling));
    pause(&mut store, start_s + 200, 1).expect("rested");
}

#[test]
fn a_vault_has_sixty_four_allocations_and_places_become_free() {
    let mut store = store();
    let start_s = CLOCK.start_s(4);
    for number in 0..MAX_ALLOCATIONS {
        set(&mut store, start_s, 1, account(number + 1), 10).expect("room");
    }
    let max = MAX_ALLOCATIONS;
    let full = Err(AllocatorError::TooManyAllocations { max });
    assert_eq!(set(&mut store, start_s, 2, account(1), 10), full);
    set(&mut store, start_s + DAY_S, 1, account(7), 0).expect("a decrease");
    let maturity_s = CLOCK.maturity_s(4);
    let mut leaving = store.clone();
    assert_eq!(
        set(&mut leaving, maturity_s - 1, 2, account(1), 10),
        full,
        "it can still be slashed"
    );
    set(&mut store, maturity_s, 2, account(1), 10).expect("a place became free");
    let list = exposures(&store, &CLOCK, maturity_s).expect("fits");
    assert_eq!(list.len(), usize::from(max));
    let pairs: BTreeSet<_> = list
        .iter()
        .map(|row| (row.entry.service, row.entry.operator))
        .collect();
    assert_eq!(pairs.len(), usize::from(max));
    assert!(!pairs.contains(&(1, account(7))) && pairs.contains(&(2, account(1))));
}

/// What is at risk through each operator, in each service and group, straight from the records.
#[derive(Default)]
struct AtRisk {
    services: BTreeMap<u32, u64>,
    operators: BTreeMap<Address, u64>,
    groups: BTreeMap<B64, u64>,
}

impl AtRisk {
    fn of(store: &Store, now_s: u64) -> Self {
        let mut sums = Self::default();
        for service in 1..=3 {
            for number in OPERATORS {
                let operator = account(number);
                let kept = store.allocation(service, operator);
                let decreases = store.decreases(service, operator);
                let leaving: u64 = (0..3u64)
                    .filter_map(|back| decreases.epoch.checked_sub(back))
                    .filter(|epoch| CLOCK.maturity_s(*epoch) > now_s)
                    .map(|epoch| decreases.by_epoch[(epoch % 3) as usize])
                    .sum();
                let whole =
                    u128::from(kept.active) + u128::from(kept.pending) + u128::from(leaving);
                let f = u128::from((CAPS[service as usize - 1] * 3).min(WAD));
                let risk = (whole * f).div_ceil(u128::from(WAD)) as u64 + kept.frozen;
                *sums.services.entry(service).or_default() += risk;
                *sums.operators.entry(operator).or_default() += risk;
                let tags: BTreeSet<B64> = store.groups(operator).into_iter().collect();
                for group in tags {
                    *sums.groups.entry(group).or_default() += risk;
                }
            }
        }
        sums.groups.remove(&B64::ZERO);
        sums
    }

    /// The largest sum over every set of `size` operators.
    fn worst(&self, size: u32) -> u64 {
        let risks: Vec<u64> = self.operators.values().copied().collect();
        let sets = 0u32..1 << risks.len();
        let sums = sets.filter(|set| set.count_ones() <= size).map(|set| {
            let is_in = |place: &usize| set >> place & 1 == 1;
            (0..risks.len())
                .filter(is_in)
                .map(|place| risks[place])
                .sum()
        });
        sums.max().unwrap_or(0)
    }
}

const OPERATORS: std::ops::RangeInclusive<u8> = 1..=6;

#[derive(Clone, Debug)]
enum Step {
    Allocate(u32, Address, u64),
    Trim(u32, Address),
    Freeze(u32, Address, u64),
    Slash(usize),
    Thaw(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let pair = || (1u32..=3, OPERATORS.prop_map(account));
    prop_oneof![
        6 => (pair(), 0..WAD / 3).prop_map(|((s, o), magnitude)| Step::Allocate(s, o, magnitude)),
        1 => pair().prop_map(|(s, o)| Step::Trim(s, o)),
        2 => (pair(), 1..WAD).prop_map(|((s, o), wad)| Step::Freeze(s, o, wad)),
        1 => any::<usize>().prop_map(Step::Slash),
        1 => any::<usize>().prop_map(Step::Thaw),
        3 => (0..CLOCK.epoch_s).prop_map(Step::Wait),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (
        0u16..=10_000,
        0u16..=10_000,
        0u16..=10_000,
        any::<[u16; 3]>(),
    )
        .prop_map(|(service_bps, operator_bps, group_bps, worst)| Limits {
            service_bps,
            operator_bps,
            group_bps,
            worst_bps: worst.map(|bps| bps % 10_001),
        })
}

proptest! {
    /// After a raise nothing that it adds to is over its limit, and what can be lost is what a sum over every set of operators says.
    #[test]
    fn no_sequence_of_allocations_exceeds_a_limit_and_the_worst_case_is_that_of_all_sets(
        limits in limits(),
        tags in prop::collection::vec((OPERATORS.prop_map(account), any::<bool>()), 0..6),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut store = store();
        set_limits(&mut store, &limits, true).expect("valid");
        for (operator, is_cloud) in tags {
            let tag = if is_cloud { CLOUD } else { GETH };
            let tags = [store.groups(operator)[0], tag];
            set_groups(&mut store, operator, &groups(&tags), true).expect("fits");
        }
        let (mut now_s, mut id, mut undecided) = (CLOCK.start_s(4), 0, Vec::new());
        for step in steps {
            let before = store.clone();
            let clock = &CLOCK;
            let capacity = store.capacity().capacity;
            let part = |bps: u16| (u128::from(capacity) * u128::from(bps) / 10_000) as u64;
            match step {
                Step::Wait(seconds) => now_s += seconds,
                Step::Allocate(service, operator, magnitude) => {
                    let was = before.allocation(service, operator);
                    let raises = magnitude > was.active + was.pending;
                    match set(&mut store, now_s, service, operator, magnitude) {
                        Ok(_) if raises => {
                            let risk = AtRisk::of(&store, now_s);
                            prop_assert!(risk.services[&service] <= part(limits.service_bps));
                            prop_assert!(risk.operators[&operator] <= part(limits.operator_bps));
                            for group in store.groups(operator) {
                                let in_group = risk.groups.get(&group).copied().unwrap_or(0);
                                prop_assert!(in_group <= part(limits.group_bps));
                            }
                            let had = AtRisk::of(&before, now_s);
                            for (k, bps) in (1..).zip(limits.worst_bps) {
                                prop_assert!(risk.worst(k) <= part(bps).max(had.worst(k)));
                            }
                        }
                        Ok(_) => {}
                        Err(error) => {
                            prop_assert!(raises, "a decrease is refused: {error:?}");
                            store = before;
                        }
                    }
                }
                Step::Trim(service, operator) => match trim(&mut store, clock, now_s, service, operator) {
                    Ok(summary) => prop_assert!(summary.new < summary.old),
                    Err(_) => store = before,
                },
                Step::Freeze(service, operator, wad) => {
                    id += 1;
                    let epoch = clock.epoch_at(now_s);
                    match freeze(&mut store, clock, now_s, id, service, operator, wad, epoch) {
                        Ok(_) => undecided.push((id, service, operator, epoch)),
                        Err(_) => store = before,
                    }
                }
                Step::Slash(place) if !undecided.is_empty() => {
                    let (id, service, operator, _) = undecided.remove(place % undecided.len());
                    slash(&mut store, id, service, operator).expect("frozen");
                }
                Step::Thaw(place) if !undecided.is_empty() => {
                    let (id, service, operator, epoch) = undecided.remove(place % undecided.len());
                    thaw(&mut store, clock, now_s, id, service, operator, epoch).expect("frozen");
                }
                Step::Slash(_) | Step::Thaw(_) => {}
            }
            let risk = AtRisk::of(&store, now_s);
            for k in 0..=3 {
                prop_assert_eq!(worst_case(&store, &CLOCK, now_s, k as u8), Ok(risk.worst(k)));
            }
            let listed: u64 = exposures(&store, &CLOCK, now_s)
                .expect("fits")
                .iter()
                .map(|row| row.magnitude().expect("fits"))
                .sum();
            prop_assert!(listed <= store.capacity().encumbered, "what expired is freed when touched");
            prop_assert!(store.capacity().encumbered <= store.capacity().capacity);
        }
    }
}
