//! Rates: what an asset is worth in ETH. Its interface is `weir_abi::IRates`, its rules are `weir_protocol::rates`.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IRates::{self, *};
use weir_protocol::{
    math,
    rates::{self, Accepted, Guard},
    units::WAD,
    vault::RateState,
};
use weir_shell::{Outcome, access, deployer, log, route};

mod layout;
mod list;

use layout::Head;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IRates::IRatesCalls;
        returns {
            pokeCall: _ => Ok(quotes(vm, true)),
            peekCall: _ => Ok(quotes(vm, false)),
            acceptedCall: _ => Ok(accepted(vm)),
            assetsCall: _ => Ok(assets(vm)),
            sourceCall: c => list::source(vm, c.asset),
            secondCall: c => list::second(vm, c.asset),
            wiringCall: _ => Ok(wiringReturn { vault: Head::load(vm).vault, governor: layout::governor(vm) }),
        }
        acts {
            initCall: c => init(vm, c.vault, c.governor),
            listSourceCall: c => list::list(vm, c.asset, c.source),
            setSecondCall: c => list::set_second(vm, c),
            acceptCall: c => accept(vm, c.asset, c.rateWad),
        }
    }
}

fn init(vm: &VM, vault: Address, governor: Address) -> Outcome<()> {
    deployer::take(vm)?;
    let head = Head {
        vault: access::not_zero(vault)?,
        count: 0,
        sourced: 0,
    };
    head.save(vm);
    layout::set_governor(vm, access::not_zero(governor)?);
    log!(vm, Initialized [] { vault, governor });
    Ok(())
}

fn assets(vm: &VM) -> Vec<Address> {
    (0..Head::load(vm).count)
        .map(|index| layout::token(vm, index))
        .collect()
}

/// The rates that were accepted last. An asset without a source is worth an ETH.
fn accepted(vm: &VM) -> Vec<U256> {
    let head = Head::load(vm);
    (0..head.count)
        .map(|index| match head.feed(vm, index) {
            Some(_) => U256::from(layout::accepted(vm, index).rate_wad),
            None => U256::from(WAD),
        })
        .collect()
}

/// The rates of all assets now; `keep` remembers what they were accepted at.
fn quotes(vm: &VM, keep: bool) -> Vec<Quote> {
    let head = Head::load(vm);
    (0..head.count)
        .map(|index| quote(vm, &head, index, keep))
        .collect()
}

fn quote(vm: &VM, head: &Head, index: u64, keep: bool) -> Quote {
    let now_s = vm.block_timestamp();
    let Some(feed) = head.feed(vm, index) else {
        return Quote {
            rateWad: U256::from(WAD),
            lowWad: U256::from(WAD),
            creditWad: U256::from(WAD),
            acceptedAt: now_s,
            state: RateState::Fresh as u8,
        };
    };
    let before = layout::accepted(vm, index);
    let mut seen = rates::observe(before, &feed.bounds, feed.view.ask(vm), now_s);
    if feed.has_second && seen.state == RateState::Suspicious {
        let second = layout::second(vm, index);
        seen = rates::confirm(seen, second.ask(vm), second.number, now_s);
    }
    if keep && seen.accepted != before {
        remember(vm, index, before, seen.accepted);
    }
    let rate_wad = seen.accepted.rate_wad.into();
    let credit_wad = if feed.has_guard {
        let guard = layout::guard(vm, index);
        let market = guard.ask(vm).map_or(Guard::Silent, Guard::Price);
        rates::credit(rate_wad, market, guard.number)
    } else {
        rate_wad
    };
    Quote {
        rateWad: U256::from(rate_wad),
        lowWad: U256::from(seen.low_wad),
        creditWad: U256::from(credit_wad),
        acceptedAt: seen.accepted.at_s,
        state: seen.state as u8,
    }
}

fn accept(vm: &VM, asset: Address, rate_wad: U256) -> Outcome<()> {
    access::only(vm, layout::governor(vm))?;
    let head = Head::load(vm);
    let index = head
        .index(vm, asset)
        .filter(|index| head.feed(vm, *index).is_some())
        .ok_or(SourceUnknown { asset })?;
    take(vm, index, rate_wad)
}

/// Takes a rate as accepted now.
fn take(vm: &VM, index: u64, rate_wad: U256) -> Outcome<()> {
    let accepted = math::narrow(rate_wad)
        .ok()
        .and_then(|rate_wad| rates::accept(rate_wad, vm.block_timestamp()).ok())
        .ok_or(RateOutOfRange { rateWad: rate_wad })?;
    remember(vm, index, layout::accepted(vm, index), accepted);
    Ok(())
}

/// Keeps a rate, and says what became of it.
fn remember(vm: &VM, index: u64, before: Accepted, after: Accepted) {
    layout::set_accepted(vm, index, after);
    let asset = layout::token(vm, index);
    if after.suspect_since_s == 0 {
        log!(vm, RateAccepted [asset] {
            oldRateWad: U256::from(before.rate_wad),
            newRateWad: U256::from(after.rate_wad),
        });
    } else {
        log!(vm, RateSuspicious [asset] {
            acceptedWad: U256::from(after.rate_wad),
            answeredWad: U256::from(after.suspect_wad),
        });
    }
}
