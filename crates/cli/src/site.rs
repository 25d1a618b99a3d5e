//! Where the contracts of a chain are found: the address book, with the development accounts of a `weir up` chain.

use std::path::{Path, PathBuf};
use std::{env, fs};

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};
use weir_chain::DevAccounts;
use weir_deployment::AddressBook;
use weir_deployment::book::{BookError, write_json};

use crate::failure::{Code, Failure, Result};

/// An address book as `weir up` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// What stands where.
    #[serde(flatten)]
    pub book: AddressBook,
    /// Where the chain answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpc: Option<String>,
    /// Where the keys of the development accounts come from. They are known to everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dev: Option<Dev>,
}

/// Where the keys of the development accounts come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dev {
    /// A BIP-39 phrase.
    Mnemonic(String),
    /// A number.
    Seed(u64),
}

/// How many development accounts there are.
pub const DEV_ACCOUNTS: u32 = 10;

impl Dev {
    /// As the chain takes them.
    pub fn accounts(&self) -> DevAccounts {
        match self {
            Self::Mnemonic(phrase) => DevAccounts::Mnemonic {
                phrase: phrase.clone(),
                count: DEV_ACCOUNTS,
            },
            Self::Seed(seed) => DevAccounts::Seed {
                seed: *seed,
                count: DEV_ACCOUNTS,
            },
        }
    }

    /// Their addresses, in order; none if the phrase is wrong.
    pub fn addresses(&self) -> Vec<Address> {
        let signers = self.accounts().signers().unwrap_or_default();
        signers
            .iter()
            .map(alloy::signers::local::PrivateKeySigner::address)
            .collect()
    }
}

impl Site {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// It is not there, cannot be read, or is not an address book.
    pub fn read(path: &Path) -> Result<Self> {
        let wrong = |error: BookError| {
            Failure::new(Code::NoChain, "cannot use the address book")
                .because(error)
                .next("--book FILE, as `weir up` and `weir deploy` write it (deploy: plan.toml → plan.book.json)")
        };
        let book = AddressBook::read(path).map_err(wrong)?;
        let text = fs::read_to_string(path).unwrap_or_default();
        Ok(serde_json::from_str(&text).unwrap_or(Self {
            book,
            rpc: None,
            dev: None,
        }))
    }

    /// Replaces the file at `path`, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &Path) -> Result {
        write_json(path, self).map_err(|error| {
            Failure::new(
                Code::Failed,
                format!("cannot write the address book {}", path.display()),
            )
            .because(error)
            .next("--book FILE, with a file in a folder you may write to")
        })
    }
}

/// The address book of the chain behind an RPC endpoint, where `weir up` writes it and other commands look: one file
/// for each host and port in the user's data folder, so that it is found from every folder.
pub fn default_path(host: &str, port: u16) -> Option<PathBuf> {
    let host: String = host
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let host = if host == "localhost" {
        "127.0.0.1".to_owned()
    } else {
        host
    };
    Some(data_folder()?.join(format!("{host}-{port}.json")))
}

/// `WEIR_HOME`, else the user's data folder as the system names it.
pub fn data_folder() -> Option<PathBuf> {
    variable("WEIR_HOME").or_else(|| user_folder("XDG_DATA_HOME", ".local/share"))
}

/// The user's folder for what can be made again.
pub fn cache_folder() -> Option<PathBuf> {
    user_folder("XDG_CACHE_HOME", ".cache")
}

fn user_folder(xdg: &str, below_home: &str) -> Option<PathBuf> {
    let folder = variable(xdg).or_else(|| variable("LOCALAPPDATA"));
    Some(
        folder
            .or_else(|| Some(variable("HOME")?.join(below_home)))?
            .join("weir"),
    )
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
