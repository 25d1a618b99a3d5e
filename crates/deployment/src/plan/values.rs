//! The kinds of value a plan is made of, each read from text with an error that says what was expected.

use std::fmt;

use alloy::primitives::{Address, U256, keccak256};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::amount::{format_wad, parse_wad};

/// An amount of 18-decimal units, written as decimal text (`"1.5"`), so that nothing is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub U256);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_wad(self.0))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::read(deserializer, "a decimal amount in quotes, such as \"1.5\"")?;
        parse_wad(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Who holds a role: the account that deploys, or a given address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// Whoever runs the deployment.
    Deployer,
    /// A given address.
    Address(Address),
}

impl Account {
    /// The address meant, once the deployer is known.
    pub const fn resolve(self, deployer: Address) -> Address {
        match self {
            Self::Deployer => deployer,
            Self::Address(address) => address,
        }
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Deployer => serializer.serialize_str("deployer"),
            Self::Address(address) => serializer.collect_str(address),
        }
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::read(deserializer, "\"deployer\" or an address in quotes")?;
        if text == "deployer" {
            return Ok(Self::Deployer);
        }
        parse_address(&text)
            .map(Self::Address)
            .map_err(|why| D::Error::custom(format!("{why}; expected \"deployer\" or an address")))
    }
}

/// The contract behind an asset or a rate: one that stands on the chain, or one that the plan deploys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractRef {
    /// A contract that exists already.
    Address(Address),
    /// A devnet token of this project, deployed by the plan: `"deploy:wsteth"`.
    Deploy(String),
}

impl fmt::Display for ContractRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "{address}"),
            Self::Deploy(name) => write!(f, "deploy:{name}"),
        }
    }
}

impl Serialize for ContractRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContractRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::read(deserializer, "an address in quotes, or \"deploy:NAME\"")?;
        match text.strip_prefix("deploy:") {
            Some(name) => Ok(Self::Deploy(name.to_owned())),
            None => parse_address(&text).map(Self::Address).map_err(|why| {
                D::Error::custom(format!(
                    "{why}; expected an address, or \"deploy:NAME\" for a devnet token"
                ))
            }),
        }
    }
}

/// A view without arguments, written as Solidity writes it: `stEthPerToken()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewCall(String);

impl ViewCall {
    /// The first four bytes of the hash of the signature.
    pub fn selector(&self) -> [u8; 4] {
        let hash = keccak256(self.0.as_bytes());
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

impl fmt::Display for ViewCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for ViewCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ViewCall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "a view without arguments in quotes, such as \"getExchangeRate()\"";
        let text = Text::read(deserializer, EXPECTED)?;
        let name = text.strip_suffix("()").unwrap_or_default();
        let starts_well =
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$');
        if starts_well
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        {
            Ok(Self(text))
        } else {
            Err(D::Error::custom(format!(
                "`{text}` is not a call; expected {EXPECTED}"
            )))
        }
    }
}

fn parse_address(text: &str) -> Result<Address, String> {
    let address: Address = text
        .parse()
        .map_err(|_| format!("`{text}` is not an address (0x and 40 hexadecimal digits)"))?;
    let has_both_cases = text[2..].contains(|c: char| c.is_ascii_uppercase())
        && text[2..].contains(|c: char| c.is_ascii_lowercase());
    if has_both_cases && address.to_checksum(None) != text {
        return Err(format!(
            "`{text}` has a wrong checksum, so a character is mistyped (all lower case skips this check)"
        ));
    }
    Ok(address)
}

/// Text in a plan; anything else is answered with what was expected there.
struct Text;

impl Text {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
    ) -> Result<String, D::Error> {
        struct Visitor(&'static str);
        impl serde::de::Visitor<'_> for Visitor {
            type Value = String;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
            fn visit_str<E>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }
        }
        deserializer.deserialize_str(Visitor(expected))
    }
}
