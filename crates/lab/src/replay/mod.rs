//! Real history in place of draws.
//!
//! A [`Series`] is read from a file that the user has; laid on the steps of a scenario it becomes a [`History`], which a
//! [`Plan`](crate::stress::Plan) plays in place of the process that it replaces. [`cascade`](mod@cascade) plays a book of real loans against a pool.

pub mod cascade;
mod files;
mod history;
mod series;

pub use files::{own, pool, positions, queue, rates};
pub use history::{History, Sources};
pub use series::{Series, day_of, unix_of};

/// Why a file of history was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct HistoryError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1, if it is about one.
    pub line: Option<usize>,
    /// What is wrong, with the value.
    pub what: String,
    /// What was expected.
    pub expected: String,
}

impl std::fmt::Display for HistoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            file,
            line,
            what,
            expected,
        } = self;
        match line {
            Some(line) => write!(f, "{file}, line {line}: {what}; expected {expected}"),
            None => write!(f, "{file}: {what}; expected {expected}"),
        }
    }
}
