//! Rewards come in.

use alloy_primitives::U256;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{BadStreamEnd, NoHolders, StreamTooSmall, Streamed, streamCall};
use weir_protocol::vault::{self, VaultError as E};
use weir_shell::{Outcome, log, token};
use weir_vault::{Entry, narrow, wiring};

use crate::admin::finish;

pub fn stream(vm: &VM, c: streamCall) -> Outcome<()> {
    let mut entry = Entry::enter(vm)?;
    let asset = wiring::index_of(vm, c.asset)?;
    let amount = narrow(c.amount)?;
    let funded = vault::fund_stream(&mut entry.store, entry.now_s, asset, amount, c.end);
    let summary = match funded {
        Err(E::BadStreamEnd { end, first, last }) => {
            return Err(BadStreamEnd { end, first, last }.into());
        }
        Err(E::StreamTooSmall { amount, min }) => {
            let (amount, min) = (U256::from(amount), U256::from(min));
            return Err(StreamTooSmall { amount, min }.into());
        }
        Err(E::NoHolders) => return Err(NoHolders {}.into()),
        funded => entry.check(funded)?,
    };
    entry.commit()?;
    token::receive(vm, c.asset, c.amount)?;
    log!(vm, Streamed [funder: vm.msg_sender(), asset: c.asset] { amount: c.amount, end: c.end, perSecond: U256::from(summary.rate) });
    finish(entry)
}
