//! What an entry says it is, what it says shares are worth, and what a deposit does.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use weir_abi::{
    IEntry::{self, *},
    IErc20::{allowanceCall, approveCall, totalSupplyCall},
    IShare,
    IShared::{TransferFailed, ZeroAmount},
    IVault,
};
use weir_flows::{
    actors::{ALICE, BOB, CAROL},
    scene::{LST, WETH, wei},
};

use crate::desk::Desk;

/// The id of an ERC-165 interface: all its selectors, added without carry.
fn id(selectors: &[[u8; 4]]) -> [u8; 4] {
    let sum = selectors
        .iter()
        .fold(0, |sum, selector| sum ^ u32::from_be_bytes(*selector));
    sum.to_be_bytes()
}

#[test]
fn an_entry_says_what_it_is_and_the_share_token_finds_it() {
    let desk = Desk::new();
    let erc165 = id(&[supportsInterfaceCall::SELECTOR]);
    let erc7575 = id(&[
        assetCall::SELECTOR,
        shareCall::SELECTOR,
        convertToAssetsCall::SELECTOR,
        convertToSharesCall::SELECTOR,
        totalAssetsCall::SELECTOR,
        maxDepositCall::SELECTOR,
        previewDepositCall::SELECTOR,
        depositCall::SELECTOR,
        maxMintCall::SELECTOR,
        previewMintCall::SELECTOR,
        mintCall::SELECTOR,
        maxRedeemCall::SELECTOR,
        previewRedeemCall::SELECTOR,
        redeemCall::SELECTOR,
        maxWithdrawCall::SELECTOR,
        previewWithdrawCall::SELECTOR,
        withdrawCall::SELECTOR,
    ]);
    let operators = id(&[setOperatorCall::SELECTOR, isOperatorCall::SELECTOR]);
    let redemption = id(&[
        requestRedeemCall::SELECTOR,
        pendingRedeemRequestCall::SELECTOR,
        claimableRedeemRequestCall::SELECTOR,
    ]);
    let share = id(&[IShare::vaultCall::SELECTOR]);
    // As the standards print them; the last of ERC-7540 is that of asynchronous deposits, which are synchronous here.
    assert_eq!(
        [erc165, erc7575, operators, redemption, share].map(u32::from_be_bytes),
        [0x01ffc9a7, 0x2f0a18c5, 0xe3bc4e65, 0x620ee8e4, 0xf815c03d]
    );
    let of_entry = |id: [u8; 4]| {
        desk.ask(
            WETH,
            &supportsInterfaceCall {
                interfaceId: id.into(),
            },
        )
    };
    let of_share = |id: [u8; 4]| {
        let call = IShare::supportsInterfaceCall {
            interfaceId: id.into(),
        };
        desk.scene.world.ask(desk.scene.world.at.lrt, &call)
    };
    for id in [erc165, erc7575, operators, redemption] {
        assert!(of_entry(id));
        assert_eq!(of_share(id), id == erc165);
    }
    assert!(of_share(share));
    for id in [share, [0xff; 4], [0xce, 0x3b, 0xbe, 0x50]] {
        assert!(!of_entry(id), "{id:x?}");
    }

    for asset in [WETH, LST] {
        let token = desk.scene.token(asset);
        assert_eq!(desk.ask(asset, &assetCall {}), token);
        assert_eq!(desk.ask(asset, &shareCall {}), desk.scene.world.at.lrt);
        let lookup = IShare::vaultCall { asset: token };
        let found = desk.scene.world.ask(desk.scene.world.at.lrt, &lookup);
        assert_eq!(found, desk.entries[asset]);
    }
}

/// 7540-1 and 7540-2, at rates that divide nothing evenly.
#[test]
fn all_shares_are_worth_all_assets() {
    let desk = Desk::new();
    desk.scene.world.stage.advance(24 * 60 * 60);
    desk.scene
        .world
        .set_answer(LST, Some(wei("1.150123456789012345")));
    let supply = desk
        .scene
        .world
        .ask(desk.scene.world.at.lrt, &totalSupplyCall {});
    let lst_value = wei("40") * wei("1.150123456789012345") / wei("1");
    for (asset, rate) in [(WETH, wei("1")), (LST, wei("1.150123456789012345"))] {
        let all = desk.ask(asset, &totalAssetsCall {});
        assert_eq!(all, (wei("60") + lst_value) * wei("1") / rate);
        // A gain that a fee is due on: it dilutes every share a little in what follows.
        let state = desk.scene.state();
        let assets = desk.ask(
            asset,
            &convertToAssetsCall {
                shares: state.supply,
            },
        );
        assert_eq!(assets, all);
        assert!(state.supply >= supply);
        let shares = desk.ask(asset, &convertToSharesCall { assets: all });
        assert!(state.supply - shares <= U256::from(2), "{shares}");
        for amount in [1, 7, 1_000_000_007_u64].map(U256::from) {
            let shares = desk.ask(asset, &convertToSharesCall { assets: amount });
            let back = desk.ask(asset, &convertToAssetsCall { shares });
            assert!(back <= amount);
        }
    }
}

/// `prop_previewDeposit`, `prop_deposit`: shares are as previewed, and balances and allowance move by what was said.
#[test]
fn a_deposit_does_what_its_preview_says() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    for (asset, amount) in [(WETH, "3.000000000000000007"), (LST, "2.3"), (LST, "0.1")] {
        let (assets, token) = (wei(amount), desk.scene.token(asset));
        let approve = approveCall {
            spender: desk.entries[asset],
            value: wei("5"),
        };
        world.done(ALICE, token, &approve);
        let preview = desk.ask(asset, &previewDepositCall { assets });
        let before = [desk.balance(asset, ALICE), desk.share(CAROL)];
        let receiver = CAROL;
        let sent = desk.done(ALICE, asset, &depositCall { assets, receiver });
        assert_eq!(sent.value, preview);
        assert_eq!(desk.balance(asset, ALICE), before[0] - assets);
        assert_eq!(desk.share(CAROL), before[1] + preview);
        let left = allowanceCall {
            owner: ALICE,
            spender: desk.entries[asset],
        };
        assert_eq!(world.ask(token, &left), wei("5") - assets);
        let event = sent.event::<IEntry::Deposit>(desk.entries[asset]);
        assert_eq!((event.sender, event.owner), (ALICE, CAROL));
        assert_eq!((event.assets, event.shares), (assets, preview));
        desk.keeps_nothing();
    }
}

/// A fee, a market guard and a cap count in the preview, which says why it is refused: ERC-4626 would have it answer above a limit.
#[test]
fn a_preview_counts_what_a_deposit_costs_and_says_why_it_would_be_refused() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    let token = desk.scene.token(WETH);
    let fee = IVault::setDepositFeeCall {
        token,
        feeBps: U256::from(100),
    };
    world.done(world.governor, world.at.vault, &fee);
    let assets = wei("1");
    assert_eq!(desk.ask(WETH, &previewDepositCall { assets }), wei("0.99"));
    assert_eq!(desk.ask(WETH, &convertToSharesCall { assets }), assets);
    let cap = wei("60.5");
    world.done(
        world.governor,
        world.at.vault,
        &IVault::setCapCall { token, cap },
    );
    let refusal = desk.refused(ALICE, WETH, &previewDepositCall { assets });
    assert_eq!(refusal.error::<IVault::AboveCap>().cap, cap);
    let receiver = ALICE;
    let refusal = desk.refused(ALICE, WETH, &depositCall { assets, receiver });
    assert_eq!(refusal.error::<IVault::AboveCap>().attempted, wei("61"));
}

#[test]
fn a_deposit_without_money_or_allowance_leaves_no_trace() {
    let desk = Desk::new();
    let receiver = BOB;
    let none = depositCall {
        assets: U256::ZERO,
        receiver,
    };
    desk.refused(ALICE, WETH, &none).error::<ZeroAmount>();
    let more = depositCall {
        assets: wei("10.000000000000000001"),
        receiver,
    };
    let failed: TransferFailed = desk.refused(ALICE, WETH, &more).error();
    assert_eq!(failed.token, desk.scene.token(WETH));
    let stranger = weir_flows::actors::STRANGER;
    let one = depositCall {
        assets: wei("1"),
        receiver,
    };
    desk.refused(stranger, WETH, &one).error::<TransferFailed>();
    desk.keeps_nothing();
}
