//! The statements, once for both databases: they differ in how they are opened and in the names of column types, and in nothing here.

use alloy::primitives::{Address, B256, Bytes};

use super::{BlockRow, Document, LogRow, StoreError};

/// Rows in one statement: below every limit on parameters.
pub(super) const CHUNK: usize = 400;

pub(super) type RawBlock = (i64, Vec<u8>, Vec<u8>, i64);
pub(super) type RawLog = (i64, Vec<u8>, i64, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);
pub(super) type RawEntry = (Vec<u8>, Option<Vec<u8>>, Vec<u8>);
pub(super) type RawUndo = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

/// A number as a database holds it. Block numbers and times are far below 2^63.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn number(int: i64) -> Result<u64, StoreError> {
    u64::try_from(int).map_err(|_| StoreError::Corrupt(format!("a negative number, {int}")))
}

fn word(bytes: &[u8]) -> Result<B256, StoreError> {
    B256::try_from(bytes)
        .map_err(|_| StoreError::Corrupt("a hash that has not 32 bytes".to_owned()))
}

pub(super) fn block((at, hash, parent, timestamp_s): RawBlock) -> Result<BlockRow, StoreError> {
    Ok(BlockRow {
        number: number(at)?,
        hash: word(&hash)?,
        parent: word(&parent)?,
        timestamp_s: number(timestamp_s)?,
    })
}

pub(super) fn log(
    (at, block_hash, log_index, tx_hash, address, topics, data): RawLog,
) -> Result<LogRow, StoreError> {
    let address = Address::try_from(address.as_slice());
    Ok(LogRow {
        block: number(at)?,
        block_hash: word(&block_hash)?,
        log_index: number(log_index)?,
        tx_hash: word(&tx_hash)?,
        address: address
            .map_err(|_| StoreError::Corrupt("an address that has not 20 bytes".to_owned()))?,
        topics: topics.chunks(32).map(word).collect::<Result<_, _>>()?,
        data: Bytes::from(data),
    })
}

pub(super) fn document(rank: Option<Vec<u8>>, json: Vec<u8>) -> Result<Document, StoreError> {
    let rank = rank.map(|bytes| <[u8; 32]>::try_from(bytes.as_slice()));
    let rank = rank
        .transpose()
        .map_err(|_| StoreError::Corrupt("a rank that has not 32 bytes".to_owned()))?;
    Ok(Document { rank, json })
}

/// Implements [`Store`](super::Store) for a struct with a `pool` of `$db`; `$begin` opens a transaction that writes.
macro_rules! sql_store {
    ($store:ty, $db:ty, $begin:expr) => {
        impl $store {
            async fn begin(&self) -> Result<sqlx::Transaction<'static, $db>, StoreError> {
                let mut tx = self.pool.begin_with($begin).await?;
                // Whoever writes first keeps others out until the end.
                sqlx::query("UPDATE meta SET value = value WHERE name = 'lock'")
                    .execute(&mut *tx)
                    .await?;
                Ok(tx)
            }

            async fn put_meta(
                tx: &mut sqlx::Transaction<'static, $db>,
                name: &str,
                value: &str,
            ) -> Result<(), StoreError> {
                let put = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                           ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                sqlx::query(put)
                    .bind(name)
                    .bind(value)
                    .execute(&mut **tx)
                    .await?;
                Ok(())
            }

            async fn put_entries<'e>(
                tx: &mut sqlx::Transaction<'static, $db>,
                entries: impl Iterator<Item = (&'e EntryKey, &'e Option<Document>)>,
            ) -> Result<(), StoreError> {
                let mut puts = Vec::new();
                for (key, document) in entries {
                    match document {
                        Some(document) => puts.push((key, document)),
                        None => {
                            sqlx::query("DELETE FROM entries WHERE kind = $1 AND key = $2")
                                .bind(key.0 as i64)
                                .bind(key.1.as_slice())
                                .execute(&mut **tx)
                                .await?;
                        }
                    }
                }
                for chunk in puts.chunks(CHUNK) {
                    let mut query = sqlx::QueryBuilder::<$db>::new(
                        "INSERT INTO entries (kind, key, rank, value) ",
                    );
                    query.push_values(chunk, |mut row, (key, document)| {
                        row.push_bind(key.0 as i64)
                            .push_bind(key.1.as_slice())
                            .push_bind(document.rank.as_ref().map(|rank| rank.as_slice()))
                            .push_bind(document.json.as_slice());
                    });
                    query.push(
                        " ON CONFLICT (kind, key) DO UPDATE SET rank = excluded.rank, value = excluded.value",
                    );
                    query.build().execute(&mut **tx).await?;
                }
                Ok(())
            }

            async fn read_meta<'c, E>(executor: E, name: &str) -> Result<Option<String>, StoreError>
            where
                E: sqlx::Executor<'c, Database = $db>,
            {
                let found = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1");
                Ok(found.bind(name).fetch_optional(executor).await?)
            }

            async fn read_head<'c, E>(executor: E) -> Result<Option<BlockRow>, StoreError>
            where
                E: sqlx::Executor<'c, Database = $db>,
            {
                let newest = "SELECT number, hash, parent, timestamp_s FROM blocks ORDER BY number DESC LIMIT 1";
                let found = sqlx::query_as::<_, RawBlock>(newest);
                found.fetch_optional(executor).await?.map(block).transpose()
            }

            async fn do_commit(&self, batch: &Batch) -> Result<(), StoreError> {
                let mut tx = self.begin().await?;
                let head = Self::read_head(&mut *tx).await?.map(|head| head.hash);
                if head != batch.after {
                    return Err(StoreError::Moved { head, after: batch.after });
                }
                for chunk in batch.blocks.chunks(CHUNK) {
                    let mut query = sqlx::QueryBuilder::<$db>::new(
                        "INSERT INTO blocks (number, hash, parent, timestamp_s) ",
                    );
                    query.push_values(chunk, |mut row, block| {
                        row.push_bind(int(block.number))
                            .push_bind(block.hash.as_slice())
                            .push_bind(block.parent.as_slice())
                            .push_bind(int(block.timestamp_s));
                    });
                    query.build().execute(&mut *tx).await?;
                }
                for chunk in batch.logs.chunks(CHUNK) {
                    let mut query = sqlx::QueryBuilder::<$db>::new(
                        "INSERT INTO logs (block, block_hash, log_index, tx_hash, address, topics, data) ",
                    );
                    query.push_values(chunk, |mut row, log| {
                        row.push_bind(int(log.block))
                            .push_bind(log.block_hash.as_slice())
                            .push_bind(int(log.log_index))
                            .push_bind(log.tx_hash.as_slice())
                            .push_bind(log.address.as_slice())
                            .push_bind(log.topics.concat())
                            .push_bind(log.data.as_ref());
                    });
                    query.build().execute(&mut *tx).await?;
                }
                Self::put_entries(&mut tx, batch.entries.iter()).await?;
                for chunk in batch.undo.chunks(CHUNK) {
                    let mut query = sqlx::QueryBuilder::<$db>::new(
                        "INSERT INTO undo (block, kind, key, rank, value) ",
                    );
                    query.push_values(chunk, |mut row, undo| {
                        let old = undo.old.as_ref();
                        row.push_bind(int(undo.block))
                            .push_bind(undo.key.0 as i64)
                            .push_bind(undo.key.1.as_slice())
                            .push_bind(old.and_then(|old| old.rank.as_ref().map(|rank| rank.as_slice())))
                            .push_bind(old.map(|old| old.json.as_slice()));
                    });
                    query.build().execute(&mut *tx).await?;
                }
                if let Some(to) = batch.prune_to {
                    sqlx::query("DELETE FROM undo WHERE block <= $1")
                        .bind(int(to))
                        .execute(&mut *tx)
                        .await?;
                    let floor = Self::read_meta(&mut *tx, UNDO_FLOOR).await?;
                    let floor: u64 = floor.and_then(|text| text.parse().ok()).unwrap_or_default();
                    Self::put_meta(&mut tx, UNDO_FLOOR, &floor.max(to).to_string()).await?;
                    // Blocks that are final and have no logs are not needed to go back to.
                    sqlx::query(
                        "DELETE FROM blocks WHERE number < $1 AND number > $2 \
                         AND number < (SELECT MAX(number) FROM blocks) \
                         AND NOT EXISTS (SELECT 1 FROM logs WHERE logs.block = blocks.number)",
                    )
                    .bind(int(to))
                    .bind(int(floor) - 1)
                    .execute(&mut *tx)
                    .await?;
                }
                for (name, value) in &batch.meta {
                    Self::put_meta(&mut tx, name, value).await?;
                }
                tx.commit().await?;
                Ok(())
            }

            async fn do_undo_to(&self, to: u64) -> Result<(), StoreError> {
                let mut tx = self.begin().await?;
                let kept = Self::read_meta(&mut *tx, UNDO_FLOOR).await?;
                let kept: u64 = kept.and_then(|text| text.parse().ok()).unwrap_or_default();
                if to < kept {
                    return Err(StoreError::TooDeep { to, kept });
                }
                // Each entry goes back to what it was before the first of the blocks that changed it.
                let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>)> = sqlx::query_as(
                    "SELECT kind, key, rank, value FROM undo WHERE block > $1 ORDER BY block DESC",
                )
                .bind(int(to))
                .fetch_all(&mut *tx)
                .await?;
                let mut oldest = BTreeMap::new();
                for (kind, key, rank, value) in rows {
                    let old = value.map(|json| document(rank, json)).transpose()?;
                    oldest.insert((Kind::of(kind)?, key), old);
                }
                Self::put_entries(&mut tx, oldest.iter()).await?;
                for delete in [
                    "DELETE FROM undo WHERE block > $1",
                    "DELETE FROM logs WHERE block > $1",
                    "DELETE FROM blocks WHERE number > $1",
                ] {
                    sqlx::query(delete).bind(int(to)).execute(&mut *tx).await?;
                }
                tx.commit().await?;
                Ok(())
            }

            async fn do_reset(&self) -> Result<(), StoreError> {
                let mut tx = self.begin().await?;
                for delete in [
                    "DELETE FROM undo",
                    "DELETE FROM entries",
                    "DELETE FROM logs",
                    "DELETE FROM blocks",
                    "DELETE FROM meta WHERE name <> 'lock'",
                ] {
                    sqlx::query(delete).execute(&mut *tx).await?;
                }
                tx.commit().await?;
                Ok(())
            }

            async fn do_replace(
                &self,
                entries: &BTreeMap<EntryKey, Option<Document>>,
            ) -> Result<(), StoreError> {
                let mut tx = self.begin().await?;
                let head = Self::read_head(&mut *tx).await?;
                for delete in ["DELETE FROM undo", "DELETE FROM entries"] {
                    sqlx::query(delete).execute(&mut *tx).await?;
                }
                Self::put_entries(&mut tx, entries.iter()).await?;
                let floor = head.map(|head| head.number).unwrap_or_default();
                Self::put_meta(&mut tx, UNDO_FLOOR, &floor.to_string()).await?;
                tx.commit().await?;
                Ok(())
            }

            async fn do_scan(&self, range: Range) -> Result<Vec<(Vec<u8>, Document)>, StoreError> {
                let mut query = sqlx::QueryBuilder::<$db>::new(
                    "SELECT key, rank, value FROM entries WHERE kind = ",
                );
                query.push_bind(range.kind as i64);
                query.push(" AND key >= ").push_bind(range.from);
                if let Some(to) = range.to {
                    query.push(" AND key < ").push_bind(to);
                }
                let order = if range.descending { "DESC" } else { "ASC" };
                query.push(" ORDER BY key ").push(order);
                query.push(" LIMIT ").push_bind(i64::from(range.limit));
                let rows: Vec<RawEntry> = query.build_query_as().fetch_all(&self.pool).await?;
                let rows = rows.into_iter();
                rows.map(|(key, rank, json)| Ok((key, document(rank, json)?))).collect()
            }

            async fn do_scan_ranked(
                &self,
                kind: Kind,
                beyond: Option<([u8; 32], Vec<u8>)>,
                limit: u32,
            ) -> Result<Vec<(Vec<u8>, Document)>, StoreError> {
                let mut query = sqlx::QueryBuilder::<$db>::new(
                    "SELECT key, rank, value FROM entries WHERE rank IS NOT NULL AND kind = ",
                );
                query.push_bind(kind as i64);
                if let Some((rank, key)) = beyond {
                    query.push(" AND (rank, key) < (").push_bind(rank.to_vec());
                    query.push(", ").push_bind(key).push(")");
                }
                query.push(" ORDER BY rank DESC, key DESC LIMIT ");
                query.push_bind(i64::from(limit));
                let rows: Vec<RawEntry> = query.build_query_as().fetch_all(&self.pool).await?;
                let rows = rows.into_iter();
                rows.map(|(key, rank, json)| Ok((key, document(rank, json)?))).collect()
            }

            async fn do_old_since(
                &self,
                kind: Kind,
                key: &[u8],
                at: u64,
            ) -> Result<Option<Option<Document>>, StoreError> {
                let row: Option<(Option<Vec<u8>>, Option<Vec<u8>>)> = sqlx::query_as(
                    "SELECT rank, value FROM undo WHERE kind = $1 AND key = $2 AND block > $3 ORDER BY block LIMIT 1",
                )
                .bind(kind as i64)
                .bind(key)
                .bind(int(at))
                .fetch_optional(&self.pool)
                .await?;
                let old = row.map(|(rank, json)| json.map(|json| document(rank, json)).transpose());
                old.transpose()
            }

            async fn do_all_old_since(
                &self,
                kind: Kind,
                at: u64,
            ) -> Result<BTreeMap<Vec<u8>, Option<Document>>, StoreError> {
                let rows: Vec<RawUndo> = sqlx::query_as(
                    "SELECT key, rank, value FROM undo WHERE kind = $1 AND block > $2 ORDER BY block DESC",
                )
                .bind(kind as i64)
                .bind(int(at))
                .fetch_all(&self.pool)
                .await?;
                let mut oldest = BTreeMap::new();
                for (key, rank, json) in rows {
                    let old = json.map(|json| document(rank, json)).transpose()?;
                    oldest.insert(key, old);
                }
                Ok(oldest)
            }

            async fn do_counts(&self) -> Result<Counts, StoreError> {
                let row: (i64, i64, i64, i64) = sqlx::query_as(
                    "SELECT (SELECT COUNT(*) FROM blocks), (SELECT COUNT(*) FROM logs), \
                     (SELECT COUNT(*) FROM entries), (SELECT COUNT(*) FROM undo)",
                )
                .fetch_one(&self.pool)
                .await?;
                Ok(Counts {
                    blocks: number(row.0)?,
                    logs: number(row.1)?,
                    entries: number(row.2)?,
                    undo: number(row.3)?,
                })
            }
        }

        impl Store for $store {
            fn commit<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Result<(), StoreError>> {
                Box::pin(self.do_commit(batch))
            }

            fn undo_to(&self, number: u64) -> BoxFuture<'_, Result<(), StoreError>> {
                Box::pin(self.do_undo_to(number))
            }

            fn reset(&self) -> BoxFuture<'_, Result<(), StoreError>> {
                Box::pin(self.do_reset())
            }

            fn replace_entries<'a>(
                &'a self,
                entries: &'a BTreeMap<EntryKey, Option<Document>>,
            ) -> BoxFuture<'a, Result<(), StoreError>> {
                Box::pin(self.do_replace(entries))
            }

            fn head(&self) -> BoxFuture<'_, Result<Option<BlockRow>, StoreError>> {
                Box::pin(Self::read_head(&self.pool))
            }

            fn block_at_or_below(
                &self,
                number: u64,
            ) -> BoxFuture<'_, Result<Option<BlockRow>, StoreError>> {
                Box::pin(async move {
                    let row: Option<RawBlock> = sqlx::query_as(
                        "SELECT number, hash, parent, timestamp_s FROM blocks WHERE number <= $1 ORDER BY number DESC LIMIT 1",
                    )
                    .bind(int(number))
                    .fetch_optional(&self.pool)
                    .await?;
                    row.map(block).transpose()
                })
            }

            fn undo_floor(&self) -> BoxFuture<'_, Result<u64, StoreError>> {
                Box::pin(async move {
                    let floor = Self::read_meta(&self.pool, UNDO_FLOOR).await?;
                    Ok(floor.and_then(|text| text.parse().ok()).unwrap_or_default())
                })
            }

            fn get<'a>(
                &'a self,
                kind: Kind,
                key: &'a [u8],
            ) -> BoxFuture<'a, Result<Option<Document>, StoreError>> {
                Box::pin(async move {
                    let row: Option<(Option<Vec<u8>>, Vec<u8>)> = sqlx::query_as(
                        "SELECT rank, value FROM entries WHERE kind = $1 AND key = $2",
                    )
                    .bind(kind as i64)
                    .bind(key)
                    .fetch_optional(&self.pool)
                    .await?;
                    row.map(|(rank, json)| document(rank, json)).transpose()
                })
            }

            fn scan(
                &self,
                range: Range,
            ) -> BoxFuture<'_, Result<Vec<(Vec<u8>, Document)>, StoreError>> {
                Box::pin(self.do_scan(range))
            }

            fn scan_ranked(
                &self,
                kind: Kind,
                beyond: Option<([u8; 32], Vec<u8>)>,
                limit: u32,
            ) -> BoxFuture<'_, Result<Vec<(Vec<u8>, Document)>, StoreError>> {
                Box::pin(self.do_scan_ranked(kind, beyond, limit))
            }

            fn old_since<'a>(
                &'a self,
                kind: Kind,
                key: &'a [u8],
                at: u64,
            ) -> BoxFuture<'a, Result<Option<Option<Document>>, StoreError>> {
                Box::pin(self.do_old_since(kind, key, at))
            }

            fn all_old_since(
                &self,
                kind: Kind,
                at: u64,
            ) -> BoxFuture<'_, Result<BTreeMap<Vec<u8>, Option<Document>>, StoreError>> {
                Box::pin(self.do_all_old_since(kind, at))
            }

            fn logs_after(
                &self,
                after: Option<(u64, u64)>,
                limit: u32,
            ) -> BoxFuture<'_, Result<Vec<LogRow>, StoreError>> {
                Box::pin(async move {
                    let (at, index) = after.map_or((-1, -1), |(at, index)| (int(at), int(index)));
                    let rows: Vec<RawLog> = sqlx::query_as(
                        "SELECT block, block_hash, log_index, tx_hash, address, topics, data FROM logs \
                         WHERE (block, log_index) > ($1, $2) ORDER BY block, log_index LIMIT $3",
                    )
                    .bind(at)
                    .bind(index)
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await?;
                    rows.into_iter().map(log).collect()
                })
            }

            fn meta<'a>(
                &'a self,
                name: &'a str,
            ) -> BoxFuture<'a, Result<Option<String>, StoreError>> {
                Box::pin(Self::read_meta(&self.pool, name))
            }

            fn set_meta<'a>(
                &'a self,
                name: &'a str,
                value: &'a str,
            ) -> BoxFuture<'a, Result<(), StoreError>> {
                Box::pin(async move {
                    let mut tx = self.begin().await?;
                    Self::put_meta(&mut tx, name, value).await?;
                    tx.commit().await?;
                    Ok(())
                })
            }

            fn counts(&self) -> BoxFuture<'_, Result<Counts, StoreError>> {
                Box::pin(self.do_counts())
            }
        }
    };
}
pub(super) use sql_store;
