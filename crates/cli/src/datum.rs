//! Values of a contract: as programs read them in JSON, and as people do.

use alloy::primitives::{Address, FixedBytes, U256};
use serde::{Serialize, Serializer};

use crate::amount::{exact, percent, rate};
use crate::connect::Client;
use crate::explain::share;
use crate::time::span;

/// A value, by what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datum {
    /// An account or a contract.
    Account(Address),
    /// Wei of something with 18 decimals.
    Amount(U256),
    /// ETH for one, times 1e18.
    Rate(U256),
    /// A part of 1e18.
    Part(u64),
    /// Basis points.
    Bps(U256),
    /// Seconds.
    Span(U256),
    /// A number, such as that of a service.
    Number(U256),
    /// Anything else, in words.
    Text(String),
}

impl Datum {
    /// The value as people read it.
    pub fn text(&self, client: &Client) -> String {
        match self {
            Self::Account(account) if account.is_zero() => "nobody".to_owned(),
            Self::Account(account) => client.label(*account),
            Self::Amount(wei) => exact(*wei),
            Self::Rate(wad) => rate(*wad),
            Self::Part(wad) => share(*wad),
            Self::Bps(bps) => percent(*bps),
            Self::Span(seconds) => span(u64::try_from(*seconds).unwrap_or(u64::MAX)),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Account(account) => serializer.collect_str(account),
            Self::Part(wad) => serializer.collect_str(wad),
            Self::Amount(number)
            | Self::Rate(number)
            | Self::Bps(number)
            | Self::Span(number)
            | Self::Number(number) => serializer.collect_str(number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// A tag of an operator as people write it: its letters, or hexadecimal digits if it is no text.
pub fn tag_text(tag: FixedBytes<8>) -> String {
    let end = tag.iter().rposition(|byte| *byte != 0);
    let letters = end.and_then(|end| tag.get(..=end)).unwrap_or_default();
    match str::from_utf8(letters) {
        Ok(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) => {
            text.to_owned()
        }
        _ => tag.to_string(),
    }
}

/// The tag that people write so.
///
/// # Errors
/// It has no letter, more than eight, or others than those of ASCII.
pub fn tag(text: &str) -> Result<FixedBytes<8>, String> {
    if let Some(digits) = text.strip_prefix("0x") {
        return digits
            .parse()
            .map_err(|_| format!("`{text}` is not a tag: 16 hexadecimal digits after 0x"));
    }
    let letters = text.as_bytes();
    if letters.is_empty() || letters.len() > 8 || !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(format!(
            "`{text}` is not a tag: one to eight letters, such as geth or aws-us"
        ));
    }
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(letters) {
        *to = *from;
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_back_as_they_are_written() {
        for text in ["geth", "aws-us-1", "0x00000000000000ff"] {
            assert_eq!(tag_text(tag(text).unwrap()), text);
        }
        for wrong in ["", "nine-long", "a b", "0x12"] {
            assert!(tag(wrong).is_err(), "{wrong}");
        }
    }
}
