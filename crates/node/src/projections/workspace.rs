//! Documents in memory between the store and a batch.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{Document, EntryKey, Kind, Store, StoreError, UndoRow};

use super::ProjectError;

/// Most documents that are kept between batches, so that memory stays flat.
const KEPT: usize = 100_000;

/// A subject of which there is a document.
pub trait Doc: Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;

    /// Sorts documents of the kind; none if nobody asks for that.
    fn rank(&self) -> Option<[u8; 32]> {
        None
    }
}

/// Documents as of the last log that was read. Reads go to the store once; writes wait for [`Workspace::take`].
#[derive(Debug)]
pub struct Workspace {
    store: Option<Arc<dyn Store>>,
    known: HashMap<EntryKey, Option<Document>>,
    changed: BTreeMap<EntryKey, Option<Document>>,
    undo: Vec<UndoRow>,
    block: u64,
    in_block: HashSet<EntryKey>,
    /// No undo rows for blocks up to this one.
    pub final_to: Option<u64>,
}

impl Workspace {
    /// Over a store, or over nothing for a rebuild in memory.
    pub fn new(store: Option<Arc<dyn Store>>) -> Self {
        Self {
            store,
            known: HashMap::new(),
            changed: BTreeMap::new(),
            undo: Vec::new(),
            block: 0,
            in_block: HashSet::new(),
            final_to: None,
        }
    }

    /// What follows belongs to this block.
    pub fn begin(&mut self, block: u64) {
        self.block = block;
        self.in_block.clear();
    }

    /// Forgets what was read and changed: the store was taken back.
    pub fn forget(&mut self) {
        self.known.clear();
        self.changed.clear();
        self.undo.clear();
        self.in_block.clear();
    }

    /// What has changed since the last take, and how to take it back.
    pub fn take(&mut self) -> (BTreeMap<EntryKey, Option<Document>>, Vec<UndoRow>) {
        if self.store.is_some() && self.known.len() > KEPT {
            self.known.clear();
        }
        (
            std::mem::take(&mut self.changed),
            std::mem::take(&mut self.undo),
        )
    }

    /// Everything, for a rebuild in memory.
    pub fn into_all(self) -> BTreeMap<EntryKey, Option<Document>> {
        self.changed
    }

    async fn raw(&mut self, key: &EntryKey) -> Result<Option<Document>, StoreError> {
        if let Some(known) = self.changed.get(key).or_else(|| self.known.get(key)) {
            return Ok(known.clone());
        }
        let found = match &self.store {
            Some(store) => store.get(key.0, &key.1).await?,
            None => None,
        };
        self.known.insert(key.clone(), found.clone());
        Ok(found)
    }

    /// A document; none if there is none.
    ///
    /// # Errors
    /// The database failed, or holds something else.
    pub async fn load<T: Doc>(&mut self, key: &[u8]) -> Result<Option<T>, ProjectError> {
        let found = self.raw(&(T::KIND, key.to_vec())).await?;
        let parsed = found.map(|document| serde_json::from_slice(&document.json));
        parsed.transpose().map_err(ProjectError::Document)
    }

    /// Puts a document in place of what was there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn put<T: Doc>(&mut self, key: &[u8], doc: &T) -> Result<(), ProjectError> {
        let document = Document {
            rank: doc.rank(),
            json: serde_json::to_vec(doc).map_err(ProjectError::Document)?,
        };
        self.set((T::KIND, key.to_vec()), Some(document)).await
    }

    /// Removes a document.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove<T: Doc>(&mut self, key: &[u8]) -> Result<(), ProjectError> {
        self.set((T::KIND, key.to_vec()), None).await
    }

    async fn set(&mut self, key: EntryKey, new: Option<Document>) -> Result<(), ProjectError> {
        let old = self.raw(&key).await?;
        if old == new {
            return Ok(());
        }
        let is_final = self.final_to.is_some_and(|to| self.block <= to);
        if !is_final && self.in_block.insert(key.clone()) {
            let (block, key) = (self.block, key.clone());
            self.undo.push(UndoRow { block, key, old });
        }
        self.known.insert(key.clone(), new.clone());
        self.changed.insert(key, new);
        Ok(())
    }

    /// Changes a document, which is made if it is not there.
    ///
    /// # Errors
    /// The database failed, or the change left the range of an amount.
    pub async fn edit<T: Doc + Default>(
        &mut self,
        key: &[u8],
        change: impl FnOnce(&mut T) -> Result<(), ProjectError>,
    ) -> Result<(), ProjectError> {
        let mut doc = self.load::<T>(key).await?.unwrap_or_default();
        change(&mut doc)?;
        self.put(key, &doc).await
    }
}
