//! Who may do what.

use alloy_primitives::{Address, B64, U256};
use weir_abi::{
    IAllocator::{
        AllocationsArePaused, AllocationsPaused, GroupsSet, Initialized, Limits, LimitsSet,
        Loosens, TooManyGroups, allocateCall, freezeCall, groupsCall, initCall,
        pauseAllocationsCall, setGroupsCall, setLimitsCall, slashCall, thawCall, wiringCall,
    },
    IShared::{AlreadyInitialized, BadAnswer, NotInitialized, Unauthorized, ZeroAddress},
    IVault,
};
use weir_artifacts::ALLOCATOR;
use weir_flows::{DEPLOYER, Stage};

use crate::world::{
    ANYBODY, CURATOR, DELAY_S, GOVERNOR, GUARDIAN, HUB, OPERATOR, SERVICE, WAD, World, init, vault,
    wiring,
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

#[test]
fn limits_are_widened_by_the_governor_alone_and_pauses_are_the_guardians() {
    let world = World::new();
    let (stage, at) = (&world.stage, world.allocator);
    let narrow = Limits {
        serviceBps: 3_000,
        ..NO_LIMITS
    };
    let tags = |tag: &[u8; 4]| vec![B64::ZERO, B64::right_padding_from(tag)];
    let group = |tag| setGroupsCall {
        operator: OPERATOR,
        groups: tags(tag),
    };
    let pause = pauseAllocationsCall {
        durationS: U256::from(60),
    };
    for caller in [ANYBODY, DEPLOYER, HUB, OPERATOR, world.vault] {
        let calls = [
            stage
                .send(
                    caller,
                    at,
                    &setLimitsCall {
                        limits: narrow.clone(),
                    },
                )
                .map(drop),
            stage.send(caller, at, &group(b"geth")).map(drop),
            stage.send(caller, at, &pause).map(drop),
        ];
        for refused in calls {
            let refusal = refused.unwrap_err();
            assert_eq!(refusal.error::<Unauthorized>().caller, caller);
        }
    }
    for caller in [CURATOR, GOVERNOR] {
        let refusal = stage.send(caller, at, &pause).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    let sent = stage.send(GUARDIAN, at, &pause).unwrap();
    let paused: AllocationsPaused = sent.event(at);
    assert_eq!(paused.newUntil, U256::from(stage.now_s() + 60));
    let until = world
        .allocate(1)
        .unwrap_err()
        .error::<AllocationsArePaused>()
        .until;
    assert_eq!(until, paused.newUntil);
    stage.advance(60);

    for caller in [CURATOR, GUARDIAN] {
        let tighter = setLimitsCall {
            limits: narrow.clone(),
        };
        let sent = stage.send(caller, at, &tighter).unwrap();
        let set: LimitsSet = sent.event(at);
        assert_eq!(set.newLimits.serviceBps, 3_000);
        let wider = setLimitsCall { limits: NO_LIMITS };
        stage
            .send(caller, at, &wider)
            .unwrap_err()
            .error::<Loosens>();
        let sent = stage.send(GOVERNOR, at, &wider).unwrap();
        let set: LimitsSet = sent.event(at);
        assert_eq!(
            (set.oldLimits.serviceBps, set.newLimits.serviceBps),
            (3_000, 10_000)
        );
    }

    let sent = stage.send(CURATOR, at, &group(b"geth")).unwrap();
    let set: GroupsSet = sent.event(at);
    assert_eq!(set.newGroups[..2], tags(b"geth")[..]);
    stage
        .send(CURATOR, at, &group(b"reth"))
        .unwrap_err()
        .error::<Loosens>();
    let refusal = stage.send(GUARDIAN, at, &group(b"geth")).unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, GUARDIAN);
    stage.send(GOVERNOR, at, &group(b"reth")).unwrap();
    let told = stage.view(at, &groupsCall { operator: OPERATOR });
    assert_eq!((told.len(), told[1]), (4, tags(b"reth")[1]));
    let five = setGroupsCall {
        operator: OPERATOR,
        groups: vec![B64::ZERO; 5],
    };
    let refusal = stage.send(GOVERNOR, at, &five).unwrap_err();
    assert_eq!(refusal.error::<TooManyGroups>().max, U256::from(4));
}

const NO_LIMITS: Limits = Limits {
    serviceBps: 10_000,
    operatorBps: 10_000,
    groupBps: 10_000,
    worstOneBps: 10_000,
    worstTwoBps: 10_000,
    worstThreeBps: 10_000,
};
