//! Contracts that the cases call: programs in WAT, and EVM contracts in bytecode.

use alloy_primitives::{Address, Bytes, address};

pub const RELAY: Address = address!("0x00000000000000000000000000000000000000a1");
pub const LEAF: Address = address!("0x00000000000000000000000000000000000000b2");

/// Compiles WAT.
pub fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap_or_else(|e| panic!("{e}\n{wat}"))
}

/// A program of one page with these imports (each `name params -> result`) and this body; it returns `len` bytes at
/// `out`.
pub fn program(imports: &[&str], data: &str, body: &str, out: u32, len: u32) -> Vec<u8> {
    let mut wat = String::from("(module\n");
    for import in imports.iter().chain(&["write_result i32 i32"]) {
        let (signature, result) = import
            .split_once(" -> ")
            .map_or((*import, String::new()), |(s, r)| {
                (s, format!("(result {r})"))
            });
        let (name, params) = signature.split_once(' ').unwrap_or((signature, ""));
        wat +=
            &format!("(import \"vm_hooks\" \"{name}\" (func ${name} (param {params}) {result}))\n");
    }
    wat += &format!(
        "(memory (export \"memory\") 1 1)\n{data}\n\
         (func (export \"user_entrypoint\") (param $len i32) (result i32)\n{body}\n\
         (call $write_result (i32.const {out}) (i32.const {len}))\n(i32.const 0)))"
    );
    wasm(&wat)
}

/// A program that makes one call. Its input is the kind (0 call, 1 delegate call, 2 static call), the callee's address
/// and the data to call with; the value it is sent goes along. It returns the status and the return data.
pub fn relay_program() -> Vec<u8> {
    wasm(
        r#"(module
        (import "vm_hooks" "read_args" (func $read_args (param i32)))
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        (import "vm_hooks" "msg_value" (func $msg_value (param i32)))
        (import "vm_hooks" "read_return_data" (func $read_return_data (param i32 i32 i32) (result i32)))
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "delegate_call_contract" (func $delegate (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "static_call_contract" (func $static (param i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param $len i32) (result i32)
            (local $data_len i32) (local $ret_len i32)
            (call $read_args (i32.const 1024))
            (call $msg_value (i32.const 0))
            (local.set $data_len (i32.sub (local.get $len) (i32.const 21)))
            (i32.store8 (i32.const 16384)
                (if (result i32) (i32.eqz (i32.load8_u (i32.const 1024)))
                    (then (call $call (i32.const 1025) (i32.const 1045) (local.get $data_len)
                        (i32.const 0) (i64.const -1) (i32.const 64)))
                    (else (if (result i32) (i32.eq (i32.load8_u (i32.const 1024)) (i32.const 1))
                        (then (call $delegate (i32.const 1025) (i32.const 1045) (local.get $data_len)
                            (i64.const -1) (i32.const 64)))
                        (else (call $static (i32.const 1025) (i32.const 1045) (local.get $data_len)
                            (i64.const -1) (i32.const 64)))))))
            (local.set $ret_len (i32.load (i32.const 64)))
            (drop (call $read_return_data (i32.const 16385) (i32.const 0) (local.get $ret_len)))
            (call $write_result (i32.const 16384) (i32.add (local.get $ret_len) (i32.const 1)))
            (i32.const 0)))"#,
    )
}

/// A program whose input's first byte chooses what it does:
/// 0 returns sender, own address, value and whether it is reentrant (20 + 20 + 32 + 4 bytes);
/// 1 stores the 32 bytes that follow at slot 5, flushes and logs them;
/// 2 reverts with what follows; 3 traps;
/// 4 stores the 32 bytes that follow at transient slot 5; 5 returns transient slot 5.
pub fn leaf_program() -> Vec<u8> {
    wasm(
        r#"(module
        (import "vm_hooks" "read_args" (func $read_args (param i32)))
        (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
        (import "vm_hooks" "msg_sender" (func $msg_sender (param i32)))
        (import "vm_hooks" "contract_address" (func $contract_address (param i32)))
        (import "vm_hooks" "msg_value" (func $msg_value (param i32)))
        (import "vm_hooks" "msg_reentrant" (func $msg_reentrant (result i32)))
        (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
        (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
        (import "vm_hooks" "transient_store_bytes32" (func $tstore (param i32 i32)))
        (import "vm_hooks" "transient_load_bytes32" (func $tload (param i32 i32)))
        (import "vm_hooks" "emit_log" (func $emit_log (param i32 i32 i32)))
        (memory (export "memory") 1 1)
        (data (i32.const 31) "\05")
        (func (export "user_entrypoint") (param $len i32) (result i32)
            (local $op i32)
            (call $read_args (i32.const 1024))
            (local.set $op (i32.load8_u (i32.const 1024)))
            (if (i32.eqz (local.get $op)) (then
                (call $msg_sender (i32.const 2048))
                (call $contract_address (i32.const 2068))
                (call $msg_value (i32.const 2088))
                (i32.store (i32.const 2120) (call $msg_reentrant))
                (call $write_result (i32.const 2048) (i32.const 76))))
            (if (i32.eq (local.get $op) (i32.const 1)) (then
                (call $cache (i32.const 0) (i32.const 1025))
                (call $flush (i32.const 0))
                (call $emit_log (i32.const 1025) (i32.const 32) (i32.const 0))))
            (if (i32.eq (local.get $op) (i32.const 2)) (then
                (call $write_result (i32.const 1025) (i32.sub (local.get $len) (i32.const 1)))))
            (if (i32.eq (local.get $op) (i32.const 3)) (then unreachable))
            (if (i32.eq (local.get $op) (i32.const 4)) (then (call $tstore (i32.const 0) (i32.const 1025))))
            (if (i32.eq (local.get $op) (i32.const 5)) (then
                (call $tload (i32.const 0) (i32.const 2048))
                (call $write_result (i32.const 2048) (i32.const 32))))
            (i32.eq (local.get $op) (i32.const 2))))"#,
    )
}

/// Opcodes that the contracts below use.
mod op {
    pub const SUB: u8 = 0x03;
    pub const EQ: u8 = 0x14;
    pub const SHR: u8 = 0x1C;
    pub const BYTE: u8 = 0x1A;
    pub const ADDRESS: u8 = 0x30;
    pub const CALLER: u8 = 0x33;
    pub const CALLVALUE: u8 = 0x34;
    pub const CALLDATALOAD: u8 = 0x35;
    pub const CALLDATASIZE: u8 = 0x36;
    pub const CALLDATACOPY: u8 = 0x37;
    pub const CODECOPY: u8 = 0x39;
    pub const RETURNDATASIZE: u8 = 0x3D;
    pub const RETURNDATACOPY: u8 = 0x3E;
    pub const MSTORE: u8 = 0x52;
    pub const SSTORE: u8 = 0x55;
    pub const JUMPI: u8 = 0x57;
    pub const GAS: u8 = 0x5A;
    pub const JUMPDEST: u8 = 0x5B;
    pub const TLOAD: u8 = 0x5C;
    pub const TSTORE: u8 = 0x5D;
    pub const PUSH0: u8 = 0x5F;
    pub const PUSH1: u8 = 0x60;
    pub const PUSH2: u8 = 0x61;
    pub const DUP1: u8 = 0x80;
    pub const SWAP2: u8 = 0x91;
    pub const LOG0: u8 = 0xA0;
    pub const CALL: u8 = 0xF1;
    pub const RETURN: u8 = 0xF3;
    pub const DELEGATECALL: u8 = 0xF4;
    pub const STATICCALL: u8 = 0xFA;
    pub const REVERT: u8 = 0xFD;
    pub const INVALID: u8 = 0xFE;
}
use op::*;

/// How a relay calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Call,
    Delegate,
    Static,
}

/// The input of [`relay_program`].
pub fn relay_input(kind: Kind, to: Address, data: &[u8]) -> Bytes {
    let mut input = vec![kind as u8];
    input.extend(to);
    input.extend(data);
    input.into()
}

/// An EVM contract that calls the address in its first 20 bytes of input with the rest of it, and returns or reverts as
/// the call did.
pub fn relay_contract(kind: Kind) -> Bytes {
    let mut code = vec![
        PUSH1,
        20,
        CALLDATASIZE,
        SUB,
        DUP1,
        PUSH1,
        20,
        PUSH0,
        CALLDATACOPY,
        PUSH0,
        PUSH0,
        SWAP2,
        PUSH0,
    ];
    code.extend((kind == Kind::Call).then_some(CALLVALUE));
    code.extend([PUSH0, CALLDATALOAD, PUSH1, 0x60, SHR, GAS]);
    code.push(match kind {
        Kind::Call => CALL,
        Kind::Delegate => DELEGATECALL,
        Kind::Static => STATICCALL,
    });
    code.extend([RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY, PUSH1]);
    let target = code.len() as u8 + 5;
    code.extend([
        target,
        JUMPI,
        RETURNDATASIZE,
        PUSH0,
        REVERT,
        JUMPDEST,
        RETURNDATASIZE,
        PUSH0,
        RETURN,
    ]);
    code.into()
}

/// The input of [`relay_contract`].
pub fn relay_contract_input(to: Address, data: &[u8]) -> Bytes {
    let mut input = to.to_vec();
    input.extend(data);
    input.into()
}

/// An EVM contract that does what [`leaf_program`] does, but for 0, which returns sender, own address and value as words.
pub fn leaf_contract() -> Bytes {
    let mut code = Vec::new();
    let mut case = |op: u8, body: &[u8]| {
        // If the first byte of input is `op`, run the body, which must stop by itself.
        let skip = code.len() as u8 + 11 + body.len() as u8;
        code.extend([
            PUSH0,
            CALLDATALOAD,
            PUSH0,
            BYTE,
            PUSH1,
            op,
            EQ,
            0x15,
            PUSH1,
            skip,
            JUMPI,
        ]);
        code.extend(body);
        code.push(JUMPDEST);
    };
    case(
        0,
        &[
            CALLER, PUSH0, MSTORE, ADDRESS, PUSH1, 32, MSTORE, CALLVALUE, PUSH1, 64, MSTORE, PUSH1,
            96, PUSH0, RETURN,
        ],
    );
    case(
        1,
        &[
            PUSH1,
            1,
            CALLDATALOAD,
            DUP1,
            PUSH1,
            5,
            SSTORE,
            PUSH0,
            MSTORE,
            PUSH1,
            32,
            PUSH0,
            LOG0,
            PUSH0,
            PUSH0,
            RETURN,
        ],
    );
    case(
        2,
        &[
            PUSH1,
            1,
            CALLDATASIZE,
            SUB,
            PUSH1,
            1,
            PUSH0,
            CALLDATACOPY,
            PUSH1,
            1,
            CALLDATASIZE,
            SUB,
            PUSH0,
            REVERT,
        ],
    );
    case(3, &[INVALID]);
    case(
        4,
        &[
            PUSH1,
            1,
            CALLDATALOAD,
            PUSH1,
            5,
            TSTORE,
            PUSH0,
            PUSH0,
            RETURN,
        ],
    );
    case(
        5,
        &[PUSH1, 5, TLOAD, PUSH0, MSTORE, PUSH1, 32, PUSH0, RETURN],
    );
    code.into()
}

/// Init code that deploys `code`.
pub fn init_code(code: &[u8]) -> Vec<u8> {
    let len = (code.len() as u16).to_be_bytes();
    let mut init = vec![
        PUSH2, len[0], len[1], DUP1, PUSH1, 12, PUSH0, CODECOPY, PUSH0, RETURN, INVALID, INVALID,
    ];
    init.extend(code);
    init
}

/// Init code that reverts with `data`, at most 32 bytes.
pub fn reverting_init_code(data: &[u8]) -> Vec<u8> {
    let mut init = vec![
        PUSH1,
        data.len() as u8,
        PUSH1,
        10,
        PUSH0,
        CODECOPY,
        PUSH1,
        data.len() as u8,
        PUSH0,
        REVERT,
    ];
    init.extend(data);
    init
}
