//! Rewards come in.

use alloy_primitives::U256;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IVault::{Streamed, streamCall};
use weir_protocol::vault;
use weir_shell::{Outcome, log, token};
use weir_vault::{Entry, narrow, wiring};

use crate::admin::finish;

pub fn stream(vm: &VM, c: streamCall) -> Outcome<()> {
    let mut entry = Entry::enter(vm)?;
    let asset = wiring::index_of(vm, c.asset)?;
    let amount = narrow(c.amount)?;
    let summary = vault::fund_stream(&mut entry.store, entry.now_s, asset, amount, c.end);
    let summary = entry.check(summary)?;
    entry.commit()?;
    token::receive(vm, c.asset, c.amount)?;
    log!(vm, Streamed [funder: vm.msg_sender(), asset: c.asset] { amount: c.amount, end: c.end, perSecond: U256::from(summary.rate) });
    finish(entry)
}
