//! One file from the segments of any number of shards.
//!
//! Rows go into row groups of a fixed size in the order of paths, so that the bytes do not depend on how the work was split.

use std::path::{Path, PathBuf};

use super::read::{columns, numbers, same};
use super::{About, TableError, Writer, describe, segments};
use crate::stress::COLUMNS;

/// Rows of a row group of a merged file: bounds the memory of a merge.
const GROUP_ROWS: usize = 65_536;

/// What a merge made.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Files that were read.
    pub files: usize,
    /// Paths in the result.
    pub paths: u64,
}

/// Merges files and folders of segments into `out`. Each path from the first to the last must be there once.
pub fn merge(places: &[PathBuf], out: &Path) -> Result<Merged, TableError> {
    let mut files: Vec<(i64, PathBuf)> = Vec::new();
    let mut about: Option<About> = None;
    for place in places {
        let found = if place.is_dir() {
            segments(place)?
                .into_iter()
                .map(|segment| segment.path)
                .collect()
        } else {
            vec![place.clone()]
        };
        for path in found {
            let (this, _) = describe(&path)?;
            match &about {
                Some(other) => same(&path, other, &this)?,
                None => about = Some(this),
            }
            files.push((numbers(&path)?.first().copied().unwrap_or(0), path));
        }
    }
    let Some(about) = about else {
        return Err(TableError::Gaps {
            what: "no file of paths was given".to_owned(),
        });
    };
    files.sort();
    let mut writer = Writer::create(out, &about)?;
    let mut rows = Rows::default();
    let mut paths = 0;
    for (_, path) in &files {
        let these = numbers(path)?;
        for number in &these {
            if *number != paths {
                let is_twice = *number < paths;
                let what = if is_twice {
                    format!("path {number} is there twice")
                } else {
                    format!("path {paths} is missing")
                };
                return Err(TableError::Gaps {
                    what: format!("{what}, at {}", path.display()),
                });
            }
            paths += 1;
        }
        rows.add(these, columns(path)?);
        rows.write(&mut writer, GROUP_ROWS)?;
    }
    rows.write(&mut writer, 1)?;
    writer.finish()?;
    Ok(Merged {
        files: files.len(),
        paths: paths as u64,
    })
}

#[derive(Default)]
struct Rows {
    numbers: Vec<i64>,
    columns: Vec<Vec<f64>>,
}

impl Rows {
    fn add(&mut self, numbers: Vec<i64>, columns: Vec<Vec<f64>>) {
        self.numbers.extend(numbers);
        self.columns.resize(COLUMNS.len(), Vec::new());
        for (kept, more) in self.columns.iter_mut().zip(columns) {
            kept.extend(more);
        }
    }

    /// Writes full row groups while there are at least `least` rows.
    fn write(&mut self, writer: &mut Writer, least: usize) -> Result<(), TableError> {
        while !self.numbers.is_empty() && self.numbers.len() >= least {
            let count = self.numbers.len().min(GROUP_ROWS);
            let numbers: Vec<i64> = self.numbers.drain(..count).collect();
            let columns: Vec<Vec<f64>> = self
                .columns
                .iter_mut()
                .map(|column| column.drain(..count).collect())
                .collect();
            writer.push_columns(&numbers, &columns)?;
        }
        Ok(())
    }
}
