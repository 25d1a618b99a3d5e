//! Who may do what.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IRates::{acceptCall, initCall, listSourceCall},
    IShared::{AlreadyInitialized, Unauthorized, ZeroAddress},
};
use weir_artifacts::RATES;
use weir_flows::{DEPLOYER, Stage};

use crate::world::{ANYBODY, GOVERNOR, RATE, TOKEN, World, source_of};

#[test]
fn only_the_governor_lists_and_accepts() {
    let world = World::new();
    for caller in [
        ANYBODY,
        DEPLOYER,
        TOKEN,
        world.rates,
        world.source,
        Address::ZERO,
    ] {
        let list = listSourceCall {
            asset: TOKEN,
            source: source_of(world.source),
        };
        let refusal = world.stage.send(caller, world.rates, &list).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
        let accept = acceptCall {
            asset: TOKEN,
            rateWad: U256::from(RATE),
        };
        let refusal = world.stage.send(caller, world.rates, &accept).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
}

#[test]
fn init_is_for_the_deployer_and_once() {
    let stage = Stage::new();
    let rates = stage.deploy(&RATES);
    let init = |vault, governor| initCall { vault, governor };
    let refusal = stage
        .send(ANYBODY, rates, &init(TOKEN, ANYBODY))
        .unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, ANYBODY);
    for (vault, governor) in [(Address::ZERO, GOVERNOR), (TOKEN, Address::ZERO)] {
        let refusal = stage
            .send(DEPLOYER, rates, &init(vault, governor))
            .unwrap_err();
        refusal.error::<ZeroAddress>();
    }
    stage.send(DEPLOYER, rates, &init(TOKEN, GOVERNOR)).unwrap();
    for caller in [DEPLOYER, ANYBODY, GOVERNOR] {
        let refusal = stage
            .send(caller, rates, &init(TOKEN, ANYBODY))
            .unwrap_err();
        refusal.error::<AlreadyInitialized>();
    }
}

#[test]
fn nobody_governs_before_init() {
    let stage = Stage::new();
    let rates = stage.deploy(&RATES);
    for caller in [Address::ZERO, DEPLOYER, ANYBODY] {
        let list = listSourceCall {
            asset: TOKEN,
            source: source_of(TOKEN),
        };
        let refusal = stage.send(caller, rates, &list).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
}
