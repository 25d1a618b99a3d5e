//! An attestation service. Its interface is `weir_abi::IAttestation`, its rules are `weir_protocol::services::attestation`;
//! here signatures are recovered, the hub and the allocator asked, and slashes filed.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::B256;
use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IAttestation::{self, *};
use weir_protocol::services::attestation::{
    AttestationKey, AttestationStore, digest, domain_separator,
};
use weir_shell::{Outcome, route};

mod evidence;
mod layout;
mod refusal;
mod reports;
mod setup;

use layout::Store;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    let store = &Store(vm);
    route! {
        vm, &input;
        implements IAttestation::IAttestationCalls;
        returns {
            slashCall: c => evidence::slash(vm, c),
            instanceCall: _ => Ok(layout::instance(vm)),
            digestCall: c => Ok(sign_this(vm, c)),
            heightCall: _ => reports::height(vm),
            beginsAtCall: c => Ok(layout::rules(vm).begins_s(c.height)),
            rosterCall: _ => Ok(reports::roster(vm)),
            keyTimesCall: c => Ok(reports::key_times(vm, c)),
            reportCall: c => Ok(B256::from(store.load(AttestationKey::Report(c.height, c.operator)))),
            isSlashedCall: c => Ok(!store.load(AttestationKey::Filed(c.height, c.operator)).is_zero()),
            roundCall: c => reports::round(vm, c.height),
            latestCall: _ => reports::latest(vm),
        }
        acts {
            initCall: c => setup::init(vm, c.instance),
            enrolCall: c => reports::enrol(vm, c.operator),
            attestCall: c => reports::attest(vm, c),
        }
    }
}

/// What the operator signs.
fn sign_this(vm: &VM, call: digestCall) -> B256 {
    let separator = domain_separator(vm.chain_id(), vm.contract_address());
    let domain = layout::domain(vm);
    digest(separator, call.operator, domain, call.height, call.payload)
}

/// A refusal of the rules, as the interface says it.
fn or<T>(outcome: Result<T, weir_protocol::services::attestation::AttestationError>) -> Outcome<T> {
    outcome.map_err(refusal::refusal)
}
