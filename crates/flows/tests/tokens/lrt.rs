//! What the vault does to the LRT, and nobody else.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IErc20::{
        ERC20InsufficientBalance, ERC20InvalidReceiver, ERC20InvalidSender, Transfer, nameCall,
        symbolCall,
    },
    ILrt::*,
    IShared::Unauthorized,
};
use weir_flows::DEPLOYER;

use crate::world::*;

/// The most that the supply can be: 2^96 - 1.
const MAX_SUPPLY: U256 = U256::from_limbs([u64::MAX, u32::MAX as u64, 0, 0]);

#[test]
fn it_is_named_by_init() {
    let stage = stage();
    let lrt = lrt(&stage);
    assert_eq!(stage.view(lrt, &nameCall {}), NAME);
    assert_eq!(stage.view(lrt, &symbolCall {}), SYMBOL);
    assert_eq!(stage.view(lrt, &vaultCall {}), VAULT);
}

#[test]
fn the_vault_mints_moves_and_burns_without_an_allowance() {
    let stage = stage();
    let lrt = lrt(&stage);
    let minted = mint(&stage, lrt, ALICE, milli(10_000));
    assert_eq!(
        minted.events::<Transfer>(lrt),
        [Transfer {
            from: Address::ZERO,
            to: ALICE,
            value: milli(10_000)
        }]
    );

    let escrow = transferByVaultCall {
        from: ALICE,
        to: BOB,
        value: milli(4_000),
    };
    let moved = stage.send(VAULT, lrt, &escrow).unwrap();
    assert_eq!(
        moved.events::<Transfer>(lrt),
        [Transfer {
            from: ALICE,
            to: BOB,
            value: milli(4_000)
        }]
    );
    assert_eq!(supply(&stage, lrt), milli(10_000));

    let burnt = stage
        .send(
            VAULT,
            lrt,
            &burnCall {
                from: BOB,
                value: milli(1_000),
            },
        )
        .unwrap();
    assert_eq!(
        burnt.events::<Transfer>(lrt),
        [Transfer {
            from: BOB,
            to: Address::ZERO,
            value: milli(1_000)
        }]
    );
    assert_eq!(balance(&stage, lrt, ALICE), milli(6_000));
    assert_eq!(balance(&stage, lrt, BOB), milli(3_000));
    assert_eq!(supply(&stage, lrt), milli(9_000));
}

#[test]
fn nobody_else_mints_moves_or_burns() {
    let stage = stage();
    let lrt = lrt(&stage);
    mint(&stage, lrt, ALICE, milli(1_000));
    for stranger in [ALICE, BOB, DEPLOYER] {
        let refusals = [
            stage
                .send(
                    stranger,
                    lrt,
                    &mintCall {
                        to: stranger,
                        value: milli(1),
                    },
                )
                .map(drop)
                .unwrap_err(),
            stage
                .send(
                    stranger,
                    lrt,
                    &burnCall {
                        from: ALICE,
                        value: milli(1),
                    },
                )
                .map(drop)
                .unwrap_err(),
            stage
                .send(
                    stranger,
                    lrt,
                    &transferByVaultCall {
                        from: ALICE,
                        to: stranger,
                        value: milli(1),
                    },
                )
                .map(drop)
                .unwrap_err(),
        ];
        for refused in refusals {
            assert_eq!(refused.error::<Unauthorized>().caller, stranger);
        }
    }
    assert_eq!(balance(&stage, lrt, ALICE), milli(1_000));
    assert_eq!(supply(&stage, lrt), milli(1_000));
}

#[test]
fn before_init_nobody_is_the_vault() {
    let stage = stage();
    let lrt = stage.deploy(&weir_artifacts::LRT);
    let refused = stage
        .send(
            VAULT,
            lrt,
            &mintCall {
                to: ALICE,
                value: milli(1),
            },
        )
        .unwrap_err();
    assert_eq!(refused.error::<Unauthorized>().caller, VAULT);
}

#[test]
fn the_supply_ends_at_96_bits() {
    let stage = stage();
    let lrt = lrt(&stage);
    mint(&stage, lrt, ALICE, MAX_SUPPLY - U256::ONE);
    mint(&stage, lrt, BOB, U256::ONE);
    assert_eq!(supply(&stage, lrt), MAX_SUPPLY);
    for (value, increased) in [(U256::ONE, MAX_SUPPLY + U256::ONE), (U256::MAX, U256::MAX)] {
        let refused = stage
            .send(VAULT, lrt, &mintCall { to: BOB, value })
            .unwrap_err();
        let expected = ERC20ExceededCap {
            increasedSupply: increased,
            cap: MAX_SUPPLY,
        };
        assert_eq!(refused.error::<ERC20ExceededCap>(), expected);
    }
    // The vault, which shares a slot with the supply, is still the vault.
    stage
        .send(
            VAULT,
            lrt,
            &burnCall {
                from: ALICE,
                value: MAX_SUPPLY - U256::ONE,
            },
        )
        .unwrap();
    stage
        .send(
            VAULT,
            lrt,
            &burnCall {
                from: BOB,
                value: U256::ONE,
            },
        )
        .unwrap();
    assert_eq!(supply(&stage, lrt), U256::ZERO);
    assert_eq!(stage.view(lrt, &vaultCall {}), VAULT);
}

#[test]
fn the_vault_too_keeps_to_balances_and_addresses() {
    let stage = stage();
    let lrt = lrt(&stage);
    mint(&stage, lrt, ALICE, milli(1));
    let refused = stage
        .send(
            VAULT,
            lrt,
            &burnCall {
                from: ALICE,
                value: milli(2),
            },
        )
        .unwrap_err();
    let expected = ERC20InsufficientBalance {
        sender: ALICE,
        balance: milli(1),
        needed: milli(2),
    };
    assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
    let zero = Address::ZERO;
    let refused = stage
        .send(
            VAULT,
            lrt,
            &mintCall {
                to: zero,
                value: milli(1),
            },
        )
        .unwrap_err();
    assert_eq!(refused.error::<ERC20InvalidReceiver>().receiver, zero);
    let refused = stage
        .send(
            VAULT,
            lrt,
            &burnCall {
                from: zero,
                value: U256::ZERO,
            },
        )
        .unwrap_err();
    assert_eq!(refused.error::<ERC20InvalidSender>().sender, zero);
    assert_eq!(supply(&stage, lrt), milli(1));
}
