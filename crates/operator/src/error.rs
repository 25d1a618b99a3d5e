//! Why a daemon cannot go on.

use alloy::primitives::Address;
use weir_deployment::revert::Refusal;

use crate::ProtectionError;

/// Why a tick ended early. The next one begins anew: only [`OperatorError::Protection`] and
/// [`OperatorError::OtherKey`] need somebody.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// A contract refused a call.
    #[error("{doing} was refused: {refusal}")]
    Refused {
        /// What.
        doing: String,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// The endpoint did not answer, or not as it should.
    #[error("{doing} failed: {reason}")]
    Chain {
        /// What.
        doing: String,
        /// Why.
        reason: String,
    },
    /// Nothing may be signed.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// The hub has another key of the operator.
    #[error(
        "operator {operator} signs with the key of {expected}, and this is the key of {got}: \
         weir operator register --signer changes it"
    )]
    OtherKey {
        /// The operator.
        operator: Address,
        /// Its key; zero if it is not registered.
        expected: Address,
        /// The key at hand.
        got: Address,
    },
}
