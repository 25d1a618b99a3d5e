//! Magnitudes are EigenLayer's, with a vault for its (operator, strategy): a slash leaves to the bit what its contracts leave.
//!
//! `WEIR_EIGENLAYER_SLASHES` names a file with more rows like those of `slashes.txt`. Rows with a decrease under way are not among
//! them: there the contracts take its part of a slash rounded up, and here it is rounded down, so that a unit may come from
//! what is in force instead. The sum is the same.

use std::fs;

use alloy_primitives::{Address, U256};
use weir_protocol::allocator::{
    Allocation, AllocatorError, AllocatorKey, AllocatorStore, freeze, initialise, slash,
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

fn numbers<const N: usize>(text: &str) -> [u64; N] {
    let numbers: Vec<u64> = text
        .split_whitespace()
        .map(|number| number.parse().expect("a magnitude"))
        .collect();
    numbers.try_into().expect("as many as the row has")
}

/// What the contracts left, and what these rules leave: max, encumbered, current, wad slashed of max.
fn slashed(row: &str) -> ([u64; 4], [u64; 4]) {
    let parts: Vec<&str> = row.split('|').collect();
    let [before, wad, after, wad_slashed] = parts.try_into().expect("four parts");
    let [max, encumbered, current, pending] = numbers(before);
    let [wad] = numbers(wad);
    let [max_after, encumbered_after, current_after] = numbers(after);
    let [wad_slashed] = numbers(wad_slashed);

    let mut store: Table<AllocatorKey, U256> = Table::default();
    initialise(&mut store, CLOCK.epoch_s).expect("once");
    let mut capacity = store.capacity();
    (capacity.capacity, capacity.encumbered) = (max, encumbered);
    store.set_capacity(capacity).expect("fits");
    let now_s = CLOCK.start_s(4);
    let allocation = Allocation {
        active: current,
        frozen: 0,
        pending,
        effective_s: now_s + CLOCK.epoch_s,
    };
    store
        .set_allocation(SERVICE, OPERATOR, allocation)
        .expect("fits");
    let frozen = freeze(&mut store, &CLOCK, now_s, 1, SERVICE, OPERATOR, wad, 4);
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
        [capacity.capacity, capacity.encumbered, left.active, of_max],
    )
}

fn compare(rows: &str) -> usize {
    let rows = rows.lines().filter(|row| !row.starts_with('#'));
    rows.inspect(|row| {
        let (theirs, ours) = slashed(row);
        assert_eq!(ours, theirs, "{row}");
    })
    .count()
}

#[test]
fn a_slash_leaves_what_eigenlayers_contracts_leave() {
    assert_eq!(compare(include_str!("slashes.txt")), 28);
    if let Ok(path) = std::env::var("WEIR_EIGENLAYER_SLASHES") {
        let rows = fs::read_to_string(&path).expect("the file that WEIR_EIGENLAYER_SLASHES names");
        println!("{} more rows are equal", compare(&rows));
    }
}
