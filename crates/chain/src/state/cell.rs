//! A value that remembers what it was.

/// A value together with its past: for each version that changed it, what it was before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell<T> {
    now: T,
    /// `(version, value before that version)`, versions rising.
    past: Vec<(u64, T)>,
}

impl<T: Copy + PartialEq> Cell<T> {
    /// Rebuilds a cell from its parts. None if the versions do not rise.
    pub(crate) fn from_parts(now: T, past: Vec<(u64, T)>) -> Option<Self> {
        past.is_sorted_by(|a, b| a.0 < b.0)
            .then_some(Self { now, past })
    }

    pub(crate) fn now(&self) -> T {
        self.now
    }

    pub(crate) fn past(&self) -> &[(u64, T)] {
        &self.past
    }

    /// The value after all changes up to and including `version`.
    pub(crate) fn at(&self, version: u64) -> T {
        let later = self
            .past
            .partition_point(|(changed_at, _)| *changed_at <= version);
        self.past.get(later).map_or(self.now, |(_, before)| *before)
    }

    /// Changes the value as part of `version`. Returns whether this is the version's first change of this cell.
    pub(crate) fn set(&mut self, version: u64, value: T) -> bool {
        if self.now == value {
            return false;
        }
        let first = self
            .past
            .last()
            .is_none_or(|(changed_at, _)| *changed_at < version);
        if first {
            // Most cells change once or twice: a vector's usual first capacity of four would waste memory.
            if self.past.len() == self.past.capacity() {
                self.past.reserve_exact(self.past.len().max(1));
            }
            self.past.push((version, self.now));
        }
        self.now = value;
        first
    }

    /// Takes back what `version` did, which must be the newest version that changed this cell.
    pub(crate) fn undo(&mut self, version: u64) {
        if let Some((_, before)) = self.past.pop_if(|(changed_at, _)| *changed_at == version) {
            self.now = before;
        }
    }

    /// Forgets what the value was before `version`.
    pub(crate) fn forget(&mut self, version: u64) {
        let old = self
            .past
            .partition_point(|(changed_at, _)| *changed_at <= version);
        self.past.drain(..old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_each_version() {
        let mut cell = Cell {
            now: 1,
            past: Vec::new(),
        };
        assert!(cell.set(5, 2));
        assert!(!cell.set(5, 3), "second change in one version");
        assert!(cell.set(9, 4));
        assert!(!cell.set(9, 4), "no change");
        assert_eq!([0, 4, 5, 8, 9, 100].map(|v| cell.at(v)), [1, 1, 3, 3, 4, 4]);
        cell.undo(9);
        assert_eq!((cell.now(), cell.at(4)), (3, 1));
        cell.undo(8);
        assert_eq!(
            cell.now(),
            3,
            "a version that changed nothing undoes nothing"
        );
        cell.forget(5);
        assert_eq!(cell.past(), []);
    }
}
