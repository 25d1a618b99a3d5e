//! What every token keeps of OpenZeppelin's ERC-20: amounts, allowances, events, errors with their values, the zero address.

use alloy_primitives::{Address, U256};
use weir_abi::IErc20::*;
use weir_flows::{Refusal, Sent, Stage};

use crate::world::*;

const NOBODY: Address = Address::ZERO;

/// Runs a check on each token in turn, of which Alice holds 5 for 5 ether. Shares are one for one with ether.
fn for_each_token(check: impl Fn(&Stage, Address)) {
    let stage = stage();
    for kind in Kind::ALL {
        println!("{kind:?}");
        let token = kind.deploy(&stage);
        acquire(&stage, kind, token, ALICE, milli(5_000));
        check(&stage, token);
    }
}

fn transfer(
    stage: &Stage,
    token: Address,
    from: Address,
    to: Address,
    value: U256,
) -> Result<Sent<bool>, Refusal> {
    stage.send(from, token, &transferCall { to, value })
}

fn approve(
    stage: &Stage,
    token: Address,
    owner: Address,
    spender: Address,
    value: U256,
) -> Result<Sent<bool>, Refusal> {
    stage.send(owner, token, &approveCall { spender, value })
}

fn transfer_from(
    stage: &Stage,
    token: Address,
    spender: Address,
    from: Address,
    to: Address,
    value: U256,
) -> Result<Sent<bool>, Refusal> {
    stage.send(spender, token, &transferFromCall { from, to, value })
}

#[test]
fn a_transfer_moves_its_value_and_says_so() {
    for_each_token(|stage, token| {
        let total = supply(stage, token);
        let sent = transfer(stage, token, ALICE, BOB, milli(2_000)).unwrap();
        assert!(sent.value);
        assert_eq!(
            sent.events::<Transfer>(token),
            [Transfer {
                from: ALICE,
                to: BOB,
                value: milli(2_000)
            }]
        );
        assert_eq!(balance(stage, token, ALICE), milli(3_000));
        assert_eq!(balance(stage, token, BOB), milli(2_000));
        assert_eq!(supply(stage, token), total);
    });
}

#[test]
fn a_transfer_of_nothing_or_to_oneself_changes_nothing() {
    for_each_token(|stage, token| {
        let nothing = transfer(stage, token, BOB, CAROL, U256::ZERO).unwrap();
        assert_eq!(
            nothing.events::<Transfer>(token),
            [Transfer {
                from: BOB,
                to: CAROL,
                value: U256::ZERO
            }]
        );
        transfer(stage, token, ALICE, ALICE, milli(5_000)).unwrap();
        assert_eq!(balance(stage, token, ALICE), milli(5_000));
        assert_eq!(balance(stage, token, BOB), U256::ZERO);
    });
}

#[test]
fn nobody_sends_more_than_they_hold() {
    for_each_token(|stage, token| {
        let needed = milli(5_000) + U256::ONE;
        let refused = transfer(stage, token, ALICE, BOB, needed).unwrap_err();
        let expected = ERC20InsufficientBalance {
            sender: ALICE,
            balance: milli(5_000),
            needed,
        };
        assert_eq!(refused.error::<ERC20InsufficientBalance>(), expected);
        assert_eq!(balance(stage, token, ALICE), milli(5_000));
    });
}

#[test]
fn an_allowance_is_spent_by_what_is_taken() {
    for_each_token(|stage, token| {
        let approved = approve(stage, token, ALICE, BOB, milli(3_000)).unwrap();
        assert!(approved.value);
        let event = Approval {
            owner: ALICE,
            spender: BOB,
            value: milli(3_000),
        };
        assert_eq!(approved.events::<Approval>(token), [event]);

        let taken = transfer_from(stage, token, BOB, ALICE, CAROL, milli(1_000)).unwrap();
        assert!(taken.value);
        assert_eq!(
            taken.events::<Transfer>(token),
            [Transfer {
                from: ALICE,
                to: CAROL,
                value: milli(1_000)
            }]
        );
        assert_eq!(taken.events::<Approval>(token), []);
        assert_eq!(allowance(stage, token, ALICE, BOB), milli(2_000));
        assert_eq!(balance(stage, token, CAROL), milli(1_000));

        let refused = transfer_from(stage, token, BOB, ALICE, CAROL, milli(2_001)).unwrap_err();
        let expected = ERC20InsufficientAllowance {
            spender: BOB,
            allowance: milli(2_000),
            needed: milli(2_001),
        };
        assert_eq!(refused.error::<ERC20InsufficientAllowance>(), expected);
    });
}

#[test]
fn an_endless_allowance_stays_endless() {
    for_each_token(|stage, token| {
        approve(stage, token, ALICE, BOB, U256::MAX).unwrap();
        transfer_from(stage, token, BOB, ALICE, CAROL, milli(1_000)).unwrap();
        assert_eq!(allowance(stage, token, ALICE, BOB), U256::MAX);
    });
}

#[test]
fn an_allowance_is_not_spent_by_a_refused_transfer() {
    for_each_token(|stage, token| {
        approve(stage, token, ALICE, BOB, milli(9_000)).unwrap();
        let refused = transfer_from(stage, token, BOB, ALICE, CAROL, milli(6_000)).unwrap_err();
        assert_eq!(
            refused.error::<ERC20InsufficientBalance>().needed,
            milli(6_000)
        );
        assert_eq!(allowance(stage, token, ALICE, BOB), milli(9_000));
    });
}

#[test]
fn the_zero_address_neither_holds_nor_approves_nor_spends() {
    for_each_token(|stage, token| {
        let refused = transfer(stage, token, ALICE, NOBODY, milli(1)).unwrap_err();
        assert_eq!(refused.error::<ERC20InvalidReceiver>().receiver, NOBODY);
        let refused = approve(stage, token, ALICE, NOBODY, milli(1)).unwrap_err();
        assert_eq!(refused.error::<ERC20InvalidSpender>().spender, NOBODY);
        let refused = transfer_from(stage, token, BOB, NOBODY, ALICE, U256::ZERO).unwrap_err();
        assert_eq!(refused.error::<ERC20InvalidApprover>().approver, NOBODY);
        let refused = transfer_from(stage, token, BOB, NOBODY, ALICE, milli(1)).unwrap_err();
        assert_eq!(
            refused.error::<ERC20InsufficientAllowance>().allowance,
            U256::ZERO
        );
    });
}

#[test]
fn every_token_has_a_name_and_18_decimals() {
    for_each_token(|stage, token| {
        assert!(!stage.view(token, &nameCall {}).is_empty());
        assert!(!stage.view(token, &symbolCall {}).is_empty());
        assert_eq!(stage.view(token, &decimalsCall {}), 18);
    });
}
