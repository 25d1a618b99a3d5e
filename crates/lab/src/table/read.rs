//! Reads files of paths by column.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{DataType, DoubleType, Int64Type};
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::{About, TableError, segments};
use crate::stress::{COLUMNS, column};

/// Complete files of one run, in the order of their paths.
#[derive(Clone, Debug)]
pub struct Paths {
    /// What they are of.
    pub about: About,
    /// How many paths there are.
    pub count: u64,
    files: Vec<PathBuf>,
}

impl Paths {
    /// A file of paths, or a folder of segments.
    pub fn open(place: &Path) -> Result<Self, TableError> {
        let files = if place.is_dir() {
            segments(place)?
                .into_iter()
                .map(|segment| segment.path)
                .collect()
        } else {
            vec![place.to_owned()]
        };
        let (mut about, mut count): (Option<About>, u64) = (None, 0);
        for path in &files {
            let (this, rows) = describe(path)?;
            match &about {
                Some(other) => same(path, other, &this)?,
                None => about = Some(this),
            }
            count += rows;
        }
        match about {
            Some(about) if count > 0 => Ok(Self {
                about,
                count,
                files,
            }),
            _ => Err(TableError::Format {
                path: place.to_owned(),
                what: "no paths here; `weir lab stress` writes them".to_owned(),
            }),
        }
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Result<Vec<f64>, TableError> {
        let Some(place) = column(name) else {
            let path = self.files.first().cloned().unwrap_or_default();
            return Err(TableError::Format {
                path,
                what: format!("there is no column {name}"),
            });
        };
        let mut values = Vec::with_capacity(self.count as usize);
        for path in &self.files {
            read::<DoubleType>(path, place + 1, &mut values)?;
        }
        Ok(values)
    }
}

/// What a file says about itself, and how many rows it has.
pub fn describe(path: &Path) -> Result<(About, u64), TableError> {
    let reader = open(path)?;
    let metadata = reader.metadata().file_metadata();
    let names: Vec<&str> = metadata
        .schema_descr()
        .columns()
        .iter()
        .map(|column| column.name())
        .collect();
    let expected = ["path"]
        .into_iter()
        .chain(COLUMNS.iter().map(|column| column.name));
    if !names.iter().copied().eq(expected) {
        return Err(TableError::Format {
            path: path.to_owned(),
            what: "its columns are not those of this version's paths".to_owned(),
        });
    }
    let said = |key: &str| {
        let pairs = metadata.key_value_metadata().into_iter().flatten();
        let mut found = pairs.filter(|pair| pair.key.strip_prefix("weir.") == Some(key));
        found.find_map(|pair| pair.value.clone())
    };
    let about = || {
        Some(About {
            scenario: said("scenario")?,
            fingerprint: u64::from_str_radix(&said("fingerprint")?, 16).ok()?,
            streams: u64::from_str_radix(&said("streams")?, 16).ok()?,
            seed: said("seed")?.parse().ok()?,
            tilt: said("tilt")?.parse().ok()?,
        })
    };
    let about = about().ok_or_else(|| TableError::Format {
        path: path.to_owned(),
        what: "it does not say which scenario, seed and tilt it is of".to_owned(),
    })?;
    Ok((about, metadata.num_rows() as u64))
}

/// Whether two files are of one run.
pub(super) fn same(path: &Path, one: &About, other: &About) -> Result<(), TableError> {
    let what = if one.fingerprint != other.fingerprint || one.streams != other.streams {
        "another scenario".to_owned()
    } else if one.seed != other.seed {
        format!("seed {} instead of {}", other.seed, one.seed)
    } else if one.tilt != other.tilt {
        format!("tilt {} instead of {}", other.tilt, one.tilt)
    } else {
        return Ok(());
    };
    Err(TableError::Differs {
        path: path.to_owned(),
        what,
    })
}

/// The numbers of the paths of a file.
pub(super) fn numbers(path: &Path) -> Result<Vec<i64>, TableError> {
    let mut values = Vec::new();
    read::<Int64Type>(path, 0, &mut values)?;
    Ok(values)
}

/// All columns of a file.
pub(super) fn columns(path: &Path) -> Result<Vec<Vec<f64>>, TableError> {
    (1..=COLUMNS.len())
        .map(|place| {
            let mut values = Vec::new();
            read::<DoubleType>(path, place, &mut values)?;
            Ok(values)
        })
        .collect()
}

fn open(path: &Path) -> Result<SerializedFileReader<File>, TableError> {
    let file = File::open(path).map_err(TableError::io(path))?;
    SerializedFileReader::new(file).map_err(TableError::format(path))
}

fn read<T: DataType>(path: &Path, place: usize, values: &mut Vec<T::T>) -> Result<(), TableError> {
    let reader = open(path)?;
    for group in 0..reader.num_row_groups() {
        let group = reader
            .get_row_group(group)
            .map_err(TableError::format(path))?;
        let rows = group.metadata().num_rows() as usize;
        let column = group
            .get_column_reader(place)
            .map_err(TableError::format(path))?;
        let mut column = get_typed_column_reader::<T>(column);
        let mut left = rows;
        while left > 0 {
            let (read, _, _) = column
                .read_records(left, None, None, values)
                .map_err(TableError::format(path))?;
            if read == 0 {
                return Err(TableError::Format {
                    path: path.to_owned(),
                    what: "a column ends early".to_owned(),
                });
            }
            left -= read;
        }
    }
    Ok(())
}

/// Refuses a file whose run is not `about`.
pub fn belongs(path: &Path, about: &About, other: &About) -> Result<(), TableError> {
    same(path, about, other)
}
