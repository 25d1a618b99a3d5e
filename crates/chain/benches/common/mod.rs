//! What the benches share: transactions, programs, and an HTTP client that costs as little as possible.

#![allow(dead_code)] // Each bench uses a part of it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::{Encodable2718, eip2930::AccessList},
    hex,
    primitives::{Address, Bytes, TxKind, U256},
    signers::{SignerSync, local::PrivateKeySigner},
    sol,
    sol_types::{SolCall, SolValue},
};

sol! {
    function transfer(address to, uint256 value) external returns (bool);
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// A counter: stores its word at slot 0 plus one, and returns it. Data that nothing reads makes each variant a program of
/// its own.
fn counter_wat(variant: u32) -> String {
    format!("{COUNTER_HEAD}(data (i32.const 128) \"{variant}\"){COUNTER_BODY}")
}

const COUNTER_HEAD: &str = r#"(module
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $cache (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (memory (export "memory") 1 1)"#;
const COUNTER_BODY: &str = r#"
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $load (i32.const 0) (i32.const 32))
        (i32.store8 (i32.const 63) (i32.add (i32.load8_u (i32.const 63)) (i32.const 1)))
        (call $cache (i32.const 0) (i32.const 32))
        (call $flush (i32.const 0))
        (call $write_result (i32.const 32) (i32.const 32))
        (i32.const 0)))"#;

/// Creation code of the counter, as it is deployed on Arbitrum.
pub fn counter_code(variant: u32) -> Bytes {
    let wasm = wat::parse_str(counter_wat(variant)).expect("valid WAT");
    let mut program = vec![0xef, 0xf0, 0x00, 0x00];
    brotli::CompressorWriter::new(&mut program, 4096, 11, 22)
        .write_all(&wasm)
        .expect("memory does not fail");
    // PUSH2 length, DUP1, PUSH1 11, PUSH0, CODECOPY, PUSH0, RETURN
    let length = u16::try_from(program.len())
        .expect("a small program")
        .to_be_bytes();
    let mut code = vec![
        0x61, length[0], length[1], 0x80, 0x60, 0x0a, 0x5f, 0x39, 0x5f, 0xf3,
    ];
    code.extend(program);
    code.into()
}

/// Creation code of an ERC-20 whose supply belongs to the creator.
pub fn token_code() -> Bytes {
    let code = hex::decode(include_str!("../../tests/contracts/Token.hex").trim()).expect("hex");
    [code, U256::MAX.abi_encode()].concat().into()
}

/// Call data of an ERC-20 transfer.
pub fn transfer_data(to: Address, value: u64) -> Bytes {
    transferCall {
        to,
        value: U256::from(value),
    }
    .abi_encode()
    .into()
}

/// A signed transaction that pays one gwei per gas.
pub fn signed(
    signer: &PrivateKeySigner,
    chain_id: u64,
    nonce: u64,
    to: TxKind,
    value: u64,
    input: Bytes,
    gas_limit: u64,
) -> Bytes {
    let tx = TxEip1559 {
        chain_id,
        nonce,
        gas_limit,
        max_fee_per_gas: 1_000_000_000,
        max_priority_fee_per_gas: 0,
        to,
        value: U256::from(value),
        access_list: AccessList::default(),
        input,
    };
    let signature = signer
        .sign_hash_sync(&tx.signature_hash())
        .expect("a local key signs");
    TxEnvelope::Eip1559(tx.into_signed(signature))
        .encoded_2718()
        .into()
}

/// The body of a batch that sends these transactions.
pub fn send_body(raws: &[Bytes]) -> String {
    let one = |raw: &Bytes| {
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["{raw}"]}}"#
        )
    };
    match raws {
        [single] => one(single),
        several => format!(
            "[{}]",
            several.iter().map(one).collect::<Vec<_>>().join(",")
        ),
    }
}

/// A connection that is kept open.
pub struct Http {
    stream: BufReader<TcpStream>,
    addr: SocketAddr,
}

impl Http {
    pub fn connect(addr: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            addr,
        })
    }

    /// Posts a body and gives the answer's.
    pub fn post(&mut self, body: &str) -> std::io::Result<String> {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.addr,
            body.len()
        );
        self.stream
            .get_mut()
            .write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Asks for one method and gives its result.
    pub fn ask(&mut self, method: &str, params: serde_json::Value) -> serde_json::Value {
        let body =
            serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
                .to_string();
        let answer: serde_json::Value = serde_json::from_str(&self.post(&body).expect("an answer"))
            .expect("the answer is JSON");
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }
}

/// Resident memory of a process, in bytes.
pub fn resident_bytes(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
