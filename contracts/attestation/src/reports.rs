//! Operators report.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IAllocator,
    IAttestation::{
        self, Attested, BadSigner, Enrolled, Finalized, NotFinal, Rival, Round, attestCall,
        keyTimesCall, keyTimesReturn,
    },
    IHub::{self, OperatorNotIn},
};
use weir_protocol::services::attestation::{
    self, AttestationError, AttestationStore, Final, Report, Roster,
};
use weir_shell::{Outcome, Revert, call, log};

use crate::{
    evidence,
    layout::{self, Store},
    or,
};

pub fn enrol(vm: &VM, operator: Address) -> Outcome<()> {
    let store = &mut Store(vm);
    let (hub, service) = layout::hub(vm);
    let (is_in,) = call::view(vm, hub, IHub::isOperatorInCall { operator, service })?;
    if !is_in {
        return Err(OperatorNotIn { operator, service }.into());
    }
    let key = note_key(vm, operator)?;
    let roster = refreshed(vm)?;
    let weight = weight_of(vm, operator)?;
    or(attestation::enrol(store, &roster, operator, weight))?;
    log!(vm, Enrolled [operator, key] { weight });
    Ok(())
}

pub fn attest(vm: &VM, call: attestCall) -> Outcome<()> {
    let attestCall {
        operator,
        height,
        payload,
        signature,
    } = call;
    let (_, recovered) = evidence::recover(vm, operator, height, payload, &signature)?;
    let expected = note_key(vm, operator)?;
    if recovered != expected || recovered.is_zero() {
        return Err(BadSigner {
            expected,
            recovered,
        }
        .into());
    }
    let roster = refreshed(vm)?;
    let report = Report {
        operator,
        height,
        payload,
    };
    let (rules, now_s) = (layout::rules(vm), vm.block_timestamp());
    let outcome = attestation::attest(&mut Store(vm), &rules, &roster, now_s, &report);
    match or(outcome)? {
        attestation::Attested::Rival { first } => {
            log!(vm, Rival [operator, height] { first, payload, signature });
        }
        attestation::Attested::Counted { weight, result } => {
            log!(vm, Attested [operator, height] { payload, weight, signature });
            if let Some(Final {
                payload,
                weight,
                total,
                ..
            }) = result
            {
                log!(vm, Finalized [height] { payload, weight, total });
            }
        }
    }
    Ok(())
}

/// The key that the hub has of an operator now, noted.
fn note_key(vm: &VM, operator: Address) -> Outcome<Address> {
    let (hub, _) = layout::hub(vm);
    let (key,) = call::view(vm, hub, IHub::signerCall { operator })?;
    let now_s = vm.block_timestamp();
    or(attestation::note_key(&mut Store(vm), now_s, operator, key))?;
    Ok(key)
}

/// The seats, with weights of this epoch.
fn refreshed(vm: &VM) -> Outcome<Roster> {
    let current = layout::rules(vm).clock.epoch_at(vm.block_timestamp());
    attestation::refresh::<_, Revert>(&mut Store(vm), current, |operator| weight_of(vm, operator))
}

/// The magnitude of an operator that could be slashed for an offence now.
fn weight_of(vm: &VM, operator: Address) -> Outcome<u64> {
    let (_, service) = layout::hub(vm);
    let call = IAllocator::slashableCall {
        service,
        operator,
        offenceEpoch: layout::rules(vm).clock.epoch_at(vm.block_timestamp()),
    };
    let (magnitude, _) = call::view(vm, layout::allocator(vm), call)?;
    Ok(magnitude)
}

pub fn height(vm: &VM) -> Outcome<u64> {
    let rules = layout::rules(vm);
    let height = rules.height_at(vm.block_timestamp());
    or(height.ok_or(AttestationError::TooEarly {
        height: 0,
        begins_s: rules.start_s,
    }))
}

pub fn roster(vm: &VM) -> Vec<IAttestation::Seat> {
    let seats = Store(vm).roster().seats.into_iter();
    seats
        .map(|seat| IAttestation::Seat {
            operator: seat.operator,
            weight: seat.weight,
        })
        .collect()
}

pub fn key_times(vm: &VM, call: keyTimesCall) -> keyTimesReturn {
    let store = Store(vm);
    let (number, _) = store.operator(call.operator);
    let known = store.key(number, call.key);
    keyTimesReturn {
        since: known.map_or(0, |key| key.since_s),
        until: known.map_or(0, |key| key.until_s),
    }
}

pub fn round(vm: &VM, height: u64) -> Outcome<Round> {
    let found = Store(vm).result(height).ok_or(NotFinal { height })?;
    Ok(Round {
        height,
        payload: B256::from(found.payload),
        finalAt: found.at_s,
        weight: found.weight,
        total: found.total,
    })
}

pub fn latest(vm: &VM) -> Outcome<Round> {
    let (.., heights) = Store(vm).counts();
    let newest = heights.checked_sub(1).ok_or(NotFinal { height: 0 })?;
    round(vm, newest)
}
