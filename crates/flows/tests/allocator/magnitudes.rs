//! What is allocated, frozen, slashed and given back.

use alloy_primitives::Address;
use weir_abi::IAllocator::{
    AboveCapacity, AllocationChanged, BadWad, ChangePending, MagnitudeFrozen, MagnitudeSlashed,
    MagnitudeThawed, NothingSlashable, RequestUnknown, allocateCall, slashableCall,
};

use crate::world::{CURATOR, DELAY_S, EPOCH_S, GRACE_S, OPERATOR, SERVICE, WAD, World};

#[test]
fn an_increase_counts_after_its_delay_and_for_offences_after_that() {
    let world = World::new();
    let start_s = world.stage.now_s();
    let sent = world.allocate(WAD / 4).unwrap();
    let [changed] = &sent.events::<AllocationChanged>(world.allocator)[..] else {
        panic!("{:?}", sent.logs);
    };
    assert_eq!((changed.service, changed.operator), (SERVICE, OPERATOR));
    assert_eq!((changed.oldMagnitude, changed.newMagnitude), (0, WAD / 4));
    assert_eq!(changed.allocated, WAD / 4);
    let effective_s = changed.effectiveAt;
    assert!(effective_s >= start_s + DELAY_S);

    let waiting = world.allocation();
    assert_eq!((waiting.current, waiting.pending), (0, WAD / 4));
    assert_eq!((waiting.effectiveAt, waiting.slashable), (effective_s, 0));

    world.stage.advance(DELAY_S);
    let counting = world.allocation();
    assert_eq!((counting.current, counting.pending), (WAD / 4, WAD / 4));
    assert_eq!(counting.effectiveAt, 0);
    assert_eq!(
        counting.slashable, 0,
        "it was not in force when the epoch began"
    );

    world.stage.advance(EPOCH_S);
    assert_eq!(world.allocation().slashable, WAD / 4);
    let before = slashableCall {
        service: SERVICE,
        operator: OPERATOR,
        offenceEpoch: world.epoch() - 1,
    };
    let answer = world.stage.view(world.allocator, &before);
    assert_eq!((answer.magnitude, answer.capacity), (0, WAD));
}

#[test]
fn magnitudes_never_sum_to_more_than_the_capacity() {
    let world = World::new();
    world.allocate(WAD).unwrap();
    let more = allocateCall {
        service: SERVICE,
        operator: Address::repeat_byte(7),
        magnitude: 1,
    };
    let refusal = world
        .stage
        .send(CURATOR, world.allocator, &more)
        .unwrap_err();
    let refused: AboveCapacity = refusal.error();
    assert_eq!((refused.capacity, refused.attempted), (WAD, WAD + 1));
    assert_eq!((world.allocated(), world.capacity()), (WAD, WAD));
}

#[test]
fn one_increase_waits_at_a_time() {
    let world = World::new();
    let first = world
        .allocate(1)
        .unwrap()
        .events::<AllocationChanged>(world.allocator);
    let refusal = world.allocate(2).unwrap_err();
    assert_eq!(
        refusal.error::<ChangePending>().effectiveAt,
        first[0].effectiveAt
    );
    world.stage.advance(2 * EPOCH_S);
    world.allocate(2).unwrap();
}

#[test]
fn a_decrease_stays_slashable_and_takes_its_place_until_it_matures() {
    let world = World::new();
    world.in_force(WAD);
    let decreased_in = world.epoch();
    world.allocate(0).unwrap();
    let left = world.allocation();
    assert_eq!((left.current, left.pending), (0, 0));
    assert_eq!(left.slashable, WAD);
    let refusal = world.allocate(1).unwrap_err();
    refusal.error::<AboveCapacity>();

    while world.epoch() < decreased_in + 2 {
        world.stage.advance(EPOCH_S / 2);
        assert_eq!(world.allocation().slashable, WAD);
    }
    world.stage.advance(GRACE_S);
    assert_eq!(world.allocation().slashable, 0);
    world.allocate(WAD).unwrap();
    assert_eq!(world.allocated(), WAD);
}

#[test]
fn a_slash_takes_what_was_frozen_of_magnitude_and_capacity() {
    let world = World::new();
    world.in_force(WAD / 2);
    let frozen = world.freeze(7, WAD / 10).unwrap();
    let delta = WAD / 20;
    assert_eq!((frozen.value.delta, frozen.value.capacity), (delta, WAD));
    let event = frozen.event::<MagnitudeFrozen>(world.allocator);
    assert_eq!((event.id, event.delta, event.capacity), (7, delta, WAD));
    let allocation = world.allocation();
    assert_eq!(
        (allocation.current, allocation.frozen),
        (WAD / 2 - delta, delta)
    );
    assert_eq!(allocation.slashable, WAD / 2);
    assert_eq!((world.capacity(), world.allocated()), (WAD, WAD / 2));

    let slashed = world.slash(7).unwrap();
    assert_eq!(
        (slashed.value.delta, slashed.value.capacityBefore),
        (delta, WAD)
    );
    let event = slashed.event::<MagnitudeSlashed>(world.allocator);
    assert_eq!((event.delta, event.capacity), (delta, WAD - delta));
    assert_eq!(event.magnitude, WAD / 2 - delta);
    assert_eq!(world.capacity(), WAD - delta);
    assert_eq!(world.allocated(), WAD / 2 - delta);
    assert_eq!(world.allocation().frozen, 0);

    for refusal in [
        world.slash(7).unwrap_err(),
        world.thaw(7, world.epoch()).unwrap_err(),
    ] {
        assert_eq!(refusal.error::<RequestUnknown>().id, 7);
    }
}

#[test]
fn a_thaw_leaves_the_allocation_as_it_was() {
    let world = World::new();
    world.in_force(WAD / 2);
    let before = world.allocation();
    let epoch = world.epoch();
    world.freeze(7, WAD / 3).unwrap();
    let refusal = world.freeze(7, WAD / 3).unwrap_err();
    assert_eq!(refusal.error::<RequestUnknown>().id, 7);
    world.stage.advance(EPOCH_S);
    let thawed = world.thaw(7, epoch).unwrap();
    assert_eq!(thawed.event::<MagnitudeThawed>(world.allocator).id, 7);
    assert_eq!(world.allocation(), before);
    assert_eq!((world.capacity(), world.allocated()), (WAD, WAD / 2));
}

#[test]
fn a_freeze_takes_a_part_of_something_or_is_refused() {
    let world = World::new();
    for wad in [0, WAD + 1, u64::MAX] {
        let refusal = world.freeze(1, wad).unwrap_err();
        assert_eq!(refusal.error::<BadWad>().wad, wad);
    }
    let refusal = world.freeze(1, WAD).unwrap_err();
    let refused: NothingSlashable = refusal.error();
    assert_eq!((refused.service, refused.operator), (SERVICE, OPERATOR));
    assert_eq!(refused.offenceEpoch, world.epoch());
    world.in_force(1);
    assert_eq!(world.freeze(1, 1).unwrap().value.delta, 1, "rounded up");
}
