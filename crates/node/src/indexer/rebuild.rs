//! Makes all documents again from the raw logs, and compares them with those that are kept.

use std::collections::BTreeMap;

use super::IndexError;
use crate::projections::{Workspace, apply_block};
use crate::site::Site;
use crate::store::{Document, EntryKey, Kind, LogRow, Range, Store};

/// Logs read at a time.
const PAGE: u32 = 5_000;

/// A document that is not what the logs come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub key: EntryKey,
    /// What the logs come to; none if they come to no such document.
    pub from_logs: Option<Document>,
    /// What is kept; none if there is no such document.
    pub kept: Option<Document>,
}

/// All documents, made from the raw logs of the store alone.
///
/// # Errors
/// The database failed, or the logs do not fit together.
pub async fn rebuild(
    store: &dyn Store,
    site: &Site,
) -> Result<BTreeMap<EntryKey, Option<Document>>, IndexError> {
    let mut ws = Workspace::new(None);
    ws.final_to = Some(u64::MAX);
    let (mut after, mut block) = (None, Vec::<LogRow>::new());
    loop {
        let page = store.logs_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.block, last.log_index));
        for log in page {
            if block.first().is_some_and(|first| first.block != log.block) {
                apply(store, site, &mut ws, &block).await?;
                block.clear();
            }
            block.push(log);
        }
    }
    apply(store, site, &mut ws, &block).await?;
    Ok(ws.into_all())
}

async fn apply(
    store: &dyn Store,
    site: &Site,
    ws: &mut Workspace,
    logs: &[LogRow],
) -> Result<(), IndexError> {
    let Some(first) = logs.first() else {
        return Ok(());
    };
    let row = store.block_at_or_below(first.block).await?;
    let row = row.filter(|row| row.hash == first.block_hash);
    let row = row.ok_or_else(|| {
        IndexError::torn(first.block, "the database has its logs and not the block")
    })?;
    Ok(apply_block(ws, site, &row, logs).await?)
}

/// What is kept and is not what the logs come to, byte for byte.
///
/// # Errors
/// The database failed.
pub async fn compare(
    store: &dyn Store,
    from_logs: &BTreeMap<EntryKey, Option<Document>>,
) -> Result<Vec<Difference>, IndexError> {
    let mut kept = BTreeMap::new();
    for kind in Kind::ALL {
        let mut range = Range::prefix(kind, &[], PAGE);
        loop {
            let page = store.scan(range.clone()).await?;
            let Some((last, _)) = page.last() else { break };
            range = range.beyond(last);
            kept.extend(
                page.into_iter()
                    .map(|(key, document)| ((kind, key), document)),
            );
        }
    }
    let mut differences = Vec::new();
    for (key, document) in from_logs {
        let found = kept.remove(key);
        if found != *document {
            differences.push(Difference {
                key: key.clone(),
                from_logs: document.clone(),
                kept: found,
            });
        }
    }
    differences.extend(kept.into_iter().map(|(key, document)| Difference {
        key,
        from_logs: None,
        kept: Some(document),
    }));
    Ok(differences)
}
