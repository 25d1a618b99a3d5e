//! Transactions per second through the handle and through JSON-RPC, start-up, compiling a program.

mod common;

use std::{hint::black_box, time::Duration};

use alloy::{
    primitives::{Address, TxKind, U256, address},
    sol_types::SolCall,
};
use common::{Http, counter_code, send_body, signed, token_code, transfer_data};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use weir_chain::{Chain, Config, UnsignedTx};

const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
const BATCH: u64 = 1_000;

fn start() -> Chain {
    Chain::start(Config::default()).expect("the default chain starts")
}

fn alice(chain: &Chain) -> Address {
    chain.accounts()[0].address()
}

/// Deploys and gives the contract.
fn deploy(chain: &Chain, code: alloy::primitives::Bytes) -> Address {
    let outcome = chain
        .send(UnsignedTx::new(alice(chain)).data(code))
        .wait()
        .expect("accepted");
    outcome
        .contract
        .unwrap_or_else(|| panic!("not deployed: {:?}", outcome.error()))
}

/// Deploys and activates the counter.
fn deploy_counter(chain: &Chain, variant: u32) -> Address {
    let counter = deploy(chain, counter_code(variant));
    let activate = common::activateProgramCall { program: counter }.abi_encode();
    let one_ether = U256::from(10u64).pow(U256::from(18u64));
    let outcome = chain
        .send(
            UnsignedTx::new(alice(chain))
                .to(ARB_WASM)
                .data(activate)
                .value(one_ether),
        )
        .wait();
    let outcome = outcome.expect("accepted");
    assert!(outcome.success, "{:?}", outcome.error());
    counter
}

fn through_the_handle(criterion: &mut Criterion) {
    let chain = start();
    let (alice, bob) = (alice(&chain), chain.accounts()[1].address());
    let (token, counter) = (deploy(&chain, token_code()), deploy_counter(&chain, 0));
    let work = [
        (
            "ether transfer",
            UnsignedTx::new(alice)
                .to(bob)
                .value(U256::from(1))
                .gas_limit(21_000),
        ),
        (
            "erc-20 transfer",
            UnsignedTx::new(alice)
                .to(token)
                .data(transfer_data(bob, 1))
                .gas_limit(100_000),
        ),
        (
            "stylus counter",
            UnsignedTx::new(alice).to(counter).gas_limit(100_000),
        ),
    ];
    let mut group = criterion.benchmark_group("handle, 1000 in a block");
    group.throughput(Throughput::Elements(BATCH));
    for (name, tx) in &work {
        group.bench_function(*name, |bencher| {
            bencher.iter_batched(
                || vec![tx.clone(); BATCH as usize],
                |txs| {
                    let outcomes = chain.send_batch(txs).wait().expect("the chain runs");
                    assert!(
                        outcomes
                            .iter()
                            .all(|outcome| outcome.as_ref().is_ok_and(|outcome| outcome.success))
                    );
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("handle, a block each");
    group.throughput(Throughput::Elements(1));
    for (name, tx) in &work {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| assert!(chain.send(tx.clone()).wait().expect("accepted").success));
        });
    }
    group.finish();
}

fn through_json_rpc(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json-rpc over http, a block each");
    for batch in [1u64, 100] {
        let chain = start();
        let mut http =
            Http::connect(chain.serve(([127, 0, 0, 1], 0)).expect("a port")).expect("connected");
        let bob = chain.accounts()[1].address();
        let mut nonce = 0;
        group.throughput(Throughput::Elements(batch));
        group.bench_function(format!("ether transfer, batches of {batch}"), |bencher| {
            bencher.iter_batched(
                || {
                    let raws: Vec<_> = (nonce..nonce + batch)
                        .map(|nonce| {
                            signed(
                                &chain.accounts()[0],
                                412_346,
                                nonce,
                                TxKind::Call(bob),
                                1,
                                Default::default(),
                                21_000,
                            )
                        })
                        .collect();
                    nonce += batch;
                    send_body(&raws)
                },
                |body| {
                    let answer = http.post(&body).expect("an answer");
                    assert!(!answer.contains("error"), "{answer}");
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
    let chain = start();
    let mut http =
        Http::connect(chain.serve(([127, 0, 0, 1], 0)).expect("a port")).expect("connected");
    let call = r#"{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}"#;
    criterion.bench_function("json-rpc over http, eth_blockNumber", |bencher| {
        bencher.iter(|| black_box(http.post(call).expect("an answer")));
    });
}

fn start_up(criterion: &mut Criterion) {
    criterion.bench_function("start and stop", |bencher| {
        bencher.iter(|| drop(black_box(start())))
    });
    criterion.bench_function("start, serve and stop", |bencher| {
        bencher.iter(|| start().serve(([127, 0, 0, 1], 0)).expect("a port"));
    });
    let mut variant = 0u32;
    criterion.bench_function("deploy and activate a program (compiles it)", |bencher| {
        let chain = start();
        bencher.iter(|| {
            variant += 1;
            deploy_counter(&chain, variant)
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(5)).sample_size(20);
    targets = through_the_handle, through_json_rpc, start_up
}
criterion_main!(benches);
