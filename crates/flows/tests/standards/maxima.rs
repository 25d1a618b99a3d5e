//! `max…` never fails and is right: up to it works, above it does not. Previews of the asynchronous way always fail.

use alloy_primitives::U256;
use weir_abi::{IEntry::*, IVault};
use weir_flows::{
    actors::{ALICE, BOB},
    scene::{LST, WETH, wei},
};
use weir_protocol::{
    units::AMOUNT_LIMIT,
    vault::{AssetTerms, VaultStore},
};

use crate::desk::{Desk, redeem, withdraw};

fn max_deposit(desk: &Desk, asset: usize) -> U256 {
    desk.ask(asset, &maxDepositCall { receiver: ALICE })
}

/// 7540-3 and 7540-6, in states in which the vault itself refuses a lot.
#[test]
fn maxima_never_fail_and_previews_of_requests_always_do() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    let request = desk.request(ALICE, WETH, "10");
    let check = |deposits: bool| {
        for asset in [WETH, LST] {
            assert_eq!(!max_deposit(&desk, asset).is_zero(), deposits);
            assert_eq!(
                desk.ask(asset, &maxMintCall { receiver: ALICE }),
                U256::ZERO
            );
            desk.max_redeem(asset, ALICE);
            desk.max_withdraw(asset, ALICE);
            desk.status(asset, request, ALICE);
            desk.status(asset, U256::MAX, BOB);
            for value in [0, 1].map(U256::from) {
                let refusal = desk.refused(ALICE, asset, &previewRedeemCall { shares: value });
                refusal.error::<NoPreview>();
                let refusal = desk.refused(ALICE, asset, &previewWithdrawCall { assets: value });
                refusal.error::<NoPreview>();
                let refusal = desk.refused(ALICE, asset, &previewMintCall { shares: value });
                refusal.error::<NoMint>();
            }
        }
    };
    check(true);
    desk.scene.maturity(1);
    check(true);
    world.stage.and_back(|| {
        let pause = IVault::pauseDepositsCall {
            durationS: U256::from(3_600),
        };
        world.done(world.guardian, world.at.vault, &pause);
        check(false);
    });
    world.stage.and_back(|| {
        world.set_answer(LST, None);
        check(false);
    });
    world.stage.and_back(|| {
        for asset in [WETH, LST] {
            let delist = IVault::delistCall {
                token: desk.scene.token(asset),
            };
            world.done(world.governor, world.at.vault, &delist);
        }
        check(false);
    });
}

/// 7540-4 and 7540-7 of deposits.
#[test]
fn a_deposit_up_to_the_maximum_works_and_no_more() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    let receiver = ALICE;
    for (asset, cap) in [(WETH, "63.3"), (LST, "41.000000000000000009")] {
        let (token, cap) = (desk.scene.token(asset), wei(cap));
        world.done(
            world.governor,
            world.at.vault,
            &IVault::setCapCall { token, cap },
        );
        let max = max_deposit(&desk, asset);
        let assets = max + U256::ONE;
        let refusal = desk.refused(ALICE, asset, &depositCall { assets, receiver });
        refusal.error::<IVault::AboveCap>();
        for assets in [max / U256::from(3), max] {
            world.stage.and_back(|| {
                desk.done(ALICE, asset, &depositCall { assets, receiver });
            });
        }
        desk.done(
            ALICE,
            asset,
            &depositCall {
                assets: max,
                receiver,
            },
        );
        assert_eq!(max_deposit(&desk, asset), U256::ZERO);
    }
    let refusal = desk.refused(
        ALICE,
        WETH,
        &mintCall {
            shares: U256::ONE,
            receiver,
        },
    );
    refusal.error::<NoMint>();
}

/// The largest supply bounds a deposit too, where the cap is wide.
#[test]
fn the_maximum_keeps_the_supply_in_its_bounds() {
    let desk = Desk::new();
    let mut words = desk.scene.words();
    for asset in [WETH, LST] {
        let place = u8::try_from(asset).expect("a small number");
        // As wide as a cap can be, which takes the governor many epochs.
        let terms = AssetTerms {
            cap: AMOUNT_LIMIT - 1,
            ..words.asset_terms(place)
        };
        words.set_asset_terms(place, terms).expect("it is in range");
        let max = max_deposit(&desk, asset);
        desk.ask(asset, &previewDepositCall { assets: max });
    }
}

/// 7540-4 of claims; of 7540-7, that the whole of the maximum works. A part of it does not: a claim takes a whole request.
#[test]
fn a_claim_of_the_maximum_works_and_of_anything_else_does_not() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    desk.request(ALICE, WETH, "53");
    desk.scene.maturity(1);
    for asset in [WETH, LST] {
        // Requested through the entry of WETH, so it is claimed there.
        let of_weth = asset == WETH;
        assert_eq!(!desk.max_redeem(asset, ALICE).is_zero(), of_weth);
    }
    let (shares, assets) = (desk.max_redeem(WETH, ALICE), desk.max_withdraw(WETH, ALICE));
    assert_eq!((shares, assets), (wei("53"), wei("30")));
    let wei_of = U256::ONE;
    for asked in [
        U256::ZERO,
        wei_of,
        shares - wei_of,
        shares + wei_of,
        U256::MAX,
    ] {
        let refusal = desk.refused(ALICE, WETH, &redeem(asked, ALICE, ALICE));
        let whole: WholeRequestsOnly = refusal.error();
        assert_eq!((whole.claimable, whole.asked), (shares, asked));
    }
    for asked in [U256::ZERO, assets - wei_of, assets + wei_of] {
        let refusal = desk.refused(ALICE, WETH, &withdraw(asked, ALICE, ALICE));
        assert_eq!(refusal.error::<WholeRequestsOnly>().claimable, assets);
    }
    world.stage.and_back(|| {
        let sent = desk.done(ALICE, WETH, &withdraw(assets, ALICE, ALICE));
        assert_eq!(sent.value, shares);
        assert_eq!(desk.max_withdraw(WETH, ALICE), U256::ZERO);
    });
    let sent = desk.done(ALICE, WETH, &redeem(shares, ALICE, ALICE));
    assert_eq!(sent.value, assets);
    assert_eq!(desk.max_redeem(WETH, ALICE), U256::ZERO);
    desk.keeps_nothing();
}
