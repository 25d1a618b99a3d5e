//! What ends a program that will not end by itself.

use alloy_primitives::{Bytes, U256};
use revm::context::result::ExecutionResult;
use weir_chain::vm::Trace;

use crate::{
    contracts::{RELAY, wasm},
    harness::{Chain, programs},
};

fn run(wat: &str, gas: u64) -> (ExecutionResult, Trace) {
    let mut chain = Chain::new();
    chain.install_program(RELAY, &wasm(wat), U256::ZERO);
    chain.send(RELAY, Bytes::new(), gas, U256::ZERO)
}

fn outcome(trace: &Trace) -> &'static str {
    programs(trace).first().expect("a program ran").2.outcome
}

#[test]
fn an_infinite_loop_ends_when_the_ink_does() {
    let wat = r#"(module (memory (export "memory") 0 0)
        (func (export "user_entrypoint") (param i32) (result i32) (loop (br 0)) (i32.const 0)))"#;
    let (result, trace) = run(wat, 1_000_000);
    assert!(result.is_halt());
    assert_eq!(result.tx_gas_used(), 1_000_000);
    assert_eq!(outcome(&trace), "out of ink");
}

#[test]
fn endless_recursion_ends_when_the_stack_does() {
    let wat = r#"(module (memory (export "memory") 0 0)
        (func $f (param i32) (result i32) (call $f (local.get 0)))
        (func (export "user_entrypoint") (param i32) (result i32) (call $f (local.get 0))))"#;
    let (result, trace) = run(wat, 30_000_000);
    assert!(result.is_halt());
    assert_eq!(result.tx_gas_used(), 30_000_000, "all gas is taken");
    assert_eq!(outcome(&trace), "out of stack");
}

#[test]
fn the_deepest_recursion_of_small_and_of_large_frames_fits_the_native_stack() {
    // 348 locals of 64 bits that live across the call make the largest frames; none make the most.
    let gets: String = (1..=348)
        .map(|i| format!("(local.set {i} (i64.load (i32.const {})))", i * 8))
        .collect();
    let adds: String = (1..=348)
        .map(|i| format!("(i64.store (i32.const {}) (local.get {i}))", i * 8))
        .collect();
    let locals = "(local i64)".repeat(348);
    let wat = format!(
        r#"(module (memory (export "memory") 1 1)
        (func $f (param i32) {locals} {gets} (call $f (local.get 0)) {adds})
        (func (export "user_entrypoint") (param i32) (result i32) (call $f (local.get 0)) (i32.const 0)))"#
    );
    let (_, trace) = run(&wat, 1 << 40);
    assert_eq!(outcome(&trace), "out of stack");

    // Parameters take native stack but no words of the abstract one.
    let params = "(param i64)".repeat(300);
    let gets: String = (0..300).map(|i| format!("(local.get {i})")).collect();
    let zeros = "(i64.const 1)".repeat(300);
    let wat = format!(
        r#"(module (memory (export "memory") 1 1)
        (func $f {params} {gets} (call $f) {gets} (call $g))
        (func $g {params})
        (func (export "user_entrypoint") (param i32) (result i32) {zeros} (call $f) (i32.const 0)))"#
    );
    let (_, trace) = run(&wat, 1 << 40);
    assert_eq!(outcome(&trace), "out of stack");
}

#[test]
fn memory_cannot_grow_past_the_page_limit_whatever_the_gas() {
    let wat = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32)
            (loop (drop (memory.grow (i32.const 1))) (br 0)) (i32.const 0)))"#;
    let (result, trace) = run(wat, 1 << 45);
    assert!(result.is_halt());
    assert_eq!(outcome(&trace), "out of ink");
}

#[test]
fn memory_is_not_had_for_nothing_by_asking_for_a_multiple_of_the_counted_pages() {
    // The price counts the low 16 bits: 65,536 pages look like none. They are not given.
    let wat = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
        (memory (export "memory") 0)
        (func (export "user_entrypoint") (param i32) (result i32)
            (i32.ne (memory.grow (i32.const 65536)) (i32.const -1))))"#;
    let (result, _) = run(wat, 1_000_000);
    assert!(result.is_success());
}

#[test]
fn out_of_bounds_pointers_fail_and_keep_the_gas() {
    for body in [
        "(call $read_args (i32.const -1))",
        "(call $write_result (i32.const 65536) (i32.const 1))",
        "(drop (i32.load (i32.const 65533)))",
        "(memory.fill (i32.const 65000) (i32.const 1) (i32.const 1000))",
    ] {
        let wat = format!(
            r#"(module
            (import "vm_hooks" "read_args" (func $read_args (param i32)))
            (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
            (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) {body} (i32.const 0)))"#
        );
        let mut chain = Chain::new();
        chain.install_program(RELAY, &wasm(&wat), U256::ZERO);
        let (result, trace) = chain.send(RELAY, Bytes::from_static(&[1]), 1_000_000, U256::ZERO);
        assert!(
            !result.is_success() && !result.is_halt(),
            "{body}: {result:?}"
        );
        assert!(result.output().expect("output").is_empty());
        assert!(result.tx_gas_used() < 40_000);
        assert_eq!(outcome(&trace), "failure");
    }
}
