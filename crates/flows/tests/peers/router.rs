//! The router sells a claim in a Uniswap v3 pool: what it pays is what the whitepaper's equations give, to the wei.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IExits::{requestCall, setOperatorCall},
    IRouter::{BelowMinOut, claimIntoCall, initCall},
};
use weir_artifacts::ROUTER;
use weir_flows::{
    DEPLOYER,
    actors::{ALICE, BOB, CAROL},
    scene::{LST, Scene, WETH, wei},
};

use crate::uniswap::Market;

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn a_claim_becomes_one_asset_in_a_real_pool() {
    for into in [WETH, LST] {
        let scene = Scene::new();
        for (who, asset) in [(ALICE, WETH), (ALICE, LST), (BOB, WETH), (BOB, LST)] {
            scene.give(asset, who, "2000");
            scene.deposit(who, asset, "300");
        }
        let tokens = [scene.token(LST), scene.token(WETH)];
        let market = Market::between(scene, tokens);
        market.provide(wei("500"));
        let (scene, world) = (&market.scene, &market.scene.world);
        let router = world.stage.deploy(&ROUTER);
        let vault = world.at.vault;
        world.done(DEPLOYER, router, &initCall { vault });
        let operate = setOperatorCall {
            operator: router,
            approved: true,
        };
        world.done(BOB, world.at.exits, &operate);
        let request = requestCall {
            shares: wei("43"),
            receiver: BOB,
        };
        let ticket = world.done(BOB, world.at.exits, &request).value;
        scene.maturity(1);

        let call = weir_abi::IExits::claimableCall { ticketId: ticket };
        let amounts = world.ask(world.at.exits, &call);
        let sold = scene.token(WETH + LST - into);
        let place = usize::from(market.tokens[1] == sold);
        let (bought, _) = market.expected(place, amounts[WETH + LST - into]);
        let before = market.balances(market.pool);
        let mut call = claimIntoCall {
            ticketId: ticket,
            into: scene.token(into),
            minOut: amounts[into] + bought + U256::ONE,
            receiver: CAROL,
            deadline: U256::MAX,
            pools: vec![market.pool; 2],
        };
        let short: BelowMinOut = world.refused(BOB, router, &call).error();
        assert_eq!(short.amountOut, amounts[into] + bought);
        call.minOut -= U256::ONE;
        assert_eq!(world.done(BOB, router, &call).value, call.minOut);
        assert_eq!(world.balance(scene.token(into), CAROL), call.minOut);
        let after = market.balances(market.pool);
        assert_eq!(
            after[place],
            before[place] + amounts[WETH + LST - into],
            "the pool has what was sold"
        );
        assert_eq!(after[1 - place], before[1 - place] - bought);
        for token in [scene.token(WETH), scene.token(LST), world.at.lrt] {
            assert_eq!(world.balance(token, router), U256::ZERO);
            assert_eq!(world.balance(token, Address::ZERO), U256::ZERO);
        }
    }
}
