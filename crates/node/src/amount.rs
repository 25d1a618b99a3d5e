//! Amounts: U256 in memory, decimal text in JSON.

use std::fmt;

use alloy::primitives::U256;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 1e18.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// An amount in the smallest unit, or a rate scaled by 1e18. In JSON it is text of decimal digits: JavaScript loses digits of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub U256);

/// A sum or difference of amounts from the logs left its range: logs are missing or are not those of this deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount left its range: logs are missing, or are not those of this deployment")]
pub struct OutOfRange;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(U256::ZERO);

    /// `self + other`.
    ///
    /// # Errors
    /// The sum has no place.
    pub fn plus(self, other: Self) -> Result<Self, OutOfRange> {
        self.0.checked_add(other.0).map(Self).ok_or(OutOfRange)
    }

    /// `self − other`.
    ///
    /// # Errors
    /// `other` is larger.
    pub fn minus(self, other: Self) -> Result<Self, OutOfRange> {
        self.0.checked_sub(other.0).map(Self).ok_or(OutOfRange)
    }

    /// `floor(self · numerator / denominator)`, zero for a denominator of zero.
    ///
    /// # Errors
    /// The product has no place.
    pub fn part_down(self, numerator: Self, denominator: Self) -> Result<Self, OutOfRange> {
        if denominator.0.is_zero() {
            return Ok(Self::ZERO);
        }
        let product = self.0.checked_mul(numerator.0).ok_or(OutOfRange)?;
        product
            .checked_div(denominator.0)
            .map(Self)
            .ok_or(OutOfRange)
    }

    /// `floor(self · rate / 1e18)`.
    ///
    /// # Errors
    /// The product has no place.
    pub fn at_rate(self, rate_wad: Self) -> Result<Self, OutOfRange> {
        self.part_down(rate_wad, Self(WAD))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<U256> for Amount {
    fn from(value: U256) -> Self {
        Self(value)
    }
}

impl From<u64> for Amount {
    fn from(value: u64) -> Self {
        Self(U256::from(value))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let value = is_decimal
            .then(|| U256::from_str_radix(&text, 10).ok())
            .flatten();
        value.map(Self).ok_or_else(|| {
            serde::de::Error::custom("an amount is text of decimal digits, below 2^256")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_decimal_text() {
        let text = serde_json::to_string(&Amount(U256::MAX)).unwrap();
        assert_eq!(serde_json::from_str::<Amount>(&text).unwrap().0, U256::MAX);
        for wrong in ["\"\"", "\"-1\"", "\"0x1\"", "\"1.0\"", "1", "\"1_0\""] {
            assert!(serde_json::from_str::<Amount>(wrong).is_err(), "{wrong}");
        }
        let over = format!("\"{}0\"", U256::MAX);
        assert!(serde_json::from_str::<Amount>(&over).is_err());
    }

    #[test]
    fn parts_round_down() {
        let part = Amount::from(10).part_down(Amount::from(2), Amount::from(3));
        assert_eq!(part, Ok(Amount::from(6)));
        assert_eq!(Amount(U256::MAX).at_rate(Amount::from(2)), Err(OutOfRange));
        assert_eq!(Amount::from(1).minus(Amount::from(2)), Err(OutOfRange));
    }
}
