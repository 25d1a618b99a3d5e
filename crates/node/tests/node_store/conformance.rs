//! One suite, run on SQLite in a file, SQLite in memory, and PostgreSQL.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes};
use weir_node::store::{
    Batch, BlockRow, Document, EntryKey, Kind, LogRow, PostgresStore, Range, SqliteStore, Store,
    StoreError, UndoRow, View,
};

/// Names a PostgreSQL server whose user may make databases; without it that part is not run.
const POSTGRES: &str = "WEIR_TEST_POSTGRES";

#[tokio::test]
async fn sqlite_in_a_file_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    let store = SqliteStore::open(&path).await.unwrap();
    all(Arc::new(store)).await;
    // What was committed is there for the next process.
    let again = SqliteStore::open(&path).await.unwrap();
    assert_eq!(again.head().await.unwrap(), Some(block(2, 2)));
}

#[tokio::test]
async fn sqlite_in_memory_keeps_every_promise() {
    all(Arc::new(SqliteStore::in_memory().await.unwrap())).await;
}

#[tokio::test]
async fn postgres_keeps_every_promise() {
    let url = std::env::var(POSTGRES).unwrap_or_default();
    if url.is_empty() {
        eprintln!("not run: {POSTGRES} names no database (`bash .ci/postgres` makes one)");
        return;
    }
    let store = PostgresStore::open(&url).await.unwrap();
    store.reset().await.unwrap();
    all(Arc::new(store)).await;
}

async fn all(store: Arc<dyn Store>) {
    an_empty_store_says_so(&*store).await;
    a_batch_goes_in_whole_or_not_at_all(&*store).await;
    a_batch_is_refused_on_another_head(&*store).await;
    entries_come_in_the_order_of_their_keys(&*store).await;
    ranks_sort_as_numbers(&*store).await;
    a_view_sees_its_own_block(&store).await;
    blocks_are_taken_back(&*store).await;
    what_is_pruned_cannot_be_taken_back(&*store).await;
    entries_are_replaced_and_all_is_emptied(&*store).await;
    // Something to find again.
    store.commit(&first()).await.unwrap();
    store.commit(&second()).await.unwrap();
}

fn hash(byte: u8) -> B256 {
    B256::repeat_byte(byte)
}

fn block(number: u64, id: u8) -> BlockRow {
    BlockRow {
        number,
        hash: hash(id),
        parent: hash(id - 1),
        timestamp_s: 1_000 + number,
    }
}

fn log(number: u64, id: u8, log_index: u64, topics: usize) -> LogRow {
    LogRow {
        block: number,
        block_hash: hash(id),
        log_index,
        tx_hash: hash(0xaa),
        address: Address::repeat_byte(7),
        topics: (0..topics).map(|topic| hash(topic as u8)).collect(),
        data: Bytes::from(vec![id; log_index as usize]),
    }
}

fn document(rank: Option<u8>, json: &str) -> Document {
    Document {
        rank: rank.map(|rank| {
            let mut bytes = [0; 32];
            bytes[31] = rank;
            bytes
        }),
        json: json.as_bytes().to_vec(),
    }
}

fn key(kind: Kind, key: &[u8]) -> EntryKey {
    (kind, key.to_vec())
}

fn undo(block: u64, key: EntryKey, old: Option<Document>) -> UndoRow {
    UndoRow { block, key, old }
}

/// Block 1: three holders and a batch.
fn first() -> Batch {
    let holders = [(b"a", 5, "1"), (b"b", 200, "2"), (b"c", 9, "3")];
    let mut batch = Batch {
        blocks: vec![block(1, 1)],
        logs: vec![log(1, 1, 0, 0), log(1, 1, 3, 4)],
        meta: vec![("note", "first".to_owned())],
        ..Batch::default()
    };
    for (name, rank, json) in holders {
        let key = key(Kind::Holder, name);
        batch.undo.push(undo(1, key.clone(), None));
        batch.entries.insert(key, Some(document(Some(rank), json)));
    }
    batch
        .entries
        .insert(key(Kind::Batch, b"z"), Some(document(None, "10")));
    batch.undo.push(undo(1, key(Kind::Batch, b"z"), None));
    batch
}

/// Block 2: one changes, one goes, one comes.
fn second() -> Batch {
    Batch {
        after: Some(hash(1)),
        blocks: vec![block(2, 2)],
        logs: vec![log(2, 2, 1, 2)],
        entries: BTreeMap::from([
            (key(Kind::Holder, b"a"), Some(document(Some(250), "11"))),
            (key(Kind::Holder, b"b"), None),
            (key(Kind::Holder, b"d"), Some(document(Some(1), "4"))),
        ]),
        undo: vec![
            undo(2, key(Kind::Holder, b"a"), Some(document(Some(5), "1"))),
            undo(2, key(Kind::Holder, b"b"), Some(document(Some(200), "2"))),
            undo(2, key(Kind::Holder, b"d"), None),
        ],
        ..Batch::default()
    }
}

async fn an_empty_store_says_so(store: &dyn Store) {
    assert_eq!(store.head().await.unwrap(), None);
    assert_eq!(store.block_at_or_below(9).await.unwrap(), None);
    assert_eq!(store.meta("note").await.unwrap(), None);
    assert_eq!(
        store.counts().await.unwrap(),
        weir_node::store::Counts::default()
    );
    assert!(store.logs_after(None, 5).await.unwrap().is_empty());
}

async fn a_batch_goes_in_whole_or_not_at_all(store: &dyn Store) {
    let mut twice = first();
    twice.logs.push(log(1, 1, 0, 1));
    let refused = store.commit(&twice).await;
    assert!(
        matches!(refused, Err(StoreError::Database(_))),
        "{refused:?}"
    );
    assert_eq!(store.head().await.unwrap(), None);
    assert_eq!(store.counts().await.unwrap().entries, 0);

    store.commit(&first()).await.unwrap();
    assert_eq!(store.head().await.unwrap(), Some(block(1, 1)));
    assert_eq!(store.logs_after(None, 9).await.unwrap(), first().logs);
    assert_eq!(
        store.logs_after(Some((1, 0)), 9).await.unwrap(),
        [log(1, 1, 3, 4)]
    );
    assert_eq!(store.logs_after(Some((1, 3)), 9).await.unwrap(), []);
    assert_eq!(store.meta("note").await.unwrap().as_deref(), Some("first"));
}

async fn a_batch_is_refused_on_another_head(store: &dyn Store) {
    for after in [None, Some(hash(9))] {
        let batch = Batch { after, ..second() };
        let refused = store.commit(&batch).await;
        assert!(
            matches!(refused, Err(StoreError::Moved { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(store.head().await.unwrap(), Some(block(1, 1)));
}

async fn entries_come_in_the_order_of_their_keys(store: &dyn Store) {
    let keys = async |range: Range| {
        let found = store.scan(range).await.unwrap();
        found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let all = Range::prefix(Kind::Holder, b"", 9);
    assert_eq!(keys(all.clone()).await, [b"a", b"b", b"c"]);
    assert_eq!(keys(all.clone().beyond(b"a")).await, [b"b", b"c"]);
    assert_eq!(
        keys(all.clone().descending().beyond(b"c")).await,
        [b"b", b"a"]
    );
    assert_eq!(keys(Range::prefix(Kind::Holder, b"b", 9)).await, [b"b"]);
    assert_eq!(keys(Range { limit: 2, ..all }).await, [b"a", b"b"]);
    let found = store.get(Kind::Batch, b"z").await.unwrap();
    assert_eq!(found, Some(document(None, "10")));
    assert_eq!(store.get(Kind::Batch, b"a").await.unwrap(), None);
}

async fn ranks_sort_as_numbers(store: &dyn Store) {
    let ranked = store.scan_ranked(Kind::Holder, None, 2).await.unwrap();
    let keys: Vec<_> = ranked.iter().map(|(key, _)| key.as_slice()).collect();
    assert_eq!(keys, [b"b", b"c"]);
    let (key, last) = ranked.last().unwrap().clone();
    let beyond = Some((last.rank.unwrap(), key));
    let rest = store.scan_ranked(Kind::Holder, beyond, 2).await.unwrap();
    assert_eq!(rest, [(b"a".to_vec(), document(Some(5), "1"))]);
    assert!(
        store
            .scan_ranked(Kind::Batch, None, 2)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_view_sees_its_own_block(store: &Arc<dyn Store>) {
    let before = View::new(store.clone(), block(1, 1));
    store.commit(&second()).await.unwrap();
    let now = View::new(store.clone(), block(2, 2));
    let all = Range::prefix(Kind::Holder, b"", 9);
    let values = async |view: &View, range: Range| {
        let found = view.scan::<u64>(range).await.unwrap();
        found
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&now, all.clone()).await, [11, 3, 4]);
    assert_eq!(values(&before, all.clone()).await, [1, 2, 3]);
    assert_eq!(values(&before, all.clone().descending()).await, [3, 2, 1]);
    // A page is whole although most of what was read for it is newer.
    assert_eq!(
        values(
            &before,
            Range {
                limit: 2,
                ..all.clone()
            }
        )
        .await,
        [1, 2]
    );
    assert_eq!(
        values(
            &before,
            Range {
                limit: 1,
                ..all.clone()
            }
            .descending()
        )
        .await,
        [3]
    );
    assert_eq!(
        values(&before, Range { limit: 2, ..all }.beyond(b"a")).await,
        [2, 3]
    );
    assert_eq!(
        before.get::<u64>(Kind::Holder, b"b").await.unwrap(),
        Some(2)
    );
    assert_eq!(now.get::<u64>(Kind::Holder, b"b").await.unwrap(), None);
    assert_eq!(before.get::<u64>(Kind::Holder, b"d").await.unwrap(), None);
    let ranked = async |view: &View, limit| {
        let found = view
            .scan_ranked::<u64>(Kind::Holder, None, limit)
            .await
            .unwrap();
        found
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
    };
    assert_eq!(ranked(&now, 9).await, [11, 3, 4]);
    assert_eq!(ranked(&before, 9).await, [2, 3, 1]);
    assert_eq!(ranked(&before, 1).await, [2]);
    assert!(before.still_stands().await.unwrap());
    assert!(
        !View::new(store.clone(), block(2, 9))
            .still_stands()
            .await
            .unwrap()
    );
}

async fn blocks_are_taken_back(store: &dyn Store) {
    store.undo_to(1).await.unwrap();
    assert_eq!(store.head().await.unwrap(), Some(block(1, 1)));
    assert_eq!(store.logs_after(None, 9).await.unwrap(), first().logs);
    let found = store
        .scan(Range::prefix(Kind::Holder, b"", 9))
        .await
        .unwrap();
    let wanted = [("a", 5, "1"), ("b", 200, "2"), ("c", 9, "3")];
    let wanted = wanted.map(|(key, rank, json)| (key.into(), document(Some(rank), json)));
    assert_eq!(found, wanted);
    assert_eq!(store.counts().await.unwrap().undo, 4);
    // And come again, as if for the first time.
    store.commit(&second()).await.unwrap();
}

async fn what_is_pruned_cannot_be_taken_back(store: &dyn Store) {
    let third = Batch {
        after: Some(hash(2)),
        blocks: vec![block(3, 3)],
        prune_to: Some(2),
        ..Batch::default()
    };
    store.commit(&third).await.unwrap();
    assert_eq!(store.undo_floor().await.unwrap(), 2);
    assert_eq!(store.counts().await.unwrap().undo, 0);
    let refused = store.undo_to(1).await;
    assert!(
        matches!(refused, Err(StoreError::TooDeep { to: 1, kept: 2 })),
        "{refused:?}"
    );
    store.undo_to(2).await.unwrap();
}

async fn entries_are_replaced_and_all_is_emptied(store: &dyn Store) {
    let only = BTreeMap::from([(key(Kind::Slash, b"s"), Some(document(None, "1")))]);
    store.replace_entries(&only).await.unwrap();
    assert_eq!(store.counts().await.unwrap().entries, 1);
    store.set_meta("note", "again").await.unwrap();
    store.reset().await.unwrap();
    an_empty_store_says_so(store).await;
}
