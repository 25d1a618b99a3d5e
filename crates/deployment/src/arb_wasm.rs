//! The precompile of Arbitrum chains through which Stylus programs are activated.

use alloy::primitives::{Address, B256, Bytes, U256, address, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol;
use alloy::sol_types::SolCall;
use alloy::transports::TransportResult;

use crate::amount::WAD;
use crate::view::view;

/// Where ArbWasm stands on every Arbitrum chain.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

sol! {
    /// The part of `ArbWasm` that a deployment needs (OffchainLabs/nitro-precompile-interfaces, `ArbWasm.sol`).
    #[sol(all_derives)]
    interface IArbWasm {
        /// Compiles a program into the chain; refunds what is sent over `dataFee`.
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        /// Has the chain run code of this hash for another year; from 31 days after its activation on.
        function codehashKeepalive(bytes32 codehash) external payable;
        /// Version of Stylus that new programs are activated with.
        function stylusVersion() external view returns (uint16 version);
        /// Seconds until a program expires; reverts if it is not active.
        function programTimeLeft(address program) external view returns (uint64 timeLeft);
        /// Version that code of this hash is activated with; reverts if it is not.
        function codehashVersion(bytes32 codehash) external view returns (uint16 version);

        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramInsufficientValue(uint256 have, uint256 want);
    }
}

/// Version of Stylus on this chain, or none if the chain has no ArbWasm.
///
/// # Errors
/// The endpoint did not answer.
pub async fn stylus_version(provider: &DynProvider) -> TransportResult<Option<u16>> {
    let call = IArbWasm::stylusVersionCall {};
    Ok(view(provider, ARB_WASM, call)
        .await?
        .filter(|version| *version > 0))
}

/// Version that code of this hash is activated with, or none if it is not.
///
/// # Errors
/// The endpoint did not answer.
pub async fn codehash_version(
    provider: &DynProvider,
    codehash: B256,
) -> TransportResult<Option<u16>> {
    view(
        provider,
        ARB_WASM,
        IArbWasm::codehashVersionCall { codehash },
    )
    .await
}

/// Seconds until a program expires, or none if the chain would not run it now.
///
/// # Errors
/// The endpoint did not answer.
pub async fn program_time_left(
    provider: &DynProvider,
    program: Address,
) -> TransportResult<Option<u64>> {
    view(
        provider,
        ARB_WASM,
        IArbWasm::programTimeLeftCall { program },
    )
    .await
}

/// What activation of `code` costs beside gas, found by a trial on code that is not on the chain yet; none where the
/// endpoint does not support such trials.
///
/// # Errors
/// The endpoint did not answer.
pub async fn activation_data_fee(
    provider: &DynProvider,
    from: Address,
    code: &[u8],
) -> TransportResult<Option<U256>> {
    let (request, overrides) = trial(from, code);
    match provider.call(request).overrides(overrides).await {
        Ok(answer) => {
            let decoded = IArbWasm::activateProgramCall::abi_decode_returns(&answer);
            Ok(decoded.ok().map(|activation| activation.dataFee))
        }
        Err(error) if error.is_error_resp() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gas that activation of `code` takes, found in the same way.
///
/// # Errors
/// The endpoint did not answer.
pub async fn activation_gas(
    provider: &DynProvider,
    from: Address,
    code: &[u8],
) -> TransportResult<Option<u64>> {
    let (request, overrides) = trial(from, code);
    match provider.estimate_gas(request).overrides(overrides).await {
        Ok(gas) => Ok(Some(gas)),
        Err(error) if error.is_error_resp() => Ok(None),
        Err(error) => Err(error),
    }
}

/// An activation of `code` at an address that has it only in this request.
fn trial(from: Address, code: &[u8]) -> (TransactionRequest, StateOverride) {
    // Any address without code serves; this one nobody has a key to.
    let program = Address::from_word(keccak256(code));
    let request = TransactionRequest::default()
        .from(from)
        .to(ARB_WASM)
        .value(WAD)
        .input(
            IArbWasm::activateProgramCall { program }
                .abi_encode()
                .into(),
        );
    let mut overrides = StateOverride::default();
    overrides.insert(
        program,
        AccountOverride::default().with_code(Bytes::copy_from_slice(code)),
    );
    overrides.insert(
        from,
        AccountOverride::default().with_balance(WAD.saturating_mul(U256::from(1_000))),
    );
    (request, overrides)
}
