//! A rebasing liquid staking token. Its interface is `weir_abi::ISteth`, with `IErc20` and `ILst`.
//!
//! What an account holds is shares; what ERC-20 shows is their ether, rounded down.
#![no_std]
#![no_main]

#[macro_use]
extern crate alloc;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IErc20::{self, *},
    ILst::{self, *},
    ISteth::{self, *},
};
use weir_shell::{Outcome, erc20::Erc20, log, pool::Pool, route};

#[storage]
struct Steth {
    pool: Pool,
    /// Balances are shares, allowances are ether.
    erc20: Erc20,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    // SAFETY: the one accessor of the contract's storage, made once a call.
    let mut steth = unsafe { Steth::new(U256::ZERO, 0, vm.clone()) };
    let caller = vm.msg_sender();
    route! {
        &vm, &input;
        implements IErc20::IErc20Calls, ILst::ILstCalls, ISteth::IStethCalls;
        payable submitCall, accrueCall;
        returns {
            nameCall: _ => Ok(String::from("Liquid staked Ether (devnet)")),
            symbolCall: _ => Ok(String::from("stETH")),
            decimalsCall: _ => Ok(18),
            totalSupplyCall: _ => Ok(steth.pool.ether()),
            balanceOfCall: c => steth.pool.ether_of(steth.erc20.balance_of(c.account)),
            allowanceCall: c => Ok(steth.erc20.allowance(c.owner, c.spender)),
            transferCall: c => steth.transfer(caller, c.to, c.value).map(|()| true),
            approveCall: c => steth.erc20.approve(caller, c.spender, c.value).map(|()| true),
            transferFromCall: c => steth.transfer_from(caller, c).map(|()| true),
            ownerCall: _ => Ok(steth.pool.owner()),
            totalPooledEtherCall: _ => Ok(steth.pool.ether()),
            submitCall: c => steth.submit(caller, c.referral),
            sharesOfCall: c => Ok(steth.erc20.balance_of(c.account)),
            getTotalSharesCall: _ => Ok(steth.pool.shares()),
            getPooledEthBySharesCall: c => steth.pool.ether_of(c.shares),
            getSharesByPooledEthCall: c => steth.pool.shares_of(c.ethAmount),
            transferSharesCall: c => steth.transfer_shares(caller, c.to, c.shares),
        }
        acts {
            initCall: c => steth.pool.init(c.owner),
            accrueCall: _ => steth.pool.accrue(),
            slashCall: c => steth.pool.slash(c.amount),
        }
    }
}

impl Steth {
    fn submit(&mut self, sender: Address, referral: Address) -> Outcome<U256> {
        let amount = self.vm().msg_value();
        let shares = self.pool.enter()?;
        self.erc20.credit(sender, shares);
        log!(self.vm(), Submitted [sender] { amount, referral });
        self.log_transfer(Address::ZERO, sender, amount, shares);
        Ok(shares)
    }

    fn transfer(&mut self, from: Address, to: Address, value: U256) -> Outcome<()> {
        let shares = self.pool.shares_of(value)?;
        self.move_shares(from, to, value, shares)
    }

    fn transfer_from(&mut self, spender: Address, call: transferFromCall) -> Outcome<()> {
        self.erc20.spend(call.from, spender, call.value)?;
        self.transfer(call.from, call.to, call.value)
    }

    fn transfer_shares(&mut self, from: Address, to: Address, shares: U256) -> Outcome<U256> {
        let value = self.pool.ether_of(shares)?;
        self.move_shares(from, to, value, shares)?;
        Ok(value)
    }

    fn move_shares(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
        shares: U256,
    ) -> Outcome<()> {
        if to.is_zero() {
            return Err(ERC20InvalidReceiver { receiver: to }.into());
        }
        self.debit(from, value, shares)?;
        self.erc20.credit(to, shares);
        self.log_transfer(from, to, value, shares);
        Ok(())
    }

    /// Takes shares off, and says in ether what is missing where they are too few.
    fn debit(&mut self, from: Address, value: U256, shares: U256) -> Outcome<()> {
        let held = self.erc20.balance_of(from);
        if held < shares {
            let balance = self.pool.ether_of(held)?;
            return Err(ERC20InsufficientBalance {
                sender: from,
                balance,
                needed: value,
            }
            .into());
        }
        self.erc20.debit(from, shares)
    }

    fn log_transfer(&self, from: Address, to: Address, value: U256, shares: U256) {
        log!(self.vm(), Transfer [from, to] { value });
        log!(self.vm(), TransferShares [from, to] { shares });
    }
}
