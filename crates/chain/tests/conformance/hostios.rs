//! Each host function: what it answers, and its ink.

use alloy_primitives::{Address, B256, Bytes, U256, hex, keccak256};

use crate::{
    contracts::{LEAF, RELAY, program},
    harness::{CALLER, Chain, hostios},
};

/// What each host function costs: 8,400 at least, 5,040 per pointer, 59,673 for a request to the EVM.
const BASE: u64 = 8_400;
const POINTER: u64 = 5_040;
const EVM: u64 = 59_673;
const GAS: u64 = 10_000;
/// Ink of reading up to 32 bytes of the program, and of writing as many.
const READ: u64 = 16_381;
const WRITE: u64 = 5_040;

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

#[test]
fn block_transaction_and_message_are_told() {
    let plain = |name: &'static str,
                 import: &'static [&'static str],
                 body: &'static str,
                 output: Vec<u8>| {
        check(
            &Case {
                imports: import,
                data: "",
                body,
                output,
                ink: vec![(name, BASE)],
            },
            &[],
        );
    };
    let u64s = |value: u64| value.to_le_bytes().to_vec();
    let u32s = |value: u32| value.to_le_bytes().to_vec();
    plain(
        "block_gas_limit",
        &["block_gas_limit -> i64"],
        "(i64.store (i32.const 2048) (call $block_gas_limit))",
        u64s(1 << 50),
    );
    plain(
        "block_number",
        &["block_number -> i64"],
        "(i64.store (i32.const 2048) (call $block_number))",
        u64s(7),
    );
    plain(
        "block_timestamp",
        &["block_timestamp -> i64"],
        "(i64.store (i32.const 2048) (call $block_timestamp))",
        u64s(1_800_000_000),
    );
    plain(
        "chainid",
        &["chainid -> i64"],
        "(i64.store (i32.const 2048) (call $chainid))",
        u64s(412_346),
    );
    plain(
        "tx_ink_price",
        &["tx_ink_price -> i32"],
        "(i32.store (i32.const 2048) (call $tx_ink_price))",
        u32s(10_000),
    );
    plain(
        "msg_reentrant",
        &["msg_reentrant -> i32"],
        "(i32.store (i32.const 2048) (call $msg_reentrant))",
        u32s(0),
    );
    plain(
        "return_data_size",
        &["return_data_size -> i32"],
        "(i32.store (i32.const 2048) (call $return_data_size))",
        u32s(0),
    );

    let pointer = |name: &'static str,
                   import: &'static [&'static str],
                   body: &'static str,
                   output: Vec<u8>| {
        check(
            &Case {
                imports: import,
                data: "",
                body,
                output,
                ink: vec![(name, BASE + POINTER)],
            },
            &[],
        );
    };
    pointer(
        "block_basefee",
        &["block_basefee i32"],
        "(call $block_basefee (i32.const 2048))",
        word(100_000_000),
    );
    let coinbase = hex!("a4b000000000000000000073657175656e636572");
    pointer(
        "block_coinbase",
        &["block_coinbase i32"],
        "(call $block_coinbase (i32.const 2048))",
        coinbase.to_vec(),
    );
    pointer(
        "contract_address",
        &["contract_address i32"],
        "(call $contract_address (i32.const 2048))",
        RELAY.to_vec(),
    );
    pointer(
        "msg_sender",
        &["msg_sender i32"],
        "(call $msg_sender (i32.const 2048))",
        CALLER.to_vec(),
    );
    pointer(
        "tx_origin",
        &["tx_origin i32"],
        "(call $tx_origin (i32.const 2048))",
        CALLER.to_vec(),
    );
    pointer(
        "msg_value",
        &["msg_value i32"],
        "(call $msg_value (i32.const 2048))",
        word(123),
    );
    pointer(
        "tx_gas_price",
        &["tx_gas_price i32"],
        "(call $tx_gas_price (i32.const 2048))",
        word(100_000_000),
    );
}

#[test]
fn gas_and_ink_left_agree() {
    // The two calls stand in one basic block each, of which the second costs 2,450 for its head, 3,800 for the call,
    // 950 for the store and 1 for the constant; the first ended with the call.
    let body = "(i64.store (i32.const 2048) (call $evm_ink_left)) (i64.store (i32.const 2056) (call $evm_gas_left))";
    let wasm = program(
        &["evm_ink_left -> i64", "evm_gas_left -> i64"],
        "",
        body,
        2_048,
        16,
    );
    let mut chain = Chain::new();
    chain.install_program(RELAY, &wasm, U256::ZERO);
    let (result, trace) = chain.send(RELAY, Bytes::new(), 5_000_000, U256::ZERO);
    let output = result.output().expect("output");
    let ink = u64::from_le_bytes(output[..8].try_into().expect("8 bytes"));
    let gas = u64::from_le_bytes(output[8..16].try_into().expect("8 bytes"));
    assert_eq!(gas, (ink - (2_450 + 950 + 1 + 3_800) - BASE) / GAS);

    let program = trace
        .root
        .as_ref()
        .and_then(|root| root.stylus.as_ref())
        .expect("a program ran");
    assert_eq!(program.hostios[0].end_ink, ink);
}

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
fn keccak_is_paid_by_the_word() {
    let case = |body, len: usize, ink| Case {
        imports: &["native_keccak256 i32 i32 i32"],
        data: "",
        body,
        output: keccak256(vec![0; len]).to_vec(),
        ink: vec![("native_keccak256", ink)],
    };
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 0) (i32.const 2048))",
            0,
            121_800,
        ),
        &[],
    );
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 64) (i32.const 2048))",
            64,
            121_800,
        ),
        &[],
    );
    check(
        &case(
            "(call $native_keccak256 (i32.const 0) (i32.const 65) (i32.const 2048))",
            65,
            142_800,
        ),
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
fn arithmetic_of_words() {
    let a = U256::MAX - U256::from(5);
    let (b, c) = (U256::from(1_000_003), U256::from(97));
    // a at 2048, b at 100, c at 200, 0 at 300.
    let set = format!(
        "(data (i32.const 2048) \"{}\") (data (i32.const 100) \"{}\") (data (i32.const 200) \"{}\")",
        escape(a),
        escape(b),
        escape(c)
    );
    let set: &'static str = Box::leak(set.into_boxed_str());
    let ink3 = BASE + 3 * POINTER;
    let ink4 = BASE + 4 * POINTER;
    let two = |name: &'static str,
               import: &'static [&'static str],
               body: &'static str,
               value: U256,
               ink: u64| {
        check(
            &Case {
                imports: import,
                data: set,
                body,
                output: value.to_be_bytes_vec(),
                ink: vec![(name, ink)],
            },
            &[],
        );
    };
    two(
        "math_div",
        &["math_div i32 i32"],
        "(call $math_div (i32.const 2048) (i32.const 100))",
        a / b,
        ink3 + 20_000,
    );
    two(
        "math_div",
        &["math_div i32 i32"],
        "(call $math_div (i32.const 2048) (i32.const 300))",
        U256::ZERO,
        ink3 + 20_000,
    );
    two(
        "math_mod",
        &["math_mod i32 i32"],
        "(call $math_mod (i32.const 2048) (i32.const 100))",
        a % b,
        ink3 + 20_000,
    );
    two(
        "math_mod",
        &["math_mod i32 i32"],
        "(call $math_mod (i32.const 2048) (i32.const 300))",
        U256::ZERO,
        ink3 + 20_000,
    );
    // An exponent of one byte costs 3,000 + 2 · 17,500; of none, 3,000 + 17,500.
    let power = a.wrapping_pow(c);
    two(
        "math_pow",
        &["math_pow i32 i32"],
        "(call $math_pow (i32.const 2048) (i32.const 200))",
        power,
        ink3 + 38_000,
    );
    two(
        "math_pow",
        &["math_pow i32 i32"],
        "(call $math_pow (i32.const 2048) (i32.const 300))",
        U256::from(1),
        ink3 + 20_500,
    );
    two(
        "math_add_mod",
        &["math_add_mod i32 i32 i32"],
        "(call $math_add_mod (i32.const 2048) (i32.const 100) (i32.const 200))",
        a.add_mod(b, c),
        ink4 + 21_000,
    );
    two(
        "math_add_mod",
        &["math_add_mod i32 i32 i32"],
        "(call $math_add_mod (i32.const 2048) (i32.const 100) (i32.const 300))",
        U256::ZERO,
        ink4 + 21_000,
    );
    two(
        "math_mul_mod",
        &["math_mul_mod i32 i32 i32"],
        "(call $math_mul_mod (i32.const 2048) (i32.const 100) (i32.const 200))",
        a.mul_mod(b, c),
        ink4 + 24_100,
    );
}

fn escape(value: U256) -> String {
    value
        .to_be_bytes::<32>()
        .iter()
        .map(|byte| format!("\\{byte:02x}"))
        .collect()
}

#[test]
fn storage_is_cached_until_flushed() {
    // Slot 0 is cold when read, and then cached; a second read costs the base alone. Writing a new value to a slot that
    // held zero costs 20,000 gas at the flush, the slot being warm by then.
    let body = "(call $storage_load_bytes32 (i32.const 0) (i32.const 2048))
        (call $storage_cache_bytes32 (i32.const 0) (i32.const 32))
        (call $storage_load_bytes32 (i32.const 0) (i32.const 2048))
        (call $storage_flush_cache (i32.const 1))
        (call $storage_load_bytes32 (i32.const 0) (i32.const 2048))";
    let base = BASE + 2 * POINTER;
    let mut seven = vec![0; 31];
    seven.push(7);
    check(
        &Case {
            imports: &[
                "storage_load_bytes32 i32 i32",
                "storage_cache_bytes32 i32 i32",
                "storage_flush_cache i32",
            ],
            data: "(data (i32.const 63) \"\\07\")",
            body,
            output: seven,
            ink: vec![
                ("storage_load_bytes32", base + (2_100 + 5) * GAS),
                ("storage_cache_bytes32", base),
                ("storage_load_bytes32", base),
                ("storage_flush_cache", BASE + EVM + 20_000 * GAS),
                ("storage_load_bytes32", base + (100 + 5) * GAS),
            ],
        },
        &[],
    );
}

#[test]
fn transient_storage_costs_a_warm_access() {
    let base = BASE + 2 * POINTER + EVM + 100 * GAS;
    let mut seven = vec![0; 31];
    seven.push(7);
    check(
        &Case {
            imports: &[
                "transient_load_bytes32 i32 i32",
                "transient_store_bytes32 i32 i32",
            ],
            data: "(data (i32.const 63) \"\\07\")",
            body: "(call $transient_store_bytes32 (i32.const 0) (i32.const 32))
                (call $transient_load_bytes32 (i32.const 0) (i32.const 2048))",
            output: seven,
            ink: vec![
                ("transient_store_bytes32", base),
                ("transient_load_bytes32", base),
            ],
        },
        &[],
    );
}

#[test]
fn accounts_are_touched_once() {
    let address: &'static str =
        Box::leak(format!("(data (i32.const 0) \"{}\")", text(LEAF)).into_boxed_str());
    let base = BASE + 2 * POINTER + EVM;
    check(
        &Case {
            imports: &["account_balance i32 i32"],
            data: address,
            body: "(call $account_balance (i32.const 0) (i32.const 2048)) (call $account_balance (i32.const 0) (i32.const 2048))",
            output: word(77),
            ink: vec![
                ("account_balance", base + 2_600 * GAS),
                ("account_balance", base + 100 * GAS),
            ],
        },
        &[],
    );
    check(
        &Case {
            imports: &["account_codehash i32 i32"],
            data: address,
            body: "(call $account_codehash (i32.const 0) (i32.const 2048))",
            output: keccak256(hex!("365f5f37365ff3")).to_vec(),
            ink: vec![("account_codehash", base + 2_600 * GAS)],
        },
        &[],
    );
    // The size costs the touch and 700 gas; the code read next is kept from before, and only its copy is paid.
    check(
        &Case {
            imports: &["account_code_size i32 -> i32", "account_code i32 i32 i32 i32 -> i32"],
            data: address,
            body: "(i32.store (i32.const 2048) (call $account_code_size (i32.const 0)))
                (i32.store (i32.const 2052)
                    (call $account_code (i32.const 0) (i32.const 1) (i32.const 3) (i32.const 2056)))",
            output: hex!("07000000 03000000 5f5f37").to_vec(),
            ink: vec![("account_code_size", BASE + EVM + 3_300 * GAS), ("account_code", BASE + EVM + WRITE)],
        },
        &[],
    );
}

fn text(address: Address) -> String {
    address.iter().map(|byte| format!("\\{byte:02x}")).collect()
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
