//! Small EVM contracts that play the world around the protocol, well or badly.

use alloy_primitives::{Address, U256};

/// Answers any call with the word in its storage slot 0.
pub const ANSWERS_SLOT_0: &[u8] = &[
    0x5f, 0x54, // PUSH0 SLOAD
    0x5f, 0x52, // PUSH0 MSTORE
    0x60, 0x20, 0x5f, 0xf3, // PUSH1 32 PUSH0 RETURN
];

/// Answers any call with the word in its storage slot 0 and 65,504 bytes of zeros behind it.
pub const ANSWERS_LONG: &[u8] = &[
    0x5f, 0x54, // PUSH0 SLOAD
    0x5f, 0x52, // PUSH0 MSTORE
    0x62, 0x01, 0x00, 0x00, 0x5f, 0xf3, // PUSH3 65536 PUSH0 RETURN
];

/// Tries to answer with a megabyte.
pub const ANSWERS_MEGABYTE: &[u8] = &[0x62, 0x10, 0x00, 0x00, 0x5f, 0xf3];

/// Answers a byte less than a word.
pub const ANSWERS_31_BYTES: &[u8] = &[0x60, 0x1f, 0x5f, 0xf3];

/// Answers nothing.
pub const ANSWERS_NOTHING: &[u8] = &[0x00];

/// Reverts with a word of revert data.
pub const REVERTS: &[u8] = &[0x60, 0x20, 0x5f, 0xfd];

/// Never ends.
pub const LOOPS: &[u8] = &[0x5b, 0x5f, 0x56];

/// Writes to its storage, then answers one.
pub const WRITES: &[u8] = &[
    0x60, 0x01, 0x5f, 0x55, // PUSH1 1 PUSH0 SSTORE
    0x60, 0x01, 0x5f, 0x52, // PUSH1 1 PUSH0 MSTORE
    0x60, 0x20, 0x5f, 0xf3, // PUSH1 32 PUSH0 RETURN
];

/// Calls a function without arguments of `target`, whatever comes of it, then answers with the word in its storage slot 0.
pub fn asking(target: Address, selector: [u8; 4]) -> Vec<u8> {
    let mut code = vec![0x63]; // PUSH4
    code.extend(selector);
    code.extend([0x5f, 0x52]); // PUSH0 MSTORE
    code.extend([0x5f, 0x5f, 0x60, 0x04, 0x60, 0x1c, 0x5f, 0x73]); // PUSH0 PUSH0 PUSH1 4 PUSH1 28 PUSH0 PUSH20
    code.extend(target);
    code.extend([0x5a, 0xf1, 0x50]); // GAS CALL POP
    code.extend(ANSWERS_SLOT_0);
    code
}

/// A contract that answers each call by its selector, and reverts on any other. What is not a view logs its calldata, so that
/// one can see what it was told.
pub fn answering(views: &[([u8; 4], Vec<u8>)], acts: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    const LOG_CALLDATA: &[u8] = &[
        0x36, 0x5f, 0x5f, 0x37, // CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY
        0x36, 0x5f, 0xa0, // CALLDATASIZE PUSH0 LOG0
    ];
    const HEAD_BYTES: usize = 5;
    const CASE_BYTES: usize = 11;
    const NO_CASE_BYTES: usize = 3;
    const VIEW_BYTES: usize = 14;
    const ACT_BYTES: usize = VIEW_BYTES + LOG_CALLDATA.len();

    let cases = || {
        let views = views.iter().map(|case| (case, false));
        views.chain(acts.iter().map(|case| (case, true)))
    };
    let mut code = vec![0x5f, 0x35, 0x60, 0xe0, 0x1c]; // PUSH0 CALLDATALOAD PUSH1 224 SHR
    let mut body = HEAD_BYTES + CASE_BYTES * cases().count() + NO_CASE_BYTES;
    for ((selector, _), logs) in cases() {
        code.extend([0x80, 0x63]); // DUP1 PUSH4
        code.extend(selector);
        code.extend([0x14, 0x61]); // EQ PUSH2
        code.extend(short(body));
        code.push(0x57); // JUMPI
        body += if logs { ACT_BYTES } else { VIEW_BYTES };
    }
    code.extend([0x5f, 0x5f, 0xfd]); // PUSH0 PUSH0 REVERT
    let mut data = body;
    for ((_, answer), logs) in cases() {
        code.push(0x5b); // JUMPDEST
        if logs {
            code.extend(LOG_CALLDATA);
        }
        code.push(0x61); // PUSH2
        code.extend(short(answer.len()));
        code.push(0x61); // PUSH2
        code.extend(short(data));
        code.extend([0x5f, 0x39, 0x61]); // PUSH0 CODECOPY PUSH2
        code.extend(short(answer.len()));
        code.extend([0x5f, 0xf3]); // PUSH0 RETURN
        data += answer.len();
    }
    for ((_, answer), _) in cases() {
        code.extend(answer);
    }
    code
}

/// The slot that [`ANSWERS_SLOT_0`] and [`ANSWERS_LONG`] answer with.
pub const SLOT_0: U256 = U256::ZERO;

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number)
        .expect("the code is below 64 KiB")
        .to_be_bytes()
}
