//! What services stake on their filings.

use alloy_primitives::U256;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    ICover::{Defunded, Funded, Surrendered},
    IExits::requestCall,
    IHub::{self, termsCall},
};
use weir_protocol::cover;
use weir_shell::{Outcome, access, call, log};

use crate::store::{Entry, Known, checked, narrow};

pub fn fund(vm: &VM, service: u32, shares: U256) -> Outcome<()> {
    let mut entry = Entry::enter(vm)?;
    terms(vm, service)?;
    checked(cover::fund(&mut entry.store, service, narrow(shares)?))?;
    entry.commit();
    entry.bring(shares)?;
    log!(vm, Funded [service, from: vm.msg_sender()] { shares });
    entry.leave();
    Ok(())
}

pub fn defund(vm: &VM, service: u32, shares: U256) -> Outcome<()> {
    let mut entry = Entry::enter(vm)?;
    access::only(vm, terms(vm, service)?.slasher)?;
    checked(cover::defund(&mut entry.store, service, narrow(shares)?))?;
    entry.commit();
    let to = vm.msg_sender();
    entry.pay(to, shares)?;
    log!(vm, Defunded [service, to] { shares });
    entry.leave();
    Ok(())
}

/// The vault's own ticket takes the forfeited shares out of the supply as any other would.
pub fn surrender(vm: &VM) -> Outcome<U256> {
    let mut entry = Entry::enter(vm)?;
    let shares = U256::from(checked(cover::surrender(&mut entry.store))?);
    entry.commit();
    let request = requestCall {
        shares,
        receiver: Known::Vault.address(vm),
    };
    call::act(vm, Known::Exits.address(vm), request)?;
    log!(vm, Surrendered [] { shares });
    entry.leave();
    Ok(shares)
}

fn terms(vm: &VM, service: u32) -> Outcome<IHub::Terms> {
    let (terms,) = call::view(vm, Known::Hub.address(vm), termsCall { service })?;
    Ok(terms)
}
