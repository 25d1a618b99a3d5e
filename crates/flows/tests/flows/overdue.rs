//! States that no call leads to, written into the vault's words: less at hand than the rules leave there. Batches are then filled as
//! far as they can be, and all that is left undone is done later.

use alloy_primitives::U256;
use weir_abi::IVault;
use weir_flows::{
    actors::{ALICE, BOB, CAROL},
    scene::{Scene, WETH, wei},
};
use weir_protocol::vault::{Balance, VaultStore};

/// All that is at hand of the WETH goes back to stake, but for `kept` ether.
fn stake_all_but(scene: &Scene, kept: &str) {
    let kept: u128 = wei(kept).to();
    let mut words = scene.words();
    let Balance { idle, staked } = words.balance(0);
    let [even, odd] = words.unbonding(0);
    words.set_unbonding(0, [0, 0]);
    words.set_balance(
        0,
        Balance {
            idle: kept,
            staked: staked + idle + even + odd - kept,
        },
    );
}

fn two_holders() -> Scene {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.give(WETH, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, WETH, "40");
    scene
}

#[test]
fn a_batch_is_filled_in_part_and_then_in_full() {
    let scene = two_holders();
    let ticket = scene.request(BOB, "40").value;
    scene.epoch(3);
    scene.sync();
    stake_all_but(&scene, "10");

    scene.maturity(1);
    let settled: IVault::BatchSettled = scene.sync().event(scene.world.at.vault);
    assert_eq!((settled.filled, settled.unfilled), (wei("10"), wei("30")));
    scene.claim(ticket);
    scene.stands(
        "alice   59.999  0   0
         bob     0       10  0
         exits   30      0   0
         vault   0       90  0
         locked  0.001   0   0",
    );

    // Unstaked when epoch 3 closes, idle when that matures.
    scene.maturity(3);
    let settled: IVault::BatchSettled = scene.sync().event(scene.world.at.vault);
    assert_eq!(
        (settled.epoch, settled.filled, settled.unfilled),
        (1, wei("30"), U256::ZERO)
    );
    scene.claim(ticket);
    scene.stands(
        "alice   59.999  0   0
         bob     0       40  0
         vault   0       60  0
         locked  0.001   0   0",
    );
}

#[test]
fn a_vault_with_more_due_than_a_call_may_do_is_synced_in_several_and_goes_on() {
    const BATCHES: u64 = 20;
    let scene = two_holders();
    let mut tickets = Vec::new();
    for epoch in 1..=BATCHES {
        scene.epoch(epoch);
        scene.sync();
        stake_all_but(&scene, "0");
        tickets.push(scene.request(BOB, "2").value);
    }
    // Nobody calls for half a year.
    scene.epoch(BATCHES + 36);
    let vault = scene.world.at.vault;
    scene.give(WETH, CAROL, "1");
    let deposit = scene.deposit_call(CAROL, WETH, "1");
    let refusal = scene.world.refused(CAROL, vault, &deposit);
    refusal.error::<IVault::SyncPending>();
    let view = scene.world.stage.try_view(vault, &IVault::rateCall {});
    view.unwrap_err().error::<IVault::SyncPending>();

    let (mut calls, mut settled) = (1, 0);
    let mut sent = scene.sync();
    while !sent.value {
        settled += sent.events::<IVault::BatchSettled>(vault).len();
        sent = scene.sync();
        calls += 1;
    }
    settled += sent.events::<IVault::BatchSettled>(vault).len();
    assert_eq!((calls, settled), (2, 20));

    scene.deposit(CAROL, WETH, "1");
    for ticket in tickets {
        scene.claim(ticket);
    }
    scene.stands(
        "alice   59.999  0   0
         bob     0       40  0
         carol   1       0   0
         vault   0       61  0
         locked  0.001   0   0",
    );
}
