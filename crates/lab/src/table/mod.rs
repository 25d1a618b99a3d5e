//! Parquet files of paths: written in segments, read by column, merged from any number of shards.
//!
//! A file has a column `path` (INT64) and one DOUBLE column for each entry of [`COLUMNS`](crate::stress::COLUMNS), and says in its metadata
//! which scenario, seed and tilt it is of. DuckDB, Spark and DataFusion open it as it is.

mod merge;
mod read;
mod segment;
mod write;

pub use merge::{Merged, merge};
pub use read::{Paths, belongs, describe};
pub use segment::{Segment, segments};
pub use write::Writer;

use std::path::{Path, PathBuf};

/// What a file of paths says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// The scenario as JSON, what it leaves out included.
    pub scenario: String,
    /// Its fingerprint.
    pub fingerprint: u64,
    /// Fingerprint of the scenario whose random streams it uses: another's, where policies are compared on the same draws.
    pub streams: u64,
    /// Root seed.
    pub seed: u64,
    /// Factor of the intensity of shocks.
    pub tilt: f64,
}

/// Why a file of paths cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system refused.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no such file.
    #[error("{path}: {what}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Files that do not belong together.
    #[error("{path} is of another run: {what}")]
    Differs {
        /// The file.
        path: PathBuf,
        /// In what.
        what: String,
    },
    /// Paths are missing or there twice.
    #[error("{what}; expected each path once")]
    Gaps {
        /// Which.
        what: String,
    },
    /// An object store refused.
    #[error("{url}: {what}")]
    Store {
        /// Where.
        url: String,
        /// Why.
        what: String,
    },
}

impl TableError {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::Io {
            path: path.to_owned(),
            error,
        }
    }

    fn format(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self + '_ {
        move |error| Self::Format {
            path: path.to_owned(),
            what: error.to_string(),
        }
    }
}
