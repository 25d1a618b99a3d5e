//! Each host function: what it answers, and its ink.

mod environment;
mod io;
mod state;
mod words;

use alloy_primitives::{Bytes, U256, hex};

use crate::{
    contracts::{LEAF, RELAY, program},
    harness::{Chain, hostios},
};

/// What each host function costs: 8,400 at least, 5,040 per pointer, 59,673 for a request to the EVM.
const BASE: u64 = 8_400;
const POINTER: u64 = 5_040;
const EVM: u64 = 59_673;
const GAS: u64 = 10_000;
/// Ink of reading up to 32 bytes of the program, and of writing as many.
const READ: u64 = 16_381;
const WRITE: u64 = 5_040;

/// A program and what it does.
struct Case {
    imports: &'static [&'static str],
    data: &'static str,
    body: &'static str,
    /// Bytes at 2048 that the program returns.
    output: Vec<u8>,
    /// Host functions called before the result is written, with their ink.
    ink: Vec<(&'static str, u64)>,
}

/// Runs the program, called with `input` and 123 wei, on a chain with a plain contract at LEAF.
fn check(case: &Case, input: &[u8]) {
    let wasm = program(
        case.imports,
        case.data,
        case.body,
        2_048,
        case.output.len() as u32,
    );
    let mut chain = Chain::new();
    chain.install_program(RELAY, &wasm, U256::ZERO);
    chain.install(
        LEAF,
        Bytes::from_static(&hex!("365f5f37365ff3")),
        U256::from(77),
    );
    let (result, trace) = chain.send(
        RELAY,
        Bytes::copy_from_slice(input),
        5_000_000,
        U256::from(123),
    );
    let names: Vec<&str> = case.ink.iter().map(|(name, _)| *name).collect();
    assert!(
        result.is_success(),
        "{names:?}: {result:?} {:?}",
        trace.root
    );
    assert_eq!(
        result.output().expect("output").as_ref(),
        case.output,
        "{names:?}: output"
    );

    let ours: Vec<(&str, u64)> = hostios(&trace)
        .iter()
        .map(|(_, name, ink)| (*name, *ink))
        .collect();
    let mut theirs = case.ink.clone();
    theirs.push(("write_result", BASE + 2 * read(case.output.len() as u64)));
    assert_eq!(ours, theirs, "ink");
}

fn read(bytes: u64) -> u64 {
    READ + 55 * bytes.saturating_sub(32)
}

fn word(value: u128) -> Vec<u8> {
    U256::from(value).to_be_bytes_vec()
}
