//! The token with an exchange rate.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IErc20::{ERC20InsufficientBalance, Transfer},
    ILst::{accrueCall, slashCall},
    IReth::*,
};

use crate::world::*;

#[test]
fn it_is_bought_and_sold_at_its_exchange_rate() {
    let stage = stage();
    let reth = reth(&stage);
    assert_eq!(stage.view(reth, &getExchangeRateCall {}), milli(1_000));
    let deposited = stage
        .pay(ALICE, reth, milli(10_000), &depositCall {})
        .unwrap();
    assert_eq!(
        deposited.events::<Transfer>(reth),
        [Transfer {
            from: Address::ZERO,
            to: ALICE,
            value: milli(10_000)
        }]
    );

    stage
        .pay(OWNER, reth, milli(2_500), &accrueCall {})
        .unwrap();
    assert_eq!(stage.view(reth, &getExchangeRateCall {}), milli(1_250));
    stage.pay(BOB, reth, milli(5_000), &depositCall {}).unwrap();
    assert_eq!(balance(&stage, reth, BOB), milli(4_000));
    assert_eq!(balance(&stage, reth, ALICE), milli(10_000));
    assert_eq!(supply(&stage, reth), milli(14_000));

    stage
        .send(
            OWNER,
            reth,
            &slashCall {
                amount: milli(3_500),
            },
        )
        .unwrap();
    assert_eq!(stage.view(reth, &getExchangeRateCall {}), milli(1_000));
    assert_eq!(
        stage.view(
            reth,
            &getEthValueCall {
                rethAmount: milli(7)
            }
        ),
        milli(7)
    );
    assert_eq!(
        stage.view(
            reth,
            &getRethValueCall {
                ethAmount: milli(7)
            }
        ),
        milli(7)
    );

    let before = ether(&stage, reth);
    stage
        .send(
            BOB,
            reth,
            &burnCall {
                amount: milli(4_000),
            },
        )
        .unwrap();
    assert_eq!(before - ether(&stage, reth), milli(4_000));
    stage
        .send(
            ALICE,
            reth,
            &burnCall {
                amount: milli(10_000),
            },
        )
        .unwrap();
    assert_eq!(ether(&stage, reth), U256::ZERO);
    assert_eq!(supply(&stage, reth), U256::ZERO);
}

#[test]
fn nobody_burns_more_than_they_hold() {
    let stage = stage();
    let reth = reth(&stage);
    stage
        .pay(ALICE, reth, milli(1_000), &depositCall {})
        .unwrap();
    let refused = stage
        .send(BOB, reth, &burnCall { amount: milli(1) })
        .unwrap_err();
    let expected = ERC20InsufficientBalance {
        sender: BOB,
        balance: U256::ZERO,
        needed: milli(1),
    };
    assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
}
