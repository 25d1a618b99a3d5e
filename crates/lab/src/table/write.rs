//! Writes paths in row groups; a file appears under its name when it is complete.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::{DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::{About, TableError};
use crate::stress::{COLUMNS, Outcome};

/// A file of paths that is being written.
pub struct Writer {
    path: PathBuf,
    partial: PathBuf,
    inner: SerializedFileWriter<File>,
}

impl Writer {
    /// Begins the file at `path`.
    pub fn create(path: &Path, about: &About) -> Result<Self, TableError> {
        let partial = path.with_extension("partial");
        let file = File::create(&partial).map_err(TableError::io(&partial))?;
        let text = |key: &str, value: String| KeyValue::new(format!("weir.{key}"), value);
        let metadata = vec![
            text("scenario", about.scenario.clone()),
            text("fingerprint", format!("{:016x}", about.fingerprint)),
            text("streams", format!("{:016x}", about.streams)),
            text("seed", about.seed.to_string()),
            text("tilt", about.tilt.to_string()),
        ];
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("weir lab".to_owned())
            .set_key_value_metadata(Some(metadata))
            .build();
        let inner = SerializedFileWriter::new(
            file,
            schema().map_err(TableError::format(path))?,
            Arc::new(properties),
        )
        .map_err(TableError::format(path))?;
        Ok(Self {
            path: path.to_owned(),
            partial,
            inner,
        })
    }

    /// Adds a row group: `first` is the number of its first path.
    pub fn push(&mut self, first: u64, outcomes: &[Outcome]) -> Result<(), TableError> {
        let numbers: Vec<i64> = (first as i64..).take(outcomes.len()).collect();
        let rows: Vec<_> = outcomes.iter().map(Outcome::row).collect();
        let columns: Vec<Vec<f64>> = (0..COLUMNS.len())
            .map(|column| rows.iter().map(|row| row[column]).collect())
            .collect();
        self.push_columns(&numbers, &columns)
    }

    /// Adds a row group by column.
    pub fn push_columns(
        &mut self,
        numbers: &[i64],
        columns: &[Vec<f64>],
    ) -> Result<(), TableError> {
        let path = self.path.clone();
        let format = |error| TableError::Format {
            path: path.clone(),
            what: parquet::errors::ParquetError::to_string(&error),
        };
        let mut group = self.inner.next_row_group().map_err(format)?;
        let mut columns = columns.iter();
        let mut is_first = true;
        while let Some(mut column) = group.next_column().map_err(format)? {
            if is_first {
                column
                    .typed::<Int64Type>()
                    .write_batch(numbers, None, None)
                    .map_err(format)?;
                is_first = false;
            } else if let Some(values) = columns.next() {
                column
                    .typed::<DoubleType>()
                    .write_batch(values, None, None)
                    .map_err(format)?;
            }
            column.close().map_err(format)?;
        }
        group.close().map_err(format)?;
        Ok(())
    }

    /// Completes the file and gives it its name.
    pub fn finish(self) -> Result<(), TableError> {
        let Self {
            path,
            partial,
            inner,
        } = self;
        let mut file = inner.into_inner().map_err(TableError::format(&path))?;
        file.flush().map_err(TableError::io(&partial))?;
        std::fs::rename(&partial, &path).map_err(TableError::io(&path))
    }
}

fn schema() -> Result<Arc<Type>, parquet::errors::ParquetError> {
    let field = |name: &str, kind| {
        Type::primitive_type_builder(name, kind)
            .with_repetition(Repetition::REQUIRED)
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![field("path", Physical::INT64)?];
    for column in COLUMNS {
        fields.push(field(column.name, Physical::DOUBLE)?);
    }
    Ok(Arc::new(
        Type::group_type_builder("paths")
            .with_fields(fields)
            .build()?,
    ))
}
