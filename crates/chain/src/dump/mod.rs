//! A whole chain as bytes, and back.

mod container;
mod image;

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use crate::node::Node;

/// Why a state file was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// It cannot be read.
    #[error("cannot read the state file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It cannot be written. What was there before is unchanged.
    #[error("cannot write the state file {path}: {source}; what was there before is unchanged")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is something else.
    #[error("this is not a state file of weir-chain: it does not begin with the marker of one")]
    Foreign,
    /// It was written by another version.
    #[error(
        "the state file has format {found}, and this version reads format {supported}; use the version that wrote it"
    )]
    Version {
        /// Format of the file.
        found: u32,
        /// Format that this version reads.
        supported: u32,
    },
    /// Its end is missing.
    #[error(
        "the state file is truncated: {have} of {want} bytes are there; restore it from a copy"
    )]
    Truncated {
        /// Bytes that are there.
        have: u64,
        /// Bytes that it should have.
        want: u64,
    },
    /// Its content is damaged.
    #[error("the state file is corrupt: {0}; restore it from a copy")]
    Corrupt(String),
}

impl Node {
    /// The whole chain as bytes: state with its past, blocks, waiting transactions, clock and settings.
    pub(crate) fn dump(&self) -> Vec<u8> {
        container::pack(&image::encode(self))
    }

    /// Replaces the whole chain by one from [`Self::dump`]. On error nothing changes.
    pub(crate) fn load(&mut self, bytes: &[u8]) -> Result<(), StateFileError> {
        image::restore(self, &container::unpack(bytes)?)
    }

    /// Replaces the whole chain by one from a file.
    pub(crate) fn load_file(&mut self, path: &Path) -> Result<(), StateFileError> {
        let bytes = fs::read(path).map_err(|source| StateFileError::Read {
            path: path.to_owned(),
            source,
        })?;
        self.load(&bytes)
    }
}

/// Writes `bytes` to `path` so that at every moment the file is either the old one or the new one.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StateFileError> {
    let failed = |source| StateFileError::Write {
        path: path.to_owned(),
        source,
    };
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let written = (|| {
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        // The first error is the one to report; a part that cannot be removed is harmless.
        let _kept = fs::remove_file(&part);
    }
    written.map_err(failed)
}
