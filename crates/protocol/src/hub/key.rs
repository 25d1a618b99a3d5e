//! Where the hub keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::{Low, slot};

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
}

impl HubKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        match self {
            Self::Counts => slot(1, 0, 0, Low::Nothing),
            Self::Service(service) => slot(2, 0, service.into(), Low::Nothing),
            Self::Slasher(service) => slot(3, 0, service.into(), Low::Nothing),
            Self::Resolver(service) => slot(4, 0, service.into(), Low::Nothing),
            Self::Sink(service) => slot(5, 0, service.into(), Low::Nothing),
            Self::TermsHash(service) => slot(6, 0, service.into(), Low::Nothing),
            Self::Vault(vault) => slot(7, 0, 0, Low::Account(vault)),
            Self::VaultIn(service, vault) => slot(8, 0, service.into(), Low::Account(vault)),
            Self::OperatorIn(service, operator) => {
                slot(9, 0, service.into(), Low::Account(operator))
            }
            Self::Used(vault, service, operator) => {
                let number = u64::from(vault) << 32 | u64::from(service);
                slot(10, 0, number, Low::Account(operator))
            }
            Self::Request(id) => slot(11, 0, 0, Low::Id(id)),
            Self::RequestOperator(id) => slot(12, 0, 0, Low::Id(id)),
            Self::RequestVault(id) => slot(13, 0, 0, Low::Id(id)),
        }
    }
}
