//! Out at once, for a fee.

use alloy_primitives::U256;
use weir_abi::IVault;
use weir_flows::{
    actors::ALICE,
    scene::{Scene, WETH, wei},
};

fn thousand() -> Scene {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "1000");
    scene.deposit(ALICE, WETH, "1000");
    scene
}

#[test]
fn no_split_of_an_instant_exit_is_cheaper() {
    let scene = thousand();
    let mut parts_paid = Vec::new();
    for (parts, each) in [(2, "5"), (5, "2"), (16, "0.625")] {
        scene.world.stage.and_back(|| {
            let paid = (0..parts).map(|_| scene.redeem(ALICE, WETH, each).value);
            parts_paid.push((parts, paid.fold(U256::ZERO, |sum, paid| sum + paid)));
        });
    }
    let whole = scene.redeem(ALICE, WETH, "10");
    let event: IVault::Redeemed = whole.event(scene.world.at.vault);
    assert_eq!(event.fee, wei("0.005416666666666667"));
    scene.stands(
        "alice   989.999  9.994583333333333333    0
         vault   0        990.005416666666666667  0
         locked  0.001    0                       0",
    );

    for (parts, paid) in parts_paid {
        assert!(paid <= whole.value, "{parts} parts");
        let rounding = U256::from(2 * parts);
        assert!(paid + rounding >= whole.value, "{parts} parts");
    }
}

#[test]
fn an_instant_exit_pays_the_floor_during_a_contest_and_leaves_its_part_behind() {
    let scene = thousand();
    let id = scene.file("0.2").value;
    // A floor of 0.905: 9.05 less the fee; 0.95 stay behind for the request.
    let event: IVault::Redeemed = scene.redeem(ALICE, WETH, "10").event(scene.world.at.vault);
    assert_eq!(event.amount + event.fee, wei("9.05"));
    assert_eq!(event.setAside, wei("0.95"));
    scene.arm(id);
    scene.execute(id);
    scene.pull(WETH);
    scene.stands(
        "alice   989.999  9.045133739583333333    0
         service 0        95                      0
         vault   0        895.954866260416666667  0
         locked  0.001    0                       0",
    );
}

#[test]
fn what_the_queue_needs_is_not_for_instant_exits() {
    let scene = thousand();
    scene.request(ALICE, "500");
    scene.epoch(2);
    let all_idle = scene.redeem_call(ALICE, WETH, "49");
    scene.world.done(ALICE, scene.world.at.vault, &all_idle);
    scene.maturity(1);
    let more = scene.redeem_call(ALICE, WETH, "449");
    let refusal = scene.world.refused(ALICE, scene.world.at.vault, &more);
    let refused: IVault::InsufficientIdle = refusal.error();
    assert_eq!(refused.token, scene.token(WETH));
    assert!(refused.available < refused.needed);
}
