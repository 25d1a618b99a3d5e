//! Gas of the ways in and out beside the vault's own.

use alloy_primitives::U256;
use weir_abi::{IEntry, IErc20, IExits, IRouter};
use weir_artifacts::{ENTRY, ROUTER};
use weir_flows::{
    DEPLOYER,
    actors::ALICE,
    scene::{Scene, WETH, wei},
};

use crate::gas::cache;

/// Gas of each call, in the order of the calls.
pub fn doors(is_cached: bool) -> Vec<(&'static str, u64)> {
    let scene = Scene::with_holders();
    let (world, at) = (&scene.world, scene.world.at);
    scene.give(WETH, ALICE, "10");
    let [entry, router] = [&ENTRY, &ROUTER].map(|program| world.stage.deploy(program));
    let (vault, asset) = (at.vault, scene.token(WETH));
    world.done(DEPLOYER, entry, &IEntry::initCall { vault, asset });
    world.done(DEPLOYER, router, &IRouter::initCall { vault });
    for token in [asset, at.lrt] {
        let approve = IErc20::approveCall {
            spender: entry,
            value: U256::MAX,
        };
        world.done(ALICE, token, &approve);
    }
    let operate = IExits::setOperatorCall {
        operator: router,
        approved: true,
    };
    world.done(ALICE, at.exits, &operate);
    if is_cached {
        cache(&scene, &[entry, router]);
    }
    scene.deposit(ALICE, WETH, "1");
    let deposit = IEntry::depositCall {
        assets: wei("1"),
        receiver: ALICE,
    };
    let deposit = world.done(ALICE, entry, &deposit).gas;
    let request = || IEntry::requestRedeemCall {
        shares: wei("10"),
        controller: ALICE,
        owner: ALICE,
    };
    scene.request(weir_flows::actors::BOB, "1");
    let asked = world.done(ALICE, entry, &request()).gas;
    scene.epoch(2);
    let ticket = scene.request(ALICE, "10").value;
    scene.maturity(2);
    scene.sync();
    let redeem = IEntry::redeemCall {
        shares: wei("10"),
        receiver: ALICE,
        controller: ALICE,
    };
    let redeem = world.done(ALICE, entry, &redeem).gas;
    let into = IRouter::claimIntoCall {
        ticketId: ticket,
        into: asset,
        minOut: U256::ONE,
        receiver: ALICE,
        deadline: U256::MAX,
        pools: Vec::new(),
    };
    let into = world.done(ALICE, router, &into).gas;
    vec![
        ("deposit again, through an entry", deposit),
        ("request, a new ticket, through an entry", asked),
        ("claim, through an entry", redeem),
        ("claim, through the router without a pool", into),
    ]
}
