//! A map that forgets what it was told since the last commit, and counts how often it is asked.

use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// How often a table was asked and told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accesses {
    /// Loads.
    pub loads: u64,
    /// Saves.
    pub saves: u64,
}

/// A map from keys to values that are zero until saved, with an undo log.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    values: HashMap<K, V, BuildHasherDefault<FastHasher>>,
    undo: Vec<(K, V)>,
    loads: Cell<u64>,
    saves: u64,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            values: HashMap::default(),
            undo: Vec::new(),
            loads: Cell::new(0),
            saves: 0,
        }
    }
}

impl<K: Copy + Eq + Hash, V: Copy + Default + PartialEq> Table<K, V> {
    /// The value at `key`.
    pub fn load(&self, key: K) -> V {
        self.loads.set(self.loads.get().wrapping_add(1));
        self.values.get(&key).copied().unwrap_or_default()
    }

    /// Replaces the value at `key`.
    pub fn save(&mut self, key: K, value: V) {
        self.saves = self.saves.wrapping_add(1);
        let old = if value == V::default() {
            self.values.remove(&key)
        } else {
            self.values.insert(key, value)
        };
        self.undo.push((key, old.unwrap_or_default()));
    }

    /// Keeps what was saved since the last commit.
    pub fn commit(&mut self) {
        self.undo.clear();
    }

    /// Forgets what was saved since the last commit.
    pub fn roll_back(&mut self) {
        while let Some((key, old)) = self.undo.pop() {
            if old == V::default() {
                self.values.remove(&key);
            } else {
                self.values.insert(key, old);
            }
        }
    }

    /// Every key with a value that is not zero, in no order.
    pub fn entries(&self) -> impl Iterator<Item = (K, V)> + '_ {
        self.values.iter().map(|(key, value)| (*key, *value))
    }

    /// How often it was asked and told, ever.
    pub fn accesses(&self) -> Accesses {
        Accesses {
            loads: self.loads.get(),
            saves: self.saves,
        }
    }

    /// Whether both hold the same values.
    pub fn same_as(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

/// Multiplies and rotates: keys here are small, and nobody chooses them to collide.
#[derive(Clone, Copy, Debug, Default)]
pub struct FastHasher(u64);

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            for (place, byte) in eight.iter_mut().zip(chunk) {
                *place = *byte;
            }
            self.write_u64(u64::from_le_bytes(eight));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(26) ^ value).wrapping_mul(0xf135_7aea_2e62_a9c5);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}
