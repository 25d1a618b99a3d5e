//! When the handle goes, everything goes: threads, sockets, memory, waiters.
//!
//! One test alone in its file, since it looks at its whole process.

#![cfg(target_os = "linux")]

mod common;

use std::{
    fs,
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};

use alloy::{
    primitives::{Address, U256},
    providers::{Provider, ProviderBuilder, WsConnect},
};
use common::{account, start};
use weir_chain::{Chain, Config, Error, GenesisAccount, UnsignedTx};

/// Names of the process's threads.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .map(|name| name.trim().to_owned())
        .collect()
}

fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn resident_bytes() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes.unwrap().parse::<usize>().unwrap() << 10
}

/// Waits until `right` holds. Threads take their name, and sockets go, a moment later than the call returns.
fn becomes(right: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !right() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    right()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn dropping_the_handle_frees_threads_sockets_memory_and_waiters() {
    threads_sockets_and_waiters();
    memory();
}

fn threads_sockets_and_waiters() {
    // The first runtime of a process opens a pair of sockets for signals, for good.
    drop(runtime());
    let (files_before, threads_before) = (open_files(), threads().len());
    let runtime = runtime();
    let chain = start();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let second = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    assert_ne!(addr, second);
    let own = || {
        threads()
            .iter()
            .filter(|name| name.starts_with("weir-chain"))
            .count()
    };
    assert!(becomes(|| own() >= 2), "{:?}", threads());
    assert!(matches!(start().serve(addr), Err(Error::Listen { .. })));

    // A connection that says nothing, one that is subscribed, and a provider in the process.
    let open = TcpStream::connect(addr).unwrap();
    let provider = chain.provider();
    let subscription = runtime.block_on(async {
        let ws = WsConnect::new(format!("ws://{second}")).with_max_retries(0);
        let ws = ProviderBuilder::new().connect_ws(ws).await.unwrap();
        ws.subscribe_blocks().await.unwrap()
    });

    drop(chain);
    assert_eq!(own(), 0, "{:?}", threads());
    for addr in [addr, second] {
        assert!(TcpStream::connect_timeout(&addr, Duration::from_secs(1)).is_err());
        drop(TcpListener::bind(addr).expect("the port is free again"));
    }
    let error = runtime
        .block_on(async { provider.get_block_number().await })
        .unwrap_err();
    assert!(
        error.to_string().contains("the chain was stopped"),
        "{error}"
    );
    drop((open, subscription, provider, runtime));
    assert!(
        becomes(|| open_files() == files_before && threads().len() == threads_before),
        "{} files, before {files_before}; threads {:?}",
        open_files(),
        threads()
    );
}

/// Chains of some 20 MB, one after the other, take the memory of few.
fn memory() {
    const CODES: u8 = 16;
    const CODE_BYTES: usize = 1 << 20;
    let live_and_die = || {
        let genesis = (0..CODES)
            .map(|index| GenesisAccount {
                address: Address::with_last_byte(0xa0 + index),
                code: vec![index; CODE_BYTES].into(),
                ..GenesisAccount::default()
            })
            .collect();
        let chain = Chain::start(Config {
            genesis,
            ..Config::default()
        })
        .unwrap();
        let transfer = UnsignedTx::new(account(&chain, 0))
            .to(account(&chain, 1))
            .value(U256::from(1));
        let outcomes = chain.send_batch(vec![transfer; 1_000]).wait().unwrap();
        assert!(outcomes.iter().all(Result::is_ok));
        let _snapshot = chain.snapshot().wait().unwrap();
        resident_bytes()
    };
    for _ in 0..2 {
        live_and_die();
    }
    let early = live_and_die();
    let mut late = 0;
    for _ in 0..4 {
        late = live_and_die();
    }
    let grown = late.saturating_sub(early);
    assert!(
        grown < 2 * usize::from(CODES) * CODE_BYTES,
        "{grown} bytes were not freed"
    );
}
