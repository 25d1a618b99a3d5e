//! Fees on what was no gain, or more of one than agreed.

use weir_protocol::model::{Call, Config, Model, ModelError, Outcome};
use weir_protocol::units::WAD;
use weir_protocol::vault::{Fee, VaultError, VaultStore};

use crate::world::{ALICE, BOB, DAY_S, EPOCH_S, LST, LST_RATE_WAD, WETH, World, part};

const FEE_BPS: u16 = 1_000;

/// Alice and Bob in a vault that takes a tenth of its gains, of LST alone.
fn world() -> World {
    let config = Config {
        fee_bps: FEE_BPS,
        ..Config::default()
    };
    let mut model = Model::new(&config).expect("sound");
    for asset in [WETH, LST] {
        for holder in [ALICE, BOB] {
            model.give(asset, holder, 1_000 * WAD);
        }
    }
    let mut world = World(model);
    world.market(LST_RATE_WAD);
    world.deposit(ALICE, LST, 100 * WAD);
    world
}

fn set_rate(world: &mut World, rate_wad: u128) {
    let governor = world.0.config().governor;
    world.answer(Some(rate_wad));
    let asset = LST;
    world.by(governor, Call::AcceptRate { asset, rate_wad });
    world.market(rate_wad);
}

fn accrue(world: &mut World) -> Fee {
    match world.by(BOB, Call::Accrue) {
        Outcome::Accrued(fee) => fee,
        answer => panic!("{answer:?}"),
    }
}

fn set_fee(world: &mut World, fee_bps: u16) -> Fee {
    let governor = world.0.config().governor;
    match world.by(governor, Call::SetFee { fee_bps }) {
        Outcome::Accrued(fee) => fee,
        answer => panic!("{answer:?}"),
    }
}

/// Mellow's flexible vaults take `supply · fee · (gain) / rate` shares, which dilutes too little to begin with but charges by
/// the old price: on a doubling a fee of 10 % of the gain is billed as 18.2 % by the shares' worth of the old supply. Here the
/// shares are worth the fee at the rate after the mint, whatever the step.
#[test]
fn mellow_fee_formula_overcharges() {
    let mut world = world();
    let supply = world.supply();
    set_rate(&mut world, 2 * LST_RATE_WAD);
    let nav = 100 * 2 * LST_RATE_WAD;
    let fee = accrue(&mut world).shares;
    let gain = nav / 2;
    let worth = part(fee, nav, world.supply());
    let due = gain / 10;
    assert!(worth <= due && due - worth <= 2, "{worth} of {due}");
    // What supply · fee · gain / old rate would have minted.
    let mellow = supply / 10;
    let overcharged = part(mellow, nav, supply + mellow);
    assert_eq!(overcharged * 1_000 / gain, 181);
}

/// Fragmetric's fee change moved no mark: a fee that is set while the rate is under its high bills the way back up.
#[test]
fn fragmetric_fee_change_bills_recovery() {
    let mut world = world();
    set_rate(&mut world, LST_RATE_WAD * 120 / 100);
    accrue(&mut world);
    let high = world.0.vault().settings().hwm_wad;
    set_rate(&mut world, LST_RATE_WAD);
    assert_eq!(set_fee(&mut world, FEE_BPS + 250), Fee::default());
    set_rate(&mut world, LST_RATE_WAD * 119 / 100);
    assert_eq!(accrue(&mut world), Fee::default());
    assert_eq!(world.0.vault().settings().hwm_wad, high);

    // Nor does a fee of nothing for a while: what is gained meanwhile is never billed.
    set_fee(&mut world, 0);
    set_rate(&mut world, LST_RATE_WAD * 150 / 100);
    world.wait(EPOCH_S);
    assert_eq!(set_fee(&mut world, 10), Fee::default());
    assert_eq!(accrue(&mut world), Fee::default());
    set_rate(&mut world, LST_RATE_WAD * 151 / 100);
    assert!(accrue(&mut world).shares > 0);
}

/// Symbiotic's first vaults and others charge on each gain since the last look: a slash and its recovery are billed as profit.
#[test]
fn symbiotic_recovery_is_charged() {
    let mut world = world();
    world.secure();
    accrue(&mut world);
    let id = world.file(500_000_000_000_000_000);
    world.execute(id);
    let slashed = world.rate_wad();
    assert!(slashed < WAD);
    // Back to just under the mark, in many steps with a look at each.
    for step in 1..=10u128 {
        set_rate(&mut world, LST_RATE_WAD + part(LST_RATE_WAD, step * 3, 100));
        assert_eq!(accrue(&mut world), Fee::default(), "step {step}");
    }
    assert!(world.rate_wad() < WAD);
}

/// A fee in steps: a governor who may raise it as far as is allowed in a call could do so many times in a block.
#[test]
fn a_fee_rises_by_a_quarter_once_an_epoch() {
    let mut world = world();
    let governor = world.0.config().governor;
    set_fee(&mut world, FEE_BPS + 250);
    let again = world.refused(governor, Call::SetFee { fee_bps: 1_251 });
    let next_epoch = world.0.vault().head().closed + 1;
    let rose = VaultError::FeeRoseAlready { next_epoch };
    assert_eq!(again, ModelError::Vault(rose));
    // Down is always possible, and is no way around.
    set_fee(&mut world, 1_000);
    let again = world.refused(governor, Call::SetFee { fee_bps: 1_001 });
    assert_eq!(again, ModelError::Vault(rose));
    world.wait(EPOCH_S + DAY_S);
    let steep = world.refused(governor, Call::SetFee { fee_bps: 1_251 });
    let refused = VaultError::FeeRiseTooSteep {
        bps: 1_251,
        max_bps: 1_250,
    };
    assert_eq!(steep, ModelError::Vault(refused));
    set_fee(&mut world, 1_250);
}
