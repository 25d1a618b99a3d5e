//! Where the hub keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::Place;

/// One storage word of the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HubKey {
    /// Number of services, of requests, of vaults.
    Counts,
    /// [`Service`](super::Service).
    Service(u32),
    /// Who files for a service.
    Slasher(u32),
    /// Who vetoes for a service.
    Resolver(u32),
    /// To whom slashed assets are due.
    Sink(u32),
    /// Hash of the terms of a service.
    TermsHash(u32),
    /// The number of a vault, from 1.
    Vault(Address),
    /// Hash of the terms that a vault opted in to.
    VaultIn(u32, Address),
    /// Hash of the terms that an operator opted in to.
    OperatorIn(u32, Address),
    /// [`Used`](super::Used) of a vault (by number), a service and an operator.
    Used(u32, u32, Address),
    /// [`Request`](super::Request), its times.
    Request(u64),
    /// Operator and wad of a request.
    RequestOperator(u64),
    /// Vault and delta of a request.
    RequestVault(u64),
    /// Who speaks for a service about its rewards.
    RewardManager(u32),
    /// Whether a vault (by number) has approved a resolver.
    Approved(u32, Address),
}

impl HubKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Counts => Place::new(1),
            Self::Service(service) => Place::new(2).number(service.into()),
            Self::Slasher(service) => Place::new(3).number(service.into()),
            Self::Resolver(service) => Place::new(4).number(service.into()),
            Self::Sink(service) => Place::new(5).number(service.into()),
            Self::TermsHash(service) => Place::new(6).number(service.into()),
            Self::Vault(vault) => Place::new(7).account(vault),
            Self::VaultIn(service, vault) => Place::new(8).number(service.into()).account(vault),
            Self::OperatorIn(service, operator) => {
                Place::new(9).number(service.into()).account(operator)
            }
            Self::Used(vault, service, operator) => {
                let number = u64::from(vault) << 32 | u64::from(service);
                Place::new(10).number(number).account(operator)
            }
            Self::Request(id) => Place::new(11).id(id),
            Self::RequestOperator(id) => Place::new(12).id(id),
            Self::RequestVault(id) => Place::new(13).id(id),
            Self::RewardManager(service) => Place::new(14).number(service.into()),
            Self::Approved(vault, resolver) => {
                Place::new(15).number(vault.into()).account(resolver)
            }
        };
        place.slot()
    }
}
