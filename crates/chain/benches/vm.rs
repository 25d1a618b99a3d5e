//! The execution engine alone: how long a program takes to be metered and compiled, and how long calls take.
//!
//! `cargo bench -p weir-chain --bench vm`. Calls are whole transactions through the engine, commit included, without
//! signatures; their inverse is transactions per second on one core.

#[path = "../tests/vectors/harness.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod harness;

#[path = "../tests/conformance/contracts.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod contracts;

use std::hint::black_box;

use alloy_primitives::{Address, Bytes, U256};
use contracts::{
    Kind, LEAF, RELAY, leaf_contract, leaf_program, relay_contract, relay_contract_input,
    relay_input, relay_program,
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use harness::{CALLER, Chain, program_code};
use revm::{DatabaseCommit, context::TxEnv, primitives::TxKind};
use weir_chain::vm::{STACK_BYTES, activate};

/// Sends transactions without tracing them.
struct Sender {
    chain: Chain,
    nonce: u64,
}

impl Sender {
    fn send(&mut self, to: Address, data: &Bytes) {
        let tx = TxEnv::builder()
            .caller(CALLER)
            .kind(TxKind::Call(to))
            .data(data.clone())
            .gas_limit(3_000_000)
            .gas_price(100_000_000)
            .nonce(self.nonce)
            .chain_id(Some(self.chain.env.chain_id))
            .build()
            .expect("a valid transaction");
        self.nonce += 1;
        let Chain { db, vm, env, .. } = &mut self.chain;
        let done = vm.execute(&mut *db, env, tx).expect("it executes");
        assert!(done.result.is_success(), "{:?}", done.result);
        db.commit(done.state);
    }
}

/// A program of about the size of a small contract: a hundred functions of arithmetic, loads and branches.
fn sizeable_program(salt: u64) -> Vec<u8> {
    let function = |i: u32| {
        let mut body = String::new();
        for j in 0..12 {
            let (factor, load, store) = (i * 31 + j, (i * 8 + j) % 4_096, (i * 16 + j) % 4_096);
            body += &format!(
                "(local.set $x (i64.add (i64.mul (local.get $x) (i64.const {factor})) (i64.load (i32.const {load}))))
                 (if (i64.gt_u (local.get $x) (i64.const {}))
                    (then (i64.store (i32.const {store}) (local.get $x))))",
                salt << 20,
            );
        }
        format!("(func $f{i} (param $x i64) (result i64) {body} (local.get $x))\n")
    };
    let functions: String = (0..100).map(function).collect();
    let calls: String = (0..100)
        .map(|i| format!("(local.set $x (call $f{i} (local.get $x)))"))
        .collect();
    contracts::wasm(&format!(
        r#"(module (memory (export "memory") 1 1) {functions}
        (func (export "user_entrypoint") (param i32) (result i32) (local $x i64) {calls} (i32.const 0)))"#
    ))
}

fn preparation(c: &mut Criterion) {
    let wasm = sizeable_program(1);
    let mut group = c.benchmark_group("prepare");
    group.throughput(Throughput::Bytes(wasm.len() as u64));
    group.bench_function("meter", |b| {
        b.iter(|| activate(black_box(&wasm), 128).expect("it can be activated"))
    });
    group.sample_size(10);
    let chain = Chain::new();
    let mut salt = 1;
    group.bench_function("open, meter and compile", |b| {
        b.iter_batched(
            || {
                salt += 1;
                program_code(&sizeable_program(salt))
            },
            |code| chain.vm.compiler().warm(&code).expect("it compiles"),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn calls(c: &mut Criterion) {
    let evm_leaf = Address::with_last_byte(0xE1);
    let evm_relay = Address::with_last_byte(0xE2);
    let sender = || {
        let mut chain = Chain::new();
        chain.install_program(LEAF, &leaf_program(), U256::ZERO);
        chain.install_program(RELAY, &relay_program(), U256::ZERO);
        chain.install(evm_leaf, leaf_contract(), U256::ZERO);
        chain.install(evm_relay, relay_contract(Kind::Call), U256::ZERO);
        Sender { chain, nonce: 0 }
    };
    let who = [0_u8];
    let mut store = [0_u8; 33];
    (store[0], store[32]) = (1, 9);

    let mut group = c.benchmark_group("call");
    group.throughput(Throughput::Elements(1));
    for (name, to, input) in [
        ("evm", evm_leaf, Bytes::copy_from_slice(&who)),
        (
            "evm, a write and a log",
            evm_leaf,
            Bytes::copy_from_slice(&store),
        ),
        ("stylus", LEAF, Bytes::copy_from_slice(&who)),
        (
            "stylus, a write and a log",
            LEAF,
            Bytes::copy_from_slice(&store),
        ),
        ("evm to stylus", evm_relay, relay_contract_input(LEAF, &who)),
        (
            "stylus to evm",
            RELAY,
            relay_input(Kind::Call, evm_leaf, &who),
        ),
        (
            "stylus to stylus",
            RELAY,
            relay_input(Kind::Call, LEAF, &who),
        ),
    ] {
        let mut sender = sender();
        group.bench_function(name, |b| b.iter(|| sender.send(to, &input)));
    }
    group.finish();
}

fn start(c: &mut Criterion) {
    // The engine is shared by the chains of a process, so all but the first cost little.
    let keep = Chain::new();
    c.bench_function("another chain's engine", |b| b.iter(Chain::new));
    drop(keep);
}

// On a stack like that of an executor: a small one would be extended for each transaction.
fn on_a_large_stack(_: &mut Criterion) {
    let run = || {
        let mut c = Criterion::default().configure_from_args();
        preparation(&mut c);
        calls(&mut c);
        start(&mut c);
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(run);
    thread
        .expect("a thread starts")
        .join()
        .expect("the benches run");
}

criterion_group!(benches, on_a_large_stack);
criterion_main!(benches);
