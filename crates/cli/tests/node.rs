//! `weir node` as a process that is killed at random, and beside `weir up`.

#[path = "common/mod.rs"]
mod common;
#[path = "../../node/tests/common/world.rs"]
#[allow(dead_code, reason = "shared with the tests of the node")]
mod world;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use weir_deployment::BookStore;
use weir_node::indexer::{IndexConfig, Indexer, Step};
use weir_node::store::{Document, Kind, Range, SqliteStore, Store};

use common::{Up, command, stderr, stdout};
use world::World;

/// How often it is killed; more by `WEIR_NODE_KILLS`.
fn kills() -> usize {
    let wanted = std::env::var("WEIR_NODE_KILLS");
    wanted.ok().and_then(|text| text.parse().ok()).unwrap_or(15)
}

fn spawn(home: &Path, rpc: &str, book: &Path, store: &str) -> Child {
    let book = book.to_str().unwrap();
    let args = [
        "node",
        "run",
        "--rpc",
        rpc,
        "--book",
        book,
        "--store",
        store,
        "--listen",
        "127.0.0.1:0",
        "--poll",
        "10ms",
        "--json",
    ];
    let mut command = command(home, &args);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn documents(store: &dyn Store) -> Vec<(Kind, Vec<u8>, Document)> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let found = store
            .scan(Range::prefix(kind, &[], u32::MAX))
            .await
            .unwrap();
        all.extend(
            found
                .into_iter()
                .map(|(key, document)| (kind, key, document)),
        );
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_killed_at_any_instant_loses_and_repeats_nothing() {
    let mut world = World::new(77).await;
    world.open();
    let folder = tempfile::tempdir().unwrap();
    let (book, file) = (
        folder.path().join("book.json"),
        folder.path().join("node.db"),
    );
    BookStore::file(&book).save(&world.book).unwrap();
    let rpc = format!("http://{}", world.chain.serve(([127, 0, 0, 1], 0)).unwrap());
    let store = format!("sqlite:{}", file.display());
    for _ in 0..kills() {
        let mut node = spawn(folder.path(), &rpc, &book, &store);
        // It works while blocks come in, for a moment that nobody knows.
        let acts = world.draw(25);
        for _ in 0..acts {
            world.act();
        }
        let wait = world.draw(250);
        tokio::time::sleep(Duration::from_millis(wait)).await;
        node.kill().unwrap();
        node.wait().unwrap();
    }
    // The last one may finish.
    let head = world.chain.head().await.unwrap();
    let mut node = spawn(folder.path(), &rpc, &book, &store);
    let kept = SqliteStore::open(&file).await.unwrap();
    let mut tries = 0;
    while kept.head().await.unwrap().map(|block| block.hash) != Some(head.hash) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        tries += 1;
        assert!(tries < 1_200, "the node does not come to the head");
    }
    node.kill().unwrap();
    node.wait().unwrap();

    let clean: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().await.unwrap());
    let site = Arc::new(world.site());
    let provider = world.chain.provider();
    let mut indexer = Indexer::new(provider, clean.clone(), site, IndexConfig::default());
    let ends = indexer.ends().await.unwrap();
    while indexer.step(&ends).await.unwrap() != Step::AtHead {}
    let all = u32::MAX;
    assert_eq!(
        kept.logs_after(None, all).await.unwrap(),
        clean.logs_after(None, all).await.unwrap()
    );
    assert!(
        documents(&kept).await == documents(&*clean).await,
        "documents differ"
    );

    let (book, rpc) = (book.to_str().unwrap(), rpc.as_str());
    let args = [
        "node", "rebuild", "--check", "--rpc", rpc, "--book", book, "--store", &store,
    ];
    let rebuilt = command(folder.path(), &args).output().unwrap();
    assert!(rebuilt.status.success(), "{}", stderr(&rebuilt));
    assert!(
        stdout(&rebuilt).contains("0 of those kept differ"),
        "{}",
        stdout(&rebuilt)
    );
}

#[tokio::test]
async fn a_document_that_was_changed_is_found_and_replaced() {
    let mut world = World::new(78).await;
    world.open();
    let folder = tempfile::tempdir().unwrap();
    let (book, file) = (
        folder.path().join("book.json"),
        folder.path().join("node.db"),
    );
    BookStore::file(&book).save(&world.book).unwrap();
    let rpc = format!("http://{}", world.chain.serve(([127, 0, 0, 1], 0)).unwrap());
    let kept: Arc<dyn Store> = Arc::new(SqliteStore::open(&file).await.unwrap());
    let site = Arc::new(world.site());
    let provider = world.chain.provider();
    let mut indexer = Indexer::new(provider, kept.clone(), site, IndexConfig::default());
    let ends = indexer.ends().await.unwrap();
    while indexer.step(&ends).await.unwrap() != Step::AtHead {}
    let mut changed: std::collections::BTreeMap<_, _> = documents(&*kept)
        .await
        .into_iter()
        .map(|(kind, key, document)| ((kind, key), Some(document)))
        .collect();
    let one = changed.keys().next().unwrap().clone();
    changed.insert(
        one,
        Some(Document {
            rank: None,
            json: b"{}".to_vec(),
        }),
    );
    kept.replace_entries(&changed).await.unwrap();

    let store = format!("sqlite:{}", file.display());
    let (book, rpc) = (book.to_str().unwrap(), rpc.as_str());
    let check = [
        "node", "rebuild", "--check", "--rpc", rpc, "--book", book, "--store", &store,
    ];
    let run = |args: &[&str]| {
        let output = command(folder.path(), args).output().unwrap();
        output.status.code()
    };
    assert_eq!(run(&check), Some(5));
    assert_eq!(
        run(&[
            "node", "rebuild", "--rpc", rpc, "--book", book, "--store", &store
        ]),
        Some(0)
    );
    assert_eq!(run(&check), Some(0));
}

#[test]
fn up_starts_a_node_and_prints_its_address() {
    let up = Up::start(&[]);
    let node = up.ready["node"].as_str().unwrap();
    assert!(node.starts_with("http://127.0.0.1:"), "{node}");
    let body = get(node, "/livez");
    assert!(body.ends_with("alive\n"), "{body}");
}

#[test]
fn a_node_says_where_it_answers_and_why_it_does_not() {
    let up = Up::start(&["--no-node"]);
    assert_eq!(up.ready["node"], Value::Null);
    let rpc = up.ready["rpc"].as_str().unwrap().to_owned();
    let args = [
        "node",
        "run",
        "--rpc",
        &rpc,
        "--listen",
        "127.0.0.1:0",
        "--json",
    ];
    let mut node = command(up.home.path(), &args);
    let mut node = node
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(node.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let running: Value = serde_json::from_str(&line).unwrap();
    let addr = running["node"]
        .as_str()
        .unwrap()
        .trim_start_matches("http://")
        .to_owned();
    get(&format!("http://{addr}"), "/livez");
    assert!(get(&format!("http://{addr}"), "/metrics").contains("weir_"));

    let taken = [
        "node",
        "run",
        "--rpc",
        &rpc,
        "--listen",
        &addr,
        "--store",
        "sqlite:other.db",
    ];
    let mut taken = command(up.home.path(), &taken);
    let taken = taken.current_dir(up.home.path()).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
    assert!(stderr(&taken).contains("--listen"), "{}", stderr(&taken));
    let wrong = ["node", "run", "--rpc", &rpc, "--store", "mysql://x"];
    let wrong = command(up.home.path(), &wrong).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    node.kill().unwrap();
    node.wait().unwrap();
}

fn get(node: &str, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let addr = node.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(addr).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}
