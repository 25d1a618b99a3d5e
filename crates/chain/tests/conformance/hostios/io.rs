//! Input, result, logs, memory, and the early exit.

use alloy_primitives::{B256, Bytes, U256};

use super::*;

#[test]
fn input_result_and_return_data() {
    let input = [7_u8; 40];
    check(
        &Case {
            imports: &["read_args i32"],
            data: "",
            body: "(call $read_args (i32.const 2048))",
            output: input.to_vec(),
            ink: vec![("read_args", BASE + WRITE + 30 * 8)],
        },
        &input,
    );
    // No call was made, so there is nothing to read: only the base is paid.
    check(
        &Case {
            imports: &["read_return_data i32 i32 i32 -> i32"],
            data: "",
            body: "(i32.store (i32.const 2048) (call $read_return_data (i32.const 0) (i32.const 0) (i32.const 99)))",
            output: vec![0; 4],
            ink: vec![("read_return_data", BASE + EVM + WRITE)],
        },
        &[],
    );
}

#[test]
fn logs_are_paid_as_in_the_evm() {
    let mut chain = Chain::new();
    let body = "(call $emit_log (i32.const 0) (i32.const 70) (i32.const 2))";
    let data = "(data (i32.const 31) \"\\01\") (data (i32.const 63) \"\\02\") (data (i32.const 64) \"abcdef\")";
    chain.install_program(
        RELAY,
        &program(&["emit_log i32 i32 i32"], data, body, 0, 0),
        U256::ZERO,
    );
    let (result, trace) = chain.send(RELAY, Bytes::new(), 5_000_000, U256::ZERO);
    let log = &result.logs()[0];
    assert_eq!(log.address, RELAY);
    assert_eq!(
        log.topics(),
        [B256::with_last_byte(1), B256::with_last_byte(2)]
    );
    assert_eq!(log.data.data.as_ref(), b"abcdef");
    let ink = BASE + EVM + READ + 55 * (70 - 32) + (375 * 3 + 8 * 6) * GAS;
    assert_eq!(hostios(&trace)[0], (1, "emit_log", ink));
}

#[test]
fn a_log_with_too_many_topics_or_too_little_data_fails_and_keeps_the_gas() {
    for body in [
        "(call $emit_log (i32.const 0) (i32.const 160) (i32.const 5))",
        "(call $emit_log (i32.const 0) (i32.const 63) (i32.const 2))",
    ] {
        let mut chain = Chain::new();
        chain.install_program(
            RELAY,
            &program(&["emit_log i32 i32 i32"], "", body, 0, 0),
            U256::ZERO,
        );
        let (result, _) = chain.send(RELAY, Bytes::new(), 5_000_000, U256::ZERO);
        assert!(!result.is_success() && !result.is_halt(), "{result:?}");
        assert!(result.tx_gas_used() < 40_000, "{result:?}");
    }
}

#[test]
fn exit_early_ends_with_its_status() {
    for (status, success) in [(0, true), (1, false), (-1, false)] {
        let body = format!(
            "(i32.store8 (i32.const 0) (i32.const 9)) (call $write_result (i32.const 0) (i32.const 1))
             (call $exit_early (i32.const {status})) unreachable"
        );
        let mut chain = Chain::new();
        chain.install_program(
            RELAY,
            &program(&["exit_early i32"], "", &body, 0, 0),
            U256::ZERO,
        );
        let (result, trace) = chain.send(RELAY, Bytes::new(), 5_000_000, U256::ZERO);
        assert_eq!(result.is_success(), success, "{result:?}");
        assert_eq!(result.output().expect("output").as_ref(), [9]);
        assert_eq!(hostios(&trace).last(), Some(&(1, "exit_early", 0)));
    }
}

#[test]
fn memory_growth_is_paid_by_the_page() {
    // Two pages are free; the third costs 1,000 gas. Growing by nothing costs the base of a host function.
    let wat = r#"(module
        (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
        (memory (export "memory") 1)
        (func (export "user_entrypoint") (param i32) (result i32)
            (drop (memory.grow (i32.const 0))) (drop (memory.grow (i32.const 1))) (drop (memory.grow (i32.const 1)))
            (i32.ne (memory.size) (i32.const 3))))"#;
    let mut chain = Chain::new();
    chain.install_program(RELAY, &crate::contracts::wasm(wat), U256::ZERO);
    let (result, trace) = chain.send(RELAY, Bytes::new(), 5_000_000, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
    let ink: Vec<u64> = hostios(&trace).iter().map(|(_, _, ink)| *ink).collect();
    assert_eq!(ink, [BASE, 0, 1_000 * GAS]);
}
