//! What does not make calls dearer.

use alloy_primitives::{Address, U256};
use weir_abi::{IErc20, IExits};
use weir_flows::{
    actors::{ALICE, BOB, CAROL},
    scene::{LST, Scene, WETH, wei},
};

/// The account of a number, apart from those of the actors.
fn account(number: u64) -> Address {
    Address::from_word(U256::from(0xaaaa_0000_0000 + number).into())
}

/// Gas of the calls on a vault with so many holders, each with a ticket in the same batch, and so many allocations.
fn costs(holders: u64, allocations: u64) -> Vec<(&'static str, u64)> {
    let scene = Scene::new();
    let (world, at) = (&scene.world, scene.world.at);
    scene.give(WETH, ALICE, "2000");
    scene.give(LST, BOB, "1000");
    scene.deposit(ALICE, WETH, "1000");
    scene.deposit(BOB, LST, "1000");
    for number in 1..allocations {
        scene.allocate(account(number), 1_000_000_000_000_000);
    }
    // Together always 300 shares.
    let value = wei("300") / U256::from(holders);
    for number in 0..holders {
        let (holder, shares) = (account(number), value);
        world.done(ALICE, at.lrt, &IErc20::transferCall { to: holder, value });
        let request = IExits::requestCall {
            shares,
            receiver: holder,
        };
        world.done(holder, at.exits, &request);
    }

    let mut costs = vec![("deposit", scene.deposit(ALICE, WETH, "1").gas)];
    let of_carol = {
        let call = IErc20::transferCall {
            to: CAROL,
            value: wei("10"),
        };
        world.done(ALICE, at.lrt, &call);
        scene.request(CAROL, "10")
    };
    costs.push(("request", of_carol.gas));
    scene.epoch(2);
    costs.push(("sync that closes", scene.sync().gas));
    let filed = scene.file("0.2");
    costs.push(("file", filed.gas));
    costs.push(("arm", scene.arm(filed.value).gas));
    costs.push(("execute", scene.execute(filed.value).gas));
    scene.maturity(1);
    costs.push(("sync that settles", scene.sync().gas));
    costs.push(("claim", scene.claim(of_carol.value).gas));
    costs
}

#[test]
fn cost_does_not_grow_with_holders_tickets_or_allocations() {
    let one = costs(1, 1);
    for (holders, allocations) in [(100, 1), (10_000, 1), (1, 8), (1, 64)] {
        let many = costs(holders, allocations);
        assert_eq!(one, many, "{holders} holders, {allocations} allocations");
    }
}
