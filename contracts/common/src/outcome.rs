//! How a call ends.

use alloc::vec::Vec;

use alloy_sol_types::SolError;
use weir_abi::words::{self, Encode, ErrorParameters};

/// The revert data of a call that failed: an encoded custom error, of this contract or of one that it called.
#[derive(Debug)]
pub struct Revert(pub Vec<u8>);

/// What a call yields: its return value, or the custom error that it reverts with.
pub type Outcome<T> = Result<T, Revert>;

impl<E: SolError> From<E> for Revert
where
    ErrorParameters<E>: Encode + From<E>,
{
    #[inline(always)]
    fn from(error: E) -> Self {
        Self(words::revert(error))
    }
}
