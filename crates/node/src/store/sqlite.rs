//! SQLite, inside the process: one writer, readers beside it (WAL).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr as _, Sqlite, SqlitePool};

use super::sql::{
    CHUNK, RawBlock, RawEntry, RawLog, RawUndo, block, document, int, log, number, sql_store,
};
use super::{
    Batch, BlockRow, Counts, Document, EntryKey, Kind, LogRow, Range, Store, StoreError, UNDO_FLOOR,
};

/// A store in a SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    pool: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    /// It cannot be opened or brought to this version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit survives the process at once; a power cut may lose the last ones, whole, and they are indexed again.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(30));
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        Self::prepared(pool).await
    }

    /// A store that is gone with its handle.
    ///
    /// # Errors
    /// It cannot be prepared.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(SqliteConnectOptions::new().in_memory(true))
            .await?;
        Self::prepared(pool).await
    }

    async fn prepared(pool: SqlitePool) -> Result<Self, StoreError> {
        let first = Migration::new(
            1,
            "tables".into(),
            MigrationType::Simple,
            include_str!("migrations/1-sqlite.sql").into_sql_str(),
            false,
        );
        Migrator::with_migrations(vec![first]).run(&pool).await?;
        Ok(Self { pool })
    }
}

sql_store!(SqliteStore, Sqlite, "BEGIN IMMEDIATE");
