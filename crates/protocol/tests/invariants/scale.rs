//! Magnitudes in smaller units are the same parts of the same stake, to the last bit: held against integers without a limit.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use weir_protocol::allocator::{
    AllocatorError, AllocatorStore, SMALL, allocate, freeze, initialise, slash, slashable, thaw,
};
use weir_protocol::clock::Clock;
use weir_protocol::model::{Random, Table, account};
use weir_protocol::units::{WAD, WAD_MAGNITUDE};

use crate::stories::depth;

const CLOCK: Clock = Clock {
    genesis_s: 1_000,
    epoch_s: 86_400,
    grace_s: 3_600,
};
/// Every count of the oracle is in the smallest units there are.
const FINEST: u32 = 255;

type Store = Table<weir_protocol::allocator::AllocatorKey, alloy_primitives::U256>;

/// A count of the allocator in the finest units.
fn exact(count: u64, store: &Store) -> BigUint {
    BigUint::from(count) << (FINEST - u32::from(store.capacity().scale))
}

/// All of a pair that can be slashed now, exactly.
fn whole(store: &Store, now_s: u64, service: u32) -> BigUint {
    let epoch = CLOCK.epoch_at(now_s);
    let all = slashable(store, &CLOCK, now_s, service, account(60), epoch).expect("fits");
    exact(all, store)
}

#[test]
fn a_slash_in_any_units_takes_its_part_and_leaves_the_others_theirs_exactly() {
    let mut random = Random::new(5);
    let [mut renormalised, mut late] = [0; 2];
    for _ in 0..60 * depth() {
        let mut store = Store::default();
        initialise(&mut store, 0).expect("once");
        let mut now_s = CLOCK.genesis_s;
        let mut undecided: BTreeMap<u64, (u32, BigUint, u64)> = BTreeMap::new();
        for id in 1..=200u64 {
            let service = 1 + random.below(3) as u32;
            now_s += random.below(CLOCK.epoch_s / 2);
            match random.below(4) {
                0 | 1 => {
                    let free = store.capacity().capacity - store.capacity().encumbered;
                    let kept = store.allocation(service, account(60)).active;
                    let most = (kept + free).max(1);
                    let part = random.below(most);
                    let magnitude = random.pick(
                        part,
                        &[most / 2, most - most / 1_000, most - most / 1_000_000],
                    ) + u64::from(most == 1);
                    let call = allocate(
                        &mut store,
                        &CLOCK,
                        now_s,
                        service,
                        account(60),
                        magnitude,
                        WAD_MAGNITUDE,
                    );
                    match call {
                        Ok(_)
                        | Err(
                            AllocatorError::ChangePending { .. }
                            | AllocatorError::AboveCapacity { .. },
                        ) => {}
                        Err(AllocatorError::Retired) => break,
                        Err(error) => panic!("{error:?}"),
                    }
                    store.commit();
                }
                2 => {
                    let all = whole(&store, now_s, service);
                    let frozen = exact(store.allocation(service, account(60)).frozen, &store);
                    let any = 1 + random.below(WAD_MAGNITUDE);
                    let wad = random.pick(WAD_MAGNITUDE, &[WAD_MAGNITUDE - 1, any]);
                    let epoch = CLOCK.epoch_at(now_s);
                    let Ok(part) = freeze(
                        &mut store,
                        &CLOCK,
                        now_s,
                        id,
                        service,
                        account(60),
                        wad,
                        epoch,
                    ) else {
                        store.roll_back();
                        continue;
                    };
                    store.commit();
                    // Up by less than a unit of the moment, unless other requests have the rest.
                    let delta = exact(part.delta, &store);
                    let unit = exact(1, &store);
                    let asked = &all * wad;
                    let free = &all - &frozen;
                    assert!(&delta * WAD >= asked || delta == free);
                    assert!(&delta * WAD < asked + unit * WAD || delta == free);
                    undecided.insert(id, (service, delta, epoch));
                }
                _ => {
                    let place = random.below(undecided.len() as u64) as usize;
                    let Some(id) = undecided.keys().nth(place).copied() else {
                        continue;
                    };
                    let (service, delta, filed_epoch) = undecided.remove(&id).expect("a key");
                    if random.percent(20) {
                        thaw(
                            &mut store,
                            &CLOCK,
                            now_s,
                            id,
                            service,
                            account(60),
                            filed_epoch,
                        )
                        .expect("frozen");
                        store.commit();
                        continue;
                    }
                    let capacity = exact(store.capacity().capacity, &store);
                    let scale = store.capacity().scale;
                    let others: Vec<_> = (1..=3)
                        .filter(|other| *other != service)
                        .map(|other| whole(&store, now_s, other))
                        .collect();
                    let own = whole(&store, now_s, service);
                    let summary = slash(&mut store, id, service, account(60)).expect("frozen");
                    store.commit();
                    // Whatever the scale has become since the filing, exactly what was frozen is gone.
                    let taken = BigUint::from(summary.part.delta) << (FINEST - u32::from(scale));
                    assert_eq!(taken, delta);
                    assert_eq!(exact(store.capacity().capacity, &store), capacity - &delta);
                    assert_eq!(whole(&store, now_s, service), own - &delta);
                    let are: Vec<_> = (1..=3)
                        .filter(|other| *other != service)
                        .map(|other| whole(&store, now_s, other))
                        .collect();
                    assert_eq!(are, others);
                    renormalised += u32::from(store.capacity().scale > scale);
                    late += u32::from(scale > 0);
                    let capacity = store.capacity();
                    assert!(capacity.encumbered <= capacity.capacity);
                    assert_eq!(capacity.retired, capacity.capacity < SMALL);
                }
            }
        }
    }
    assert!(
        renormalised > 20 && late > 20,
        "{renormalised} shifts, {late} slashes later"
    );
}
