//! Ledgers that counted twice, counted gifts, or divided by nothing.

use weir_protocol::model::Call;
use weir_protocol::units::WAD;
use weir_protocol::vault::ledger;

use crate::world::{ALICE, BOB, EPOCH_S, LST, LST_RATE_WAD, MALLORY, WETH, World, part};

/// Kelp C4 H-03: the first to stake gave himself one share, sent tokens to the pool, and took a part of what the next one brought.
#[test]
fn kelp_first_staker_donation() {
    let mut world = World::new();
    let first = world.deposit(MALLORY, WETH, WAD / 100);
    let (asset, amount) = (WETH, 100 * WAD);
    world.by(MALLORY, Call::Donate { asset, amount });
    assert_eq!(world.rate_wad(), WAD);
    let shares = world.deposit(ALICE, WETH, 10 * WAD);
    assert_eq!(shares, 10 * WAD);
    // Alice can leave with what she brought, and Mallory with less than that.
    let epoch = world.request(ALICE, shares);
    world.request(MALLORY, first);
    world.wait(3 * EPOCH_S);
    assert!(world.claim(ALICE, epoch).0[0] >= 10 * WAD - 1);
    assert!(world.claim(MALLORY, epoch).0[0] <= WAD / 100);
}

/// Kelp C4 H-02: the assets of a deposit were in the pool before it was priced, and bought fewer shares for that.
#[test]
fn kelp_deposit_is_priced_before_it_arrives() {
    let mut world = World::with_holders();
    let rate_wad = world.rate_wad();
    let shares = world.deposit(MALLORY, WETH, 5_000 * WAD);
    assert!(shares.abs_diff(part(5_000 * WAD, WAD, rate_wad)) <= 1);
    assert!(world.rate_wad().abs_diff(rate_wad) <= 1);
}

/// Renzo C4 H-02 and H-08: what was queued was left out of the value, or counted at another token's price.
#[test]
fn renzo_every_place_counts_once_at_its_own_price() {
    let mut world = World::with_holders();
    let value = |world: &World| {
        let state = world.0.state().expect("synced");
        let worth = |asset: u8, rate_wad: u128| {
            let row = ledger(world.0.vault(), asset);
            part(
                row.idle + row.staked + row.unbonding[0] + row.unbonding[1],
                rate_wad,
                WAD,
            )
        };
        let nav = state.valuation.nav().expect("fits");
        assert_eq!(nav, worth(WETH, WAD) + worth(LST, LST_RATE_WAD));
        nav
    };
    let before = value(&world);
    let half = world.shares(BOB) / 2;
    world.request(BOB, half);
    assert_eq!(value(&world), before);
    // Unbonding counts; what is owed to a ticket does not.
    world.wait(EPOCH_S);
    assert_eq!(value(&world), before);
    world.wait(2 * EPOCH_S);
    let (left, supply) = (value(&world), world.supply());
    assert!(left.abs_diff(part(before, supply, supply + half)) <= 4);
}

/// Jito Certora H-01: with no supply left the ratio was broken for ever. A thousandth of a share never leaves.
#[test]
fn jito_zero_supply_breaks_no_ratio() {
    let mut world = World::with_holders();
    for who in [ALICE, BOB] {
        let all = world.shares(who);
        world.request(who, all);
    }
    world.wait(3 * EPOCH_S);
    assert_eq!(world.supply(), WAD / 1_000);
    let rate_wad = world.rate_wad();
    let shares = world.deposit(MALLORY, WETH, 10 * WAD);
    assert!(shares.abs_diff(part(10 * WAD, WAD, rate_wad)) <= 1);
    assert!(rate_wad.abs_diff(WAD) < WAD / 100, "{rate_wad}");
}

/// Mellow Sherlock H-4: a fee depended on how often somebody reported. What drips here depends on time alone.
#[test]
fn mellow_accrual_does_not_depend_on_who_asks_how_often() {
    let drip = |calls: u64| {
        let mut world = World::with_holders();
        // The fee of an instant exit drips back.
        world.redeem(ALICE, WETH, 3 * WAD);
        for _ in 0..calls {
            world.wait(2 * EPOCH_S / calls);
        }
        world.rate_wad()
    };
    let at_once = drip(1);
    assert!(at_once > WAD);
    for calls in [2, 10, 100] {
        assert_eq!(drip(calls), at_once);
    }
}
