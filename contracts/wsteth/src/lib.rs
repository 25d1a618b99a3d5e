//! The wrapper of the rebasing token. Its interface is `weir_abi::IWsteth`, with `IErc20` and `IErc2612`.
//!
//! One wrapped token is one share, so its worth grows where the balance of the rebasing token would.
#![no_std]
#![no_main]

#[macro_use]
extern crate alloc;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, U256};
use stylus_sdk::{
    ArbResult,
    host::VM,
    prelude::*,
    storage::{StorageAddress, StorageU256},
};
use weir_abi::{
    IErc20::{self, *},
    IErc2612::{self, *},
    IShared::Overflow,
    ISteth::{getPooledEthBySharesCall, getSharesByPooledEthCall, submitCall},
    IWsteth::{self, *},
};
use weir_protocol::units::WAD;
use weir_shell::{Outcome, call, deployer, erc20::Erc20, permit::Permits, route, token};

const NAME: &str = "Wrapped liquid staked Ether 2.0 (devnet)";

#[storage]
struct Wsteth {
    steth: StorageAddress,
    supply: StorageU256,
    erc20: Erc20,
    permits: Permits,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    // SAFETY: the one accessor of the contract's storage, made once a call.
    let mut wsteth = unsafe { Wsteth::new(U256::ZERO, 0, vm.clone()) };
    let caller = vm.msg_sender();
    if input.is_empty() {
        return wsteth
            .stake(caller)
            .map(|()| Vec::new())
            .map_err(|revert| revert.0);
    }
    route! {
        &vm, &input;
        implements IErc20::IErc20Calls, IErc2612::IErc2612Calls, IWsteth::IWstethCalls;
        returns {
            nameCall: _ => Ok(String::from(NAME)),
            symbolCall: _ => Ok(String::from("wstETH")),
            decimalsCall: _ => Ok(18),
            totalSupplyCall: _ => Ok(wsteth.supply.get()),
            balanceOfCall: c => Ok(wsteth.erc20.balance_of(c.account)),
            allowanceCall: c => Ok(wsteth.erc20.allowance(c.owner, c.spender)),
            transferCall: c => wsteth.erc20.transfer(caller, c.to, c.value).map(|()| true),
            approveCall: c => wsteth.erc20.approve(caller, c.spender, c.value).map(|()| true),
            transferFromCall: c => wsteth.erc20.transfer_from(caller, c).map(|()| true),
            noncesCall: c => Ok(wsteth.permits.nonce(c.owner)),
            DOMAIN_SEPARATORCall: _ => Ok(wsteth.permits.domain_separator(NAME)),
            eip712DomainCall: _ => Ok(wsteth.permits.domain(String::from(NAME))),
            stETHCall: _ => Ok(wsteth.steth.get()),
            wrapCall: c => wsteth.wrap(caller, c.stEthAmount),
            unwrapCall: c => wsteth.unwrap(caller, c.wstEthAmount),
            stEthPerTokenCall: _ => wsteth.ether_of(U256::from(WAD)),
            tokensPerStEthCall: _ => wsteth.shares_of(U256::from(WAD)),
            getWstETHByStETHCall: c => wsteth.shares_of(c.stEthAmount),
            getStETHByWstETHCall: c => wsteth.ether_of(c.wstEthAmount),
        }
        acts {
            permitCall: c => wsteth.permit(c),
            initCall: c => wsteth.init(c.steth),
        }
    }
}

impl Wsteth {
    fn init(&mut self, steth: Address) -> Outcome<()> {
        deployer::take(self.vm())?;
        self.steth.set(steth);
        Ok(())
    }

    fn permit(&mut self, call: permitCall) -> Outcome<()> {
        self.permits.redeem(NAME, &call)?;
        self.erc20.approve(call.owner, call.spender, call.value)
    }

    /// Stakes the ether of the call and wraps what comes back.
    fn stake(&mut self, caller: Address) -> Outcome<()> {
        let value = self.vm().msg_value();
        let submit = submitCall {
            referral: Address::ZERO,
        };
        let (shares,) = call::pay(self.vm(), self.steth.get(), value, submit)?;
        self.mint(caller, shares)
    }

    fn wrap(&mut self, caller: Address, steth_amount: U256) -> Outcome<U256> {
        let shares = self.shares_of(steth_amount)?;
        self.mint(caller, shares)?;
        let vm = self.vm();
        token::transfer_from(
            vm,
            self.steth.get(),
            caller,
            vm.contract_address(),
            steth_amount,
        )?;
        Ok(shares)
    }

    fn unwrap(&mut self, caller: Address, wsteth_amount: U256) -> Outcome<U256> {
        let steth_amount = self.ether_of(wsteth_amount)?;
        self.erc20.burn(caller, wsteth_amount)?;
        // What was held was a part of the supply.
        self.supply
            .set(self.supply.get().wrapping_sub(wsteth_amount));
        token::transfer(self.vm(), self.steth.get(), caller, steth_amount)?;
        Ok(steth_amount)
    }

    fn mint(&mut self, to: Address, shares: U256) -> Outcome<()> {
        self.supply
            .set(self.supply.get().checked_add(shares).ok_or(Overflow {})?);
        self.erc20.mint(to, shares)
    }

    fn shares_of(&self, steth_amount: U256) -> Outcome<U256> {
        let call = getSharesByPooledEthCall {
            ethAmount: steth_amount,
        };
        let (shares,) = call::view(self.vm(), self.steth.get(), call)?;
        Ok(shares)
    }

    fn ether_of(&self, shares: U256) -> Outcome<U256> {
        let call = getPooledEthBySharesCall { shares };
        let (ether,) = call::view(self.vm(), self.steth.get(), call)?;
        Ok(ether)
    }
}
