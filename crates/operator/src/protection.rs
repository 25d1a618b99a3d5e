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

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: Address = Address::repeat_byte(1);
    const OPERATOR: Address = Address::repeat_byte(2);
    const A: B256 = B256::repeat_byte(0xa);
    const B: B256 = B256::repeat_byte(0xb);

    fn claim(
        protection: &mut Protection,
        height: u64,
        payload: B256,
    ) -> Result<(), ProtectionError> {
        protection.claim(1, CONTRACT, OPERATOR, height, payload)
    }

    #[test]
    fn what_was_written_binds_after_a_crash_before_signing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        // The daemon dies here: written, and nobody knows whether it was signed.
        claim(&mut Protection::open(&path).unwrap(), 7, A).unwrap();

        let mut protection = Protection::open(&path).unwrap();
        let refused = claim(&mut protection, 7, B);
        assert!(matches!(
            refused,
            Err(ProtectionError::Conflict { height: 7, .. })
        ));
        let refused = claim(&mut protection, 6, A);
        assert!(matches!(
            refused,
            Err(ProtectionError::Past { last: 7, .. })
        ));
        // The same again is no equivocation, and what comes later is free.
        claim(&mut protection, 7, A).unwrap();
        claim(&mut protection, 8, B).unwrap();
        assert_eq!(protection.last_height(1, CONTRACT, OPERATOR), Some(8));
    }

    #[test]
    fn contracts_chains_and_operators_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mut protection = Protection::open(&folder.path().join("signed.json")).unwrap();
        claim(&mut protection, 7, A).unwrap();
        protection.claim(2, CONTRACT, OPERATOR, 7, B).unwrap();
        protection.claim(1, OPERATOR, OPERATOR, 7, B).unwrap();
        protection.claim(1, CONTRACT, CONTRACT, 3, B).unwrap();
    }

    #[test]
    fn one_daemon_has_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        let first = Protection::open(&path).unwrap();
        let second = Protection::open(&path);
        assert!(matches!(second, Err(ProtectionError::Locked { .. })));
        drop(first);
        Protection::open(&path).unwrap();
    }

    #[test]
    fn a_torn_write_leaves_the_old_file_and_a_damaged_file_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.json");
        claim(&mut Protection::open(&path).unwrap(), 7, A).unwrap();
        // Killed while writing the next: the new file is torn and not in place.
        fs::write(folder.path().join("signed.json.new"), "{\"1/").unwrap();
        let mut protection = Protection::open(&path).unwrap();
        assert!(claim(&mut protection, 7, B).is_err());
        drop(protection);
        fs::write(&path, "{\"1/").unwrap();
        let damaged = Protection::open(&path);
        assert!(matches!(damaged, Err(ProtectionError::File { .. })));
    }

    #[test]
    fn a_disk_that_does_not_take_it_means_no_signature() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/signed.json");
        let mut protection = Protection::open(&path).unwrap();
        fs::remove_dir_all(folder.path().join("below")).unwrap();
        let refused = claim(&mut protection, 7, A);
        assert!(matches!(refused, Err(ProtectionError::File { .. })));
        assert_eq!(protection.last_height(1, CONTRACT, OPERATOR), None);
    }
}
