//! Wrapped ether. Its interface is `weir_abi::IWeth`, with `IErc20`.
#![no_std]
#![no_main]

#[macro_use]
extern crate alloc;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IErc20::{self, *},
    IWeth::{self, *},
};
use weir_shell::{Outcome, erc20::Erc20, ether, log, route};

#[storage]
struct Weth {
    erc20: Erc20,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    // SAFETY: the one accessor of the contract's storage, made once a call.
    let mut weth = unsafe { Weth::new(U256::ZERO, 0, vm.clone()) };
    let caller = vm.msg_sender();
    // Plain ether is a deposit.
    let input = if input.is_empty() {
        depositCall::SELECTOR.to_vec()
    } else {
        input
    };
    route! {
        &vm, &input;
        implements IErc20::IErc20Calls, IWeth::IWethCalls;
        payable depositCall;
        returns {
            nameCall: _ => Ok(String::from("Wrapped Ether")),
            symbolCall: _ => Ok(String::from("WETH")),
            decimalsCall: _ => Ok(18),
            totalSupplyCall: _ => Ok(vm.balance(vm.contract_address())),
            balanceOfCall: c => Ok(weth.erc20.balance_of(c.account)),
            allowanceCall: c => Ok(weth.erc20.allowance(c.owner, c.spender)),
            transferCall: c => weth.erc20.transfer(caller, c.to, c.value).map(|()| true),
            approveCall: c => weth.erc20.approve(caller, c.spender, c.value).map(|()| true),
            transferFromCall: c => weth.erc20.transfer_from(caller, c).map(|()| true),
        }
        acts {
            depositCall: _ => weth.deposit(caller),
            withdrawCall: c => weth.withdraw(caller, c.value),
        }
    }
}

impl Weth {
    fn deposit(&mut self, caller: Address) -> Outcome<()> {
        let wad = self.vm().msg_value();
        self.erc20.mint(caller, wad)?;
        log!(self.vm(), Deposit [dst: caller] { wad });
        Ok(())
    }

    fn withdraw(&mut self, caller: Address, value: U256) -> Outcome<()> {
        self.erc20.burn(caller, value)?;
        log!(self.vm(), Withdrawal [src: caller] { wad: value });
        ether::send(self.vm(), caller, value)
    }
}
