//! Positional parameters of a request.

use alloy_primitives::U256;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use super::error::{RpcError, invalid_params};

/// The parameters of a request, parsed one by one as the method asks for them.
pub(crate) struct Params<'a> {
    items: Vec<&'a RawValue>,
}

impl<'a> Params<'a> {
    /// Takes a parameter list apart. Nothing and `null` count as an empty one.
    pub(crate) fn new(raw: Option<&'a RawValue>) -> Result<Self, RpcError> {
        let items = match raw.map(RawValue::get) {
            None | Some("null") => Vec::new(),
            Some(text) => {
                serde_json::from_str(text).map_err(|_| invalid_params("non-array args"))?
            }
        };
        Ok(Self { items })
    }

    /// Parameter `index`, which must be there.
    pub(crate) fn required<T: Deserialize<'a>>(&self, index: usize) -> Result<T, RpcError> {
        self.optional(index)?
            .ok_or_else(|| invalid_params(format!("missing value for required argument {index}")))
    }

    /// Parameter `index`, or none if it is left out or `null`.
    pub(crate) fn optional<T: Deserialize<'a>>(&self, index: usize) -> Result<Option<T>, RpcError> {
        let Some(raw) = self.items.get(index) else {
            return Ok(None);
        };
        if raw.get() == "null" {
            return Ok(None);
        }
        serde_json::from_str(raw.get())
            .map(Some)
            .map_err(|error| invalid_params(format!("invalid argument {index}: {error}")))
    }
}

/// A number of at most 64 bits, as hex text, decimal text or a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity(pub(crate) u64);

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = U256::deserialize(deserializer)?;
        value
            .try_into()
            .map(Self)
            .map_err(|_| de::Error::custom(format!("{value:#x} does not fit 64 bits")))
    }
}
