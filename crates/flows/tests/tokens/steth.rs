//! The rebasing token.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IErc20::{ERC20InsufficientBalance, Transfer, transferCall},
    ILst::*,
    IShared::Unauthorized,
    ISteth::*,
};
use weir_flows::Stage;

use crate::world::*;

fn submit(stage: &Stage, steth: Address, from: Address, ether: U256) -> U256 {
    stage
        .pay(
            from,
            steth,
            ether,
            &submitCall {
                referral: Address::ZERO,
            },
        )
        .unwrap()
        .value
}

#[test]
fn staking_gives_shares_at_the_rate_of_the_moment() {
    let stage = stage();
    let steth = steth(&stage);
    assert_eq!(submit(&stage, steth, ALICE, milli(10_000)), milli(10_000));
    stage
        .pay(OWNER, steth, milli(2_500), &accrueCall {})
        .unwrap();
    // 12.5 ether for 10 shares: 1.25 each.
    let submitted = stage
        .pay(BOB, steth, milli(5_000), &submitCall { referral: CAROL })
        .unwrap();
    assert_eq!(submitted.value, milli(4_000));
    let event = Submitted {
        sender: BOB,
        amount: milli(5_000),
        referral: CAROL,
    };
    assert_eq!(submitted.events::<Submitted>(steth), [event]);
    assert_eq!(
        submitted.events::<Transfer>(steth),
        [Transfer {
            from: Address::ZERO,
            to: BOB,
            value: milli(5_000)
        }]
    );
    let event = TransferShares {
        from: Address::ZERO,
        to: BOB,
        shares: milli(4_000),
    };
    assert_eq!(submitted.events::<TransferShares>(steth), [event]);
    assert_eq!(balance(&stage, steth, ALICE), milli(12_500));
    assert_eq!(balance(&stage, steth, BOB), milli(5_000));
    assert_eq!(supply(&stage, steth), milli(17_500));
    assert_eq!(stage.view(steth, &getTotalSharesCall {}), milli(14_000));
}

#[test]
fn yield_and_slashes_reach_every_balance_and_are_backed() {
    let stage = stage();
    let steth = steth(&stage);
    submit(&stage, steth, ALICE, milli(6_000));
    submit(&stage, steth, BOB, milli(2_000));

    let accrued = stage.pay(OWNER, steth, milli(800), &accrueCall {}).unwrap();
    assert_eq!(
        accrued.events::<Accrued>(steth),
        [Accrued {
            amount: milli(800),
            totalPooledEther: milli(8_800)
        }]
    );
    assert_eq!(balance(&stage, steth, ALICE), milli(6_600));
    assert_eq!(balance(&stage, steth, BOB), milli(2_200));
    assert_eq!(ether(&stage, steth), milli(8_800));

    let slashed = stage
        .send(
            OWNER,
            steth,
            &slashCall {
                amount: milli(4_800),
            },
        )
        .unwrap();
    assert_eq!(
        slashed.events::<Slashed>(steth),
        [Slashed {
            amount: milli(4_800),
            totalPooledEther: milli(4_000)
        }]
    );
    assert_eq!(balance(&stage, steth, ALICE), milli(3_000));
    assert_eq!(balance(&stage, steth, BOB), milli(1_000));
    assert_eq!(ether(&stage, steth), milli(4_000));
    assert_eq!(stage.view(steth, &totalPooledEtherCall {}), milli(4_000));
}

#[test]
fn only_the_owner_moves_the_rate_and_something_stays() {
    let stage = stage();
    let steth = steth(&stage);
    submit(&stage, steth, ALICE, milli(1_000));
    let refused = stage
        .pay(ALICE, steth, milli(1), &accrueCall {})
        .unwrap_err();
    assert_eq!(refused.error::<Unauthorized>().caller, ALICE);
    let refused = stage
        .send(ALICE, steth, &slashCall { amount: milli(1) })
        .unwrap_err();
    assert_eq!(refused.error::<Unauthorized>().caller, ALICE);
    for amount in [milli(1_000), milli(1_001)] {
        let refused = stage.send(OWNER, steth, &slashCall { amount }).unwrap_err();
        assert_eq!(
            refused.error::<PoolTooSmall>(),
            PoolTooSmall {
                pooled: milli(1_000),
                amount
            }
        );
    }
}

#[test]
fn shares_are_sent_as_shares_and_ether_as_ether() {
    let stage = stage();
    let steth = steth(&stage);
    submit(&stage, steth, ALICE, milli(10_000));
    stage
        .pay(OWNER, steth, milli(5_000), &accrueCall {})
        .unwrap();

    let sent = stage
        .send(
            ALICE,
            steth,
            &transferSharesCall {
                to: BOB,
                shares: milli(2_000),
            },
        )
        .unwrap();
    assert_eq!(sent.value, milli(3_000));
    assert_eq!(
        sent.events::<Transfer>(steth),
        [Transfer {
            from: ALICE,
            to: BOB,
            value: milli(3_000)
        }]
    );
    stage
        .send(
            BOB,
            steth,
            &transferCall {
                to: CAROL,
                value: milli(1_500),
            },
        )
        .unwrap();
    assert_eq!(
        stage.view(steth, &sharesOfCall { account: CAROL }),
        milli(1_000)
    );
    assert_eq!(
        stage.view(steth, &sharesOfCall { account: BOB }),
        milli(1_000)
    );

    let refused = stage
        .send(
            BOB,
            steth,
            &transferSharesCall {
                to: CAROL,
                shares: milli(1_001),
            },
        )
        .unwrap_err();
    let expected = ERC20InsufficientBalance {
        sender: BOB,
        balance: milli(1_500),
        needed: milli(1_501) + milli(1) / U256::from(2),
    };
    assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
    assert_eq!(
        stage.view(
            steth,
            &getPooledEthBySharesCall {
                shares: milli(2_000)
            }
        ),
        milli(3_000)
    );
    assert_eq!(
        stage.view(
            steth,
            &getSharesByPooledEthCall {
                ethAmount: milli(3_000)
            }
        ),
        milli(2_000)
    );
}

#[test]
fn yield_before_the_first_stake_goes_to_the_first_staker() {
    let stage = stage();
    let steth = steth(&stage);
    stage.pay(OWNER, steth, milli(100), &accrueCall {}).unwrap();
    assert_eq!(submit(&stage, steth, ALICE, milli(1_000)), milli(1_000));
    assert_eq!(balance(&stage, steth, ALICE), milli(1_100));
}
