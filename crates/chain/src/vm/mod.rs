//! The execution engine: EVM bytecode and Stylus programs on one journal.
//!
//! [`Vm`] executes one transaction against any [`revm::Database`] and returns the state it would change; the caller
//! commits it. EVM frames run in revm, Stylus frames in wasmtime, and both see the same storage, transient storage,
//! logs, balances and reverts.
//!
#![doc = include_str!("README.md")]

mod arbos;
mod container;
mod env;
mod evm;
mod host;
mod precompiles;
mod programs;
mod runtime;
mod stylus;
mod trace;
mod wasm;

pub use arbos::ARBOS_STATE;
pub use container::{MAX_FRAGMENTS, MAX_WASM_BYTES, is_program, open};
pub use env::{Checks, Env};
pub use precompiles::{
    ARB_GAS_INFO, ARB_SYS, ARB_WASM, ARB_WASM_CACHE, ARBOS_PRECOMPILE_CODE, ARBOS_PRECOMPILES,
};
pub use programs::ProgramEntry;
pub use runtime::STACK_BYTES;
pub use trace::{Frame, FrameKind, FrameLog, HostioInk, StylusFrame, Trace, TraceTooLarge, Traced};

pub use wasm::{Activation, ActivationError, activate};

use std::{path::PathBuf, sync::Arc};

use alloy_primitives::{Address, keccak256};
use revm::{
    Database,
    context::{
        TxEnv,
        result::{EVMError, ResultAndState},
    },
};

use evm::StylusEvm;
use precompiles::Rights;
use programs::RecentPrograms;
use runtime::Runtime;

/// How a [`Vm`] is set up.
#[derive(Clone, Debug, Default)]
pub struct VmConfig {
    /// Directory of compiled native code, kept between processes. None compiles anew in each process.
    pub native_code_dir: Option<PathBuf>,
    /// Receives the data fee that each activation pays.
    pub network_fee_account: Address,
    /// Accounts that may keep programs cached, through ArbWasmCache.
    pub cache_managers: Vec<Address>,
}

/// Why an engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum VmError {
    /// The wasm engine refused its configuration.
    #[error(
        "the wasm engine did not start: {0}. It reserves some 2 TiB of addresses, not of memory; \
         lift a limit on them (ulimit -v) if there is one"
    )]
    Engine(String),
}

/// Executes transactions, one at a time, on whichever thread owns it.
///
/// It keeps one thing besides compiled programs: which programs the block has entered, as these cost less to enter
/// again. A clone shares the compiled programs and goes on from a copy of that set, so that calls and gas estimates run
/// on a clone leave the block alone.
#[derive(Clone)]
pub struct Vm {
    runtime: Arc<Runtime>,
    recent: RecentPrograms,
    rights: Arc<Rights>,
}

impl Vm {
    /// Makes an engine.
    pub fn new(cfg: VmConfig) -> Result<Self, VmError> {
        let VmConfig {
            native_code_dir,
            network_fee_account,
            cache_managers,
        } = cfg;
        Ok(Self {
            runtime: Runtime::shared(native_code_dir)?,
            recent: RecentPrograms::default(),
            rights: Arc::new(Rights {
                network_fee_account,
                cache_managers,
            }),
        })
    }

    /// Compiles programs ahead of their first call, from any thread.
    pub fn compiler(&self) -> Compiler {
        Compiler {
            runtime: self.runtime.clone(),
        }
    }

    /// Begins a block: no program is recent any more, so each pays its full entry price at first.
    pub fn start_block(&mut self) {
        self.recent.clear();
    }

    /// Executes `tx` on `db` and returns its outcome with the accounts it changed. Nothing is committed.
    ///
    /// # Errors
    /// The transaction is invalid under `env`'s checks, or the database failed. A transaction that reverts or runs out
    /// of gas is an outcome, not an error.
    pub fn execute<DB: Database>(
        &mut self,
        db: DB,
        env: &Env,
        tx: TxEnv,
    ) -> Result<ResultAndState, EVMError<DB::Error>> {
        StylusEvm::new(self, db, env, None)
            .transact(tx)
            .map(|(result, _)| result)
    }

    /// Executes `tx` as [`Self::execute`] does and also returns its call tree, if it takes no more than `limit` bytes of
    /// memory. A transaction that exceeds them is executed all the same.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn trace<DB: Database>(
        &mut self,
        db: DB,
        env: &Env,
        tx: TxEnv,
        limit: usize,
    ) -> Result<(ResultAndState, Traced), EVMError<DB::Error>> {
        let recorder = trace::Recorder::new(limit);
        let (result, recorder) = StylusEvm::new(self, db, env, Some(recorder)).transact(tx)?;
        let trace = recorder.map_or(Ok(Trace::default()), trace::Recorder::finish);
        Ok((result, trace))
    }
}

/// Compiles programs ahead of their first call.
#[derive(Clone)]
pub struct Compiler {
    runtime: Arc<Runtime>,
}

impl Compiler {
    /// Compiles the program in `code`, the code of a contract, unless it is compiled already.
    ///
    /// # Errors
    /// The code is not that of a program that can be activated.
    pub fn warm(&self, code: &[u8]) -> Result<(), ActivationError> {
        let code_hash = keccak256(code);
        if self.runtime.get(&code_hash).is_some() {
            return Ok(());
        }
        let (_, metered) = activate(&open(code)?, wasm::MAX_PAGES as u16)?;
        self.runtime
            .compile(code_hash, &metered)
            .map(|_| ())
            .map_err(|e| ActivationError::Malformed(format!("{e:#}")))
    }
}
