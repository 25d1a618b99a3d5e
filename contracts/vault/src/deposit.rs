//! Assets come in.

use alloy_primitives::{Address, U256, address};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IErc2612::permitCall,
    IVault::{Deposited, depositCall, depositWithPermitCall},
};
use weir_protocol::vault::{self, DepositLimits};
use weir_shell::{Outcome, log, token};
use weir_vault::{Entry, narrow, poke, wiring};

/// Holds the shares that nobody owns.
const NOBODY: Address = address!("000000000000000000000000000000000000dEaD");

pub fn deposit(vm: &VM, c: depositCall) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let shares = take(&mut entry, &c)?;
    entry.leave();
    Ok(shares)
}

/// The permit is used first. If that fails, as when somebody else has used it, the transfer decides.
pub fn with_permit(vm: &VM, c: depositWithPermitCall) -> Outcome<U256> {
    let permit = permitCall {
        owner: vm.msg_sender(),
        spender: vm.contract_address(),
        value: c.amount,
        deadline: c.deadline,
        v: c.v,
        r: c.r,
        s: c.s,
    };
    let c = depositCall {
        asset: c.asset,
        amount: c.amount,
        receiver: c.receiver,
        minShares: c.minShares,
        minFloorRate: c.minFloorRate,
        deadline: c.deadline,
    };
    let mut entry = Entry::enter(vm)?;
    wiring::index_of(vm, c.asset)?;
    token::permit(vm, c.asset, permit);
    let shares = take(&mut entry, &c)?;
    entry.leave();
    Ok(shares)
}

#[inline(never)]
fn take(entry: &mut Entry<'_>, c: &depositCall) -> Outcome<U256> {
    let vm = entry.vm;
    let asset = wiring::index_of(vm, c.asset)?;
    let quotes = poke(vm)?;
    let limits = DepositLimits {
        min_shares: c.minShares.saturating_to(),
        min_floor_rate_wad: c.minFloorRate.saturating_to(),
        deadline_s: c.deadline.saturating_to(),
    };
    let amount = narrow(c.amount)?;
    let summary = vault::deposit(
        &mut entry.store,
        entry.now_s,
        asset,
        amount,
        &quotes,
        &limits,
    );
    let summary = entry.check(summary)?;
    entry.commit()?;

    token::receive(vm, c.asset, c.amount)?;
    entry.mint_fee(&summary.fee)?;
    entry.mint(c.receiver, summary.shares)?;
    if summary.locked_shares > 0 {
        entry.mint(NOBODY, summary.locked_shares)?;
    }
    let shares = U256::from(summary.shares);
    log!(vm, Deposited [sender: vm.msg_sender(), receiver: c.receiver, asset: c.asset] { amount: c.amount, shares, value: U256::from(summary.value), supply: U256::from(summary.supply) });
    Ok(shares)
}
