//! Why the indexer could not go on.

use alloy::primitives::B256;
use alloy::transports::TransportError;

use crate::projections::ProjectError;
use crate::store::StoreError;

/// Why a step failed. Nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The endpoint did not answer, or refused.
    #[error("{doing}: {source}")]
    Endpoint {
        /// What was asked.
        doing: &'static str,
        /// What came back.
        source: TransportError,
    },
    /// The endpoint took too long.
    #[error("{doing}: no answer within {seconds} s")]
    Late {
        /// What was asked.
        doing: &'static str,
        /// How long was waited.
        seconds: u64,
    },
    /// The answer does not fit together: the chain moved meanwhile, or the endpoint gave a part of it.
    #[error("block {block}: {what}")]
    Torn {
        /// Where.
        block: u64,
        /// What does not fit.
        what: String,
    },
    /// The endpoint serves another chain than the deployment stands on.
    #[error("the endpoint serves chain {got}, and the deployment stands on chain {expected}")]
    OtherChain {
        /// Of the deployment.
        expected: u64,
        /// Of the endpoint.
        got: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The logs could not be counted.
    #[error(transparent)]
    Project(#[from] ProjectError),
}

impl IndexError {
    pub(super) fn torn(block: u64, what: impl Into<String>) -> Self {
        Self::Torn {
            block,
            what: what.into(),
        }
    }

    pub(super) fn no_block(number: u64, hash: Option<B256>) -> Self {
        let what = match hash {
            Some(hash) => format!("the endpoint has no block {hash} any more"),
            None => "the endpoint does not have it any more".to_owned(),
        };
        Self::torn(number, what)
    }

    /// Whether asking for fewer blocks at a time may help: the endpoint refused, was too slow, or cut its answer off.
    pub fn asks_for_less(&self) -> bool {
        matches!(
            self,
            Self::Endpoint { .. } | Self::Late { .. } | Self::Torn { .. }
        )
    }

    /// Whether trying again without a change elsewhere may help.
    pub fn passes(&self) -> bool {
        !matches!(self, Self::OtherChain { .. })
    }
}
