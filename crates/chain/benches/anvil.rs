//! The same work on this chain and on anvil, over the same HTTP client, in one run; and memory per 100,000 transactions.
//!
//! Set `ANVIL` to anvil's path, or have it on `PATH`: the program itself, not a script that starts it. Without it only this
//! chain is measured, and the output says so. Both nodes mine at once, keep what they keep by default, and get the same
//! bodies, signed beforehand, over the same connections. A connection sends its next body when all transactions of the
//! last one are mined, as a client does that waits for receipts; anvil answers before it mines, and thousands of waiting
//! transactions would slow it down. The load of the machine is printed, since other work on it shows in the figures.

mod common;

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use alloy::primitives::{Address, Bytes, TxKind};
use common::{Http, resident_bytes, send_body, signed, token_code, transfer_data};
use serde_json::json;
use weir_chain::{Chain, Config, DevAccounts, UnsignedTx};

const CHAIN_ID: u64 = 412_346;
/// Connections, each with senders of its own.
const CONNECTIONS: usize = 2;
const TXS_PER_CONNECTION: usize = 1_000;
/// Measurements of each node, on a fresh one each, in turns. The median counts.
const ROUNDS: usize = 3;
/// How long a connection waits before it asks again whether its transactions are mined.
const POLL: Duration = Duration::from_micros(200);
/// A node that has not mined everything by then has lost a transaction.
const PATIENCE: Duration = Duration::from_secs(120);
const MEMORY_TXS: usize = 100_000;
/// Has this program measure memory with so many transactions in a block: each figure needs a process of its own, since
/// memory that an earlier chain freed would be used again.
const MEMORY_ARGUMENT: &str = "--memory-per-block";

/// A node under test.
struct Target {
    name: &'static str,
    addr: SocketAddr,
    _alive: Alive,
}

enum Alive {
    Own(#[allow(dead_code)] Box<Chain>),
    Process(Child),
}

impl Drop for Alive {
    fn drop(&mut self) {
        if let Self::Process(child) = self {
            let _gone = child.kill();
            let _gone = child.wait();
        }
    }
}

fn weir() -> Target {
    let chain = Chain::start(Config::default()).expect("the default chain starts");
    let addr = chain.serve(([127, 0, 0, 1], 0)).expect("a port");
    Target {
        name: "weir-chain",
        addr,
        _alive: Alive::Own(Box::new(chain)),
    }
}

fn anvil_path() -> String {
    std::env::var("ANVIL").unwrap_or_else(|_| "anvil".to_owned())
}

/// What anvil calls itself, if it is there.
fn anvil_version() -> Option<String> {
    let output = Command::new(anvil_path()).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(str::to_owned)
}

fn anvil() -> Option<Target> {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .ok()?
        .port();
    let child = Command::new(anvil_path())
        .args([
            "--silent",
            "--chain-id",
            &CHAIN_ID.to_string(),
            "--port",
            &port.to_string(),
        ])
        .args([
            "--block-base-fee-per-gas",
            "100000000",
            "--gas-limit",
            "1125899906842624",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let addr = SocketAddr::from(([127, 0, 0, 1], port));
    let target = Target {
        name: "anvil",
        addr,
        _alive: Alive::Process(child),
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    while Http::connect(addr).is_err() {
        if Instant::now() > deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Some(target)
}

#[derive(Clone, Copy)]
enum Work {
    Ether,
    Erc20,
}

/// The transactions of one connection, signed beforehand, in bodies of `batch`.
fn bodies(
    work: Work,
    connection: usize,
    batch: usize,
    token: Address,
    first_nonce: u64,
) -> Vec<String> {
    let signers = DevAccounts::default()
        .signers()
        .expect("the known accounts");
    let (signer, to) = (&signers[connection], signers[9].address());
    let raws: Vec<Bytes> = (0..TXS_PER_CONNECTION as u64)
        .map(|index| match work {
            Work::Ether => signed(
                signer,
                CHAIN_ID,
                first_nonce + index,
                TxKind::Call(to),
                1,
                Bytes::new(),
                21_000,
            ),
            Work::Erc20 => signed(
                signer,
                CHAIN_ID,
                first_nonce + index,
                TxKind::Call(token),
                0,
                transfer_data(to, 1),
                100_000,
            ),
        })
        .collect();
    raws.chunks(batch).map(send_body).collect()
}

/// Who sends over a connection. Deriving it takes milliseconds.
fn sender(connection: usize) -> Address {
    DevAccounts::default()
        .signers()
        .expect("the known accounts")[connection]
        .address()
}

fn nonce(http: &mut Http, sender: Address) -> u64 {
    let nonce = http.ask("eth_getTransactionCount", json!([sender, "latest"]));
    u64::from_str_radix(nonce.as_str().unwrap_or("0x0").trim_start_matches("0x"), 16)
        .expect("a number")
}

/// Deploys a token that every sender holds.
fn token(target: &Target) -> Address {
    let mut http = Http::connect(target.addr).expect("connected");
    let owner = DevAccounts::default()
        .signers()
        .expect("the known accounts")[0]
        .clone();
    let first = nonce(&mut http, owner.address());
    let deploy = signed(
        &owner,
        CHAIN_ID,
        first,
        TxKind::Create,
        0,
        token_code(),
        1_000_000,
    );
    http.ask("eth_sendRawTransaction", json!([deploy]));
    let token = owner.address().create(first);
    for connection in 1..CONNECTIONS {
        let to = sender(connection);
        let nonce = first + connection as u64;
        let share = signed(
            &owner,
            CHAIN_ID,
            nonce,
            TxKind::Call(token),
            0,
            transfer_data(to, 1 << 40),
            100_000,
        );
        http.ask("eth_sendRawTransaction", json!([share]));
    }
    // Anvil answers before it mines, and what is measured next begins at the mined nonce.
    while nonce(&mut http, owner.address()) < first + CONNECTIONS as u64 {
        thread::sleep(POLL);
    }
    token
}

/// Transactions per second, from the first sent to the last mined.
fn measure(target: &Target, work: Work, batch: usize, token: Address) -> f64 {
    let mut http = Http::connect(target.addr).expect("connected");
    let prepared: Vec<(Address, u64, Vec<String>)> = (0..CONNECTIONS)
        .map(|connection| {
            let sender = sender(connection);
            let first = nonce(&mut http, sender);
            (sender, first, bodies(work, connection, batch, token, first))
        })
        .collect();
    let started = Instant::now();
    thread::scope(|scope| {
        for (sender, first, bodies) in &prepared {
            scope.spawn(move || {
                let mut http = Http::connect(target.addr).expect("connected");
                for (sent, body) in (1..).zip(bodies) {
                    let answer = http.post(body).expect("an answer");
                    assert!(!answer.contains("\"error\""), "{}: {answer}", target.name);
                    while nonce(&mut http, *sender) < first + sent * batch as u64 {
                        assert!(
                            started.elapsed() < PATIENCE,
                            "{} lost a transaction",
                            target.name
                        );
                        thread::sleep(POLL);
                    }
                }
            });
        }
    });
    (CONNECTIONS * TXS_PER_CONNECTION) as f64 / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn compare() {
    let version = anvil_version();
    match &version {
        Some(version) => println!("\n{version}"),
        None => println!("\nanvil was not found (set ANVIL to its path)"),
    }
    println!(
        "{:<28}{:>16}{:>16}{:>10}",
        "over HTTP", "weir-chain tx/s", "anvil tx/s", "ratio"
    );
    for (name, work) in [
        ("ether transfer", Work::Ether),
        ("erc-20 transfer", Work::Erc20),
    ] {
        for batch in [1, 100] {
            let once = |target: Target| {
                let token = token(&target);
                measure(&target, work, batch, token)
            };
            let (mut own, mut other) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                own.push(once(weir()));
                if version.is_some() {
                    other.push(once(anvil().expect("anvil starts")));
                }
            }
            let own = median(own);
            let line = format!("{name}, batch {batch}");
            if other.is_empty() {
                println!("{line:<28}{own:>16.0}{:>16}{:>10}", "-", "-");
            } else {
                let other = median(other);
                println!("{line:<28}{own:>16.0}{other:>16.0}{:>10.1}", own / other);
            }
        }
    }
}

/// Bytes that the chain grows by with [`MEMORY_TXS`] transfers, `per_block` in each block.
fn grown_bytes(per_block: usize) -> u64 {
    let chain = Chain::start(Config::default()).expect("the default chain starts");
    let (alice, bob) = (chain.accounts()[0].address(), chain.accounts()[1].address());
    let before = resident_bytes("self");
    for _ in 0..MEMORY_TXS / per_block {
        let txs = vec![UnsignedTx::new(alice).to(bob).gas_limit(21_000); per_block];
        let outcomes = chain.send_batch(txs).wait().expect("the chain runs");
        assert!(outcomes.iter().all(Result::is_ok));
    }
    resident_bytes("self").saturating_sub(before)
}

fn memory() {
    println!("\nmemory per {MEMORY_TXS} ether transfers through the handle, everything kept");
    let this = std::env::current_exe().expect("a path");
    for (name, per_block) in [("a block each", "1"), ("1,000 in a block", "1000")] {
        let child = Command::new(&this)
            .args([MEMORY_ARGUMENT, per_block])
            .output()
            .expect("this program starts again");
        let grown: f64 = String::from_utf8_lossy(&child.stdout)
            .trim()
            .parse()
            .expect("a number of bytes");
        println!("{name:<28}{:>10.1} MB", grown / 1e6);
    }
}

fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != MEMORY_ARGUMENT);
    if let Some(per_block) = arguments.nth(1) {
        println!("{}", grown_bytes(per_block.parse().expect("a number")));
        return;
    }
    // `cargo test --benches` runs this too: then there is nothing to measure.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("load at the start: {}", load());
    memory();
    compare();
    println!("\nload at the end: {}", load());
}
