//! Views of contracts, read through any provider.

use alloy::primitives::Address;
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use alloy::transports::TransportResult;

/// What a view answers; none if the contract refuses to, or there is no such contract.
///
/// # Errors
/// The endpoint did not answer.
pub async fn view<C: SolCall>(
    provider: &DynProvider,
    to: Address,
    call: C,
) -> TransportResult<Option<C::Return>> {
    let request = TransactionRequest::default()
        .to(to)
        .input(call.abi_encode().into());
    match provider.call(request).await {
        Ok(answer) => Ok(C::abi_decode_returns(&answer).ok()),
        Err(error) if error.is_error_resp() => Ok(None),
        Err(error) => Err(error),
    }
}
