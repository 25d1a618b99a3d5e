//! Operators report, and rounds become final.

use alloy::primitives::{Address, B256, U256};
use weir_abi::{
    IAttestation::{
        AlreadyAttested, Attested, BadInstance, BadPayload, BadSignature, BadSigner, Enrolled,
        Equivocated, Finalized, Instance, NoStake, NotEnrolled, NotFinal, NotTheSlasher, Rival,
        RosterFull, TooEarly, TooLate, attestCall, digestCall, initCall, instanceCall, latestCall,
        reportCall, rosterCall, roundCall,
    },
    IHub::OperatorNotIn,
    IShared::{AlreadyInitialized, Unauthorized},
};
use weir_artifacts::ATTESTATION;
use weir_flows::{DEPLOYER, actors::STRANGER};

use crate::world::{DOMAIN, WAD, World, key, sign, word};

#[test]
fn what_is_signed_is_what_alloy_signs() {
    let world = World::new(true, &[WAD / 10]);
    let operator = world.keys[0].address();
    let call = digestCall {
        operator,
        height: 3,
        payload: word(7),
    };
    assert_eq!(world.ask(&call), world.digest(operator, 3, word(7)));
}

#[test]
fn values_come_to_a_median_weighted_by_stake() {
    let world = World::new(true, &[WAD / 10, WAD / 20, WAD / 20, WAD / 50]);
    let height = world.height();
    let sent = world.attest(0, height, word(100)).unwrap();
    let attested = sent.event::<Attested>(world.at);
    assert_eq!((attested.weight, attested.payload), (WAD / 10, word(100)));
    assert!(sent.events::<Finalized>(world.at).is_empty());
    let refusal = world.send(STRANGER, &roundCall { height }).unwrap_err();
    assert_eq!(refusal.error::<NotFinal>().height, height);

    // 10 + 5 of 22 parts are two thirds; half of 15 lies in the 10 parts that say 100.
    let sent = world.attest(1, height, word(1_000)).unwrap();
    let done = sent.event::<Finalized>(world.at);
    assert_eq!((done.height, done.payload), (height, word(100)));
    let round = world.ask(&roundCall { height });
    assert_eq!(round.payload, word(100));
    assert_eq!(
        (round.weight, round.total),
        (WAD / 100 * 15, WAD / 100 * 22)
    );
    assert_eq!(round.finalAt, world.stage().now_s());

    // Who comes later is on record and changes nothing.
    let sent = world.attest(2, height, word(1)).unwrap();
    assert!(sent.events::<Finalized>(world.at).is_empty());
    assert_eq!(world.ask(&latestCall {}), round);
    let operator = world.keys[2].address();
    assert_eq!(world.ask(&reportCall { height, operator }), word(1));
}

#[test]
fn a_hash_is_final_once_two_thirds_signed_it() {
    let world = World::new(false, &[WAD / 10, WAD / 10, WAD / 10]);
    let height = world.height();
    let (good, bad) = (B256::repeat_byte(1), B256::repeat_byte(2));
    world.attest(0, height, good).unwrap();
    let sent = world.attest(1, height, bad).unwrap();
    assert!(sent.events::<Finalized>(world.at).is_empty());
    let sent = world.attest(2, height, good).unwrap();
    assert_eq!(sent.event::<Finalized>(world.at).payload, good);
    assert_eq!(world.ask(&latestCall {}).payload, good);
}

#[test]
fn who_signs_both_sides_is_on_neither() {
    let world = World::new(false, &[WAD / 10, WAD / 10, WAD / 10]);
    let height = world.height();
    let (good, bad) = (B256::repeat_byte(1), B256::repeat_byte(2));
    world.attest(0, height, good).unwrap();
    let sent = world.attest(0, height, bad).unwrap();
    let rival = sent.event::<Rival>(world.at);
    assert_eq!((rival.first, rival.payload), (good, bad));
    for payload in [good, bad, B256::repeat_byte(3)] {
        let refusal = world.attest(0, height, payload).unwrap_err();
        assert_eq!(refusal.error::<Equivocated>().height, height);
    }
    // Its weight is missing: one more is not enough, two are.
    world.attest(1, height, good).unwrap();
    assert!(
        world
            .stage()
            .try_view(world.at, &roundCall { height })
            .is_err()
    );
    world.attest(2, height, good).unwrap();
    assert_eq!(world.ask(&roundCall { height }).payload, good);
}

#[test]
fn reports_that_prove_nothing_are_refused() {
    let world = World::new(true, &[WAD / 10]);
    let height = world.height();
    let good = world.attestation(0, height, word(5));
    let refused = |call: &attestCall| world.send(STRANGER, call).unwrap_err();

    for payload in [B256::ZERO, B256::repeat_byte(0xff)] {
        let call = world.attestation(0, height, payload);
        assert_eq!(refused(&call).error::<BadPayload>().payload, payload);
    }
    let other = attestCall {
        payload: word(6),
        ..good.clone()
    };
    assert_eq!(
        refused(&other).error::<BadSigner>().expected,
        world.keys[0].address()
    );
    // Cut, prolonged, v of 0 and 1, v of 29, and the upper s.
    let bytes = good.signature.to_vec();
    let mut upper = bytes.clone();
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let order = U256::from_str_radix(order, 16).unwrap();
    let s = order - U256::from_be_slice(&bytes[32..64]);
    upper[32..64].copy_from_slice(&s.to_be_bytes::<32>());
    upper[64] = 27 + 28 - upper[64];
    let with_v = |v: u8| [&bytes[..64], &[v]].concat();
    for signature in [
        Vec::new(),
        bytes[..64].to_vec(),
        [&bytes[..], &[0]].concat(),
        with_v(bytes[64] - 27),
        with_v(29),
        upper,
    ] {
        let call = attestCall {
            signature: signature.clone().into(),
            ..good.clone()
        };
        assert_eq!(refused(&call).error::<BadSignature>().signature, signature);
    }
    // Nobody's signature recovers to the zero address, which is nobody's key.
    let nobodys = attestCall {
        signature: [[0; 64].as_slice(), &[27]].concat().into(),
        ..good.clone()
    };
    let error: BadSigner = refused(&nobodys).error();
    assert_eq!(error.recovered, Address::ZERO);

    let early = world.attestation(0, height + 1, word(5));
    assert_eq!(refused(&early).error::<TooEarly>().height, height + 1);
    world.send(STRANGER, &good).unwrap();
    assert_eq!(refused(&good).error::<AlreadyAttested>().height, height);
    world.scene.epoch(4);
    let late: TooLate = refused(&world.attestation(0, height + 1, word(5))).error();
    assert_eq!((late.offenceEpoch, late.current), (2, 4));
}

#[test]
fn signatures_are_bound_to_chain_contract_domain_and_operator() {
    let world = World::new(true, &[WAD / 10]);
    let (height, operator) = (world.height(), world.keys[0].address());
    let chain = world.stage().chain().config().chain_id;
    let digests = [
        world.digest_of(chain + 1, world.at, DOMAIN, operator, height, word(5)),
        world.digest_of(chain, STRANGER, DOMAIN, operator, height, word(5)),
        world.digest_of(chain, world.at, B256::ZERO, operator, height, word(5)),
        world.digest_of(chain, world.at, DOMAIN, STRANGER, height, word(5)),
        world.digest_of(chain, world.at, DOMAIN, operator, height + 1, word(5)),
    ];
    for digest in digests {
        let call = attestCall {
            signature: sign(&world.keys[0], digest),
            ..world.attestation(0, height, word(5))
        };
        let refusal = world.send(STRANGER, &call).unwrap_err();
        assert_ne!(refusal.error::<BadSigner>().recovered, operator);
    }
}

#[test]
fn a_seat_needs_stake_and_consent() {
    let world = World::allocated(true, &[WAD / 10]);
    let operator = world.keys[0].address();
    let refusal = world.attest(0, world.height(), word(5)).unwrap_err();
    assert_eq!(refusal.error::<NotEnrolled>().operator, operator);
    let sent = world.enrol(operator).unwrap();
    let enrolled = sent.event::<Enrolled>(world.at);
    assert_eq!((enrolled.key, enrolled.weight), (operator, WAD / 10));

    let stranger = key(90);
    world.register(stranger.address(), stranger.address());
    let refusal = world.enrol(stranger.address()).unwrap_err();
    assert_eq!(
        refusal.error::<OperatorNotIn>().operator,
        stranger.address()
    );
    world.join(&stranger);
    let refusal = world.enrol(stranger.address()).unwrap_err();
    assert_eq!(refusal.error::<NoStake>().operator, stranger.address());
    assert_eq!(world.ask(&rosterCall {}).len(), 1);
}

#[test]
fn weights_are_read_again_each_epoch_and_seats_are_bounded() {
    let mut world = World::new(true, &[WAD / 100; 16]);
    let late = key(90);
    world.join(&late);
    world.allocate(late.address(), WAD / 100);
    world.scene.epoch(3);
    let refusal = world.enrol(late.address()).unwrap_err();
    assert_eq!(refusal.error::<RosterFull>().max, 16);
    // One leaves; when its stake can no longer be slashed its seat is free.
    world.allocate(world.keys[3].address(), 0);
    world.scene.epoch(8);
    world.enrol(late.address()).unwrap();
    world.keys[3] = late;
    let seats = world.ask(&rosterCall {});
    let operators: Vec<_> = seats.iter().map(|seat| seat.operator).collect();
    assert_eq!(operators, world.operators());

    // Eleven of sixteen equals are two thirds, and the dearest report still fits in a block by far.
    let height = world.height();
    for index in 0..11 {
        let sent = world
            .attest(index, height, word(50 + index as u64))
            .unwrap();
        assert_eq!(
            sent.events::<Finalized>(world.at).len(),
            usize::from(index == 10)
        );
        assert!(sent.gas < 400_000, "{}", sent.gas);
    }
    assert_eq!(world.ask(&roundCall { height }).payload, word(55));
}

#[test]
fn it_is_set_up_once_by_its_deployer_as_the_slasher() {
    let world = World::new(true, &[]);
    let instance = world.instance(true);
    assert_eq!(world.ask(&instanceCall {}), instance);
    let again = initCall {
        instance: instance.clone(),
    };
    assert!(
        world
            .send(DEPLOYER, &again)
            .unwrap_err()
            .is::<AlreadyInitialized>()
    );

    let other = world.stage().deploy(&ATTESTATION);
    let init = |from, instance| {
        let call = initCall { instance };
        world.stage().send(from, other, &call).unwrap_err()
    };
    assert!(init(STRANGER, instance.clone()).is::<Unauthorized>());
    let error: NotTheSlasher = init(DEPLOYER, instance).error();
    assert_eq!((error.service, error.slasher), (world.service, world.at));
}

#[test]
fn an_instance_must_be_sound() {
    let world = World::new(true, &[]);
    let wrong: [fn(&mut Instance); 5] = [
        |i| i.period = 0,
        |i| i.slashWad = 0,
        |i| i.slashWad = WAD + 1,
        |i| i.start -= 1,
        |i| i.start = u64::MAX,
    ];
    for change in wrong {
        let at = world.stage().deploy(&ATTESTATION);
        let mut instance = world.instance(true);
        // A service of its own, whose slasher it is.
        instance.service = world.service_of(at);
        change(&mut instance);
        let call = initCall { instance };
        let refusal = world.stage().send(DEPLOYER, at, &call).unwrap_err();
        assert!(refusal.is::<BadInstance>(), "{refusal:?}");
    }
}
