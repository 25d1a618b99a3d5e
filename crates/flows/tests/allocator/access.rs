//! Who may do what.

use alloy_primitives::Address;
use weir_abi::{
    IAllocator::{
        Initialized, allocateCall, freezeCall, initCall, slashCall, thawCall, wiringCall,
    },
    IShared::{AlreadyInitialized, BadAnswer, NotInitialized, Unauthorized, ZeroAddress},
    IVault,
};
use weir_artifacts::ALLOCATOR;
use weir_flows::{DEPLOYER, Stage};

use crate::world::{
    ANYBODY, CURATOR, DELAY_S, HUB, OPERATOR, SERVICE, WAD, World, init, vault, wiring,
};

#[test]
fn only_the_curator_allocates_and_only_the_hub_slashes() {
    let world = World::new();
    world.in_force(WAD / 2);
    let allocate = allocateCall {
        service: SERVICE,
        operator: OPERATOR,
        magnitude: WAD,
    };
    let freeze = freezeCall {
        id: 1,
        service: SERVICE,
        operator: OPERATOR,
        wad: WAD,
        offenceEpoch: world.epoch(),
    };
    let slash = slashCall {
        id: 1,
        service: SERVICE,
        operator: OPERATOR,
    };
    let thaw = thawCall {
        id: 1,
        service: SERVICE,
        operator: OPERATOR,
        filedEpoch: world.epoch(),
    };
    let strangers = [
        ANYBODY,
        DEPLOYER,
        world.vault,
        world.allocator,
        OPERATOR,
        Address::ZERO,
    ];
    for caller in strangers.into_iter().chain([HUB, CURATOR]) {
        let at = world.allocator;
        let mut refusals = Vec::new();
        if caller != CURATOR {
            refusals.push(world.stage.send(caller, at, &allocate).unwrap_err());
        }
        if caller != HUB {
            refusals.push(world.stage.send(caller, at, &freeze).unwrap_err());
            refusals.push(world.stage.send(caller, at, &slash).unwrap_err());
            refusals.push(world.stage.send(caller, at, &thaw).unwrap_err());
        }
        for refusal in refusals {
            assert_eq!(refusal.error::<Unauthorized>().caller, caller);
        }
    }
}

#[test]
fn init_is_for_the_deployer_and_once() {
    let stage = Stage::new();
    let vault = vault(&stage, &wiring(&stage));
    let allocator = stage.deploy(&ALLOCATOR);
    let refusal = stage.send(ANYBODY, allocator, &init(vault)).unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, ANYBODY);
    let nobody = Address::ZERO;
    for bad in [
        init(nobody),
        initCall {
            hub: nobody,
            ..init(vault)
        },
        initCall {
            curator: nobody,
            ..init(vault)
        },
    ] {
        let refusal = stage.send(DEPLOYER, allocator, &bad).unwrap_err();
        refusal.error::<ZeroAddress>();
    }
    let sent = stage.send(DEPLOYER, allocator, &init(vault)).unwrap();
    assert_eq!(sent.events::<Initialized>(allocator).len(), 1);
    let told = stage.view(allocator, &wiringCall {});
    assert_eq!(
        (told.vault, told.hub, told.curator, told.increaseDelayS),
        (vault, HUB, CURATOR, DELAY_S)
    );
    for caller in [DEPLOYER, ANYBODY, CURATOR] {
        let refusal = stage.send(caller, allocator, &init(vault)).unwrap_err();
        refusal.error::<AlreadyInitialized>();
    }
}

#[test]
fn init_needs_a_vault_that_knows_its_time() {
    let stage = Stage::new();
    let allocator = stage.deploy(&ALLOCATOR);
    let unwired = vault(
        &stage,
        &IVault::Init {
            epochLength: 0,
            ..wiring(&stage)
        },
    );
    let refusal = stage.send(DEPLOYER, allocator, &init(unwired)).unwrap_err();
    refusal.error::<NotInitialized>();
    let refusal = stage.send(DEPLOYER, allocator, &init(ANYBODY)).unwrap_err();
    assert_eq!(refusal.error::<BadAnswer>().target, ANYBODY);
}

#[test]
fn nobody_has_a_role_before_init() {
    let stage = Stage::new();
    let allocator = stage.deploy(&ALLOCATOR);
    for caller in [Address::ZERO, DEPLOYER, ANYBODY] {
        let allocate = allocateCall {
            service: SERVICE,
            operator: OPERATOR,
            magnitude: 1,
        };
        let refusal = stage.send(caller, allocator, &allocate).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
        let slash = slashCall {
            id: 1,
            service: SERVICE,
            operator: OPERATOR,
        };
        let refusal = stage.send(caller, allocator, &slash).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
}
