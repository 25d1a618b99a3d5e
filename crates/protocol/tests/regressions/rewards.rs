//! Rewards that somebody came early to, or that were counted where none were.

use weir_protocol::model::{Call, Outcome};
use weir_protocol::units::{BPS, WAD};
use weir_protocol::vault::ledger;

use crate::world::{ALICE, BOB, DAY_S, EPOCH_S, LST, MALLORY, WETH, World};

fn stream(amount: u128, end: u64) -> Call {
    Call::Stream {
        asset: WETH,
        amount,
        end,
    }
}

/// Before Puffer let rewards vest, as elsewhere to this day, a reward raised the rate in the transaction that paid it: who saw it
/// coming deposited just before and left just after with a part of it. Here it vests by the second: a round trip in the same
/// block earns nothing, and one of a day less than the exit costs, however large it is.
#[test]
fn puffer_reward_sandwich() {
    let mut world = World::with_holders();
    let before = world.rate_wad();
    let shares = world.deposit(MALLORY, WETH, 20 * WAD);
    world.by(BOB, stream(10 * WAD, 2));
    assert_eq!(world.rate_wad(), before, "nothing at once");
    let mut at_once = world.clone();
    assert!(at_once.redeem(MALLORY, WETH, shares / 20) < WAD);
    // A day later a tenth of the reward has vested: her sixth of it is all that she has.
    world.wait(DAY_S);
    let vested = 10 * WAD / 10;
    let rate = world.rate_wad() - before;
    assert!(rate <= vested * WAD / world.supply() + 1, "{rate}");
}

/// Renzo and Kelp counted the tokens that a contract had: whoever sent some moved the rate. A reward is what came by `stream`, and a
/// transfer is nothing.
#[test]
fn kelp_balance_is_no_reward() {
    let mut world = World::with_holders();
    let before = world.rate_wad();
    let amount = 50 * WAD;
    world.by(
        MALLORY,
        Call::Donate {
            asset: WETH,
            amount,
        },
    );
    world.wait(10 * EPOCH_S);
    assert_eq!(world.rate_wad(), before);
    assert_eq!(ledger(world.0.vault(), WETH).stream.left, 0);
}

/// Rewards of every peer reach the rate when a keeper reports or claims them. Here nobody calls for a month, and the first view
/// already answers what the last of them does.
#[test]
fn peers_need_a_keeper_for_rewards() {
    let mut world = World::with_holders();
    world.by(BOB, stream(10 * WAD, 6));
    let mut kept = world.clone();
    for _ in 0..30 {
        kept.wait(DAY_S);
    }
    world.by(
        ALICE,
        Call::Advance {
            seconds: 30 * DAY_S,
        },
    );
    let seen = world.0.state().expect("one sync is enough");
    let total = |world: &World| world.0.state().expect("synced").ledgers[0].total();
    assert_eq!(total(&world), total(&kept));
    assert_eq!(seen.ledgers[0].stream.left, 0);
}

/// An operator who raises its commission when it sees a reward coming (EigenLayer delays its split by a week for that): the rise waits
/// for the next epoch, and who pays says what it accepts.
#[test]
fn eigenlayer_operator_split_front_run() {
    let mut world = World::with_holders();
    world.by(MALLORY, Call::SetCommission { bps: 5_000 });
    let fund = |max_commission_bps| Call::FundReward {
        operator: MALLORY,
        asset: LST,
        amount: 8 * WAD,
        end: 4,
        max_commission_bps,
    };
    match world.by(BOB, fund(BPS)) {
        Outcome::Rewarded { split, .. } => assert_eq!((split.commission, split.rest), (0, 8 * WAD)),
        answer => panic!("{answer:?}"),
    }
    world.wait(EPOCH_S);
    world.refused(BOB, fund(4_999));
}
