use alloy_primitives::{Address, U256};
use weir_protocol::allocator::{
    AllocatorError, AllocatorKey, AllocatorStore, allocate, freeze, initialise, slash, slashable,
    thaw,
};
use weir_protocol::model::{Table, account};
use weir_protocol::units::WAD_MAGNITUDE as WAD;

use crate::setting::{CLOCK, DAY_S};

const ONE: Address = account(60);
const OTHER: Address = account(61);
const DELAY_S: u64 = 3 * DAY_S;

type Store = Table<AllocatorKey, U256>;

fn store() -> Store {
    let mut store = Store::default();
    initialise(&mut store, DELAY_S).expect("once");
    store
}

/// Sets the magnitude of an operator in service 1.
fn set(
    store: &mut Store,
    now_s: u64,
    operator: Address,
    magnitude: u64,
) -> Result<u64, AllocatorError> {
    allocate(store, &CLOCK, now_s, 1, operator, magnitude, WAD).map(|summary| summary.encumbered)
}

fn reach(store: &Store, now_s: u64, operator: Address, offence_epoch: u64) -> u64 {
    slashable(store, &CLOCK, now_s, 1, operator, offence_epoch).expect("fits")
}

/// A store in which an operator has 0.4, in force since long, at the start of epoch 4.
fn settled() -> (Store, u64) {
    let mut store = store();
    set(&mut store, CLOCK.start_s(0), ONE, WAD / 10 * 4).expect("room");
    (store, CLOCK.start_s(4))
}

#[test]
fn an_allocator_begins_once_with_everything() {
    let mut store = store();
    assert_eq!(store.capacity().capacity, WAD);
    assert_eq!(
        initialise(&mut store, 0),
        Err(AllocatorError::AlreadyInitialized)
    );
}

#[test]
fn an_increase_counts_after_its_delay_for_offences_of_epochs_that_begin_then() {
    let mut store = store();
    let start_s = CLOCK.start_s(4);
    let summary = allocate(&mut store, &CLOCK, start_s, 1, ONE, WAD / 2, WAD).expect("room");
    let effective_s = start_s + DELAY_S;
    assert_eq!((summary.old, summary.new), (0, WAD / 2));
    assert_eq!(summary.effective_s, effective_s);
    assert_eq!(store.allocation(1, ONE).in_force(effective_s - 1), 0);
    assert_eq!(store.allocation(1, ONE).in_force(effective_s), WAD / 2);
    assert_eq!(
        reach(&store, effective_s, ONE, 4),
        0,
        "not in force when epoch 4 began"
    );
    assert_eq!(reach(&store, CLOCK.start_s(5), ONE, 5), WAD / 2);
    assert_eq!(reach(&store, CLOCK.start_s(5), ONE, 4), 0);
    assert_eq!(reach(&store, CLOCK.start_s(6), ONE, 5), WAD / 2);
    // One at a time.
    let pending = Err(AllocatorError::ChangePending { effective_s });
    assert_eq!(set(&mut store, start_s + 1, ONE, WAD / 2 + 1), pending);
    assert_eq!(
        set(&mut store, CLOCK.start_s(6), ONE, WAD / 2 + 1),
        Ok(WAD / 2 + 1)
    );
}

#[test]
fn allocations_never_sum_to_more_than_the_capacity() {
    let mut store = store();
    assert_eq!(set(&mut store, CLOCK.start_s(4), ONE, WAD / 2), Ok(WAD / 2));
    let above = AllocatorError::AboveCapacity {
        capacity: WAD,
        attempted: WAD + 1,
    };
    assert_eq!(
        set(&mut store, CLOCK.start_s(4), OTHER, WAD / 2 + 1),
        Err(above)
    );
    assert_eq!(set(&mut store, CLOCK.start_s(4), OTHER, WAD / 2), Ok(WAD));
}

#[test]
fn a_decrease_stays_slashable_as_long_as_stake_unstaked_with_it() {
    let (mut store, start_s) = settled();
    let summary = allocate(&mut store, &CLOCK, start_s, 1, ONE, WAD / 10, WAD).expect("less");
    assert_eq!(summary.encumbered, WAD / 10 * 4, "nothing is free yet");
    let last_s = CLOCK.maturity_s(4) - 1;
    assert_eq!(reach(&store, last_s, ONE, 5), WAD / 10 * 4);
    assert_eq!(reach(&store, last_s + 1, ONE, 6), WAD / 10);
    let above = set(&mut store, last_s, OTHER, WAD / 10 * 7);
    assert!(matches!(above, Err(AllocatorError::AboveCapacity { .. })));
    // It is free once somebody looks.
    assert_eq!(set(&mut store, last_s + 1, ONE, WAD / 10), Ok(WAD / 10));
    assert_eq!(set(&mut store, last_s + 1, OTHER, WAD / 10 * 9), Ok(WAD));
}

#[test]
fn decreases_of_three_epochs_live_side_by_side() {
    let (mut store, _) = settled();
    for (epoch, left) in [(4, 3), (5, 2), (6, 1)] {
        set(&mut store, CLOCK.start_s(epoch), ONE, WAD / 10 * left).expect("less");
    }
    assert_eq!(reach(&store, CLOCK.start_s(6), ONE, 6), WAD / 10 * 4);
    assert_eq!(reach(&store, CLOCK.maturity_s(4), ONE, 6), WAD / 10 * 3);
    assert_eq!(reach(&store, CLOCK.maturity_s(5), ONE, 7), WAD / 10 * 2);
    assert_eq!(reach(&store, CLOCK.maturity_s(6), ONE, 8), WAD / 10);
}

#[test]
fn taking_back_an_increase_that_was_never_in_force_frees_it_at_once() {
    let (mut store, start_s) = settled();
    set(&mut store, start_s, ONE, WAD / 10 * 6).expect("room");
    assert_eq!(
        set(&mut store, start_s, ONE, WAD / 10 * 5),
        Ok(WAD / 10 * 5)
    );
    assert_eq!(
        set(&mut store, start_s, ONE, WAD / 10 * 3),
        Ok(WAD / 10 * 4)
    );
    assert_eq!(reach(&store, start_s, ONE, 4), WAD / 10 * 4);
}

#[test]
fn a_slash_takes_a_part_of_what_is_slashable_and_lowers_the_capacity() {
    let (mut store, start_s) = settled();
    set(&mut store, start_s, OTHER, WAD / 10 * 6).expect("room");
    let frozen = freeze(&mut store, &CLOCK, start_s, 1, 1, ONE, WAD / 4, 4).expect("slashable");
    assert_eq!((frozen.delta, frozen.capacity), (WAD / 10, WAD));
    assert_eq!(store.allocation(1, ONE).active, WAD / 10 * 3);
    let slashed = slash(&mut store, 1, 1, ONE).expect("frozen");
    assert_eq!((slashed.part.delta, slashed.part.capacity), (WAD / 10, WAD));
    assert_eq!(slashed.magnitude, WAD / 10 * 3);
    let capacity = store.capacity();
    assert_eq!(
        (capacity.capacity, capacity.encumbered),
        (WAD / 10 * 9, WAD / 10 * 9)
    );
    let again = slash(&mut store, 1, 1, ONE);
    assert_eq!(again, Err(AllocatorError::RequestUnknown { id: 1 }));
}

#[test]
fn several_requests_are_measured_alike_and_take_no_more_than_there_is() {
    let (mut store, start_s) = settled();
    let mut ask = |id, wad| {
        freeze(&mut store, &CLOCK, start_s, id, 1, ONE, wad, 4).map(|summary| summary.delta)
    };
    assert_eq!(ask(1, WAD / 2), Ok(WAD / 10 * 2));
    assert_eq!(
        ask(1, WAD / 2),
        Err(AllocatorError::RequestUnknown { id: 1 })
    );
    assert_eq!(ask(2, WAD / 4), Ok(WAD / 10));
    assert_eq!(ask(3, WAD), Ok(WAD / 10), "what the others leave");
    let nothing = AllocatorError::NothingSlashable {
        service: 1,
        operator: ONE,
        offence_epoch: 4,
    };
    assert_eq!(ask(4, 1), Err(nothing));
    assert_eq!(ask(5, 0), Err(AllocatorError::BadWad { wad: 0 }));
    assert_eq!(
        ask(5, WAD + 1),
        Err(AllocatorError::BadWad { wad: WAD + 1 })
    );
}

#[test]
fn a_slash_reaches_decreases_in_proportion() {
    let (mut store, start_s) = settled();
    set(&mut store, start_s, ONE, WAD / 10 * 3).expect("less");
    freeze(&mut store, &CLOCK, start_s, 1, 1, ONE, WAD / 2, 4).expect("slashable");
    let allocation = store.allocation(1, ONE);
    assert_eq!(allocation.active, WAD / 100 * 15);
    assert_eq!(store.decreases(1, ONE).by_epoch[4 % 3], WAD / 100 * 5);
    assert_eq!(allocation.frozen, WAD / 10 * 2);
}

#[test]
fn a_veto_restores_what_was_there() {
    let (mut store, start_s) = settled();
    set(&mut store, start_s, ONE, WAD / 10 * 3).expect("less");
    let before = [store.allocation(1, ONE)];
    let decreases = store.decreases(1, ONE);
    freeze(&mut store, &CLOCK, start_s, 1, 1, ONE, WAD / 3, 4).expect("slashable");
    let mut late = store.clone();
    thaw(&mut store, &CLOCK, start_s + DAY_S, 1, 1, ONE, 4).expect("frozen");
    assert_eq!([store.allocation(1, ONE)], before);
    assert_eq!(store.decreases(1, ONE), decreases);
    assert_eq!(store.capacity().encumbered, WAD / 10 * 4);
    let again = thaw(&mut store, &CLOCK, start_s + DAY_S, 1, 1, ONE, 4);
    assert_eq!(again, Err(AllocatorError::RequestUnknown { id: 1 }));
    // After the decrease has expired, its part is free.
    thaw(&mut late, &CLOCK, CLOCK.maturity_s(4), 1, 1, ONE, 4).expect("frozen");
    assert_eq!(late.allocation(1, ONE), before[0]);
    assert_eq!(late.decreases(1, ONE).by_epoch, [0; 3]);
    assert_eq!(late.capacity().encumbered, WAD / 10 * 3);
}

#[test]
fn what_is_frozen_of_an_expired_decrease_cannot_be_allocated_again() {
    let (mut store, start_s) = settled();
    set(&mut store, start_s, OTHER, WAD / 10 * 6).expect("room");
    set(&mut store, start_s, ONE, 0).expect("less");
    freeze(&mut store, &CLOCK, start_s, 1, 1, ONE, WAD / 2, 4).expect("slashable");
    let late_s = CLOCK.maturity_s(4);
    set(&mut store, late_s, ONE, 0).expect("a look");
    assert_eq!(store.capacity().encumbered, WAD / 10 * 8);
    let above = allocate(&mut store, &CLOCK, late_s, 2, OTHER, WAD / 10 * 2 + 1, WAD);
    assert!(matches!(above, Err(AllocatorError::AboveCapacity { .. })));
    allocate(&mut store, &CLOCK, late_s, 2, OTHER, WAD / 10 * 2, WAD).expect("room");
    slash(&mut store, 1, 1, ONE).expect("frozen");
    let capacity = store.capacity();
    assert_eq!(
        (capacity.capacity, capacity.encumbered),
        (WAD / 10 * 8, WAD / 10 * 8)
    );
}
