//! What an operator signed last, on disk, so that it never signs two payloads at one height.
//!
//! For each contract, chain and operator the file has the highest height and its payload. [`Protection::claim`] writes a
//! new file beside the old one, waits for the disk, and puts it in place; only then may the caller sign. Heights below
//! are never signed again, so one line each is enough, as in the minimal form of EIP-3076. A lock keeps a second daemon
//! away from the file.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

/// What was signed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    height: u64,
    payload: B256,
}

/// The file, and the lock on it.
#[derive(Debug)]
pub struct Protection {
    path: PathBuf,
    signed: BTreeMap<String, Last>,
    /// Held as long as this lives.
    _lock: File,
}

/// Why nothing may be signed.
#[derive(Debug, thiserror::Error)]
pub enum ProtectionError {
    /// Something else was signed at that height.
    #[error(
        "the protection file says that {signed} was signed at height {height}, so {asked} must not be"
    )]
    Conflict {
        /// The height.
        height: u64,
        /// What was signed, or about to be.
        signed: B256,
        /// What is to be signed now.
        asked: B256,
    },
    /// A later height was signed.
    #[error("the protection file says that height {last} was signed, so {height} must not be")]
    Past {
        /// The height to sign.
        height: u64,
        /// The highest that was signed.
        last: u64,
    },
    /// Another daemon has the file.
    #[error("another daemon uses the protection file {}: one key, one daemon", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written, or is damaged.
    #[error(
        "the protection file {} cannot be used: {source}. Without it nothing is signed; a damaged one is worth \
         more than none, so look before you remove it",
        path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Protection {
    /// Opens the file, or begins one.
    ///
    /// # Errors
    /// Another daemon has it, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, ProtectionError> {
        let failed = |source| ProtectionError::File {
            path: path.to_owned(),
            source,
        };
        let mut lock_path = path.as_os_str().to_owned();
        lock_path.push(".lock");
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = File::create(PathBuf::from(lock_path)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let path = path.to_owned();
                return Err(ProtectionError::Locked { path });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let signed = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            signed,
            _lock: lock,
        })
    }

    /// The highest height that was signed or about to be; none if nothing was.
    pub fn last_height(&self, chain_id: u64, contract: Address, operator: Address) -> Option<u64> {
        let last = self.signed.get(&key(chain_id, contract, operator));
        last.map(|last| last.height)
    }

    /// Writes down that `payload` is about to be signed at `height`. When this returns, the disk has it.
    ///
    /// # Errors
    /// Something else was signed there, or a later height was, or the disk does not take it: nothing may be signed.
    pub fn claim(
        &mut self,
        chain_id: u64,
        contract: Address,
        operator: Address,
        height: u64,
        payload: B256,
    ) -> Result<(), ProtectionError> {
        let key = key(chain_id, contract, operator);
        if let Some(last) = self.signed.get(&key) {
            if last.height > height {
                return Err(ProtectionError::Past {
                    height,
                    last: last.height,
                });
            }
            if last.height == height && last.payload != payload {
                return Err(ProtectionError::Conflict {
                    height,
                    signed: last.payload,
                    asked: payload,
                });
            }
            if last.height == height {
                return Ok(());
            }
        }
        let mut signed = self.signed.clone();
        signed.insert(key, Last { height, payload });
        write(&self.path, &signed).map_err(|source| ProtectionError::File {
            path: self.path.clone(),
            source,
        })?;
        self.signed = signed;
        Ok(())
    }
}

fn key(chain_id: u64, contract: Address, operator: Address) -> String {
    format!("{chain_id}/{contract}/{operator}")
}

/// Replaces the file, whole or not at all, and waits until the disk has both it and its name.
fn write(path: &Path, signed: &BTreeMap<String, Last>) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(signed)?;
    text.push(b'\n');
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let mut file = File::create(PathBuf::from(&temporary))?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
