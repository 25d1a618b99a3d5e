//! Magnitudes are EigenLayer's, with a vault for its (operator, strategy): a slash leaves to the bit what its contracts leave.
//!
//! `WEIR_EIGENLAYER_SLASHES` and `WEIR_EIGENLAYER_ALLOCATIONS` name files with more rows like those of `slashes.txt` and
//! `allocations.txt`. Slashes with a decrease under way are not among them: there the contracts take its part rounded up, and
//! here it is rounded down, so that a unit may come from what is in force instead. The sum is the same.

use std::fmt::Debug;
use std::fs;

use alloy_primitives::{Address, U256};
use weir_protocol::allocator::{
    Allocation, AllocatorError, AllocatorKey, AllocatorStore, allocate, freeze, initialise, slash,
};
use weir_protocol::clock::Clock;
use weir_protocol::math::mul_div_down;
use weir_protocol::model::{Table, account};
use weir_protocol::units::WAD;

const CLOCK: Clock = Clock {
    genesis_s: 1_000_000,
    epoch_s: 432_000,
    grace_s: 172_800,
};
const OPERATOR: Address = account(60);
const SERVICE: u32 = 1;
/// Its terms let it slash everything.
const MAX_WAD: u64 = WAD as u64;
/// The start of epoch 4.
const NOW_S: u64 = CLOCK.genesis_s + 4 * CLOCK.epoch_s;

type Store = Table<AllocatorKey, U256>;

fn numbers<const N: usize>(text: &str) -> [u64; N] {
    let numbers: Vec<u64> = text
        .split_whitespace()
        .map(|number| number.parse().expect("a magnitude"))
        .collect();
    numbers.try_into().expect("as many as the row has")
}

/// An allocator of this capacity, of which one operator has `current` in force and `pending` to come.
fn allocator(max: u64, encumbered: u64, current: u64, pending: u64) -> Store {
    let mut store = Store::default();
    initialise(&mut store, CLOCK.epoch_s).expect("once");
    let mut capacity = store.capacity();
    (capacity.capacity, capacity.encumbered) = (max, encumbered);
    store.set_capacity(capacity).expect("fits");
    let allocation = Allocation {
        active: current,
        frozen: 0,
        pending,
        effective_s: NOW_S + CLOCK.epoch_s,
    };
    store
        .set_allocation(SERVICE, OPERATOR, allocation)
        .expect("fits");
    store
}

/// What the contracts left, and what these rules leave: max, encumbered, current, wad slashed of max.
fn slashed(row: &str) -> ([u64; 4], [u64; 4]) {
    let parts: Vec<&str> = row.split('|').collect();
    let [before, wad, after, wad_slashed] = parts.try_into().expect("four parts");
    let [max, encumbered, current, pending] = numbers(before);
    let [wad] = numbers(wad);
    let [max_after, encumbered_after, current_after] = numbers(after);
    let [wad_slashed] = numbers(wad_slashed);

    let mut store = allocator(max, encumbered, current, pending);
    let frozen = freeze(&mut store, &CLOCK, NOW_S, 1, SERVICE, OPERATOR, wad, 4);
    let of_max = match frozen {
        Ok(frozen) => {
            slash(&mut store, 1, SERVICE, OPERATOR).expect("frozen");
            mul_div_down(frozen.delta.into(), WAD, max.into()).expect("fits") as u64
        }
        // The contracts slash nothing of nothing; here it is refused.
        Err(AllocatorError::NothingSlashable { .. }) => 0,
        Err(error) => panic!("{error:?}"),
    };
    let left = store.allocation(SERVICE, OPERATOR);
    assert_eq!((left.pending, left.frozen), (pending, 0));
    let capacity = store.capacity();
    (
        [max_after, encumbered_after, current_after, wad_slashed],
        // Of a capacity that is counted in smaller units, in theirs.
        [
            capacity.capacity >> capacity.scale,
            capacity.encumbered >> capacity.scale,
            left.active >> capacity.scale,
            of_max,
        ],
    )
}

/// What is encumbered after an allocation: by the contracts, and by these rules; `None` if it is refused.
fn allocated(row: &str) -> (Option<u64>, Option<u64>) {
    let parts: Vec<&str> = row.split('|').collect();
    let [before, target, after] = parts.try_into().expect("three parts");
    let [max, encumbered, current] = numbers(before);
    let [target] = numbers(target);
    let mut store = allocator(max, encumbered, current, 0);
    let ours = match allocate(
        &mut store, &CLOCK, NOW_S, SERVICE, OPERATOR, target, MAX_WAD,
    ) {
        Ok(summary) => Some(summary.encumbered),
        Err(AllocatorError::AboveCapacity { .. }) => None,
        Err(error) => panic!("{error:?}"),
    };
    (after.trim().parse().ok(), ours)
}

/// Compares every row of a shipped table, and of the file that the variable names, if it is set.
fn compare<T: PartialEq + Debug>(shipped: &str, variable: &str, sides: fn(&str) -> (T, T)) {
    let more = std::env::var(variable).map(|path| fs::read_to_string(path).expect(variable));
    for table in [Some(shipped.to_owned()), more.ok()].iter().flatten() {
        let rows: Vec<&str> = table.lines().filter(|row| !row.starts_with('#')).collect();
        assert!(!rows.is_empty());
        for row in &rows {
            let (theirs, ours) = sides(row);
            assert_eq!(ours, theirs, "{row}");
        }
        println!("{} rows are equal", rows.len());
    }
}

#[test]
fn a_slash_leaves_what_eigenlayers_contracts_leave() {
    let shipped = include_str!("slashes.txt");
    compare(shipped, "WEIR_EIGENLAYER_SLASHES", slashed);
}

#[test]
fn an_allocation_encumbers_what_eigenlayers_contracts_encumber() {
    let shipped = include_str!("allocations.txt");
    compare(shipped, "WEIR_EIGENLAYER_ALLOCATIONS", allocated);
}
