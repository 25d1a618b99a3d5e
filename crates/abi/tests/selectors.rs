//! Selectors identify functions, events and errors across the whole protocol.

use std::collections::HashMap;

use alloy_sol_types::{SolError, SolInterface};
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IEntry, IErc20, IErc2612, IExits, IFeed, IHub,
    ILrt, ILst, IRates, IRouter, IShared, IVault, IZap,
};

/// Every pair of an error's selector and its signature, in one interface.
fn errors_of<T: SolInterface>() -> Vec<[u8; 4]> {
    T::selectors().collect()
}

/// A client that meets revert data knows what it says without knowing which contract reverted, so an error of one
/// contract may share its selector with that of another only if it says the same.
#[test]
fn an_error_selector_has_one_meaning() {
    let mut meaning: HashMap<[u8; 4], &str> = HashMap::new();
    let interfaces = [
        (errors_of::<IShared::ISharedErrors>(), "shared"),
        (errors_of::<IVault::IVaultErrors>(), "vault"),
        (errors_of::<IExits::IExitsErrors>(), "exits"),
        (errors_of::<IHub::IHubErrors>(), "hub"),
        (errors_of::<IAllocator::IAllocatorErrors>(), "allocator"),
        (
            errors_of::<IAttestation::IAttestationErrors>(),
            "attestation",
        ),
        (errors_of::<ICustody::ICustodyErrors>(), "custody"),
        (errors_of::<IRates::IRatesErrors>(), "rates"),
        (errors_of::<ICover::ICoverErrors>(), "cover"),
        (errors_of::<IFeed::IFeedErrors>(), "feed"),
        (errors_of::<IZap::IZapErrors>(), "zap"),
        (errors_of::<IEntry::IEntryErrors>(), "entry"),
        (errors_of::<IRouter::IRouterErrors>(), "router"),
        (errors_of::<IErc20::IErc20Errors>(), "erc20"),
        (errors_of::<IErc2612::IErc2612Errors>(), "erc2612"),
        (errors_of::<ILst::ILstErrors>(), "lst"),
        (errors_of::<ILrt::ILrtErrors>(), "lrt"),
    ];
    // Vault, hub and allocator mean the same request; hub and allocator the same part of a magnitude; vault and allocator the same
    // end of the vault.
    let same = [
        IHub::RequestUnknown::SELECTOR,
        IHub::BadWad::SELECTOR,
        IVault::VaultRetired::SELECTOR,
    ];
    for (selectors, interface) in interfaces {
        for selector in selectors {
            let before = meaning.insert(selector, interface);
            assert!(
                before.is_none() || same.contains(&selector),
                "{selector:02x?} of {interface} is taken by {before:?}"
            );
        }
    }
}

/// Functions of one contract have distinct selectors, in the order that dispatch needs.
#[test]
fn function_selectors_of_a_contract_are_distinct() {
    fn check<T: SolInterface>() {
        let mut selectors: Vec<_> = T::selectors().collect();
        let count = selectors.len();
        selectors.sort_unstable();
        selectors.dedup();
        assert_eq!(selectors.len(), count, "{}", T::NAME);
    }
    check::<IVault::IVaultCalls>();
    check::<IExits::IExitsCalls>();
    check::<IHub::IHubCalls>();
    check::<IAllocator::IAllocatorCalls>();
    check::<IRates::IRatesCalls>();
    check::<ICover::ICoverCalls>();
    check::<IFeed::IFeedCalls>();
    check::<IZap::IZapCalls>();
    check::<IEntry::IEntryCalls>();
    check::<IRouter::IRouterCalls>();
    check::<IAttestation::IAttestationCalls>();
    check::<ICustody::ICustodyCalls>();
}
