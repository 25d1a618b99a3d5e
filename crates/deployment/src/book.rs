//! The address book: what a deployment has put on the chain so far, kept on disk after every step.
//!
//! The book is written before a transaction is sent (with its hash) and after it is mined, each time by replacing the
//! file as a whole. A run that is cut off anywhere can so be continued: nothing is sent twice, and no contract is lost.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

/// Version of the file's layout that this code reads and writes.
pub const BOOK_VERSION: u32 = 1;

/// What stands where, and how far a deployment has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressBook {
    /// [`BOOK_VERSION`].
    pub version: u32,
    /// The chain it stands on.
    pub chain_id: u64,
    /// [`Plan::hash`](crate::plan::Plan::hash) of the plan it follows.
    pub plan_hash: B256,
    /// The account that created the contracts.
    pub deployer: Address,
    /// Start of epoch 0, Unix seconds: fixed by the first run.
    pub genesis_s: u64,
    /// Whether every step is done and verified.
    pub complete: bool,
    /// Contracts by name.
    pub contracts: BTreeMap<String, Contract>,
    /// Assets in the vault's order.
    pub assets: Vec<Asset>,
    /// Ids of services by name.
    pub services: BTreeMap<String, u32>,
    /// Operators by name.
    pub operators: BTreeMap<String, Address>,
    /// Steps that are done, in order.
    pub steps: Vec<StepRecord>,
    /// A transaction that was signed and whose fate is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// A contract of the deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Where it stands.
    pub address: Address,
    /// keccak256 of its code on the chain.
    pub code_hash: B256,
}

/// An asset of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// What people call it.
    pub symbol: String,
    /// Its ERC-20 contract.
    pub token: Address,
}

/// A step that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Name of the step, unique in its plan.
    pub step: String,
    /// Its transaction; none if the chain was found as the step wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tx: Option<B256>,
    /// Block of the transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<u64>,
    /// Gas it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_used: Option<u64>,
}

/// A signed transaction whose fate is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its sender.
    pub from: Address,
    /// Its nonce: at most one of the transactions below can be mined.
    pub nonce: u64,
    /// What was signed with that nonce.
    pub txs: Vec<PendingTx>,
}

/// One try to send a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingTx {
    /// Name of the step.
    pub step: String,
    /// Hash of the transaction.
    pub hash: B256,
}

/// Why a book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The file cannot be read.
    #[error("cannot read the address book {path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write the address book {path}: {source}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not an address book.
    #[error("{path} is not an address book: {source}", path = path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// The file was written by another version of this code.
    #[error("{path} has layout {found} of the address book, this version reads {BOOK_VERSION}", path = path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The layout it says it has.
        found: u32,
    },
    /// The book belongs to another chain.
    #[error("the address book is of chain {book}, but the RPC endpoint serves chain {chain}")]
    OtherChain {
        /// Chain id in the book.
        book: u64,
        /// Chain id of the endpoint.
        chain: u64,
    },
    /// The book follows another plan.
    #[error(
        "the address book follows another plan (its hash is {book}, this plan's is {plan}): \
         deploy with the plan it was started with, or with a new address book"
    )]
    OtherPlan {
        /// Hash in the book.
        book: B256,
        /// Hash of the plan at hand.
        plan: B256,
    },
    /// The book was started by another account.
    #[error(
        "the deployment was started by {book}, but this key is of {signer}: continue with the first key"
    )]
    OtherDeployer {
        /// Deployer in the book.
        book: Address,
        /// Account of the key at hand.
        signer: Address,
    },
    /// The contracts of the book were made by another build.
    #[error(
        "the address book has another code of `{0}` than this build of Weir would deploy: continue with the build \
         that started it, or start anew with another address book"
    )]
    OtherCode(String),
    /// A contract of the book is not on the chain.
    #[error(
        "the address book has `{name}` at {address}, but there is no code: the chain was reset since. Start anew \
         with another address book, or remove this one"
    )]
    Vanished {
        /// The contract.
        name: String,
        /// Where it should stand.
        address: Address,
    },
    /// The book lacks a contract.
    #[error(
        "the address book has no contract named `{0}`: the deployment it belongs to is not finished"
    )]
    NoContract(String),
}

impl AddressBook {
    /// A book with nothing in it yet.
    pub const fn new(chain_id: u64, plan_hash: B256, deployer: Address, genesis_s: u64) -> Self {
        Self {
            version: BOOK_VERSION,
            chain_id,
            plan_hash,
            deployer,
            genesis_s,
            complete: false,
            contracts: BTreeMap::new(),
            assets: Vec::new(),
            services: BTreeMap::new(),
            operators: BTreeMap::new(),
            steps: Vec::new(),
            pending: None,
        }
    }

    /// Reads a book from a file.
    ///
    /// # Errors
    /// The file cannot be read, is not a book, or has another layout.
    pub fn read(path: &Path) -> Result<Self, BookError> {
        let text = fs::read_to_string(path).map_err(|source| BookError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_json(path, &text)
    }

    fn from_json(path: &Path, text: &str) -> Result<Self, BookError> {
        #[derive(Deserialize)]
        struct Layout {
            version: u32,
        }
        let parse = |source| BookError::Parse {
            path: path.to_owned(),
            source,
        };
        let layout: Layout = serde_json::from_str(text).map_err(parse)?;
        if layout.version != BOOK_VERSION {
            return Err(BookError::Version {
                path: path.to_owned(),
                found: layout.version,
            });
        }
        serde_json::from_str(text).map_err(parse)
    }

    /// Address of a contract by name.
    ///
    /// # Errors
    /// The book has none of that name.
    pub fn address(&self, name: &str) -> Result<Address, BookError> {
        match self.contracts.get(name) {
            Some(contract) => Ok(contract.address),
            None => Err(BookError::NoContract(name.to_owned())),
        }
    }

    /// The first contract whose code is another than this build would deploy.
    pub fn other_code(&self) -> Option<&str> {
        // Not every contract has the name of its program, so it is known by its code.
        let differs = |(_, contract): &(&String, &Contract)| {
            let mut artifacts = weir_artifacts::all().iter();
            !artifacts.any(|artifact| artifact.codehash() == contract.code_hash)
        };
        self.contracts
            .iter()
            .find(differs)
            .map(|(name, _)| name.as_str())
    }

    /// An asset by its symbol, in any case of letters.
    pub fn asset(&self, symbol: &str) -> Option<&Asset> {
        self.assets
            .iter()
            .find(|asset| asset.symbol.eq_ignore_ascii_case(symbol))
    }
}

/// A book and where it is kept.
#[derive(Debug)]
pub struct BookStore {
    path: Option<PathBuf>,
}

impl BookStore {
    /// Keeps the book in a file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Some(path.into()),
        }
    }

    /// Keeps the book nowhere: for a chain that lives no longer than this process.
    pub const fn memory() -> Self {
        Self { path: None }
    }

    /// The book in the file, or none if there is no such file yet.
    ///
    /// # Errors
    /// As [`AddressBook::read`].
    pub fn load(&self) -> Result<Option<AddressBook>, BookError> {
        match &self.path {
            Some(path) if path.exists() => AddressBook::read(path).map(Some),
            _ => Ok(None),
        }
    }

    /// Replaces the file by `book`, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, book: &AddressBook) -> Result<(), BookError> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        write_json(path, book).map_err(|source| BookError::Write {
            path: path.clone(),
            source,
        })
    }
}

/// Replaces a file by the JSON of `value`, whole or not at all, and makes its folder if needed.
///
/// # Errors
/// What the system said.
pub fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let mut file = fs::File::create(&temporary)?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> AddressBook {
        let mut book = AddressBook::new(
            412_346,
            B256::repeat_byte(1),
            Address::repeat_byte(2),
            1_700_000_000,
        );
        book.assets.push(Asset {
            symbol: "wstETH".to_owned(),
            token: Address::repeat_byte(3),
        });
        let txs = vec![PendingTx {
            step: "create vault".to_owned(),
            hash: B256::ZERO,
        }];
        book.pending = Some(Pending {
            from: book.deployer,
            nonce: 7,
            txs,
        });
        book
    }

    #[test]
    fn a_book_reads_back_as_it_was_saved() {
        let folder = tempfile::tempdir().unwrap();
        let store = BookStore::file(folder.path().join("new/book.json"));
        assert_eq!(store.load().unwrap(), None);
        store.save(&book()).unwrap();
        assert_eq!(store.load().unwrap(), Some(book()));
        let files = fs::read_dir(folder.path().join("new")).unwrap().count();
        assert_eq!(files, 1, "the temporary file should be gone");
    }

    #[test]
    fn another_layout_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.json");
        fs::write(&path, "{\"version\": 99, \"contracts\": 3}").unwrap();
        assert!(matches!(
            AddressBook::read(&path),
            Err(BookError::Version { found: 99, .. })
        ));
        fs::write(&path, "{}").unwrap();
        assert!(matches!(
            AddressBook::read(&path),
            Err(BookError::Parse { .. })
        ));
    }

    #[test]
    fn symbols_are_found_in_any_case() {
        assert_eq!(book().asset("WSTETH").unwrap().symbol, "wstETH");
        assert!(book().asset("wst").is_none());
    }
}
