//! The core of an ERC-20: balances and allowances. The supply is the token's own affair.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{
    prelude::*,
    storage::{StorageMap, StorageU256},
};
use weir_abi::IErc20::{
    Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidApprover,
    ERC20InvalidReceiver, ERC20InvalidSender, ERC20InvalidSpender, Transfer, transferFromCall,
};

use crate::{Outcome, log};

/// Balances and allowances, with the rules, errors and events of OpenZeppelin's ERC-20.
#[storage]
pub struct Erc20 {
    balances: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
}

impl Erc20 {
    /// The balance of `account` in wei.
    pub fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    /// What `spender` may still take from `owner`, in wei.
    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.getter(owner).get(spender)
    }

    /// Moves `value` wei. Emits `Transfer`.
    ///
    /// # Errors
    /// `ERC20InvalidSender` and `ERC20InvalidReceiver` for the zero address, `ERC20InsufficientBalance`.
    pub fn transfer(&mut self, from: Address, to: Address, value: U256) -> Outcome<()> {
        if from.is_zero() {
            return Err(ERC20InvalidSender { sender: from }.into());
        }
        if to.is_zero() {
            return Err(ERC20InvalidReceiver { receiver: to }.into());
        }
        self.debit(from, value)?;
        self.credit(to, value);
        log!(self.vm(), Transfer [from, to] { value });
        Ok(())
    }

    /// Moves `value` wei of another account by the allowance of `spender`. Emits `Transfer`.
    ///
    /// # Errors
    /// Those of [`Self::spend`] and [`Self::transfer`].
    pub fn transfer_from(&mut self, spender: Address, call: transferFromCall) -> Outcome<()> {
        self.spend(call.from, spender, call.value)?;
        self.transfer(call.from, call.to, call.value)
    }

    /// Makes `value` wei for `to`. The caller has raised its supply and knows that it did not overflow. Emits `Transfer`.
    ///
    /// # Errors
    /// `ERC20InvalidReceiver` for the zero address.
    pub fn mint(&mut self, to: Address, value: U256) -> Outcome<()> {
        if to.is_zero() {
            return Err(ERC20InvalidReceiver { receiver: to }.into());
        }
        self.credit(to, value);
        log!(self.vm(), Transfer [from: Address::ZERO, to] { value });
        Ok(())
    }

    /// Destroys `value` wei of `from`. The caller lowers its supply after. Emits `Transfer`.
    ///
    /// # Errors
    /// `ERC20InvalidSender` for the zero address, `ERC20InsufficientBalance`.
    pub fn burn(&mut self, from: Address, value: U256) -> Outcome<()> {
        if from.is_zero() {
            return Err(ERC20InvalidSender { sender: from }.into());
        }
        self.debit(from, value)?;
        log!(self.vm(), Transfer [from, to: Address::ZERO] { value });
        Ok(())
    }

    /// Sets what `spender` may take from `owner`. Emits `Approval`.
    ///
    /// # Errors
    /// `ERC20InvalidApprover` and `ERC20InvalidSpender` for the zero address.
    pub fn approve(&mut self, owner: Address, spender: Address, value: U256) -> Outcome<()> {
        self.set_allowance(owner, spender, value)?;
        log!(self.vm(), Approval [owner, spender] { value });
        Ok(())
    }

    /// Takes `value` wei off what `spender` may take from `owner`, unless that is 2^256 - 1. Emits nothing.
    ///
    /// # Errors
    /// `ERC20InsufficientAllowance`, and those of [`Self::approve`].
    pub fn spend(&mut self, owner: Address, spender: Address, value: U256) -> Outcome<()> {
        let allowance = self.allowance(owner, spender);
        if allowance == U256::MAX {
            return Ok(());
        }
        let Some(left) = allowance.checked_sub(value) else {
            return Err(ERC20InsufficientAllowance {
                spender,
                allowance,
                needed: value,
            }
            .into());
        };
        self.set_allowance(owner, spender, left)
    }

    fn set_allowance(&mut self, owner: Address, spender: Address, value: U256) -> Outcome<()> {
        if owner.is_zero() {
            return Err(ERC20InvalidApprover { approver: owner }.into());
        }
        if spender.is_zero() {
            return Err(ERC20InvalidSpender { spender }.into());
        }
        self.allowances.setter(owner).insert(spender, value);
        Ok(())
    }

    /// Takes `value` wei off `from`. Emits nothing.
    ///
    /// # Errors
    /// `ERC20InsufficientBalance`.
    pub fn debit(&mut self, from: Address, value: U256) -> Outcome<()> {
        let mut slot = self.balances.setter(from);
        let balance = slot.get();
        let Some(left) = balance.checked_sub(value) else {
            return Err(ERC20InsufficientBalance {
                sender: from,
                balance,
                needed: value,
            }
            .into());
        };
        slot.set(left);
        Ok(())
    }

    /// Gives `value` wei to `to`. Emits nothing. Cannot overflow where the supply does not: a balance is a part of it.
    pub fn credit(&mut self, to: Address, value: U256) {
        let mut slot = self.balances.setter(to);
        let balance = slot.get();
        slot.set(balance.wrapping_add(value));
    }
}
