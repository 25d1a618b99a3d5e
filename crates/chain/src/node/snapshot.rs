//! Snapshots: going back to a past of the chain.

use super::{Node, Settings};
use crate::pool::Pool;

/// A moment of the chain that can be returned to.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    height: u64,
    version: u64,
    settings: Settings,
    pool: Pool,
}

impl Node {
    /// Remembers this moment. Returns its number. Costs nothing per account or block.
    pub(crate) fn snapshot(&mut self) -> u64 {
        let id = self.next_snapshot;
        self.next_snapshot += 1;
        let snapshot = Snapshot {
            height: self.blocks.height(),
            version: self.world.version(),
            settings: self.settings.clone(),
            pool: self.pool.clone(),
        };
        self.snapshots.insert(id, snapshot);
        if self.snapshots.len() > self.config.limits.snapshots {
            self.snapshots.pop_first();
        }
        id
    }

    /// Returns to a snapshot and forgets it and all later ones. False if there is none with this number, or its state
    /// is not kept any more.
    pub(crate) fn revert(&mut self, id: u64) -> bool {
        let Some(snapshot) = self.snapshots.remove(&id) else {
            return false;
        };
        self.snapshots.split_off(&id);
        if !self.world.undo_to(snapshot.version) {
            return false;
        }
        self.blocks.truncate(snapshot.height);
        self.filters.rewind(snapshot.height);
        self.blocks.set_head_version(snapshot.version);
        self.settings = snapshot.settings;
        self.pool = snapshot.pool;
        // The trie is brought back now, so that the next block does not pay for it.
        self.trie.catch_up(&mut self.world);
        true
    }
}
