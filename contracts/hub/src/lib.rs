//! The hub. Its interface is `weir_abi::IHub`, its rules are `weir_protocol::hub`; what they mean for allocator and vault
//! is told to both in the same call.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use stylus_sdk::{ArbResult, host::VM, prelude::*};
use weir_abi::IHub::{self, *};
use weir_protocol::hub::{HubKey, HubStore, is_approved};
use weir_shell::route;

mod layout;
mod parties;
mod refusal;
mod slashes;

use layout::Store;

#[entrypoint]
fn call(input: Vec<u8>, vm: VM) -> ArbResult {
    let vm = &vm;
    let store = &Store(vm);
    route! {
        vm, &input;
        implements IHub::IHubCalls;
        returns {
            registerServiceCall: c => parties::register_service(vm, c.terms),
            fileCall: c => slashes::file(vm, c),
            serviceCountCall: _ => Ok(store.counts().0),
            termsCall: c => parties::terms(vm, c.service),
            termsHashCall: c => parties::terms_hash(vm, c.service),
            standingCall: c => parties::standing(vm, c.service),
            signerCall: c => Ok(layout::signer(vm, c.operator)),
            isVaultInCall: c => Ok(!store.load(HubKey::VaultIn(c.service, c.vault)).is_zero()),
            isOperatorInCall: c => Ok(!store.load(HubKey::OperatorIn(c.service, c.operator)).is_zero()),
            isResolverApprovedCall: c => Ok(is_approved(store, c.vault, c.resolver)),
            requestCountCall: _ => Ok(store.counts().1),
            requestCall: c => slashes::request(vm, c.id),
        }
        acts {
            registerOperatorCall: c => parties::register_operator(vm, c.signer),
            optInVaultCall: c => parties::opt_in_vault(vm, c),
            approveResolverCall: c => parties::approve_resolver(vm, c),
            optInOperatorCall: c => parties::opt_in_operator(vm, c),
            vetoCall: c => slashes::veto(vm, c.id),
            armCall: c => slashes::arm(vm, c.id),
            executeCall: c => slashes::execute(vm, c.id),
            lapseCall: c => slashes::lapse(vm, c.id),
        }
    }
}
