//! Segments: files of consecutive paths in a folder, named by the first and the one after the last.

use std::path::{Path, PathBuf};

use super::TableError;

/// A complete file of consecutive paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The file.
    pub path: PathBuf,
    /// Its first path.
    pub first: u64,
    /// The path after its last.
    pub end: u64,
}

impl Segment {
    /// The file of paths `first..end` in `folder`.
    pub fn at(folder: &Path, first: u64, end: u64) -> Self {
        let path = folder.join(format!("paths-{first:012}-{end:012}.parquet"));
        Self { path, first, end }
    }
}

/// The segments in a folder, in the order of their paths; other files are not looked at.
pub fn segments(folder: &Path) -> Result<Vec<Segment>, TableError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(TableError::io(folder))? {
        let entry = entry.map_err(TableError::io(folder))?;
        let name = entry.file_name();
        let range = name.to_str().and_then(|name| {
            let range = name.strip_prefix("paths-")?.strip_suffix(".parquet")?;
            let (first, end) = range.split_once('-')?;
            Some((first.parse().ok()?, end.parse().ok()?))
        });
        if let Some((first, end)) = range {
            found.push(Segment {
                path: entry.path(),
                first,
                end,
            });
        }
    }
    found.sort_by_key(|segment| segment.first);
    Ok(found)
}
