//! Who signs twice is slashed, by whoever shows it, for the epoch that the height fixes.

use alloy::primitives::{Address, B256, keccak256};
use weir_abi::{
    IAllocator::{NothingSlashable, allocationCall},
    IAttestation::{
        AlreadySlashed, BadSignature, Equivocation, KeyRetired, KeyUnknown, SamePayload,
        isSlashedCall, keyTimesCall, slashCall,
    },
    IHub::{CoolingDown, OffenceEpochOutOfRange, SlashFiled, Status, TooManyUndecided},
};
use weir_flows::{
    actors::{ALICE, STRANGER},
    scene::{Scene, VETO_WINDOW_S},
};

use crate::world::{DOMAIN, PERIOD_S, SLASH_WAD, WAD, World, key, sign, word};

const A: B256 = B256::repeat_byte(0xaa);
const B: B256 = B256::repeat_byte(0xbb);

#[test]
fn evidence_is_filed_armed_and_executed_by_strangers() {
    let world = World::new(false, &[WAD / 10]);
    let (height, operator) = (world.height(), world.keys[0].address());
    let call = world.evidence(0, height, A, B);
    let sent = world.send(ALICE, &call).unwrap();
    let id = sent.value;
    let found = sent.event::<Equivocation>(world.at);
    assert_eq!(
        (found.operator, found.height, found.id),
        (operator, height, id)
    );
    assert_eq!(
        (found.finder, found.payloadA, found.payloadB),
        (ALICE, A, B)
    );
    let digests = [A, B].map(|payload| world.digest(operator, height, payload));
    let parts = [
        digests[0].as_slice(),
        &call.signatureA,
        digests[1].as_slice(),
        &call.signatureB,
    ];
    assert_eq!(found.evidence, keccak256(parts.concat()));
    let filed = sent.event::<SlashFiled>(world.scene.world.at.hub);
    assert_eq!((filed.evidence, filed.wad), (found.evidence, SLASH_WAD));
    assert_eq!((filed.offenceEpoch, filed.operator), (2, operator));
    assert!(world.ask(&isSlashedCall { operator, height }));

    let before = world.rate();
    world.scene.arm(id);
    world.scene.execute(id);
    assert_eq!(world.request(id).status, Status::Executed);
    // A tenth of a tenth of what is staked.
    assert!(world.rate() < before);
    let call = allocationCall {
        service: world.service,
        operator,
    };
    let left = world.stage().view(world.scene.world.at.allocator, &call);
    assert_eq!(left.current, WAD / 10 - WAD / 100);
}

#[test]
fn one_equivocation_is_slashed_once_in_whatever_order_it_is_shown() {
    let world = World::new(false, &[WAD / 10]);
    let height = world.height();
    world.send(ALICE, &world.evidence(0, height, A, B)).unwrap();
    let c = B256::repeat_byte(0xcc);
    for (a, b) in [(A, B), (B, A), (A, c), (c, B)] {
        let refusal = world.send(STRANGER, &world.evidence(0, height, a, b));
        assert_eq!(
            refusal.unwrap_err().error::<AlreadySlashed>().height,
            height
        );
    }
    assert_eq!(world.requests(), 1);
    // Another height is another offence.
    world
        .send(STRANGER, &world.evidence(0, height - 1, A, B))
        .unwrap();
    assert_eq!(world.requests(), 2);
}

#[test]
fn what_proves_nothing_is_refused_and_leaves_no_trace() {
    let world = World::new(false, &[WAD / 10, WAD / 10]);
    let (height, operator) = (world.height(), world.keys[0].address());
    let good = world.evidence(0, height, A, B);
    let refused = |call: &slashCall| world.send(STRANGER, call).unwrap_err();

    let same = world.evidence(0, height, A, A);
    assert_eq!(refused(&same).error::<SamePayload>().payload, A);
    // The other operator's signature, another height's, another chain's, another contract's, another domain's.
    let chain = world.stage().chain().config().chain_id;
    let own = |digest| sign(&world.keys[0], digest);
    for signature in [
        world.signed(1, height, B),
        sign(&world.keys[1], world.digest(operator, height, B)),
        world.signed(0, height + 1, B),
        own(world.digest_of(chain + 1, world.at, DOMAIN, operator, height, B)),
        own(world.digest_of(chain, STRANGER, DOMAIN, operator, height, B)),
        own(world.digest_of(chain, world.at, B256::ZERO, operator, height, B)),
        [[0; 64].as_slice(), &[27]].concat().into(),
    ] {
        let call = slashCall {
            signatureB: signature,
            ..good.clone()
        };
        let error: KeyUnknown = refused(&call).error();
        assert_eq!(error.operator, operator);
    }
    let mut malleated = good.signatureB.to_vec();
    malleated[32] |= 0x80;
    for signature in [malleated, Vec::new(), vec![0; 66]] {
        let call = slashCall {
            signatureB: signature.into(),
            ..good.clone()
        };
        assert!(refused(&call).is::<BadSignature>());
    }
    let stranger = slashCall {
        operator: STRANGER,
        ..good.clone()
    };
    assert!(refused(&stranger).is::<KeyUnknown>());
    assert_eq!(world.requests(), 0);
    assert!(!world.ask(&isSlashedCall { operator, height }));
    world.send(STRANGER, &good).unwrap();
}

#[test]
fn the_height_fixes_the_epoch_of_the_offence() {
    let world = World::new(false, &[WAD / 10]);
    let per_epoch = Scene::new().clock.epoch_s / PERIOD_S;
    // Too old: the hub refuses, and nothing is kept.
    world.scene.epoch(4);
    let old = world.evidence(0, 3 * per_epoch - 1, A, B);
    let error: OffenceEpochOutOfRange = world.send(STRANGER, &old).unwrap_err().error();
    assert_eq!((error.offenceEpoch, error.current), (2, 4));
    let operator = world.keys[0].address();
    let is_slashed = |height| world.ask(&isSlashedCall { operator, height });
    assert!(!is_slashed(3 * per_epoch - 1));
    // Signed ahead for an epoch to come: it waits until then.
    let ahead = world.evidence(0, 5 * per_epoch, A, B);
    assert!(
        world
            .send(STRANGER, &ahead)
            .unwrap_err()
            .is::<OffenceEpochOutOfRange>()
    );
    // The last epoch and this one.
    for (id, height) in [(1, 3 * per_epoch), (2, 4 * per_epoch)] {
        let call = world.evidence(0, height, A, B);
        assert_eq!(world.send(STRANGER, &call).unwrap().value, id);
        assert_eq!(world.request(id).offenceEpoch, height / per_epoch);
    }
    world.scene.epoch(5);
    world.send(STRANGER, &ahead).unwrap();
}

#[test]
fn a_new_key_is_no_way_out() {
    let world = World::new(false, &[WAD / 10]);
    let (height, operator) = (world.height(), world.keys[0].address());
    let old = world.evidence(0, height, A, B);
    let new = key(77);
    world.register(operator, new.address());
    // Noted or not, what the old key signed before counts, alone and together with the new one.
    let digest = |payload| world.digest(operator, height, payload);
    world.stage().advance(PERIOD_S);
    world.enrol(operator).unwrap();
    let noted_s = world.stage().now_s();
    let times = |key: Address| world.ask(&keyTimesCall { operator, key });
    assert_eq!(times(operator).until, noted_s);
    assert_eq!(
        (times(new.address()).since, times(new.address()).until),
        (noted_s, 0)
    );
    let mixed = slashCall {
        signatureB: sign(&new, digest(B)),
        ..old.clone()
    };
    world.stage().and_back(|| {
        world.send(STRANGER, &mixed).unwrap();
    });
    world.send(STRANGER, &old).unwrap();

    // What a thief signs with the old key at later heights does not.
    world.stage().advance(2 * PERIOD_S);
    let error: KeyRetired = world
        .send(STRANGER, &world.evidence(0, world.height(), A, B))
        .unwrap_err()
        .error();
    assert_eq!((error.key, error.since), (operator, noted_s));
}

#[test]
fn what_the_hub_refuses_is_not_slashed_here_either() {
    let world = World::new(false, &[WAD / 10]);
    let (height, operator) = (world.height(), world.keys[0].address());
    // Four undecided requests are as many as a service may have. Epoch 2 has just begun: earlier heights are of epoch 1.
    for back in 0..4 {
        let call = world.evidence(0, height - back, A, B);
        world.send(STRANGER, &call).unwrap();
    }
    let fifth = world.evidence(0, height - 4, A, B);
    let refusal = world.send(STRANGER, &fifth).unwrap_err();
    assert!(refusal.is::<TooManyUndecided>(), "{refusal:?}");
    let height = height - 4;
    assert!(!world.ask(&isSlashedCall { operator, height }));
    // A veto cools the service down; the evidence keeps until then.
    world.scene.veto(1);
    assert!(
        world
            .send(STRANGER, &fifth)
            .unwrap_err()
            .is::<CoolingDown>()
    );
}

#[test]
fn without_stake_nothing_is_filed() {
    let world = World::new(false, &[WAD / 10]);
    world.allocate(world.keys[0].address(), 0);
    world.stage().advance(VETO_WINDOW_S);
    world.scene.epoch(7);
    let call = world.evidence(0, world.height(), word(1), word(2));
    let refusal = world.send(STRANGER, &call).unwrap_err();
    assert!(refusal.is::<NothingSlashable>(), "{refusal:?}");
    assert_eq!(world.requests(), 0);
}
