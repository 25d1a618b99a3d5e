//! What a call changes: by whom it calls, which function, and what the value is now.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::host::VM;
use weir_abi::{
    IAllocator::{self, allocateCall, pauseAllocationsCall, setGroupsCall, setLimitsCall},
    IErc20::totalSupplyCall,
    IRates::{self, acceptCall},
    IShared::BadArguments,
    IVault::{
        self, pauseDepositsCall, pauseInstantCall, setCapCall, setDepositFeeCall, setFeeCurveCall,
        setIdleTargetCall,
    },
    words::{self, Decode, Parameters},
};
use weir_protocol::governor::Change;
use weir_shell::{Outcome, call, slots};

use crate::{ALLOCATOR, RATES, VAULT};

/// What a call of `target` with `data` changes.
pub fn change(vm: &VM, target: Address, data: &[u8]) -> Outcome<Change> {
    let known = |slot| slots::address(slots::load(vm, slot)) == target;
    let Some((selector, arguments)) = data.split_first_chunk() else {
        return Ok(Change::Other);
    };
    if known(VAULT) {
        of_vault(vm, target, *selector, arguments)
    } else if known(ALLOCATOR) {
        of_allocator(vm, target, *selector, arguments)
    } else if known(RATES) && *selector == acceptCall::SELECTOR {
        let new: acceptCall = read(arguments)?;
        let lowers = new.rateWad <= accepted(vm, target, new.asset)?;
        Ok(Change::AcceptedRate { lowers })
    } else {
        Ok(Change::Other)
    }
}

/// Whether the vault has no shares.
pub fn is_empty(vm: &VM) -> Outcome<bool> {
    let vault = slots::address(slots::load(vm, VAULT));
    let (wiring,) = call::view(vm, vault, IVault::wiringCall {})?;
    let (supply,) = call::view(vm, wiring.lrt, totalSupplyCall {})?;
    Ok(supply.is_zero())
}

fn of_vault(vm: &VM, vault: Address, selector: [u8; 4], arguments: &[u8]) -> Outcome<Change> {
    let asset = |token| call::view(vm, vault, IVault::assetCall { token });
    match selector {
        setCapCall::SELECTOR => {
            let new: setCapCall = read(arguments)?;
            // Of an asset that is not listed yet: its listing and its first cap can wait together.
            let lowers = asset(new.token).is_ok_and(|(now,)| new.cap <= now.cap);
            Ok(Change::Cap { lowers })
        }
        setDepositFeeCall::SELECTOR => {
            let new: setDepositFeeCall = read(arguments)?;
            let (now,) = asset(new.token)?;
            let lowers = new.feeBps <= now.depositFeeBps;
            Ok(Change::DepositFee { lowers })
        }
        setIdleTargetCall::SELECTOR | setFeeCurveCall::SELECTOR => Ok(Change::InstantExit),
        pauseDepositsCall::SELECTOR | pauseInstantCall::SELECTOR => Ok(Change::Pause),
        _ => Ok(Change::Other),
    }
}

fn of_allocator(
    vm: &VM,
    allocator: Address,
    selector: [u8; 4],
    arguments: &[u8],
) -> Outcome<Change> {
    match selector {
        allocateCall::SELECTOR => Ok(Change::Allocation),
        pauseAllocationsCall::SELECTOR => Ok(Change::Pause),
        setLimitsCall::SELECTOR => {
            let new: setLimitsCall = read(arguments)?;
            let (now,) = call::view(vm, allocator, IAllocator::limitsCall {})?;
            let (new, now) = (parts(&new.limits), parts(&now));
            let tightens = new.iter().zip(now).all(|(new, now)| *new <= now);
            Ok(Change::Limits { tightens })
        }
        setGroupsCall::SELECTOR => {
            let new: setGroupsCall = read(arguments)?;
            let operator = new.operator;
            let (now,) = call::view(vm, allocator, IAllocator::groupsCall { operator })?;
            let adds = now
                .iter()
                .all(|tag| tag.is_zero() || new.groups.contains(tag));
            Ok(Change::Groups { adds })
        }
        _ => Ok(Change::Other),
    }
}

fn parts(limits: &IAllocator::Limits) -> [u16; 6] {
    [
        limits.serviceBps,
        limits.operatorBps,
        limits.groupBps,
        limits.worstOneBps,
        limits.worstTwoBps,
        limits.worstThreeBps,
    ]
}

/// The rate of an asset as it was last accepted; zero if it is not priced, so that anything is a rise.
fn accepted(vm: &VM, rates: Address, asset: Address) -> Outcome<U256> {
    let (assets,) = call::view(vm, rates, IRates::assetsCall {})?;
    let (quotes,) = call::view(vm, rates, IRates::peekCall {})?;
    let pair = assets
        .iter()
        .zip(quotes)
        .find(|(known, _)| **known == asset);
    Ok(pair.map_or(U256::ZERO, |(_, quote)| quote.rateWad))
}

fn read<C: SolCall>(arguments: &[u8]) -> Outcome<C>
where
    Parameters<C>: Decode,
{
    words::arguments(arguments).ok_or_else(|| {
        BadArguments {
            selector: C::SELECTOR.into(),
        }
        .into()
    })
}
