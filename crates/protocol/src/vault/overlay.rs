//! A vault as it would be after operations that are not carried out: for views that answer as if synced.

use alloc::vec::Vec;

use alloy_primitives::U256;

use super::{Closed, Settled, VaultKey, VaultStore};

/// Reads through to a store, keeps what is saved to itself.
pub struct Overlay<'a, S: VaultStore + ?Sized> {
    base: &'a S,
    saved: Vec<(VaultKey, U256)>,
}

impl<'a, S: VaultStore + ?Sized> Overlay<'a, S> {
    /// On top of `base`, with nothing saved.
    pub fn new(base: &'a S) -> Self {
        Self {
            base,
            saved: Vec::new(),
        }
    }
}

impl<S: VaultStore + ?Sized> VaultStore for Overlay<'_, S> {
    fn load(&self, key: VaultKey) -> U256 {
        match self.saved.iter().find(|(saved, _)| *saved == key) {
            Some((_, word)) => *word,
            None => self.base.load(key),
        }
    }

    fn save(&mut self, key: VaultKey, word: U256) {
        match self.saved.iter_mut().find(|(saved, _)| *saved == key) {
            Some((_, place)) => *place = word,
            None => self.saved.push((key, word)),
        }
    }

    fn closed(&mut self, _: &Closed) {}

    fn settled(&mut self, _: &Settled) {}
}
