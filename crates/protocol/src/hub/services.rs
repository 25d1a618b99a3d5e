//! Services and who takes part in them.
//!
//! A vault and an operator opt in to the hash of a service's terms, which never change: new terms are a new service. What is slashed
//! burns, unless the terms name somebody to have it and the vault has approved the resolver.

use alloy_primitives::{Address, B256, U256};

use super::{BURN, HubError, HubKey, HubStore, Service, Terms};
use crate::clock::Clock;
use crate::units::WAD_MAGNITUDE;

/// Registers a service; `terms_hash` is what opt-ins will name. Answers its number, from 1.
pub fn register_service<S: HubStore + ?Sized>(
    store: &mut S,
    terms: &Terms,
    terms_hash: B256,
) -> Result<u32, HubError> {
    let is_sound = !terms.slasher.is_zero()
        && !terms.resolver.is_zero()
        && terms.veto_window_s > 0
        && terms.max_wad > 0
        && terms.max_wad <= WAD_MAGNITUDE;
    if !is_sound {
        return Err(HubError::BadTerms);
    }
    let (services, requests, vaults) = store.counts();
    let service = services.checked_add(1).ok_or(HubError::Overflow)?;
    store.set_counts(service, requests, vaults);
    // A window that outgrows its 32 bits is longer than any vault's epoch.
    let record = Service {
        max_wad: terms.max_wad,
        veto_window_s: terms.veto_window_s.min(u32::MAX.into()),
        ..Service::default()
    };
    store.set_service(service, record)?;
    store.set_address(HubKey::Slasher(service), terms.slasher);
    store.set_address(HubKey::Resolver(service), terms.resolver);
    store.set_address(HubKey::Sink(service), terms.sink);
    store.set_address(HubKey::RewardManager(service), terms.reward_manager);
    store.set_hash(HubKey::TermsHash(service), terms_hash);
    Ok(service)
}

/// The terms of a service.
pub fn terms<S: HubStore + ?Sized>(store: &S, service: u32) -> Result<Terms, HubError> {
    let record = store.service(service)?;
    Ok(Terms {
        slasher: store.address(HubKey::Slasher(service)),
        resolver: store.address(HubKey::Resolver(service)),
        reward_manager: store.address(HubKey::RewardManager(service)),
        sink: store.address(HubKey::Sink(service)),
        veto_window_s: record.veto_window_s,
        max_wad: record.max_wad,
    })
}

/// Lets `service` slash `vault` within its terms; the caller is the vault's governor. `clock` is the vault's.
pub fn opt_in_vault<S: HubStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    vault: Address,
    service: u32,
    terms_hash: B256,
) -> Result<(), HubError> {
    let record = store.service(service)?;
    same_terms(store, service, terms_hash)?;
    if record.veto_window_s >= clock.epoch_s {
        return Err(HubError::WindowTooLong {
            veto_window_s: record.veto_window_s,
            epoch_s: clock.epoch_s,
        });
    }
    number_of(store, vault)?;
    store.set_hash(HubKey::VaultIn(service, vault), terms_hash);
    Ok(())
}

/// Makes `operator`, the caller, take part in `service` under its terms.
pub fn opt_in_operator<S: HubStore + ?Sized>(
    store: &mut S,
    operator: Address,
    service: u32,
    terms_hash: B256,
) -> Result<(), HubError> {
    store.service(service)?;
    same_terms(store, service, terms_hash)?;
    store.set_hash(HubKey::OperatorIn(service, operator), terms_hash);
    Ok(())
}

/// Lets the services whose resolver this is have what they slash of `vault`, or burns it from now on; the caller is the vault's
/// governor. Who may redistribute gains by a slash, so that its resolver must be one whom the vault trusts to veto. Answers whether
/// it was approved.
pub fn approve_resolver<S: HubStore + ?Sized>(
    store: &mut S,
    vault: Address,
    resolver: Address,
    approved: bool,
) -> Result<bool, HubError> {
    let key = HubKey::Approved(number_of(store, vault)?, resolver);
    let was = !store.load(key).is_zero();
    store.save(key, U256::from(u8::from(approved)));
    Ok(was)
}

/// Whether `vault` has approved `resolver`.
pub fn is_approved<S: HubStore + ?Sized>(store: &S, vault: Address, resolver: Address) -> bool {
    let number = store.load(HubKey::Vault(vault)).into_limbs()[0] as u32;
    !store.load(HubKey::Approved(number, resolver)).is_zero()
}

/// To whom what `service` slashes of `vault` is due now.
pub(super) fn destination<S: HubStore + ?Sized>(
    store: &S,
    vault: Address,
    service: u32,
) -> Address {
    let sink = store.address(HubKey::Sink(service));
    let resolver = store.address(HubKey::Resolver(service));
    if !sink.is_zero() && is_approved(store, vault, resolver) {
        sink
    } else {
        BURN
    }
}

/// The number of `vault`, given out when it first needs one.
fn number_of<S: HubStore + ?Sized>(store: &mut S, vault: Address) -> Result<u32, HubError> {
    let known = store.load(HubKey::Vault(vault)).into_limbs()[0] as u32;
    if known > 0 {
        return Ok(known);
    }
    let (services, requests, vaults) = store.counts();
    let number = vaults.checked_add(1).ok_or(HubError::Overflow)?;
    store.set_counts(services, requests, number);
    store.save(HubKey::Vault(vault), U256::from(number));
    Ok(number)
}

fn same_terms<S: HubStore + ?Sized>(store: &S, service: u32, got: B256) -> Result<(), HubError> {
    let expected = store.hash(HubKey::TermsHash(service));
    if expected == got {
        Ok(())
    } else {
        Err(HubError::TermsMismatch { expected, got })
    }
}
