//! Wrapped ether.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IErc20::{ERC20InsufficientBalance, Transfer},
    IShared::TransferFailed,
    IWeth::*,
};
use weir_flows::evm::{self, Source};

use crate::world::*;

#[test]
fn ether_goes_in_and_comes_out_one_for_one() {
    let stage = stage();
    let weth = weth(&stage);
    let deposited = stage
        .pay(ALICE, weth, milli(3_000), &depositCall {})
        .unwrap();
    assert_eq!(
        deposited.events::<Deposit>(weth),
        [Deposit {
            dst: ALICE,
            wad: milli(3_000)
        }]
    );
    assert_eq!(
        deposited.events::<Transfer>(weth),
        [Transfer {
            from: Address::ZERO,
            to: ALICE,
            value: milli(3_000)
        }]
    );
    assert_eq!(supply(&stage, weth), milli(3_000));

    stage
        .send(
            ALICE,
            weth,
            &weir_abi::IErc20::transferCall {
                to: BOB,
                value: milli(1_000),
            },
        )
        .unwrap();
    let before = ether(&stage, weth);
    let withdrawn = stage
        .send(BOB, weth, &withdrawCall { value: milli(400) })
        .unwrap();
    assert_eq!(
        withdrawn.events::<Withdrawal>(weth),
        [Withdrawal {
            src: BOB,
            wad: milli(400)
        }]
    );
    assert_eq!(before - ether(&stage, weth), milli(400));
    assert_eq!(balance(&stage, weth, BOB), milli(600));
    assert_eq!(supply(&stage, weth), milli(2_600));
}

#[test]
fn plain_ether_is_a_deposit() {
    let stage = stage();
    let weth = weth(&stage);
    stage.send_bytes(ALICE, weth, milli(70), []).unwrap();
    assert_eq!(balance(&stage, weth, ALICE), milli(70));
}

#[test]
fn nobody_withdraws_more_than_they_hold() {
    let stage = stage();
    let weth = weth(&stage);
    stage.pay(ALICE, weth, milli(1), &depositCall {}).unwrap();
    let refused = stage
        .send(BOB, weth, &withdrawCall { value: milli(1) })
        .unwrap_err();
    let expected = ERC20InsufficientBalance {
        sender: BOB,
        balance: U256::ZERO,
        needed: milli(1),
    };
    assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
}

#[test]
fn a_receiver_that_refuses_ether_keeps_its_tokens() {
    let stage = stage();
    let weth = weth(&stage);
    let stubborn = stage.place(evm::source(&Source::Reverts));
    stage.pay(ALICE, weth, milli(5), &depositCall {}).unwrap();
    stage
        .send(
            ALICE,
            weth,
            &weir_abi::IErc20::transferCall {
                to: stubborn,
                value: milli(5),
            },
        )
        .unwrap();
    let refused = stage
        .send(stubborn, weth, &withdrawCall { value: milli(5) })
        .unwrap_err();
    let expected = TransferFailed {
        token: Address::ZERO,
        to: stubborn,
        amount: milli(5),
    };
    assert_eq!(refused.error::<TransferFailed>(), expected);
    assert_eq!(balance(&stage, weth, stubborn), milli(5));
}
