//! A Solidity client of the standards, made of OpenZeppelin's libraries, goes in and out through an entry.

use alloy_primitives::U256;
use alloy_sol_types::sol;
use weir_abi::IEntry;
use weir_artifacts::ENTRY;
use weir_flows::{
    DEPLOYER,
    actors::{CAROL, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

use crate::artifacts::compiled;

sol! {
    interface ITreasury {
        function enter(address vault, uint256 assets) external returns (uint256 shares);
        function leave(address vault, uint256 shares) external returns (uint256 requestId);
        function collect(address vault, uint256 requestId, address receiver) external returns (uint256 assets);
    }
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn a_client_that_knows_only_the_standards_goes_in_and_out() {
    let scene = Scene::with_holders();
    let world = &scene.world;
    let (vault, asset) = (world.at.vault, scene.token(WETH));
    let entry = world.stage.deploy(&ENTRY);
    world.done(DEPLOYER, entry, &IEntry::initCall { vault, asset });
    let treasury = compiled(&world.stage, "Treasury", &());
    scene.give(WETH, treasury, "14");

    let enter = ITreasury::enterCall {
        vault: entry,
        assets: wei("14"),
    };
    let shares = world.done(STRANGER, treasury, &enter).value;
    assert_eq!(shares, wei("14"));
    let leave = ITreasury::leaveCall {
        vault: entry,
        shares,
    };
    let request = world.done(STRANGER, treasury, &leave).value;
    let collect = ITreasury::collectCall {
        vault: entry,
        requestId: request,
        receiver: CAROL,
    };
    world.refused(STRANGER, treasury, &collect);
    scene.maturity(1);
    // 14 of 120 shares of 74 WETH and 40 LST.
    let part = |all: &str| wei(all) * wei("14") / wei("120");
    let paid = world.done(STRANGER, treasury, &collect).value;
    assert_eq!(paid, part("74"));
    assert_eq!(world.balance(asset, CAROL), paid);
    assert_eq!(world.balance(scene.token(LST), CAROL), part("40"));
    assert_eq!(world.balance(world.at.lrt, treasury), U256::ZERO);
}
