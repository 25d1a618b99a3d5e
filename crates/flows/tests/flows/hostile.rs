//! Tokens with bad manners: they harm who is paid in them, and nobody else.

use alloy_primitives::U256;
use weir_abi::{
    IErc20::{balanceOfCall, transferCall, transferFromCall},
    IExits::Claimed,
    IShared::{BadAnswer, TransferFailed},
    IVault::{BalanceMismatch, ReleaseFailed},
};
use weir_flows::{
    actors::{ALICE, BOB},
    evm::Manner,
    scene::{Scene, WETH, wei},
};

/// Alice has 60 WETH in the vault, Bob 40 LST; Bob's batch of 46 shares, nearly half of all, is ready to be claimed.
fn settled() -> (Scene, U256) {
    let scene = Scene::with_holders();
    let ticket = scene.request(BOB, "46").value;
    scene.maturity(1);
    scene.sync();
    (scene, ticket)
}

/// 46 of 106 shares are 43.4 % of every asset.
const PAID: &str = "
    alice   59.999  0                     0
    bob     0       26.037735849056603773 17.358490566037735849
    vault   0       33.962264150943396227 22.641509433962264151
    locked  0.001   0                     0";
const WITHOUT_WETH: &str = "
    alice   59.999  0   0
    bob     0       0   17.358490566037735849
    vault   0       60  22.641509433962264151
    locked  0.001   0   0";

#[test]
fn a_token_that_burns_all_gas_holds_up_no_other_and_stays_owed() {
    let (scene, ticket) = settled();
    let at = scene.world.at;
    for manner in [Manner::BurnsGas, Manner::Reverts, Manner::AnswersFalse] {
        scene.world.stage.and_back(|| {
            scene.world.set_manner::<transferCall>(WETH, &manner);
            let claimed = scene.claim(ticket);
            let failed: ReleaseFailed = claimed.event(at.vault);
            assert_eq!((failed.asset, failed.to), (scene.token(WETH), BOB));
            let event: Claimed = claimed.event(at.exits);
            assert_eq!(event.amounts[0], U256::ZERO, "{manner:?}");
            assert!(!event.finished);
            scene.stands(WITHOUT_WETH);

            scene
                .world
                .set_manner::<transferCall>(WETH, &Manner::Honest);
            let claimed = scene.claim(ticket);
            assert_eq!(claimed.value[0], failed.amount);
            scene.stands(PAID);
        });
    }
}

#[test]
fn a_token_that_answers_nothing_or_keeps_some_is_paid_out() {
    let (scene, ticket) = settled();
    for (manner, kept) in [(Manner::AnswersNothing, 0), (Manner::KeepsAWei, 1)] {
        scene.world.stage.and_back(|| {
            scene.world.set_manner::<transferCall>(WETH, &manner);
            let paid = scene.claim(ticket).value;
            let received = scene.world.balance(scene.token(WETH), BOB);
            assert_eq!(received + U256::from(kept), paid[0], "{manner:?}");
        });
    }
}

#[test]
fn a_token_that_only_says_it_paid_takes_from_the_one_it_should_have_paid() {
    let (scene, ticket) = settled();
    for manner in [Manner::Lies, Manner::Babbles] {
        scene.world.stage.and_back(|| {
            scene.world.set_manner::<transferCall>(WETH, &manner);
            scene.claim(ticket);
            scene.stands(WITHOUT_WETH);
        });
    }
}

#[test]
fn a_deposit_is_what_arrives() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    for manner in [
        Manner::Lies,
        Manner::KeepsAWei,
        Manner::Babbles,
        Manner::AnswersFalse,
        Manner::Reverts,
        Manner::BurnsGas,
    ] {
        scene.world.set_manner::<transferFromCall>(WETH, &manner);
        let deposit = scene.deposit_call(ALICE, WETH, "60");
        let refusal = scene.world.refused(ALICE, scene.world.at.vault, &deposit);
        match manner {
            Manner::Lies | Manner::KeepsAWei | Manner::Babbles => {
                let refused: BalanceMismatch = refusal.error();
                assert_eq!(
                    (refused.token, refused.expected),
                    (scene.token(WETH), wei("60"))
                );
                assert!(refused.measured < refused.expected);
            }
            _ => {
                let refused: TransferFailed = refusal.error();
                assert_eq!(
                    (refused.token, refused.to),
                    (scene.token(WETH), scene.world.at.vault)
                );
            }
        }
        scene.stands("alice 0 60 0");
    }
}

#[test]
fn a_deposit_of_a_token_that_lies_about_balances_is_refused() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    for manner in [
        Manner::AnswersFalse,
        Manner::Lies,
        Manner::Babbles,
        Manner::Reverts,
        Manner::BurnsGas,
    ] {
        scene.world.set_manner::<balanceOfCall>(WETH, &manner);
        let deposit = scene.deposit_call(ALICE, WETH, "60");
        let refusal = scene.world.refused(ALICE, scene.world.at.vault, &deposit);
        match manner {
            Manner::Babbles | Manner::Reverts | Manner::BurnsGas => {
                assert_eq!(refusal.error::<BadAnswer>().target, scene.token(WETH));
            }
            _ => assert_eq!(refusal.error::<BalanceMismatch>().measured, U256::ZERO),
        }
        scene
            .world
            .set_manner::<balanceOfCall>(WETH, &Manner::Honest);
        scene.stands("alice 0 60 0");
    }
}

#[test]
fn a_token_that_answers_nothing_is_deposited() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene
        .world
        .set_manner::<transferFromCall>(WETH, &Manner::AnswersNothing);
    scene.deposit(ALICE, WETH, "60");
    scene.stands(
        "alice   59.999  0   0
         vault   0       60  0
         locked  0.001   0   0",
    );
}
