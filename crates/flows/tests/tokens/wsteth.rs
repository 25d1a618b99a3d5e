//! The wrapper of the rebasing token.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IErc20::{ERC20InsufficientBalance, Transfer, approveCall},
    ILst::{accrueCall, slashCall},
    IShared::{NotPayable, TransferFailed},
    ISteth::{sharesOfCall, submitCall},
    IWsteth::*,
};
use weir_flows::Stage;

use crate::world::*;

/// Alice holds rebasing tokens for 8 ether at a rate of 1.25, and lets the wrapper take them.
fn ready() -> (Stage, Address, Address) {
    let stage = stage();
    let (wsteth, steth) = wsteth(&stage);
    stage
        .pay(
            OWNER,
            steth,
            milli(1_000),
            &submitCall {
                referral: Address::ZERO,
            },
        )
        .unwrap();
    stage.pay(OWNER, steth, milli(250), &accrueCall {}).unwrap();
    stage
        .pay(
            ALICE,
            steth,
            milli(8_000),
            &submitCall {
                referral: Address::ZERO,
            },
        )
        .unwrap();
    stage
        .send(
            ALICE,
            steth,
            &approveCall {
                spender: wsteth,
                value: U256::MAX,
            },
        )
        .unwrap();
    (stage, wsteth, steth)
}

#[test]
fn wrapping_gives_a_token_for_each_share() {
    let (stage, wsteth, steth) = ready();
    let wrapped = stage
        .send(
            ALICE,
            wsteth,
            &wrapCall {
                stEthAmount: milli(5_000),
            },
        )
        .unwrap();
    assert_eq!(wrapped.value, milli(4_000));
    assert_eq!(balance(&stage, wsteth, ALICE), milli(4_000));
    assert_eq!(balance(&stage, steth, ALICE), milli(3_000));
    assert_eq!(
        stage.view(steth, &sharesOfCall { account: wsteth }),
        milli(4_000)
    );
    assert_eq!(supply(&stage, wsteth), milli(4_000));

    let unwrapped = stage
        .send(
            ALICE,
            wsteth,
            &unwrapCall {
                wstEthAmount: milli(1_000),
            },
        )
        .unwrap();
    assert_eq!(unwrapped.value, milli(1_250));
    assert_eq!(balance(&stage, steth, ALICE), milli(4_250));
    assert_eq!(supply(&stage, wsteth), milli(3_000));
}

#[test]
fn its_rate_follows_yield_and_slashes() {
    let (stage, wsteth, steth) = ready();
    assert_eq!(stage.view(wsteth, &stEthPerTokenCall {}), milli(1_250));
    assert_eq!(stage.view(wsteth, &tokensPerStEthCall {}), milli(800));
    // 9.25 ether for 7.4 shares; then 11.1, then 3.7.
    stage
        .pay(OWNER, steth, milli(1_850), &accrueCall {})
        .unwrap();
    assert_eq!(stage.view(wsteth, &stEthPerTokenCall {}), milli(1_500));
    stage
        .send(
            OWNER,
            steth,
            &slashCall {
                amount: milli(7_400),
            },
        )
        .unwrap();
    assert_eq!(stage.view(wsteth, &stEthPerTokenCall {}), milli(500));
    assert_eq!(
        stage.view(
            wsteth,
            &getStETHByWstETHCall {
                wstEthAmount: milli(10)
            }
        ),
        milli(5)
    );
    assert_eq!(
        stage.view(
            wsteth,
            &getWstETHByStETHCall {
                stEthAmount: milli(10)
            }
        ),
        milli(20)
    );
}

#[test]
fn plain_ether_is_staked_and_wrapped() {
    let (stage, wsteth, steth) = ready();
    assert_eq!(stage.view(wsteth, &stETHCall {}), steth);
    stage.send_bytes(BOB, wsteth, milli(2_500), []).unwrap();
    assert_eq!(balance(&stage, wsteth, BOB), milli(2_000));
    assert_eq!(ether(&stage, wsteth), U256::ZERO);
    let refused = stage
        .pay(
            BOB,
            wsteth,
            milli(1),
            &wrapCall {
                stEthAmount: milli(1),
            },
        )
        .unwrap_err();
    assert_eq!(refused.error::<NotPayable>().value, milli(1));
}

#[test]
fn nothing_is_wrapped_that_was_not_received() {
    let (stage, wsteth, steth) = ready();
    let refused = stage
        .send(
            OWNER,
            wsteth,
            &wrapCall {
                stEthAmount: milli(100),
            },
        )
        .unwrap_err();
    let expected = TransferFailed {
        token: steth,
        to: wsteth,
        amount: milli(100),
    };
    assert_eq!(refused.error::<TransferFailed>(), expected);
    assert_eq!(supply(&stage, wsteth), U256::ZERO);
    let refused = stage
        .send(
            ALICE,
            wsteth,
            &unwrapCall {
                wstEthAmount: U256::ONE,
            },
        )
        .unwrap_err();
    let expected = ERC20InsufficientBalance {
        sender: ALICE,
        balance: U256::ZERO,
        needed: U256::ONE,
    };
    assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
}

#[test]
fn a_wrap_is_logged_as_a_mint_and_the_tokens_that_came() {
    let (stage, wsteth, steth) = ready();
    let wrapped = stage
        .send(
            ALICE,
            wsteth,
            &wrapCall {
                stEthAmount: milli(5_000),
            },
        )
        .unwrap();
    let minted = Transfer {
        from: Address::ZERO,
        to: ALICE,
        value: milli(4_000),
    };
    let taken = Transfer {
        from: ALICE,
        to: wsteth,
        value: milli(5_000),
    };
    assert_eq!(wrapped.events::<Transfer>(wsteth), [minted]);
    assert_eq!(wrapped.events::<Transfer>(steth), [taken]);
}
