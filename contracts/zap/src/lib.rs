//! The zap. Its interface is `weir_abi::IZap`.
//!
//! It keeps four addresses and no money: each call passes on what it measured to have arrived, and leaves allowances as they were, at zero.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IErc20::approveCall,
    IErc2612::permitCall,
    IShared::{Expired, ZeroAmount},
    IVault, IWeth, IWsteth,
    IZap::{self, *},
};
use weir_shell::{Outcome, access, call as other, deployer, lock, log, route, slots, token};

/// A contract that the zap knows, and the slot of its address.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Known {
    Vault = 0,
    Weth = 1,
    Wsteth = 2,
    Steth = 3,
}

impl Known {
    fn address(self, vm: &VM) -> Address {
        slots::address(slots::load(vm, U256::from(self as u8)))
    }

    /// Its address, if the zap was wired with it.
    fn present(self, vm: &VM) -> Outcome<Address> {
        let address = self.address(vm);
        if address.is_zero() {
            Err(NoSuchWrapper {}.into())
        } else {
            Ok(address)
        }
    }

    fn set(self, vm: &VM, address: Address) {
        slots::save(vm, U256::from(self as u8), slots::of_address(address));
    }
}

/// What a deposit is bounded by.
struct Limits {
    receiver: Address,
    min_shares: U256,
    min_floor_rate: U256,
    deadline: U256,
}

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IZap::IZapCalls;
        payable depositEtherCall;
        returns {
            depositEtherCall: c => ether(vm, &Limits {
                receiver: c.receiver, min_shares: c.minShares, min_floor_rate: c.minFloorRate, deadline: c.deadline,
            }),
            depositStethCall: c => steth(vm, c.amount, &Limits {
                receiver: c.receiver, min_shares: c.minShares, min_floor_rate: c.minFloorRate, deadline: c.deadline,
            }),
            depositStethWithPermitCall: c => permitted(vm, c),
            wiringCall: _ => Ok(wiring(vm)),
        }
        acts {
            initCall: c => init(vm, c),
        }
    }
}

fn init(vm: &VM, c: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    Known::Vault.set(vm, access::not_zero(c.vault)?);
    Known::Weth.set(vm, c.weth);
    Known::Wsteth.set(vm, c.wsteth);
    let mut steth = Address::ZERO;
    if !c.wsteth.is_zero() {
        (steth,) = other::view(vm, c.wsteth, IWsteth::stETHCall {})?;
    }
    Known::Steth.set(vm, steth);
    log!(vm, Initialized [] { vault: c.vault, weth: c.weth, wsteth: c.wsteth, steth });
    Ok(())
}

fn wiring(vm: &VM) -> wiringReturn {
    wiringReturn {
        vault: Known::Vault.address(vm),
        weth: Known::Weth.address(vm),
        wsteth: Known::Wsteth.address(vm),
        steth: Known::Steth.address(vm),
    }
}

fn ether(vm: &VM, limits: &Limits) -> Outcome<U256> {
    lock::take()?;
    let weth = Known::Weth.present(vm)?;
    let amount = vm.msg_value();
    if amount.is_zero() {
        return Err(ZeroAmount {}.into());
    }
    let () = other::pay(vm, weth, amount, IWeth::depositCall {})?;
    finish(vm, weth, amount, limits)
}

fn permitted(vm: &VM, c: depositStethWithPermitCall) -> Outcome<U256> {
    let permit = permitCall {
        owner: vm.msg_sender(),
        spender: vm.contract_address(),
        value: c.amount,
        deadline: c.deadline,
        v: c.v,
        r: c.r,
        s: c.s,
    };
    token::permit(vm, Known::Steth.present(vm)?, permit);
    let limits = Limits {
        receiver: c.receiver,
        min_shares: c.minShares,
        min_floor_rate: c.minFloorRate,
        deadline: c.deadline,
    };
    steth(vm, c.amount, &limits)
}

fn steth(vm: &VM, amount: U256, limits: &Limits) -> Outcome<U256> {
    lock::take()?;
    let [steth, wsteth] = [Known::Steth.present(vm)?, Known::Wsteth.present(vm)?];
    let now = U256::from(vm.block_timestamp());
    if now > limits.deadline {
        return Err(Expired {
            deadline: limits.deadline,
            nowTime: now,
        }
        .into());
    }
    let this = vm.contract_address();
    let before = token::balance_of(vm, steth, this)?;
    token::transfer_from(vm, steth, vm.msg_sender(), this, amount)?;
    let arrived = token::balance_of(vm, steth, this)?.saturating_sub(before);

    let before = token::balance_of(vm, wsteth, this)?;
    approve(vm, steth, wsteth, arrived)?;
    let wrap = IWsteth::wrapCall {
        stEthAmount: arrived,
    };
    let (_,) = other::act(vm, wsteth, wrap)?;
    let wrapped = token::balance_of(vm, wsteth, this)?.saturating_sub(before);
    finish(vm, wsteth, wrapped, limits)
}

/// Deposits what was wrapped.
fn finish(vm: &VM, asset: Address, amount: U256, limits: &Limits) -> Outcome<U256> {
    let vault = Known::Vault.address(vm);
    approve(vm, asset, vault, amount)?;
    let deposit = IVault::depositCall {
        asset,
        amount,
        receiver: limits.receiver,
        minShares: limits.min_shares,
        minFloorRate: limits.min_floor_rate,
        deadline: limits.deadline,
    };
    let (shares,) = other::act(vm, vault, deposit)?;
    log!(vm, Zapped [sender: vm.msg_sender(), receiver: limits.receiver, asset] { amount, shares });
    lock::release();
    Ok(shares)
}

/// Lets `spender` take `amount`, which it takes whole in the same call.
fn approve(vm: &VM, asset: Address, spender: Address, amount: U256) -> Outcome<()> {
    let approval = approveCall {
        spender,
        value: amount,
    };
    let (_,) = other::act(vm, asset, approval)?;
    Ok(())
}
