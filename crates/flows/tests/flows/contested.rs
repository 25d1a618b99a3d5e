//! A batch settles while a slash is filed and not decided.

use weir_flows::{
    actors::{ALICE, BOB},
    scene::{Scene, WETH, wei},
};

/// Alice has 60 of 100 WETH. Bob asked to leave with his 40, and when his batch settles 20 % of an operator with half of the stake
/// are filed: 9.5 are contested, 3.8 of them are his part. He has claimed what is certain.
fn contested() -> (Scene, alloy_primitives::U256, u64) {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.give(WETH, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, WETH, "40");
    let ticket = scene.request(BOB, "40").value;
    scene.epoch(3);
    let id = scene.file("0.2").value;
    let state = scene.state();
    assert_eq!(
        (state.rateWad, state.floorRateWad),
        (wei("1"), wei("0.905"))
    );
    scene.stands(
        "alice   59.999  0    0
         exits   40      0    0
         vault   0       100  0
         locked  0.001   0    0",
    );

    scene.world.stage.advance(2 * 24 * 60 * 60 - 1);
    scene.maturity(1);
    scene.claim(ticket);
    scene.stands(
        "alice   59.999  0     0
         bob     0       36.2  0
         vault   0       63.8  0
         locked  0.001   0     0",
    );
    (scene, ticket, id)
}

#[test]
fn a_veto_gives_the_leaver_what_was_held_back() {
    let (scene, ticket, id) = contested();
    scene.veto(id);
    scene.claim(ticket);
    assert_eq!(scene.state().rateWad, wei("1"));
    scene.stands(
        "alice   59.999  0   0
         bob     0       40  0
         vault   0       60  0
         locked  0.001   0   0",
    );
}

#[test]
fn an_execution_costs_leaver_and_stayer_the_same() {
    let (scene, ticket, id) = contested();
    scene.arm(id);
    scene.execute(id);
    // 36.2 for 40 shares, and 54.3 for 60.
    assert_eq!(scene.state().rateWad, wei("0.905"));
    let nothing = weir_abi::IExits::claimCall { ticketId: ticket };
    scene.world.done(BOB, scene.world.at.exits, &nothing);
    scene.pull(WETH);
    scene.stands(
        "alice   59.999  0     0
         bob     0       36.2  0
         service 0       9.5   0
         vault   0       54.3  0
         locked  0.001   0     0",
    );

    let ticket = scene.request(ALICE, "59.999").value;
    scene.maturity(4);
    scene.claim(ticket);
    scene.stands(
        "alice   0      54.299095  0
         bob     0      36.2       0
         service 0      9.5        0
         vault   0      0.000905   0
         locked  0.001  0          0",
    );
}
