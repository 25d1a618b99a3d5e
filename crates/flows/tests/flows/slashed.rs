//! A slash between request and settlement.

use weir_abi::{IHub, IShared::Unauthorized, IVault};
use weir_flows::{
    actors::{ALICE, BOB, SINK, SLASHER, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

#[test]
fn a_slash_costs_a_queued_share_what_it_costs_any_other() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.give(WETH, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, WETH, "40");
    let ticket = scene.request(BOB, "40").value;
    let id = scene.file("0.2").value;
    scene.arm(id);
    let executed = scene.execute(id);
    let event: IHub::SlashExecuted = executed.event(scene.world.at.hub);
    assert_eq!(event.losses, [wei("9.5"), wei("0")]);
    assert_eq!(scene.state().rateWad, wei("0.905"), "in the transaction");
    scene.stands(
        "alice   59.999  0    0
         exits   40      0    0
         vault   0       100  0
         locked  0.001   0    0",
    );
    scene.pull(WETH);
    let twice = IVault::pullCall {
        asset: scene.token(WETH),
        sink: SINK,
    };
    let refusal = scene.world.refused(STRANGER, scene.world.at.vault, &twice);
    assert!(refusal.is::<Unauthorized>(), "the service takes it itself");
    let refusal = scene.world.refused(SINK, scene.world.at.vault, &twice);
    assert!(refusal.is::<IVault::NothingDue>());

    scene.maturity(1);
    scene.claim(ticket);
    scene.stands(
        "alice   59.999  0     0
         bob     0       36.2  0
         service 0       9.5   0
         vault   0       54.3  0
         locked  0.001   0     0",
    );
}

#[test]
fn a_slash_takes_the_same_part_of_every_asset() {
    let scene = Scene::with_holders();
    let id = scene.file("0.2").value;
    scene.arm(id);
    scene.execute(id);
    scene.pull(WETH);
    scene.pull(LST);
    // A tenth of the 95 % that are staked.
    scene.stands(
        "alice   59.999  0     0
         bob     46   0     0
         service 0       5.7   3.8
         vault   0       54.3  36.2
         locked  0.001   0     0",
    );
}

#[test]
fn after_a_slash_of_all_its_magnitude_an_operator_has_nothing_more_to_lose() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "100");
    scene.deposit(ALICE, WETH, "100");
    let id = scene.file("1").value;
    scene.arm(id);
    scene.execute(id);
    scene.pull(WETH);
    scene.stands(
        "alice   99.999  0     0
         service 0       47.5  0
         vault   0       52.5  0
         locked  0.001   0     0",
    );
    scene.epoch(3);
    let again = IHub::fileCall {
        vault: scene.world.at.vault,
        service: weir_flows::scene::SERVICE,
        operator: weir_flows::actors::OPERATOR,
        wad: 1,
        offenceEpoch: 3,
        evidence: [7; 32].into(),
    };
    let refusal = scene.world.refused(SLASHER, scene.world.at.hub, &again);
    assert!(refusal.is::<weir_abi::IAllocator::NothingSlashable>());
}
