//! A liquid staking token with an exchange rate. Its interface is `weir_abi::IReth`, with `IErc20` and `ILst`.
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
    IReth::{self, *},
};
use weir_protocol::units::WAD;
use weir_shell::{Outcome, erc20::Erc20, ether, pool::Pool, route};

#[storage]
struct Reth {
    pool: Pool,
    erc20: Erc20,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    // SAFETY: the one accessor of the contract's storage, made once a call.
    let mut reth = unsafe { Reth::new(U256::ZERO, 0, vm.clone()) };
    let caller = vm.msg_sender();
    route! {
        &vm, &input;
        implements IErc20::IErc20Calls, ILst::ILstCalls, IReth::IRethCalls;
        payable depositCall, accrueCall;
        returns {
            nameCall: _ => Ok(String::from("Rocket Pool ETH (devnet)")),
            symbolCall: _ => Ok(String::from("rETH")),
            decimalsCall: _ => Ok(18),
            totalSupplyCall: _ => Ok(reth.pool.shares()),
            balanceOfCall: c => Ok(reth.erc20.balance_of(c.account)),
            allowanceCall: c => Ok(reth.erc20.allowance(c.owner, c.spender)),
            transferCall: c => reth.erc20.transfer(caller, c.to, c.value).map(|()| true),
            approveCall: c => reth.erc20.approve(caller, c.spender, c.value).map(|()| true),
            transferFromCall: c => reth.erc20.transfer_from(caller, c).map(|()| true),
            ownerCall: _ => Ok(reth.pool.owner()),
            totalPooledEtherCall: _ => Ok(reth.pool.ether()),
            getExchangeRateCall: _ => reth.pool.ether_of(U256::from(WAD)),
            getEthValueCall: c => reth.pool.ether_of(c.rethAmount),
            getRethValueCall: c => reth.pool.shares_of(c.ethAmount),
        }
        acts {
            initCall: c => reth.pool.init(c.owner),
            accrueCall: _ => reth.pool.accrue(),
            slashCall: c => reth.pool.slash(c.amount),
            depositCall: _ => reth.deposit(caller),
            burnCall: c => reth.burn(caller, c.amount),
        }
    }
}

impl Reth {
    fn deposit(&mut self, caller: Address) -> Outcome<()> {
        let shares = self.pool.enter()?;
        self.erc20.mint(caller, shares)
    }

    fn burn(&mut self, caller: Address, amount: U256) -> Outcome<()> {
        self.erc20.burn(caller, amount)?;
        let ether = self.pool.leave(amount)?;
        ether::send(self.vm(), caller, ether)
    }
}
