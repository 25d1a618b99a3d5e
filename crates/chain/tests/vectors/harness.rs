//! A chain of one database and one engine, on which the conformance tests run their cases.

use alloy_primitives::{Address, B256, Bytes, U256, address, keccak256};
use revm::{
    DatabaseCommit,
    context::{BlockEnv, TxEnv, result::ExecutionResult},
    database::{CacheDB, EmptyDB},
    primitives::TxKind,
    state::{AccountInfo, Bytecode},
};
use weir_chain::vm::{
    ARBOS_STATE, Activation, Env, Frame, ProgramEntry, StylusFrame, Trace, Traced, Vm, VmConfig,
    activate,
};

/// Sends the transactions.
pub const CALLER: Address = address!("0xca11e500000000000000000000000000000000aa");
/// Block time of all cases, in seconds.
pub const NOW_S: u64 = 1_800_000_000;

/// A chain of one database and one engine.
pub struct Chain {
    pub db: CacheDB<EmptyDB>,
    pub vm: Vm,
    pub env: Env,
    programs: Vec<(B256, ProgramEntry)>,
    nonce: u64,
}

impl Chain {
    pub fn new() -> Self {
        let mut db = CacheDB::new(EmptyDB::new());
        let balance = U256::from(10).pow(U256::from(24));
        db.insert_account_info(
            CALLER,
            AccountInfo {
                balance,
                ..Default::default()
            },
        );
        let block = BlockEnv {
            number: U256::from(7),
            timestamp: U256::from(NOW_S),
            gas_limit: 1 << 50,
            basefee: 100_000_000,
            beneficiary: address!("0xa4b000000000000000000073657175656e636572"),
            ..Default::default()
        };
        let env = Env {
            block,
            chain_id: 412_346,
            ..Default::default()
        };
        let vm = Vm::new(VmConfig::default()).expect("the engine starts");
        Self {
            db,
            vm,
            env,
            programs: Vec::new(),
            nonce: 0,
        }
    }

    /// Puts code at an address, as if it had been created.
    pub fn install(&mut self, at: Address, code: Bytes, balance: U256) {
        let code = Bytecode::new_raw(code);
        let info = AccountInfo {
            balance,
            nonce: 1,
            code_hash: code.hash_slow(),
            code: Some(code),
            ..Default::default()
        };
        self.db.insert_account_info(at, info);
    }

    /// Puts a program at an address, as if it had been created and activated.
    pub fn install_program(&mut self, at: Address, wasm: &[u8], balance: U256) -> Activation {
        let code = program_code(wasm);
        let (activation, _) = activate(wasm, 128).expect("the program can be activated");
        self.programs.push((
            keccak256(&code),
            ProgramEntry::activated(&activation, NOW_S, false),
        ));
        self.install(at, code, balance);
        self.set_cached(false);
        activation
    }

    /// Marks all programs as cached by a manager, or none.
    pub fn set_cached(&mut self, cached: bool) {
        for (hash, entry) in &mut self.programs {
            entry.cached = cached;
            self.db
                .insert_account_storage(ARBOS_STATE, ProgramEntry::slot(hash), entry.pack())
                .expect("no database error");
        }
    }

    /// Sends a transaction and commits it.
    pub fn send(
        &mut self,
        to: Address,
        data: Bytes,
        gas: u64,
        value: U256,
    ) -> (ExecutionResult, Trace) {
        let (result, trace) = self.send_traced(to, data, gas, value, usize::MAX);
        (result, trace.expect("no limit"))
    }

    /// Sends a transaction whose trace may take `limit` bytes, and commits it.
    pub fn send_traced(
        &mut self,
        to: Address,
        data: Bytes,
        gas: u64,
        value: U256,
        limit: usize,
    ) -> (ExecutionResult, Traced) {
        let tx = TxEnv::builder()
            .caller(CALLER)
            .kind(TxKind::Call(to))
            .data(data)
            .gas_limit(gas)
            .gas_price(100_000_000)
            .value(value)
            .nonce(self.nonce)
            .chain_id(Some(self.env.chain_id))
            .build()
            .expect("a valid transaction");
        self.nonce += 1;
        let (result, trace) = self
            .vm
            .trace(&mut self.db, &self.env, tx, limit)
            .expect("the transaction executes");
        self.db.commit(result.state);
        (result.result, trace)
    }
}

/// The code of a program: prefix, no dictionary, brotli.
pub fn program_code(wasm: &[u8]) -> Bytes {
    let mut code = vec![0xEF, 0xF0, 0x00, 0x00];
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params).expect("memory is written");
    code.into()
}

/// All programs of a trace with their depth among programs, from 1, in the order in which they began.
pub fn programs(trace: &Trace) -> Vec<(usize, &Frame, &StylusFrame)> {
    fn walk<'a>(
        depth: usize,
        frame: &'a Frame,
        out: &mut Vec<(usize, &'a Frame, &'a StylusFrame)>,
    ) {
        let depth = depth + usize::from(frame.stylus.is_some());
        out.extend(frame.stylus.iter().map(|program| (depth, frame, program)));
        frame.calls.iter().for_each(|call| walk(depth, call, out));
    }
    let mut out = Vec::new();
    trace.root.iter().for_each(|root| walk(0, root, &mut out));
    out
}

/// All hostio calls as (depth among programs, name, ink), in the order in which they ended.
pub fn hostios(trace: &Trace) -> Vec<(usize, &'static str, u64)> {
    fn walk(depth: usize, frame: &Frame, out: &mut Vec<(usize, &'static str, u64)>) {
        let depth = depth + usize::from(frame.stylus.is_some());
        let mut inner = frame.calls.iter().enumerate().peekable();
        for hostio in frame.stylus.iter().flat_map(|program| &program.hostios) {
            while let Some((_, call)) = inner.next_if(|(at, _)| *at < hostio.position) {
                walk(depth, call, out);
            }
            out.push((depth, hostio.name, hostio.start_ink - hostio.end_ink));
        }
        inner.for_each(|(_, call)| walk(depth, call, out));
    }
    let mut out = Vec::new();
    trace.root.iter().for_each(|root| walk(0, root, &mut out));
    out
}
