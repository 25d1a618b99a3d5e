//! What a program is told of block, transaction and message, and of what it has left.

use alloy_primitives::{Bytes, U256, hex};

use super::*;
use crate::harness::CALLER;

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
