//! Exits that were a free option, ran ahead of a loss, or got stuck.

use weir_protocol::model::{Call, ModelError};
use weir_protocol::units::{BPS, WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{VaultError, ledger};

use crate::world::{ALICE, BOB, DAY_S, EPOCH_S, LST, LST_RATE_WAD, MALLORY, WETH, World, part};

/// Renzo C4 H-04: the payout was fixed at the request, so that who had asked could not lose, and chose later whether to win.
#[test]
fn renzo_fixed_rate_free_option() {
    // The same half of everything, through the queue or not: a slash and a rise of a rate in between change nothing of that.
    let mut world = World::with_holders();
    world.secure();
    let half = world.shares(ALICE) / 2;
    let epoch = world.request(ALICE, half);
    let id = world.file(WAD_MAGNITUDE / 5);
    world.execute(id);
    world.answer(Some(LST_RATE_WAD + LST_RATE_WAD / 1_000));
    world.wait(3 * EPOCH_S);
    let supply = world.supply();
    let (paid, finished) = world.claim(ALICE, epoch);
    assert!(finished);
    for asset in [WETH, LST] {
        let total = ledger(world.0.vault(), asset).total().expect("fits");
        let stayed = part(total, half, supply);
        let left = paid[usize::from(asset)];
        assert!(
            left.abs_diff(stayed) <= 4,
            "left with {left}, stayed with {stayed}"
        );
    }
}

/// The run before a slash, a risk that others accept: who sees it coming leaves, and who stays pays for both. The request is
/// filed an hour before the leaver's batch settles, and decided days after.
#[test]
fn bank_run_before_slash() {
    let stayed = |does_run: bool| {
        let mut world = World::with_holders();
        world.secure();
        let all = world.shares(BOB);
        let epoch = does_run.then(|| world.request(BOB, all));
        let maturity_s = world.0.config().clock.maturity_s(1);
        world.wait(maturity_s - 3_600 - world.0.now_s());
        let id = world.file(WAD_MAGNITUDE / 2);
        world.wait(3_600);
        if let Some(epoch) = epoch {
            let (paid, finished) = world.claim(BOB, epoch);
            assert!(
                paid[0] > 0 && !finished,
                "a part is held until the decision"
            );
        }
        world.execute(id);
        let (shares, supply) = (world.shares(ALICE), world.supply());
        [WETH, LST].map(|asset| part(total(&world, asset), shares, supply))
    };
    for (alone, with_run) in stayed(false).into_iter().zip(stayed(true)) {
        assert!(
            alone.abs_diff(with_run) <= 4,
            "{alone} became {with_run} by the run"
        );
    }
}

/// The same run through the instant exit: it pays the floor, not the rate.
#[test]
fn bank_run_at_once_before_slash() {
    let mut world = World::with_holders();
    world.secure();
    world.file(WAD_MAGNITUDE / 2);
    let state = world.0.state().expect("synced");
    assert!(state.floor_rate_wad < state.rate_wad);
    let paid = world.redeem(BOB, WETH, WAD);
    assert!(paid <= state.floor_rate_wad);
    assert!(world.rate_wad() >= state.rate_wad);
}

/// EigenLayer EGSL-03: shares in the queue escaped the sum that a slash was measured against.
#[test]
fn eigenlayer_queued_shares_bear_the_slash() {
    let mut world = World::with_holders();
    world.secure();
    let all = world.shares(BOB);
    let epoch = world.request(BOB, all);
    // The batch is closed, its stake unbonds, and is slashable still.
    world.wait(EPOCH_S);
    let before: u128 = total(&world, WETH);
    let id = world.file(WAD_MAGNITUDE);
    world.execute(id);
    let after = total(&world, WETH);
    assert!(after * 100 < before * 55, "{before} became {after}");
    world.wait(3 * EPOCH_S);
    let (paid, _) = world.claim(BOB, epoch);
    let supply_before = world.supply() + all;
    let part = part(after, all, supply_before);
    assert!(
        paid[0].abs_diff(part) <= 4,
        "paid {}, a part is {part}",
        paid[0]
    );
}

fn total(world: &World, asset: u8) -> u128 {
    ledger(world.0.vault(), asset).total().expect("fits")
}

/// Jito Certora #24: a slash of the reserve that cooled down underflowed, and nothing could be slashed or paid again.
#[test]
fn jito_slash_of_what_cools_down() {
    let mut world = World::with_holders();
    world.secure();
    for who in [ALICE, BOB] {
        let all = world.shares(who);
        world.request(who, all);
    }
    world.wait(EPOCH_S);
    let row = ledger(world.0.vault(), WETH);
    assert!(row.unbonding.iter().sum::<u128>() > row.staked);
    let id = world.file(WAD_MAGNITUDE);
    world.execute(id);
    world.wait(3 * EPOCH_S);
    for who in [ALICE, BOB] {
        let (paid, finished) = world.claim(who, 1);
        assert!(finished && paid[0] > 0);
    }
}

/// Renzo C4 H-01 and H-07: a claim that had matured failed for a full buffer or a recipient's gas. One asset that cannot be
/// sent stays owed, and holds up nothing.
#[test]
fn renzo_matured_claims_are_always_payable() {
    let mut world = World::with_holders();
    let all = world.shares(BOB);
    let epoch = world.request(BOB, all);
    world.wait(3 * EPOCH_S);
    let broken = |broken| Call::Break { asset: LST, broken };
    world.by(ALICE, broken(true));
    let (paid, finished) = world.claim(BOB, epoch);
    assert!(paid[0] > 0 && paid[1] == 0 && !finished);
    world.by(ALICE, broken(false));
    let (paid, finished) = world.claim(BOB, epoch);
    assert!(paid[0] == 0 && paid[1] > 0 && finished);
}

/// Mellow Sherlock H-2: the making of a batch and its claim drew the line between two epochs at different moments.
#[test]
fn mellow_every_share_is_in_one_batch() {
    let mut world = World::with_holders();
    let (first, second) = (10 * WAD, 20 * WAD);
    world.by(
        ALICE,
        Call::Advance {
            seconds: EPOCH_S - 1,
        },
    );
    let early = world.request(ALICE, first);
    world.by(ALICE, Call::Advance { seconds: 1 });
    let late = world.request(ALICE, second);
    assert_eq!((early, late), (0, 1));
    let shares = |world: &World, epoch| world.0.batch(epoch).expect("synced").0.shares;
    assert_eq!(
        (shares(&world, early), shares(&world, late)),
        (first, second)
    );
    world.wait(4 * EPOCH_S);
    let paid = [early, late].map(|epoch| world.claim(ALICE, epoch).0[0]);
    assert!((2 * paid[0]).abs_diff(paid[1]) <= 4);
}

/// Mellow Sherlock M-7: a wei of an asset that was no longer supported stopped all redemptions.
#[test]
fn mellow_dust_blocks_nothing() {
    let mut world = World::new();
    world.deposit(ALICE, WETH, 50 * WAD);
    // A wei cannot be deposited, as it is worth no share; it can be sent there all the same.
    let (asset, amount) = (LST, 1);
    world.by(MALLORY, Call::Donate { asset, amount });
    let part = world.shares(ALICE) / 4;
    let epoch = world.request(ALICE, part);
    world.wait(EPOCH_S);
    world.redeem(ALICE, WETH, WAD);
    world.wait(2 * EPOCH_S);
    assert!(world.claim(ALICE, epoch).1);
}

/// ether.fi #188: a restaking token was the cheapest way out of an LST, at the cost of its holders. A trip through the vault pays
/// the whole fee, however it is cut into pieces.
#[test]
fn etherfi_fast_exit_pays_for_itself() {
    let trip = |pieces: u128| {
        let mut world = World::with_holders();
        let rate_wad = world.rate_wad();
        let shares = world.deposit(MALLORY, LST, 2 * WAD);
        let paid: u128 = (0..pieces)
            .map(|_| world.redeem(MALLORY, WETH, shares / pieces))
            .sum();
        assert!(world.rate_wad() >= rate_wad);
        paid
    };
    let worth = 2 * LST_RATE_WAD;
    let at_once = trip(1);
    assert!(at_once <= worth * u128::from(BPS - 5) / u128::from(BPS));
    // To a wei for each piece's rounding.
    assert!(trip(20) <= at_once + 20);
}

/// Puffer Nethermind 6.9: to change the daily limit forgot what had been used of it.
#[test]
fn puffer_a_new_limit_keeps_the_usage() {
    let mut world = World::with_holders();
    let governor = world.0.config().governor;
    let mut curve = world.0.config().curve;
    (curve.kink_value, curve.limit_value) = (WAD, 4 * WAD);
    world.by(governor, Call::SetCurve { curve });
    world.redeem(ALICE, WETH, 2 * WAD);
    curve.limit_value = 3 * WAD;
    world.by(governor, Call::SetCurve { curve });
    let refused = world.refused(ALICE, World::redeem_call(ALICE, LST, WAD + WAD / 10));
    assert!(
        matches!(refused, ModelError::Vault(VaultError::OutflowLimit { .. })),
        "{refused:?}"
    );
    world.wait(DAY_S);
    world.redeem(ALICE, WETH, WAD);
}
