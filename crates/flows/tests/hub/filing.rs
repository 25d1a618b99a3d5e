//! Who may file what.

use alloy_primitives::Address;
use weir_abi::{
    IAllocator::NothingSlashable,
    IHub::{
        AboveSlashCap, BadWad, OffenceEpochOutOfRange, OperatorNotIn, RequestUnknown,
        ServiceUnknown, SlashFiled, Status, TooManyUndecided, VaultNotIn, fileCall, requestCall,
        requestCountCall, standingCall,
    },
    IShared::Unauthorized,
    IVault::contestCall,
};
use weir_flows::{
    DEPLOYER,
    evm::{self, Source},
};

use crate::world::{
    ANYBODY, CURATOR, EPOCH_S, EVIDENCE, GOVERNOR, OPERATOR, RESOLVER, SINK, SLASHER, WAD, World,
    losses, terms, terms_hash,
};

#[test]
fn a_filing_freezes_the_magnitude_and_contests_the_loss() {
    let world = World::new();
    let sent = world.send(SLASHER, &world.filing(WAD / 10)).unwrap();
    assert_eq!(sent.value, 1);
    let delta = WAD / 10;
    let told = world.told::<contestCall, _>(&sent);
    assert_eq!(
        told,
        [contestCall {
            id: 1,
            delta,
            capacity: WAD,
            scale: 0,
            operator: OPERATOR,
            service: 1,
        }]
    );
    let [filed] = &sent.events::<SlashFiled>(world.hub)[..] else {
        panic!("{:?}", sent.logs);
    };
    assert_eq!(
        (filed.id, filed.vault, filed.operator),
        (1, world.vault, OPERATOR)
    );
    assert_eq!((filed.service, filed.offenceEpoch), (1, world.epoch()));
    assert_eq!(
        (filed.wad, filed.delta, filed.capacity),
        (WAD / 10, delta, WAD)
    );
    assert_eq!((filed.evidence, &filed.losses), (EVIDENCE, &losses()));

    let request = world.request(1);
    assert_eq!((request.vault, request.operator), (world.vault, OPERATOR));
    assert_eq!((request.service, request.offenceEpoch), (1, world.epoch()));
    assert_eq!((request.wad, request.delta), (WAD / 10, delta));
    assert_eq!((request.status, request.armedAt), (Status::Filed, 0));
    assert!(request.filedAt > 0 && request.filedAt <= world.stage.now_s());
    assert_eq!(world.allocation().frozen, delta);
    assert_eq!(world.view(&requestCountCall {}), 1);
    assert_eq!(world.view(&standingCall { service: 1 }).undecided, 1);
}

#[test]
fn only_the_slasher_of_the_service_files() {
    let world = World::new();
    let filing = world.filing(WAD / 10);
    for caller in [
        ANYBODY,
        GOVERNOR,
        CURATOR,
        RESOLVER,
        SINK,
        OPERATOR,
        world.vault,
        world.allocator,
        DEPLOYER,
        Address::ZERO,
    ] {
        let refusal = world.send(caller, &filing).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    assert_eq!(world.view(&requestCountCall {}), 0);
}

#[test]
fn both_vault_and_operator_must_be_in() {
    let world = World::bare();
    let service = world.service();
    let hash = terms_hash(&terms());
    let file = || world.send(SLASHER, &world.filing(WAD / 10)).unwrap_err();
    let refused: VaultNotIn = file().error();
    assert_eq!((refused.vault, refused.service), (world.vault, service));
    world.opt_in_vault(GOVERNOR, service, hash).unwrap();
    let refused: OperatorNotIn = file().error();
    assert_eq!((refused.operator, refused.service), (OPERATOR, service));
    world.register(OPERATOR);
    world.opt_in_operator(OPERATOR, service, hash).unwrap();
    let refused: NothingSlashable = file().error();
    assert_eq!((refused.operator, refused.service), (OPERATOR, service));

    let unknown = fileCall {
        service: 9,
        ..world.filing(WAD / 10)
    };
    let refusal = world.send(SLASHER, &unknown).unwrap_err();
    assert_eq!(refusal.error::<ServiceUnknown>().service, 9);
}

#[test]
fn only_offences_of_this_epoch_and_the_last_count() {
    let world = World::new();
    world.stage.advance(2 * EPOCH_S);
    let current = world.epoch();
    for offence_epoch in [current - 2, current + 1, u64::MAX] {
        let filing = fileCall {
            offenceEpoch: offence_epoch,
            ..world.filing(WAD / 10)
        };
        let refused: OffenceEpochOutOfRange = world.send(SLASHER, &filing).unwrap_err().error();
        assert_eq!(
            (refused.offenceEpoch, refused.current),
            (offence_epoch, current)
        );
    }
    let last = fileCall {
        offenceEpoch: current - 1,
        ..world.filing(WAD / 10)
    };
    world.send(SLASHER, &last).unwrap();
}

#[test]
fn an_operator_loses_no_more_for_an_epoch_than_the_terms_allow() {
    let world = World::new();
    for wad in [0, WAD + 1] {
        let refusal = world.send(SLASHER, &world.filing(wad)).unwrap_err();
        assert_eq!(refusal.error::<BadWad>().wad, wad);
    }
    world.file(WAD / 4);
    let refused: AboveSlashCap = world
        .send(SLASHER, &world.filing(WAD / 4 + 1))
        .unwrap_err()
        .error();
    assert_eq!((refused.maxWad, refused.attempted), (WAD / 2, WAD / 2 + 1));
    world.file(WAD / 4);
    let last_epoch = fileCall {
        offenceEpoch: world.epoch() - 1,
        ..world.filing(WAD / 2)
    };
    world.send(SLASHER, &last_epoch).unwrap();
}

#[test]
fn a_service_has_four_undecided_requests_at_most() {
    let world = World::new();
    for id in 1..=4 {
        assert_eq!(world.file(WAD / 100), id);
    }
    let refused: TooManyUndecided = world
        .send(SLASHER, &world.filing(WAD / 100))
        .unwrap_err()
        .error();
    assert_eq!(refused.service, 1);
    assert_eq!(u64::try_from(refused.max).unwrap(), 4);
}

#[test]
fn a_vault_that_refuses_leaves_no_trace() {
    let world = World::new();
    let before = world.allocation();
    let filing = world.filing(WAD / 10);
    let code = evm::source(&Source::Reverts);
    world.stage.set_code(world.vault, code);
    assert!(world.send(SLASHER, &filing).is_err());
    assert_eq!(world.view(&requestCountCall {}), 0);
    assert_eq!(world.view(&standingCall { service: 1 }).undecided, 0);
    assert_eq!(world.allocation(), before);
    let refusal = world.send(ANYBODY, &requestCall { id: 1 }).unwrap_err();
    assert_eq!(refusal.error::<RequestUnknown>().id, 1);
}
