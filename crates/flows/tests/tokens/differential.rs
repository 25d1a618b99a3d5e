//! The LRT against a map of balances in memory: after any sequence of calls, by anybody, with any amounts, both agree to the
//! wei on balances, allowances, supply, and on which calls are refused.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use proptest::prelude::*;
use weir_abi::{
    IErc20::*,
    ILrt::{ERC20ExceededCap, burnCall, mintCall, transferByVaultCall},
    IShared::Unauthorized,
};
use weir_flows::Stage;

use crate::world::*;

const ACTORS: [Address; 5] = [ALICE, BOB, CAROL, VAULT, Address::ZERO];

#[derive(Clone, Debug)]
enum Step {
    Transfer(usize, usize, U256),
    Approve(usize, usize, U256),
    TransferFrom(usize, usize, usize, U256),
    Mint(usize, usize, U256),
    Burn(usize, usize, U256),
    Move(usize, usize, usize, U256),
}

fn step() -> impl Strategy<Value = Step> {
    // The zero address calls nothing, but is named.
    let caller = 0..4_usize;
    let anybody = 0..5_usize;
    let vault_mostly = prop_oneof![4 => Just(3_usize), 1 => 0..4_usize];
    let amount = prop_oneof![
        6 => (0..20_u64).prop_map(U256::from),
        1 => Just(U256::MAX),
        1 => Just(U256::from(1_u128 << 96)),
        1 => Just(U256::from((1_u128 << 96) - 1)),
    ];
    prop_oneof![
        (caller.clone(), anybody.clone(), amount.clone())
            .prop_map(|(a, b, v)| Step::Transfer(a, b, v)),
        (caller.clone(), anybody.clone(), amount.clone())
            .prop_map(|(a, b, v)| Step::Approve(a, b, v)),
        (caller, anybody.clone(), anybody.clone(), amount.clone())
            .prop_map(|(a, b, c, v)| Step::TransferFrom(a, b, c, v)),
        (vault_mostly.clone(), anybody.clone(), amount.clone())
            .prop_map(|(a, b, v)| Step::Mint(a, b, v)),
        (vault_mostly.clone(), anybody.clone(), amount.clone())
            .prop_map(|(a, b, v)| Step::Burn(a, b, v)),
        (vault_mostly, anybody.clone(), anybody, amount)
            .prop_map(|(a, b, c, v)| Step::Move(a, b, c, v)),
    ]
}

#[derive(Clone, Default)]
struct Model {
    balances: BTreeMap<Address, U256>,
    allowances: BTreeMap<(Address, Address), U256>,
}

/// The selector of the error that a call is refused with.
type Refused = [u8; 4];

impl Model {
    fn balance(&self, of: Address) -> U256 {
        self.balances.get(&of).copied().unwrap_or_default()
    }

    fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances
            .get(&(owner, spender))
            .copied()
            .unwrap_or_default()
    }

    fn supply(&self) -> U256 {
        self.balances
            .values()
            .fold(U256::ZERO, |sum, balance| sum + balance)
    }

    /// Leaves no trace where it refuses.
    fn apply(&mut self, step: &Step) -> Result<(), Refused> {
        let mut after = self.clone();
        after.run(step)?;
        *self = after;
        Ok(())
    }

    fn run(&mut self, step: &Step) -> Result<(), Refused> {
        match *step {
            Step::Transfer(caller, to, value) => self.transfer(ACTORS[caller], ACTORS[to], value),
            Step::Approve(caller, spender, value) => {
                self.approve(ACTORS[caller], ACTORS[spender], value)
            }
            Step::TransferFrom(caller, from, to, value) => {
                let (spender, from) = (ACTORS[caller], ACTORS[from]);
                let allowed = self.allowance(from, spender);
                if allowed != U256::MAX {
                    let left = allowed
                        .checked_sub(value)
                        .ok_or(ERC20InsufficientAllowance::SELECTOR)?;
                    self.approve(from, spender, left)?;
                }
                self.transfer(from, ACTORS[to], value)
            }
            Step::Mint(caller, to, value) => {
                vault_only(caller)?;
                let cap = U256::from((1_u128 << 96) - 1);
                if self
                    .supply()
                    .checked_add(value)
                    .is_none_or(|supply| supply > cap)
                {
                    return Err(ERC20ExceededCap::SELECTOR);
                }
                refuse_zero(ACTORS[to], ERC20InvalidReceiver::SELECTOR)?;
                *self.balances.entry(ACTORS[to]).or_default() += value;
                Ok(())
            }
            Step::Burn(caller, from, value) => {
                vault_only(caller)?;
                refuse_zero(ACTORS[from], ERC20InvalidSender::SELECTOR)?;
                self.debit(ACTORS[from], value)
            }
            Step::Move(caller, from, to, value) => {
                vault_only(caller)?;
                self.transfer(ACTORS[from], ACTORS[to], value)
            }
        }
    }

    fn transfer(&mut self, from: Address, to: Address, value: U256) -> Result<(), Refused> {
        refuse_zero(from, ERC20InvalidSender::SELECTOR)?;
        refuse_zero(to, ERC20InvalidReceiver::SELECTOR)?;
        self.debit(from, value)?;
        *self.balances.entry(to).or_default() += value;
        Ok(())
    }

    fn approve(&mut self, owner: Address, spender: Address, value: U256) -> Result<(), Refused> {
        refuse_zero(owner, ERC20InvalidApprover::SELECTOR)?;
        refuse_zero(spender, ERC20InvalidSpender::SELECTOR)?;
        self.allowances.insert((owner, spender), value);
        Ok(())
    }

    fn debit(&mut self, from: Address, value: U256) -> Result<(), Refused> {
        let left = self
            .balance(from)
            .checked_sub(value)
            .ok_or(ERC20InsufficientBalance::SELECTOR)?;
        self.balances.insert(from, left);
        Ok(())
    }
}

fn vault_only(caller: usize) -> Result<(), Refused> {
    if ACTORS[caller] == VAULT {
        Ok(())
    } else {
        Err(Unauthorized::SELECTOR)
    }
}

fn refuse_zero(address: Address, error: Refused) -> Result<(), Refused> {
    if address.is_zero() {
        Err(error)
    } else {
        Ok(())
    }
}

/// The same step on the chain.
fn run(stage: &Stage, lrt: Address, step: &Step) -> Result<(), Refused> {
    let (caller, data) = match *step {
        Step::Transfer(caller, to, value) => (
            caller,
            transferCall {
                to: ACTORS[to],
                value,
            }
            .abi_encode(),
        ),
        Step::Approve(caller, spender, value) => (
            caller,
            approveCall {
                spender: ACTORS[spender],
                value,
            }
            .abi_encode(),
        ),
        Step::TransferFrom(caller, from, to, value) => (
            caller,
            transferFromCall {
                from: ACTORS[from],
                to: ACTORS[to],
                value,
            }
            .abi_encode(),
        ),
        Step::Mint(caller, to, value) => (
            caller,
            mintCall {
                to: ACTORS[to],
                value,
            }
            .abi_encode(),
        ),
        Step::Burn(caller, from, value) => (
            caller,
            burnCall {
                from: ACTORS[from],
                value,
            }
            .abi_encode(),
        ),
        Step::Move(caller, from, to, value) => (
            caller,
            transferByVaultCall {
                from: ACTORS[from],
                to: ACTORS[to],
                value,
            }
            .abi_encode(),
        ),
    };
    match stage.send_bytes(ACTORS[caller], lrt, U256::ZERO, data) {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refusal
            .data
            .first_chunk()
            .copied()
            .expect("a refusal is typed")),
    }
}

#[test]
fn the_lrt_is_a_map_of_balances() {
    let stage = stage();
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(24);
    proptest!(ProptestConfig::with_cases(cases), |(steps in prop::collection::vec(step(), 1..40))| {
        let lrt = lrt(&stage);
        let mut model = Model::default();
        for step in &steps {
            prop_assert_eq!(run(&stage, lrt, step), model.apply(step), "{:?}", step);
        }
        prop_assert_eq!(supply(&stage, lrt), model.supply());
        for owner in ACTORS {
            prop_assert_eq!(balance(&stage, lrt, owner), model.balance(owner));
            for spender in ACTORS {
                prop_assert_eq!(allowance(&stage, lrt, owner, spender), model.allowance(owner, spender));
            }
        }
    });
}
