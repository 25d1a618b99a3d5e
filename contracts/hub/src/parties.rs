//! Services, operators, and who takes part in what.

use alloy_primitives::{Address, B256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IHub::{
        OperatorOptedIn, OperatorRegistered, OperatorUnknown, ResolverApproved, ServiceRegistered,
        Terms, VaultOptedIn, approveResolverCall, optInOperatorCall, optInVaultCall,
        standingReturn,
    },
    IVault, words,
};
use weir_protocol::hub::{self, HubKey, HubStore};
use weir_shell::{Outcome, access, call, log};

use crate::{
    layout::{self, Store, VaultRecord},
    refusal::refusal,
};

pub fn register_service(vm: &VM, terms: Terms) -> Outcome<u32> {
    let kept = hub::Terms {
        slasher: terms.slasher,
        resolver: terms.resolver,
        reward_manager: terms.rewardManager,
        sink: terms.sink,
        veto_window_s: terms.vetoWindow,
        max_wad: terms.maxWad,
    };
    let terms_hash = vm.native_keccak256(&words::encode(&terms));
    let service = hub::register_service(&mut Store(vm), &kept, terms_hash).map_err(refusal)?;
    log!(vm, ServiceRegistered [service, termsHash: terms_hash] { terms });
    Ok(service)
}

pub fn terms(vm: &VM, service: u32) -> Outcome<Terms> {
    let terms = hub::terms(&Store(vm), service).map_err(refusal)?;
    Ok(Terms {
        slasher: terms.slasher,
        resolver: terms.resolver,
        rewardManager: terms.reward_manager,
        sink: terms.sink,
        vetoWindow: terms.veto_window_s,
        maxWad: terms.max_wad,
    })
}

pub fn terms_hash(vm: &VM, service: u32) -> Outcome<B256> {
    let store = Store(vm);
    store.service(service).map_err(refusal)?;
    Ok(store.hash(HubKey::TermsHash(service)))
}

pub fn standing(vm: &VM, service: u32) -> Outcome<standingReturn> {
    let service = Store(vm).service(service).map_err(refusal)?;
    Ok(standingReturn {
        undecided: service.undecided,
        vetoes: service.vetoes,
        coolUntil: service.cool_until_s,
    })
}

pub fn register_operator(vm: &VM, signer: Address) -> Outcome<()> {
    let operator = vm.msg_sender();
    let old_signer = layout::signer(vm, operator);
    layout::set_signer(vm, operator, access::not_zero(signer)?);
    log!(vm, OperatorRegistered [operator] { oldSigner: old_signer, newSigner: signer });
    Ok(())
}

/// The vault is asked who governs it each time, and for what is fixed for ever too, which is then kept.
pub fn opt_in_vault(vm: &VM, call: optInVaultCall) -> Outcome<()> {
    let optInVaultCall {
        vault,
        service,
        termsHash,
    } = call;
    let record = governed(vm, vault)?;
    hub::opt_in_vault(&mut Store(vm), &record.clock(), vault, service, termsHash)
        .map_err(refusal)?;
    layout::set_vault(vm, vault, record);
    log!(vm, VaultOptedIn [vault, service] { termsHash });
    Ok(())
}

pub fn approve_resolver(vm: &VM, call: approveResolverCall) -> Outcome<()> {
    let approveResolverCall {
        vault,
        resolver,
        approved,
    } = call;
    governed(vm, vault)?;
    let was = hub::approve_resolver(&mut Store(vm), vault, resolver, approved).map_err(refusal)?;
    log!(vm, ResolverApproved [vault, resolver] { oldApproved: was, newApproved: approved });
    Ok(())
}

/// Passes if the caller governs the vault.
fn governed(vm: &VM, vault: Address) -> Outcome<VaultRecord> {
    let (wiring,) = call::view(vm, vault, IVault::wiringCall {})?;
    access::only(vm, wiring.governor)?;
    Ok(VaultRecord {
        allocator: wiring.allocator,
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
    })
}

pub fn opt_in_operator(vm: &VM, call: optInOperatorCall) -> Outcome<()> {
    let optInOperatorCall { service, termsHash } = call;
    let operator = vm.msg_sender();
    if layout::signer(vm, operator).is_zero() {
        return Err(OperatorUnknown { operator }.into());
    }
    hub::opt_in_operator(&mut Store(vm), operator, service, termsHash).map_err(refusal)?;
    log!(vm, OperatorOptedIn [operator, service] { termsHash });
    Ok(())
}
