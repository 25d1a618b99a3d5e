//! What a contract says when it refuses a call.

use std::fmt;

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::{ContractError, GenericContractError, SolInterface};
use alloy::transports::TransportError;
use weir_abi::IAllocator::IAllocatorErrors;
use weir_abi::IAttestation::IAttestationErrors;
use weir_abi::ICover::ICoverErrors;
use weir_abi::ICustody::ICustodyErrors;
use weir_abi::IErc20::IErc20Errors;
use weir_abi::IExits::IExitsErrors;
use weir_abi::IGovernor::IGovernorErrors;
use weir_abi::IHub::IHubErrors;
use weir_abi::ILrt::ILrtErrors;
use weir_abi::IRates::IRatesErrors;
use weir_abi::IRewards::IRewardsErrors;
use weir_abi::IRouter::IRouterErrors;
use weir_abi::IShared::ISharedErrors;
use weir_abi::IVault::IVaultErrors;

use crate::arb_wasm::IArbWasm::IArbWasmErrors;

/// The decoded revert data of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// An error that several contracts share.
    Shared(ISharedErrors),
    /// An error of the vault.
    Vault(IVaultErrors),
    /// An error of the exits.
    Exits(IExitsErrors),
    /// An error of the hub.
    Hub(IHubErrors),
    /// An error of the allocator.
    Allocator(IAllocatorErrors),
    /// An error of an attestation service.
    Attestation(IAttestationErrors),
    /// An error of a custody service.
    Custody(ICustodyErrors),
    /// An error of the governor.
    Governor(IGovernorErrors),
    /// An error of bonds and cover.
    Cover(ICoverErrors),
    /// An error of the rates.
    Rates(IRatesErrors),
    /// An error of the router.
    Router(IRouterErrors),
    /// An error of the rewards.
    Rewards(IRewardsErrors),
    /// An error of the share token.
    Lrt(ILrtErrors),
    /// An error of a token.
    Token(IErc20Errors),
    /// An error of Arbitrum's ArbWasm.
    ArbWasm(IArbWasmErrors),
    /// `Error(string)` of a Solidity contract.
    Text(String),
    /// `Panic(uint256)` of a Solidity contract.
    Panic(U256),
    /// Nothing that is known here.
    Unknown(Bytes),
}

impl Refusal {
    /// Reads revert data.
    pub fn decode(data: &[u8]) -> Self {
        fn read<E: SolInterface>(data: &[u8], wrap: fn(E) -> Refusal) -> Option<Refusal> {
            E::abi_decode(data).ok().map(wrap)
        }
        let generic = || match GenericContractError::abi_decode(data) {
            Ok(ContractError::Revert(revert)) => Some(Self::Text(revert.reason)),
            Ok(ContractError::Panic(panic)) => Some(Self::Panic(panic.code)),
            _ => None,
        };
        read(data, Self::Shared)
            .or_else(|| read(data, Self::Vault))
            .or_else(|| read(data, Self::Exits))
            .or_else(|| read(data, Self::Hub))
            .or_else(|| read(data, Self::Allocator))
            .or_else(|| read(data, Self::Attestation))
            .or_else(|| read(data, Self::Custody))
            .or_else(|| read(data, Self::Governor))
            .or_else(|| read(data, Self::Cover))
            .or_else(|| read(data, Self::Rates))
            .or_else(|| read(data, Self::Router))
            .or_else(|| read(data, Self::Rewards))
            .or_else(|| read(data, Self::Lrt))
            .or_else(|| read(data, Self::Token))
            .or_else(|| read(data, Self::ArbWasm))
            .or_else(generic)
            .unwrap_or_else(|| Self::Unknown(Bytes::copy_from_slice(data)))
    }

    /// Reads the revert data that an endpoint sent with its error; none if the call did not revert.
    pub fn of(error: &TransportError) -> Option<Self> {
        error
            .as_error_resp()?
            .as_revert_data()
            .map(|data| Self::decode(&data))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared(error) => write!(f, "{}", inner(error)),
            Self::Vault(error) => write!(f, "{}", inner(error)),
            Self::Exits(error) => write!(f, "{}", inner(error)),
            Self::Hub(error) => write!(f, "{}", inner(error)),
            Self::Allocator(error) => write!(f, "{}", inner(error)),
            Self::Attestation(error) => write!(f, "{}", inner(error)),
            Self::Custody(error) => write!(f, "{}", inner(error)),
            Self::Governor(error) => write!(f, "{}", inner(error)),
            Self::Cover(error) => write!(f, "{}", inner(error)),
            Self::Rates(error) => write!(f, "{}", inner(error)),
            Self::Router(error) => write!(f, "{}", inner(error)),
            Self::Rewards(error) => write!(f, "{}", inner(error)),
            Self::Lrt(error) => write!(f, "{}", inner(error)),
            Self::Token(error) => write!(f, "{}", inner(error)),
            Self::ArbWasm(error) => write!(f, "{}", inner(error)),
            Self::Text(text) => f.write_str(text),
            Self::Panic(code) => write!(f, "the contract panicked with code {code:#x}"),
            Self::Unknown(data) if data.is_empty() => {
                f.write_str("the contract reverted without a reason")
            }
            Self::Unknown(data) => write!(
                f,
                "the contract reverted with data that is no known error: {data}"
            ),
        }
    }
}

/// The error inside an interface's error enum, `AboveCap { .. }`, without the name of the enum's variant around it.
fn inner(error: &impl fmt::Debug) -> String {
    let text = format!("{error:?}");
    match text.split_once('(') {
        Some((_, rest)) => rest.strip_suffix(')').unwrap_or(rest).to_owned(),
        None => text,
    }
}

/// Why a call failed, in the contract's words where it said something, else in the endpoint's.
pub fn reason(error: &TransportError) -> String {
    match (Refusal::of(error), error.as_error_resp()) {
        (Some(refusal), _) => refusal.to_string(),
        (None, Some(payload)) => payload.message.to_string(),
        (None, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::Address;
    use alloy::sol_types::{Revert, SolError};
    use weir_abi::{IExits, IVault};

    use super::*;

    #[test]
    fn errors_read_back_with_their_values() {
        let cap = IVault::AboveCap {
            token: Address::ZERO,
            cap: U256::from(5),
            attempted: U256::from(7),
        };
        let shown = Refusal::decode(&cap.abi_encode()).to_string();
        assert!(
            shown.starts_with("AboveCap {") && shown.contains("attempted: 7"),
            "{shown}"
        );
        let ticket = IExits::NoTicket {
            ticketId: U256::from(3),
        };
        assert!(matches!(
            Refusal::decode(&ticket.abi_encode()),
            Refusal::Exits(IExitsErrors::NoTicket(_))
        ));
        let text = Revert {
            reason: "no".to_owned(),
        };
        assert_eq!(
            Refusal::decode(&text.abi_encode()),
            Refusal::Text("no".to_owned())
        );
        assert_eq!(
            Refusal::decode(&[]).to_string(),
            "the contract reverted without a reason"
        );
        assert!(matches!(
            Refusal::decode(&[1, 2, 3, 4]),
            Refusal::Unknown(_)
        ));
    }
}
