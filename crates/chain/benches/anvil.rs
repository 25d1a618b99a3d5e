//! The same work on this chain and on anvil, over the same HTTP client, in one run; and memory per 100,000 transactions.
//!
//! Set `ANVIL` to anvil's path, or have it on `PATH`. Without it only this chain is measured, and the output says so.

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
const TXS_PER_CONNECTION: usize = 5_000;
const MEMORY_TXS: usize = 100_000;

/// A node under test.
struct Target {
    name: &'static str,
    addr: SocketAddr,
    /// Its process id as /proc knows it.
    process: String,
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
        process: "self".to_owned(),
        _alive: Alive::Own(Box::new(chain)),
    }
}

fn anvil() -> Option<Target> {
    let path = std::env::var("ANVIL").unwrap_or_else(|_| "anvil".to_owned());
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .ok()?
        .port();
    let child = Command::new(path)
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
    let process = child.id().to_string();
    let target = Target {
        name: "anvil",
        addr,
        process,
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

fn nonce(http: &mut Http, connection: usize) -> u64 {
    let sender = DevAccounts::default()
        .signers()
        .expect("the known accounts")[connection]
        .address();
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
    let first = nonce(&mut http, 0);
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
        let to = DevAccounts::default()
            .signers()
            .expect("the known accounts")[connection]
            .address();
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
    token
}

/// Transactions per second, from the first sent to the last mined.
fn measure(target: &Target, work: Work, batch: usize, token: Address) -> f64 {
    let mut http = Http::connect(target.addr).expect("connected");
    let prepared: Vec<(u64, Vec<String>)> = (0..CONNECTIONS)
        .map(|connection| {
            let first = nonce(&mut http, connection);
            (
                first + TXS_PER_CONNECTION as u64,
                bodies(work, connection, batch, token, first),
            )
        })
        .collect();
    let started = Instant::now();
    thread::scope(|scope| {
        for (connection, (end, bodies)) in prepared.iter().enumerate() {
            scope.spawn(move || {
                let mut http = Http::connect(target.addr).expect("connected");
                for body in bodies {
                    let answer = http.post(body).expect("an answer");
                    assert!(!answer.contains("\"error\""), "{}: {answer}", target.name);
                }
                while nonce(&mut http, connection) < *end {
                    thread::sleep(Duration::from_millis(1));
                }
            });
        }
    });
    (CONNECTIONS * TXS_PER_CONNECTION) as f64 / started.elapsed().as_secs_f64()
}

fn compare() {
    let anvil_is_there = anvil().is_some();
    if !anvil_is_there {
        println!("anvil was not found (set ANVIL to its path): only weir-chain is measured\n");
    }
    println!(
        "{:<28}{:>16}{:>16}{:>10}",
        "over HTTP, a block each", "weir-chain tx/s", "anvil tx/s", "ratio"
    );
    for (name, work) in [
        ("ether transfer", Work::Ether),
        ("erc-20 transfer", Work::Erc20),
    ] {
        for batch in [1, 100] {
            // Fresh nodes for each line, one after the other, the best of three.
            let best = |start: &dyn Fn() -> Option<Target>| {
                let target = start()?;
                let token = token(&target);
                Some(
                    (0..3)
                        .map(|_| measure(&target, work, batch, token))
                        .fold(0.0, f64::max),
                )
            };
            let own = best(&|| Some(weir())).expect("this chain is there");
            let other = if anvil_is_there { best(&anvil) } else { None };
            let shown = other.map_or("-".to_owned(), |rate| format!("{rate:.0}"));
            let ratio = other.map_or("-".to_owned(), |rate| format!("{:.1}", own / rate));
            println!(
                "{:<28}{own:>16.0}{shown:>16}{ratio:>10}",
                format!("{name}, batch {batch}")
            );
        }
    }
}

fn memory() {
    println!("\nmemory per {MEMORY_TXS} ether transfers, everything kept");
    for (name, per_block) in [
        ("handle, a block each", 1),
        ("handle, 1,000 in a block", 1_000),
    ] {
        let chain = Chain::start(Config::default()).expect("the default chain starts");
        let (alice, bob) = (chain.accounts()[0].address(), chain.accounts()[1].address());
        let before = resident_bytes("self");
        for _ in 0..MEMORY_TXS / per_block {
            let txs = vec![UnsignedTx::new(alice).to(bob).gas_limit(21_000); per_block];
            let outcomes = chain.send_batch(txs).wait().expect("the chain runs");
            assert!(outcomes.iter().all(Result::is_ok));
        }
        let grown = resident_bytes("self").saturating_sub(before);
        println!("{name:<28}{:>10.1} MB", grown as f64 / 1e6);
    }
    let Some(target) = anvil() else { return };
    let token = token(&target);
    let before = resident_bytes(&target.process);
    let rounds = MEMORY_TXS / (CONNECTIONS * TXS_PER_CONNECTION);
    for _ in 0..rounds {
        measure(&target, Work::Ether, 100, token);
    }
    let grown = resident_bytes(&target.process).saturating_sub(before);
    println!(
        "{:<28}{:>10.1} MB",
        "anvil, a block each",
        grown as f64 / 1e6
    );
}

fn main() {
    // `cargo test --benches` runs this too: then there is nothing to measure.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    memory();
    compare();
}
