//! Why a call was refused.

use alloy_primitives::Bytes;
use alloy_sol_types::{SolError, SolInterface};
use weir_abi::{
    IAllocator, IAttestation, ICustody, IEntry, IErc20, IErc2612, IExits, IGovernor, IHub, ILrt,
    ILst, IRates, IRewards, IRouter, IShared, IVault,
};

/// Why a call was refused.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Revert data.
    pub data: Bytes,
    /// Why it ended without revert data, such as "out of gas".
    pub halt: Option<String>,
}

impl Refusal {
    /// The error, if it is an `E`.
    pub fn decode<E: SolError>(&self) -> Option<E> {
        E::abi_decode_validate(&self.data).ok()
    }

    /// The error, which is an `E`.
    ///
    /// # Panics
    /// It is another.
    pub fn error<E: SolError>(&self) -> E {
        self.decode()
            .unwrap_or_else(|| panic!("refused with {self:?}, not with {}", E::SIGNATURE))
    }

    /// Whether it is an `E`, whatever its values.
    pub fn is<E: SolError>(&self) -> bool {
        self.decode::<E>().is_some()
    }
}

/// Words of the error, by every interface of the protocol.
impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(halt) = &self.halt {
            return f.write_str(halt);
        }
        let known = [
            named::<IShared::ISharedErrors>,
            named::<IVault::IVaultErrors>,
            named::<IExits::IExitsErrors>,
            named::<IEntry::IEntryErrors>,
            named::<IRouter::IRouterErrors>,
            named::<IHub::IHubErrors>,
            named::<IAllocator::IAllocatorErrors>,
            named::<IGovernor::IGovernorErrors>,
            named::<IAttestation::IAttestationErrors>,
            named::<ICustody::ICustodyErrors>,
            named::<IRates::IRatesErrors>,
            named::<IRewards::IRewardsErrors>,
            named::<ILrt::ILrtErrors>,
            named::<ILst::ILstErrors>,
            named::<IErc20::IErc20Errors>,
            named::<IErc2612::IErc2612Errors>,
        ];
        match known.iter().find_map(|named| named(&self.data)) {
            Some(name) => f.write_str(&name),
            None => write!(f, "unknown error {}", self.data),
        }
    }
}

fn named<T: SolInterface + std::fmt::Debug>(data: &[u8]) -> Option<String> {
    T::abi_decode_validate(data)
        .ok()
        .map(|error| format!("{error:?}"))
}
