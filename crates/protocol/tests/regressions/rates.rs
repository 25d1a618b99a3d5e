//! Rates that were wrong, late, or somebody else's.

use weir_protocol::model::{Call, ModelError};
use weir_protocol::units::WAD;
use weir_protocol::vault::{RateState, VaultError};

use crate::world::{ALICE, BOB, DAY_S, EPOCH_S, LST, LST_RATE_WAD, MALLORY, WETH, World, part};

fn is_suspicious(error: ModelError) -> bool {
    matches!(
        error,
        ModelError::Vault(VaultError::RateNotFresh {
            state: RateState::Suspicious,
            ..
        })
    )
}

/// April 2025: an upgrade of Kelp's oracle scaled a fee by 1e36 where 1e18 was meant, and rsETH were minted for nothing.
#[test]
fn kelp_over_mint_by_scale_error() {
    let mut world = World::with_holders();
    let (rate_wad, supply) = (world.rate_wad(), world.supply());
    world.answer(Some(LST_RATE_WAD * WAD));
    for asset in [WETH, LST] {
        let deposit = World::deposit_call(MALLORY, asset, WAD);
        assert!(is_suspicious(world.refused(MALLORY, deposit)));
    }
    assert!(is_suspicious(
        world.refused(ALICE, World::redeem_call(ALICE, WETH, WAD))
    ));
    assert_eq!(world.rate_wad(), rate_wad);
    assert_eq!(world.supply(), supply);
}

/// November 2025: a feed told Moonwell that a wrsETH is worth 1.65 million ETH, and a lending market believed it.
#[test]
fn moonwell_wrseth_feed_of_a_million_eth() {
    let mut world = World::with_holders();
    let before = world.0.state().expect("synced");
    world.answer(Some(1_650_000 * WAD));
    world.wait(30 * DAY_S);
    world.by(MALLORY, Call::Poke);
    let after = world.0.state().expect("synced");
    assert_eq!(after.rate_wad, before.rate_wad);
    assert_eq!(after.floor_rate_wad, before.floor_rate_wad);
}

/// March 2026: Aave's cap on a growing rate moved its time further than its ratio, so that the honest rate was over the cap.
#[test]
fn aave_capo_time_moves_with_the_ratio() {
    let mut world = World::with_holders();
    // A tenth of a percent a day is allowed; the source steps by that once a day, and somebody asks just before each step.
    let mut rate_wad = LST_RATE_WAD;
    for _ in 0..30 {
        world.wait(DAY_S - 1);
        world.by(MALLORY, Call::Poke);
        world.wait(1);
        rate_wad += LST_RATE_WAD / 1_000;
        world.answer(Some(rate_wad));
        world.by(MALLORY, Call::Poke);
        assert_eq!(world.0.rate_state(), RateState::Fresh);
        assert_eq!(u128::from(world.0.accepted(LST).rate_wad), rate_wad);
    }
}

/// October 2025: wBETH traded at 12 % of its redemption value on one exchange, which priced collateral by that. The rate here
/// is the redemption value; the market is a guard on deposits alone.
#[test]
fn wbeth_market_crash_moves_no_rate() {
    let mut world = World::with_holders();
    let before = world.0.state().expect("synced");
    world.market(LST_RATE_WAD * 12 / 100);
    let after = world.0.state().expect("synced");
    assert_eq!(after.rate_wad, before.rate_wad);
    assert_eq!(after.floor_rate_wad, before.floor_rate_wad);
    world.deposit(ALICE, WETH, WAD);
}

/// September 2024: Bedrock minted a uniBTC for an ETH, as if they were worth the same. Who brings a failing asset gets no
/// part of the good ones.
#[test]
fn bedrock_failing_asset_buys_no_good_one() {
    let mut world = World::with_holders();
    world.market(LST_RATE_WAD * 90 / 100);
    let refused = world.refused(MALLORY, World::deposit_call(MALLORY, LST, WAD));
    assert!(matches!(
        refused,
        ModelError::Vault(VaultError::GuardRefuses { .. })
    ));
    // Within the margin the deposit is credited at the market: swapping it for WETH at once loses.
    world.market(LST_RATE_WAD * 98 / 100);
    let shares = world.deposit(MALLORY, LST, WAD);
    let paid = world.redeem(MALLORY, WETH, shares);
    assert!(paid < LST_RATE_WAD * 98 / 100);
}

/// ether.fi #386: nobody could redeem while an oracle was stale. The queue asks no oracle.
#[test]
fn etherfi_redeem_with_a_stale_oracle() {
    let mut world = World::with_holders();
    world.answer(None);
    let all = world.shares(BOB);
    let epoch = world.request(BOB, all);
    world.wait(3 * EPOCH_S);
    let (paid, finished) = world.claim(BOB, epoch);
    assert!(finished);
    assert!(paid[0] > 0 && paid[1] > 0);
}

/// Renzo C4 M-10 and M-12, Kelp C4 H-01: what mints and what redeems asked different sources, and the difference was for the taking.
#[test]
fn renzo_one_rate_for_all() {
    let mut world = World::with_holders();
    for (asset, amount) in [(WETH, 7 * WAD), (LST, 3 * WAD)] {
        let rate_wad = world.rate_wad();
        let asset_rate_wad = if asset == LST { LST_RATE_WAD } else { WAD };
        let worth = part(amount, asset_rate_wad, WAD);
        let shares = world.deposit(MALLORY, asset, amount);
        assert!(shares.abs_diff(part(worth, WAD, rate_wad)) <= 1);
        // Out at the same rate, less the fee.
        let paid = world.redeem(MALLORY, WETH, shares / 100);
        let gross = part(shares / 100, world.rate_wad(), WAD);
        assert!(paid <= gross && paid >= gross * 9_990 / 10_000);
    }
}
