//! Shapes of values in `--json` output.

use alloy::primitives::U256;
use serde::{Serialize, Serializer};

/// An amount in wei as decimal text, which no JSON reader rounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wei(pub U256);

impl Serialize for Wei {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl From<U256> for Wei {
    fn from(amount: U256) -> Self {
        Self(amount)
    }
}
