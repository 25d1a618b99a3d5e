//! PostgreSQL, for a history that several machines read.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Postgres, SqlSafeStr as _};

use super::sql::{
    CHUNK, RawBlock, RawEntry, RawLog, RawUndo, block, document, int, log, number, sql_store,
};
use super::{
    Batch, BlockRow, Counts, Document, EntryKey, Kind, LogRow, Range, Store, StoreError, UNDO_FLOOR,
};

/// A store in a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// Connects, and makes the tables if they are not there.
    ///
    /// # Errors
    /// The server cannot be reached, or the database not be brought to this version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new().max_connections(8).connect(url).await?;
        let first = Migration::new(
            1,
            "tables".into(),
            MigrationType::Simple,
            include_str!("migrations/1-postgres.sql").into_sql_str(),
            false,
        );
        Migrator::with_migrations(vec![first]).run(&pool).await?;
        Ok(Self { pool })
    }
}

sql_store!(PostgresStore, Postgres, "BEGIN");
