//! The pool of ether behind a liquid staking token of a development chain, and its owner.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageU256},
};
use weir_abi::{
    ILst::{Accrued, PoolTooSmall, Slashed},
    IShared::{Overflow, Unauthorized},
};

use crate::{Outcome, deployer, ether, log};

/// Ether, the shares that divide it, and the owner who pays yield into it or destroys a part.
#[storage]
pub struct Pool {
    owner: StorageAddress,
    ether: StorageU256,
    shares: StorageU256,
}

impl Pool {
    /// Names the owner: see [`deployer::take`].
    pub fn init(&mut self, owner: Address) -> Outcome<()> {
        deployer::take(self.vm())?;
        self.owner.set(owner);
        Ok(())
    }

    /// Who moves the rate.
    pub fn owner(&self) -> Address {
        self.owner.get()
    }

    /// Ether behind all shares, in wei.
    pub fn ether(&self) -> U256 {
        self.ether.get()
    }

    /// All shares, in wei.
    pub fn shares(&self) -> U256 {
        self.shares.get()
    }

    /// Shares worth `ether` wei, rounded down; one for one while there are none.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn shares_of(&self, ether: U256) -> Outcome<U256> {
        self.convert(ether, self.shares.get(), self.ether.get())
    }

    /// What `shares` are worth in wei of ether, rounded down; one for one while there are none.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn ether_of(&self, shares: U256) -> Outcome<U256> {
        self.convert(shares, self.ether.get(), self.shares.get())
    }

    /// Adds the ether of the call for new shares, and answers how many: they are for the caller to credit.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn enter(&mut self) -> Outcome<U256> {
        let ether = self.vm().msg_value();
        let shares = self.shares_of(ether)?;
        self.ether.set(add(self.ether.get(), ether)?);
        self.shares.set(add(self.shares.get(), shares)?);
        Ok(shares)
    }

    /// Takes off `shares` that the caller has burnt, and answers the ether that is to be sent for them.
    ///
    /// # Errors
    /// `Overflow`, `PoolTooSmall`.
    pub fn leave(&mut self, shares: U256) -> Outcome<U256> {
        let ether = self.ether_of(shares)?;
        self.ether.set(self.less(ether)?);
        self.shares
            .set(self.shares.get().checked_sub(shares).ok_or(Overflow {})?);
        Ok(ether)
    }

    /// Adds the ether of the call to what the shares are worth. Emits `Accrued`.
    ///
    /// # Errors
    /// `Unauthorized`, `Overflow`.
    pub fn accrue(&mut self) -> Outcome<()> {
        self.only_owner()?;
        let amount = self.vm().msg_value();
        let total = add(self.ether.get(), amount)?;
        self.ether.set(total);
        log!(self.vm(), Accrued [] { amount, totalPooledEther: total });
        Ok(())
    }

    /// Destroys `amount` wei of the ether. Some must remain, because shares of nothing have no rate. Emits `Slashed`.
    ///
    /// # Errors
    /// `Unauthorized`, `PoolTooSmall`.
    pub fn slash(&mut self, amount: U256) -> Outcome<()> {
        self.only_owner()?;
        let left = self.less(amount)?;
        if left.is_zero() {
            return Err(PoolTooSmall {
                pooled: self.ether.get(),
                amount,
            }
            .into());
        }
        self.ether.set(left);
        log!(self.vm(), Slashed [] { amount, totalPooledEther: left });
        ether::send(self.vm(), Address::ZERO, amount)
    }

    /// `amount · to / from`, rounded down. While there are shares there is ether, so that neither is zero.
    fn convert(&self, amount: U256, to: U256, from: U256) -> Outcome<U256> {
        if self.shares.get().is_zero() {
            return Ok(amount);
        }
        let product = amount.checked_mul(to).ok_or(Overflow {})?;
        product.checked_div(from).ok_or_else(|| Overflow {}.into())
    }

    fn less(&self, amount: U256) -> Outcome<U256> {
        let pooled = self.ether.get();
        pooled
            .checked_sub(amount)
            .ok_or_else(|| PoolTooSmall { pooled, amount }.into())
    }

    fn only_owner(&self) -> Outcome<()> {
        let caller = self.vm().msg_sender();
        if caller == self.owner.get() {
            Ok(())
        } else {
            Err(Unauthorized { caller }.into())
        }
    }
}

fn add(a: U256, b: U256) -> Outcome<U256> {
    a.checked_add(b).ok_or_else(|| Overflow {}.into())
}
