//! What the assets are worth, as `rates` says.

use alloc::vec::Vec;

use alloy_primitives::U256;
use stylus_sdk::host::VM;
use weir_abi::IRates::{self, acceptedCall, peekCall, pokeCall};
use weir_protocol::{
    math,
    units::{Amounts, MAX_ASSETS},
    vault::{Quote, Quotes, RateState},
};
use weir_shell::{Outcome, call};

use crate::wiring::Known;

/// The rates now, taken as accepted.
pub fn poke(vm: &VM) -> Outcome<Quotes> {
    let (quotes,) = call::act(vm, Known::Rates.address(vm), pokeCall {})?;
    Ok(read(quotes))
}

/// The rates now, for a view.
pub fn peek(vm: &VM) -> Outcome<Quotes> {
    let (quotes,) = call::view(vm, Known::Rates.address(vm), peekCall {})?;
    Ok(read(quotes))
}

/// Since when the accepted rate of each asset stands, beside the rates now.
pub fn peek_dated(vm: &VM) -> Outcome<(Quotes, [u64; MAX_ASSETS])> {
    let (quotes,) = call::view(vm, Known::Rates.address(vm), peekCall {})?;
    let mut accepted_s = [0; MAX_ASSETS];
    for (to_s, quote) in accepted_s.iter_mut().zip(&quotes) {
        *to_s = quote.acceptedAt;
    }
    Ok((read(quotes), accepted_s))
}

/// The rates that were accepted last; no source is asked.
pub fn accepted(vm: &VM) -> Outcome<Amounts> {
    let (answer,) = call::view(vm, Known::Rates.address(vm), acceptedCall {})?;
    let mut rates_wad = Amounts::default();
    for (rate_wad, from) in rates_wad.iter_mut().zip(answer) {
        *rate_wad = rate(from);
    }
    Ok(rates_wad)
}

/// An asset without a quote has a stale one.
fn read(answer: Vec<IRates::Quote>) -> Quotes {
    let mut quotes = Quotes::default();
    for (quote, from) in quotes.iter_mut().zip(answer) {
        *quote = Quote {
            rate_wad: rate(from.rateWad),
            low_wad: rate(from.lowWad),
            credit_wad: rate(from.creditWad),
            state: match from.state {
                0 => RateState::Fresh,
                2 => RateState::Suspicious,
                _ => RateState::Stale,
            },
        };
    }
    quotes
}

/// The protocol refuses a rate out of range, and so the largest.
fn rate(rate_wad: U256) -> u128 {
    math::narrow(rate_wad).unwrap_or(u128::MAX)
}
