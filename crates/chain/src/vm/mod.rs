//! The execution engine: EVM bytecode and Stylus programs on one journal.
//!
//! [`Vm`] executes one transaction against any [`revm::Database`] and returns the state it would change; the caller
//! commits it. EVM frames run in revm, Stylus frames in wasmtime, and both see the same storage, transient storage,
//! logs, balances and reverts.

mod arbos;
mod container;
mod env;
mod evm;
mod host;
mod programs;
mod runtime;
mod stylus;
mod trace;
mod wasm;

pub use arbos::ARBOS_STATE;
pub use container::{MAX_WASM_BYTES, is_program, open};
pub use env::{Checks, Env};
pub use programs::ProgramEntry;
pub use trace::{Frame, FrameKind, FrameLog, HostioInk, StylusFrame, Trace};

pub use wasm::{Activation, ActivationError, activate};

use std::{path::PathBuf, sync::Arc};

use revm::{
    Database,
    context::{
        TxEnv,
        result::{EVMError, ResultAndState},
    },
};

use evm::StylusEvm;
use programs::RecentPrograms;
use runtime::Runtime;

/// How a [`Vm`] is set up.
#[derive(Clone, Debug, Default)]
pub struct VmConfig {
    /// Directory of compiled native code, kept between processes. None compiles anew in each process.
    pub native_code_dir: Option<PathBuf>,
}

/// Why an engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum VmError {
    /// The wasm engine refused its configuration.
    #[error("the wasm engine did not start: {0}")]
    Engine(String),
}

/// Executes transactions. One per chain; it can be moved to the thread that executes but runs one transaction at a time.
pub struct Vm {
    runtime: Arc<Runtime>,
    recent: RecentPrograms,
}

impl Vm {
    /// Makes an engine.
    pub fn new(cfg: VmConfig) -> Result<Self, VmError> {
        Ok(Self {
            runtime: Runtime::shared(cfg.native_code_dir)?,
            recent: RecentPrograms::default(),
        })
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

    /// Executes `tx` as [`Self::execute`] does and also returns its call tree.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn trace<DB: Database>(
        &mut self,
        db: DB,
        env: &Env,
        tx: TxEnv,
    ) -> Result<(ResultAndState, Trace), EVMError<DB::Error>> {
        let recorder = trace::Recorder::default();
        let (result, recorder) = StylusEvm::new(self, db, env, Some(recorder)).transact(tx)?;
        Ok((
            result,
            recorder.map(trace::Recorder::finish).unwrap_or_default(),
        ))
    }
}
