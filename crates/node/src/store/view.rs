//! Everything as of one block.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{BlockRow, Document, Kind, Range, Store, StoreError};

/// Entries as of a block, whatever is committed while they are read.
///
/// What changed since is taken from the undo log. An entry is read before its undo rows: a commit in between then leaves what it
/// was in the undo log.
#[derive(Debug, Clone)]
pub struct View {
    store: Arc<dyn Store>,
    /// The block.
    pub block: BlockRow,
}

/// What can be asked for by rank: a rank and a key to go on after.
pub type Ranked = ([u8; 32], Vec<u8>);

impl View {
    /// A view as of `block`, which the store must have.
    pub fn new(store: Arc<dyn Store>, block: BlockRow) -> Self {
        Self { store, block }
    }

    /// A document; none if it was not there.
    ///
    /// # Errors
    /// The database failed, or the document is not one.
    pub async fn get<T: DeserializeOwned>(
        &self,
        kind: Kind,
        key: &[u8],
    ) -> Result<Option<T>, StoreError> {
        let now = self.store.get(kind, key).await?;
        let old = self.store.old_since(kind, key, self.block.number).await?;
        old.unwrap_or(now).map(|found| parse(&found)).transpose()
    }

    /// Documents in order of their keys.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn scan<T: DeserializeOwned>(
        &self,
        range: Range,
    ) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
        let limit = range.limit as usize;
        let mut read = range.clone();
        // What came since the block is left out, so that more may have to be read for a whole page.
        let all = loop {
            let found = self.store.scan(read.clone()).await?;
            let is_all = found.len() < read.limit as usize;
            let page = self.as_of(&range, found, is_all).await?;
            if is_all || page.len() >= limit {
                break page;
            }
            read.limit = read.limit.saturating_mul(2);
        };
        all.into_iter()
            .map(|(key, document)| Ok((key, parse(&document)?)))
            .collect()
    }

    async fn as_of(
        &self,
        range: &Range,
        found: Vec<(Vec<u8>, Document)>,
        is_all: bool,
    ) -> Result<Vec<(Vec<u8>, Document)>, StoreError> {
        let since = self.store.all_old_since(range.kind, self.block.number);
        let since = since.await?;
        let last = found.last().map(|(key, _)| key.clone());
        // Beyond what was read there may be more.
        let is_reached = |key: &[u8]| match &last {
            Some(last) if !is_all && range.descending => key >= last.as_slice(),
            Some(last) if !is_all => key <= last.as_slice(),
            _ => true,
        };
        let mut all: Vec<(Vec<u8>, Document)> = found
            .into_iter()
            .filter(|(key, _)| !since.contains_key(key))
            .collect();
        for (key, old) in since {
            if let Some(old) = old
                && range.contains(&key)
                && is_reached(&key)
            {
                all.push((key, old));
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        if range.descending {
            all.reverse();
        }
        all.truncate(range.limit as usize);
        Ok(all)
    }

    /// Ranked documents, highest first.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn scan_ranked<T: DeserializeOwned>(
        &self,
        kind: Kind,
        beyond: Option<Ranked>,
        limit: u32,
    ) -> Result<Vec<(Ranked, T)>, StoreError> {
        let mut fetch = limit;
        let mut all = loop {
            let found = self.store.scan_ranked(kind, beyond.clone(), fetch).await?;
            let is_all = found.len() < fetch as usize;
            let since = self.store.all_old_since(kind, self.block.number).await?;
            let page = ranked_as_of(found, since, beyond.as_ref(), is_all);
            if is_all || page.len() >= limit as usize {
                break page;
            }
            fetch = fetch.saturating_mul(2);
        };
        all.truncate(limit as usize);
        all.into_iter()
            .map(|(place, document)| Ok((place, parse(&document)?)))
            .collect()
    }

    /// Whether the branch that this is a view of still stands.
    ///
    /// # Errors
    /// The database failed.
    pub async fn still_stands(&self) -> Result<bool, StoreError> {
        let found = self.store.block_at_or_below(self.block.number).await?;
        Ok(found.is_some_and(|found| found.hash == self.block.hash))
    }
}

fn ranked_as_of(
    found: Vec<(Vec<u8>, Document)>,
    since: BTreeMap<Vec<u8>, Option<Document>>,
    beyond: Option<&Ranked>,
    is_all: bool,
) -> Vec<(Ranked, Document)> {
    let mut all = Vec::new();
    let mut last = None;
    for (key, document) in found {
        let Some(rank) = document.rank else { continue };
        last = Some((rank, key.clone()));
        if !since.contains_key(&key) {
            all.push(((rank, key), document));
        }
    }
    for (key, old) in since {
        let Some((rank, old)) = old.and_then(|old| Some((old.rank?, old))) else {
            continue;
        };
        let place = (rank, key);
        let is_after = beyond.is_none_or(|beyond| place < *beyond);
        let is_reached = is_all || last.as_ref().is_none_or(|last| place >= *last);
        if is_after && is_reached {
            all.push((place, old));
        }
    }
    all.sort_by(|a, b| b.0.cmp(&a.0));
    all
}

fn parse<T: DeserializeOwned>(document: &Document) -> Result<T, StoreError> {
    serde_json::from_slice(&document.json)
        .map_err(|error| StoreError::Corrupt(format!("a document that is not one: {error}")))
}
