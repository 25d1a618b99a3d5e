//! What becomes of a request.

use weir_abi::{
    IAllocator::capacityCall,
    IHub::{
        ArmingOver, CoolingDown, NotYetExecutable, NotYetLapsed, RequestUnknown, SlashArmed,
        SlashExecuted, SlashLapsed, SlashVetoed, Status, Suspended, WindowOpen, WrongStatus,
        armCall, executeCall, lapseCall, standingCall, vetoCall,
    },
    IShared::Unauthorized,
    IVault,
};
use weir_flows::{
    DEPLOYER, Refusal,
    evm::{self, Source},
};

use crate::world::{
    ANYBODY, EPOCH_S, EXECUTE_DELAY_S, GOVERNOR, OPERATOR, RESOLVER, SINK, SLASHER, WAD, WINDOW_S,
    World, losses,
};

const DELTA: u64 = WAD / 10;

/// A request that anybody may execute now.
fn executable(world: &World) -> u64 {
    let id = world.file(DELTA);
    world.stage.advance(WINDOW_S);
    world.send(ANYBODY, &armCall { id }).unwrap();
    world.stage.advance(EXECUTE_DELAY_S);
    id
}

fn is_past(refusal: &Refusal, id: u64, status: Status) {
    let wrong: WrongStatus = refusal.error();
    assert_eq!((wrong.id, wrong.status), (id, status));
}

#[test]
fn an_armed_request_is_executed_after_half_a_day() {
    let world = World::new();
    let id = world.file(DELTA);
    let filed_s = world.request(id).filedAt;
    let early = world.send(ANYBODY, &armCall { id }).unwrap_err();
    assert_eq!(early.error::<WindowOpen>().until, filed_s + WINDOW_S);
    is_past(
        &world.send(ANYBODY, &executeCall { id }).unwrap_err(),
        id,
        Status::Filed,
    );

    world.stage.advance(WINDOW_S);
    let armed = world.send(ANYBODY, &armCall { id }).unwrap();
    let request = world.request(id);
    assert_eq!(request.status, Status::Armed);
    let executable_at = request.armedAt + EXECUTE_DELAY_S;
    let event = armed.event::<SlashArmed>(world.hub);
    assert_eq!(
        (event.id, event.vault, event.executableAt),
        (id, world.vault, executable_at)
    );
    let early = world.send(ANYBODY, &executeCall { id }).unwrap_err();
    assert_eq!(early.error::<NotYetExecutable>().at, executable_at);
    is_past(
        &world.send(ANYBODY, &armCall { id }).unwrap_err(),
        id,
        Status::Armed,
    );
    is_past(
        &world.send(ANYBODY, &lapseCall { id }).unwrap_err(),
        id,
        Status::Armed,
    );

    world.stage.advance(EXECUTE_DELAY_S);
    let executed = world.send(ANYBODY, &executeCall { id }).unwrap();
    let told = world.told::<IVault::executeCall, _>(&executed);
    let expected = IVault::executeCall {
        id,
        delta: DELTA,
        capacity: WAD,
        scale: 0,
        sink: SINK,
    };
    assert_eq!(told, [expected]);
    let event = executed.event::<SlashExecuted>(world.hub);
    assert_eq!((event.id, event.vault), (id, world.vault));
    assert_eq!((event.delta, event.capacity), (DELTA, WAD));
    assert_eq!(event.losses, losses());
    assert_eq!(world.request(id).status, Status::Executed);
    assert_eq!(
        world.stage.view(world.allocator, &capacityCall {}),
        WAD - DELTA
    );
    let standing = world.view(&standingCall { service: 1 });
    assert_eq!(
        (standing.undecided, standing.vetoes, standing.coolUntil),
        (0, 0, 0)
    );
}

#[test]
fn a_decided_request_stays_decided() {
    let world = World::new();
    let executed = executable(&world);
    world.send(ANYBODY, &executeCall { id: executed }).unwrap();
    let vetoed = world.file(DELTA);
    world.send(RESOLVER, &vetoCall { id: vetoed }).unwrap();
    for (id, status) in [(executed, Status::Executed), (vetoed, Status::Vetoed)] {
        is_past(
            &world.send(RESOLVER, &vetoCall { id }).unwrap_err(),
            id,
            status,
        );
        is_past(
            &world.send(ANYBODY, &armCall { id }).unwrap_err(),
            id,
            status,
        );
        is_past(
            &world.send(ANYBODY, &executeCall { id }).unwrap_err(),
            id,
            status,
        );
        is_past(
            &world.send(ANYBODY, &lapseCall { id }).unwrap_err(),
            id,
            status,
        );
    }
}

#[test]
fn the_resolver_vetoes_until_the_execution() {
    let world = World::new();
    let before = world.allocation();
    let id = executable(&world);
    let vetoed = world.send(RESOLVER, &vetoCall { id }).unwrap();
    let event = vetoed.event::<SlashVetoed>(world.hub);
    assert_eq!((event.id, event.vault), (id, world.vault));
    assert_eq!(
        world.told::<IVault::liftCall, _>(&vetoed),
        [IVault::liftCall { id }]
    );
    assert_eq!(world.request(id).status, Status::Vetoed);
    assert_eq!(world.allocation(), before);
}

#[test]
fn nobody_else_vetoes() {
    let world = World::new();
    let id = world.file(DELTA);
    for caller in [
        ANYBODY,
        GOVERNOR,
        SLASHER,
        SINK,
        OPERATOR,
        world.vault,
        DEPLOYER,
    ] {
        let refusal = world.send(caller, &vetoCall { id }).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
}

#[test]
fn a_vetoed_service_cools_down_and_a_second_veto_suspends_it() {
    let world = World::new();
    let id = world.file(DELTA);
    world.send(RESOLVER, &vetoCall { id }).unwrap();
    let standing = world.view(&standingCall { service: 1 });
    assert_eq!((standing.undecided, standing.vetoes), (0, 1));
    let until = standing.coolUntil;
    let early = world.send(SLASHER, &world.filing(DELTA)).unwrap_err();
    assert_eq!(early.error::<CoolingDown>().until, until);

    world.stage.advance(EPOCH_S);
    let id = world.file(DELTA);
    world.send(RESOLVER, &vetoCall { id }).unwrap();
    world.stage.advance(10 * EPOCH_S);
    let refusal = world.send(SLASHER, &world.filing(DELTA)).unwrap_err();
    assert_eq!(refusal.error::<Suspended>().service, 1);
}

#[test]
fn a_request_that_nobody_arms_lapses() {
    let world = World::new();
    let before = world.allocation();
    let id = world.file(DELTA);
    let lapses_at = world.request(id).filedAt + WINDOW_S + EPOCH_S;
    let early = world.send(ANYBODY, &lapseCall { id }).unwrap_err();
    assert_eq!(early.error::<NotYetLapsed>().at, lapses_at);
    world.stage.advance(WINDOW_S + EPOCH_S);
    let late = world.send(ANYBODY, &armCall { id }).unwrap_err();
    assert_eq!(late.error::<ArmingOver>().since, lapses_at);

    let lapsed = world.send(ANYBODY, &lapseCall { id }).unwrap();
    let event = lapsed.event::<SlashLapsed>(world.hub);
    assert_eq!((event.id, event.vault), (id, world.vault));
    assert_eq!(
        world.told::<IVault::liftCall, _>(&lapsed),
        [IVault::liftCall { id }]
    );
    assert_eq!(world.request(id).status, Status::Lapsed);
    assert_eq!(world.allocation(), before);
    let standing = world.view(&standingCall { service: 1 });
    assert_eq!((standing.undecided, standing.vetoes), (0, 0));
    assert!(standing.coolUntil > world.stage.now_s());
}

#[test]
fn a_request_that_is_not_there_is_refused() {
    let world = World::new();
    for id in [0, 1, u64::MAX] {
        for refusal in [
            world.send(RESOLVER, &vetoCall { id }).unwrap_err(),
            world.send(ANYBODY, &armCall { id }).unwrap_err(),
            world.send(ANYBODY, &executeCall { id }).unwrap_err(),
            world.send(ANYBODY, &lapseCall { id }).unwrap_err(),
        ] {
            assert_eq!(refusal.error::<RequestUnknown>().id, id);
        }
    }
}

#[test]
fn a_vault_that_refuses_a_decision_leaves_it_open() {
    let world = World::new();
    let id = executable(&world);
    let before = world.allocation();
    let code = evm::source(&Source::Reverts);
    world.stage.set_code(world.vault, code);
    assert!(world.send(ANYBODY, &executeCall { id }).is_err());
    assert!(world.send(RESOLVER, &vetoCall { id }).is_err());
    assert_eq!(world.request(id).status, Status::Armed);
    assert_eq!(world.allocation(), before);
    assert_eq!(world.view(&standingCall { service: 1 }).undecided, 1);
}
