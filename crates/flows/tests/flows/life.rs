//! In, a while inside, and out by the queue.

use weir_abi::{IExits, IRates};
use weir_flows::{
    actors::{ALICE, BOB, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

#[test]
fn a_deposit_earns_and_comes_home_in_kind() {
    let scene = Scene::with_holders();
    scene.stands(
        "alice   59.999  0   0
         bob     46   0   0
         vault   0       60  40
         locked  0.001   0   0",
    );

    // The LST earns 0.1 % a day.
    scene.world.stage.advance(24 * 60 * 60);
    scene.world.set_answer(LST, Some(wei("1.15115")));
    let rates = scene.world.at.rates;
    scene.world.done(STRANGER, rates, &IRates::pokeCall {});
    // 60 + 40 · 1.15115 = 106.046 ETH for 106 shares, rounded down.
    assert_eq!(scene.state().rateWad, wei("1.000433962264150943"));

    let ticket = scene.request(BOB, "46").value;
    scene.stands(
        "alice   59.999  0   0
         exits   46   0   0
         vault   0       60  40
         locked  0.001   0   0",
    );
    scene.maturity(1);
    let paid = scene.claim(ticket).value;
    assert_eq!(paid.len(), 2);
    // 46 of 106 shares are 43.4 % of every asset, whatever it is worth.
    scene.stands(
        "alice   59.999  0                     0
         bob     0       26.037735849056603773 17.358490566037735849
         vault   0       33.962264150943396227 22.641509433962264151
         locked  0.001   0                     0",
    );
}

#[test]
fn shares_taken_back_before_the_epoch_closes_earn_on() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.give(WETH, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, WETH, "40");
    let ticket = scene.request(BOB, "40").value;
    scene.cancel(BOB, ticket, "30");
    scene.stands(
        "alice   59.999  0    0
         bob     30      0    0
         exits   10      0    0
         vault   0       100  0
         locked  0.001   0    0",
    );

    scene.epoch(2);
    let late = IExits::cancelCall {
        ticketId: ticket,
        shares: wei("10"),
    };
    let refusal = scene.world.refused(BOB, scene.world.at.exits, &late);
    let refused: weir_abi::IVault::EpochNotOpen = refusal.error();
    assert_eq!((refused.epoch, refused.current), (1, 2));
    let theirs = IExits::cancelCall {
        ticketId: ticket,
        shares: wei("1"),
    };
    let refusal = scene.world.refused(STRANGER, scene.world.at.exits, &theirs);
    assert_eq!(refusal.error::<IExits::NotTicketOwner>().caller, STRANGER);

    scene.maturity(1);
    scene.claim(ticket);
    scene.stands(
        "alice   59.999  0   0
         bob     30      10  0
         vault   0       90  0
         locked  0.001   0   0",
    );
    let gone = scene.world.refused(
        STRANGER,
        scene.world.at.exits,
        &IExits::claimCall { ticketId: ticket },
    );
    assert_eq!(gone.error::<IExits::NoTicket>().ticketId, ticket);
}

#[test]
fn a_ticket_that_changes_hands_pays_its_new_owner() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.give(WETH, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, WETH, "40");
    let of_alice = scene.request(ALICE, "20").value;
    let of_bob = scene.request(BOB, "40").value;
    let give = IExits::transferTicketCall {
        ticketId: of_bob,
        to: ALICE,
    };
    let joined = scene.world.done(BOB, scene.world.at.exits, &give).value;
    assert_eq!(joined, of_alice, "one ticket for each owner and epoch");
    scene.maturity(1);
    scene.claim(joined);
    scene.stands(
        "alice   39.999  60  0
         vault   0       40  0
         locked  0.001   0   0",
    );
}
