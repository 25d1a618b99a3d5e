//! What the node keeps: raw logs, what they come to, and how to take it back.
//!
//! A [`Store`] holds one branch of the chain. Raw logs are the truth; *entries* are documents that the logs come to, and can be made
//! again from them byte for byte. Every entry that a block changes leaves what it was before in the undo log, so that a
//! block can be taken back, and so that a reader can see all entries as of an earlier block while later ones come in.

mod postgres;
mod sql;
mod sqlite;
mod view;

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes};
use futures::future::BoxFuture;

pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;
pub use view::View;

/// A block of the branch that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRow {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Hash of the block before.
    pub parent: B256,
    /// Unix seconds.
    pub timestamp_s: u64,
}

/// A log as the chain gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Number of its block.
    pub block: u64,
    /// Hash of its block.
    pub block_hash: B256,
    /// Its place among all logs of the block.
    pub log_index: u64,
    /// Transaction that emitted it.
    pub tx_hash: B256,
    /// Contract that emitted it.
    pub address: Address,
    /// Its topics, at most four.
    pub topics: Vec<B256>,
    /// Its data.
    pub data: Bytes,
}

/// What kind of document an entry is. The numbers are in databases: never change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i64)]
pub enum Kind {
    /// One of a kind, by name: the vault, the allocator, cover.
    Single = 1,
    /// An asset, by its index (1 byte).
    Asset = 2,
    /// An account that has or had shares, by address; ranked by balance.
    Holder = 3,
    /// A ticket, by owner and epoch (8 bytes).
    Ticket = 4,
    /// An exit batch, by epoch (8 bytes).
    Batch = 5,
    /// What an account did, by account, block (8 bytes) and log index (4 bytes).
    Activity = 6,
    /// Rate and NAV after a block, by time (8 bytes) and block (8 bytes).
    History = 7,
    /// An accepted or suspicious rate, by asset index, block and log index.
    Rate = 8,
    /// A slash request, by id (8 bytes).
    Slash = 9,
    /// An allocation, by service (4 bytes) and operator.
    Allocation = 10,
    /// A service, by number (4 bytes).
    Service = 11,
    /// An operator, by address.
    Operator = 12,
    /// A fee that was taken or shared, by block and log index.
    Fee = 13,
    /// A parameter or role that changed, by block and log index.
    Change = 14,
    /// A scheduled call of the governor, by id (8 bytes).
    Proposal = 15,
    /// A bond or a member of cover, by address.
    Cushion = 16,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Single,
        Self::Asset,
        Self::Holder,
        Self::Ticket,
        Self::Batch,
        Self::Activity,
        Self::History,
        Self::Rate,
        Self::Slash,
        Self::Allocation,
        Self::Service,
        Self::Operator,
        Self::Fee,
        Self::Change,
        Self::Proposal,
        Self::Cushion,
    ];

    fn of(number: i64) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|kind| *kind as i64 == number);
        found.ok_or_else(|| StoreError::Corrupt(format!("entries of kind {number}")))
    }
}

/// Under this name a store remembers the block up to which nothing can be taken back.
const UNDO_FLOOR: &str = "undo_floor";

/// Name of an entry.
pub type EntryKey = (Kind, Vec<u8>);

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Sorts entries of a kind, as a big-endian number.
    pub rank: Option<[u8; 32]>,
    /// JSON.
    pub json: Vec<u8>,
}

/// What an entry was before a block changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoRow {
    /// The block.
    pub block: u64,
    /// The entry.
    pub key: EntryKey,
    /// What it held; none if it was not there.
    pub old: Option<Document>,
}

/// What one transaction of the database puts in: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The head that the batch goes on from; none for the first. Refused with [`StoreError::Moved`] if the head is another.
    pub after: Option<B256>,
    /// Blocks, oldest first; the last is the new head.
    pub blocks: Vec<BlockRow>,
    /// Logs of these blocks.
    pub logs: Vec<LogRow>,
    /// What becomes of entries; none deletes.
    pub entries: BTreeMap<EntryKey, Option<Document>>,
    /// How to take that back.
    pub undo: Vec<UndoRow>,
    /// Undo rows of blocks up to this one are not needed any more.
    pub prune_to: Option<u64>,
    /// Facts about the node that go with the batch, by name.
    pub meta: Vec<(&'static str, String)>,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Blocks.
    pub blocks: u64,
    /// Raw logs.
    pub logs: u64,
    /// Entries.
    pub entries: u64,
    /// Undo rows.
    pub undo: u64,
}

/// A stretch of the entries of one kind, in order of their keys.
#[derive(Debug, Clone)]
pub struct Range {
    /// Which.
    pub kind: Kind,
    /// From this key on; itself included.
    pub from: Vec<u8>,
    /// Up to this key; itself not included. None for no end.
    pub to: Option<Vec<u8>>,
    /// Newest (largest) first.
    pub descending: bool,
    /// At most so many.
    pub limit: u32,
}

impl Range {
    /// All entries of a kind whose keys begin with `prefix`.
    pub fn prefix(kind: Kind, prefix: &[u8], limit: u32) -> Self {
        Self {
            kind,
            from: prefix.to_vec(),
            to: successor(prefix),
            descending: false,
            limit,
        }
    }

    /// The same, largest first.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// What follows `key` in the order of the range.
    #[must_use]
    pub fn beyond(mut self, key: &[u8]) -> Self {
        if self.descending {
            self.to = Some(key.to_vec());
        } else {
            self.from = [key, &[0]].concat();
        }
        self
    }

    /// Whether a key is in it.
    pub fn contains(&self, key: &[u8]) -> bool {
        key >= self.from.as_slice() && self.to.as_ref().is_none_or(|to| key < to.as_slice())
    }
}

/// The first key after all that begin with `prefix`; none if there is no such.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != 0xff)?;
    let mut key = prefix.get(..=last)?.to_vec();
    if let Some(byte) = key.last_mut() {
        *byte += 1;
    }
    Some(key)
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// Its tables cannot be brought to this version.
    #[error("cannot prepare the database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The head is not the one that the batch goes on from: another node writes to the same database, or this one is behind.
    #[error("the head of the database moved: it is {head:?}, and the batch goes on from {after:?}")]
    Moved {
        /// The head.
        head: Option<B256>,
        /// What the batch expects.
        after: Option<B256>,
    },
    /// What is needed to go back so far is not kept.
    #[error("cannot go back to block {to}: only what happened after block {kept} can be undone")]
    TooDeep {
        /// Where to.
        to: u64,
        /// How far back it goes.
        kept: u64,
    },
    /// A row is not as this code writes it.
    #[error("the database holds something that this version did not write: {0}")]
    Corrupt(String),
    /// The URL names no known database.
    #[error("cannot use the database `{0}`: give sqlite:FILE or postgres://…")]
    Url(String),
}

/// What the database will answer.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The database, whichever it is. All reads and writes of the node go through it.
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Puts a batch in, whole or not at all.
    fn commit<'a>(&'a self, batch: &'a Batch) -> Answer<'a, ()>;
    /// Takes all blocks after `number` back.
    fn undo_to(&self, number: u64) -> Answer<'_, ()>;
    /// Empties the store.
    fn reset(&self) -> Answer<'_, ()>;
    /// Replaces all entries, for a rebuild; the undo log is emptied.
    fn replace_entries<'a>(
        &'a self,
        entries: &'a BTreeMap<EntryKey, Option<Document>>,
    ) -> Answer<'a, ()>;
    /// The newest block.
    fn head(&self) -> Answer<'_, Option<BlockRow>>;
    /// The newest kept block at or below `number`.
    fn block_at_or_below(&self, number: u64) -> Answer<'_, Option<BlockRow>>;
    /// What undo rows reach back to: every block after the answer can be taken back.
    fn undo_floor(&self) -> Answer<'_, u64>;
    /// An entry as of the newest block.
    fn get<'a>(&'a self, kind: Kind, key: &'a [u8]) -> Answer<'a, Option<Document>>;
    /// Entries of a kind in order of their keys, as of the newest block.
    fn scan(&self, range: Range) -> Answer<'_, Vec<(Vec<u8>, Document)>>;
    /// Ranked entries of a kind, highest rank first and keys falling where ranks are equal, after `beyond`.
    fn scan_ranked(
        &self,
        kind: Kind,
        beyond: Option<([u8; 32], Vec<u8>)>,
        limit: u32,
    ) -> Answer<'_, Vec<(Vec<u8>, Document)>>;
    /// What one entry held before the first change after block `at`; none if it did not change since.
    fn old_since<'a>(
        &'a self,
        kind: Kind,
        key: &'a [u8],
        at: u64,
    ) -> Answer<'a, Option<Option<Document>>>;
    /// The same for all entries of a kind.
    fn all_old_since(&self, kind: Kind, at: u64)
    -> Answer<'_, BTreeMap<Vec<u8>, Option<Document>>>;
    /// Raw logs after a block and log index, oldest first.
    fn logs_after(&self, after: Option<(u64, u64)>, limit: u32) -> Answer<'_, Vec<LogRow>>;
    /// A fact about the node.
    fn meta<'a>(&'a self, name: &'a str) -> Answer<'a, Option<String>>;
    /// Remembers a fact about the node.
    fn set_meta<'a>(&'a self, name: &'a str, value: &'a str) -> Answer<'a, ()>;
    /// How many rows there are.
    fn counts(&self) -> Answer<'_, Counts>;
}

/// Opens the store behind a URL: `sqlite:FILE`, or `postgres://user@host/database`.
///
/// # Errors
/// The URL names neither, or the database cannot be opened or prepared.
pub async fn open(url: &str) -> Result<std::sync::Arc<dyn Store>, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return Ok(std::sync::Arc::new(SqliteStore::open(path.as_ref()).await?));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(std::sync::Arc::new(PostgresStore::open(url).await?));
    }
    Err(StoreError::Url(url.to_owned()))
}
