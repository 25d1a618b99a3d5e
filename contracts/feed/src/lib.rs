//! The feed of a share. Its interface is `weir_abi::IFeed`; what it answers is the vault's `health`.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::{string::String, vec::Vec};

use alloy_primitives::{I256, U256, aliases::U80};
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::{
    IFeed::{self, *},
    IShared::{NotInitialized, Overflow, TextTooLong},
    IVault::{Health, healthCall},
};
use weir_shell::{Outcome, access, call as ask, deployer, log, route, slots, text};

/// The vault in the low 160 bits, and above whether the floor rate is answered.
const HEAD: U256 = U256::ZERO;
const DESCRIPTION: U256 = U256::ONE;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    route! {
        vm, &input;
        implements IFeed::IFeedCalls;
        returns {
            getRateCall: _ => rate(vm),
            decimalsCall: _ => Ok(18),
            descriptionCall: _ => Ok(description(vm)),
            versionCall: _ => Ok(U256::ONE),
            latestRoundDataCall: _ => latest(vm),
            getRoundDataCall: c => round(vm, c.id),
            wiringCall: _ => Ok(wiring(vm)),
        }
        acts {
            initCall: c => init(vm, c),
        }
    }
}

fn init(vm: &VM, c: initCall) -> Outcome<()> {
    deployer::take(vm)?;
    let [low, middle, high, _] = slots::of_address(access::not_zero(c.vault)?).into_limbs();
    let head = U256::from_limbs([low, middle, high | u64::from(c.isFloor) << 32, 0]);
    slots::save(vm, HEAD, head);
    let length = U256::from(c.description.len());
    let word = text::pack(&c.description).ok_or(TextTooLong { length })?;
    slots::save(vm, DESCRIPTION, word.into());
    log!(vm, Initialized [] { vault: c.vault, isFloor: c.isFloor, description: c.description });
    Ok(())
}

fn wiring(vm: &VM) -> wiringReturn {
    let head = slots::load(vm, HEAD);
    let [_, _, high, _] = head.into_limbs();
    wiringReturn {
        vault: slots::address(head),
        isFloor: high >> 32 != 0,
    }
}

fn description(vm: &VM) -> String {
    text::unpack(slots::load(vm, DESCRIPTION).into())
}

fn rate(vm: &VM) -> Outcome<U256> {
    let (rate_wad, _) = read(vm)?;
    Ok(rate_wad)
}

/// The rate, and of what time it is.
fn read(vm: &VM) -> Outcome<(U256, U256)> {
    let wiringReturn { vault, isFloor } = wiring(vm);
    if vault.is_zero() {
        return Err(NotInitialized {}.into());
    }
    let (health,): (Health,) = ask::view(vm, vault, healthCall {})?;
    let rate_wad = if isFloor {
        health.floorRateWad
    } else {
        health.lowRateWad
    };
    Ok((rate_wad, health.updatedAt))
}

fn latest(vm: &VM) -> Outcome<latestRoundDataReturn> {
    let (rate_wad, updated_at) = read(vm)?;
    let id = U80::from(updated_at.saturating_to::<u64>());
    Ok(latestRoundDataReturn {
        roundId: id,
        answer: I256::try_from(rate_wad).map_err(|_| Overflow {})?,
        startedAt: updated_at,
        updatedAt: updated_at,
        answeredInRound: id,
    })
}

fn round(vm: &VM, id: U80) -> Outcome<getRoundDataReturn> {
    let latest = latest(vm)?;
    if id != latest.roundId {
        return Err(RoundUnknown {
            id: U256::from_limbs_slice(id.as_limbs()),
            latest: latest.updatedAt,
        }
        .into());
    }
    Ok(getRoundDataReturn {
        roundId: latest.roundId,
        answer: latest.answer,
        startedAt: latest.startedAt,
        updatedAt: latest.updatedAt,
        answeredInRound: latest.answeredInRound,
    })
}
