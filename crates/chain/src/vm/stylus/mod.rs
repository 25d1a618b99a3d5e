//! Runs a Stylus program as a frame of the EVM.

mod requests;

use std::sync::Arc;

use alloy_primitives::{B256, Bytes};
use revm::{
    Database,
    context::{Block, ContextError, LocalContextTr},
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
    state::Bytecode,
};

use super::{
    arbos,
    container::{self, Root},
    evm::{DbError, StylusEvm},
    host::{FrameInfo, INK_PER_GAS},
    programs,
    runtime::{Ending, Program, RunError},
    trace::StylusFrame,
    wasm,
};

impl<DB: Database> StylusEvm<'_, DB> {
    /// Runs the program that `call` enters.
    pub(super) fn run_program(
        &mut self,
        call: CallInputs,
    ) -> Result<InterpreterResult, DbError<DB>> {
        let (code_hash, code) = &call.known_bytecode;
        let mut gas = Gas::new(call.gas_limit);
        let now_s = self.inner.ctx.block.timestamp().saturating_to::<u64>();

        let entry = programs::load(&mut self.inner.ctx, code_hash).map_err(ContextError::Db)?;
        let entry = match entry.active(now_s) {
            Ok(entry) => entry,
            Err(inactive) => {
                // Nitro takes all gas and gives no data; the message reaches whoever sent the transaction.
                self.inner
                    .ctx
                    .local
                    .set_precompile_error_context(inactive.to_string());
                return Ok(halt(InstructionResult::PrecompileError, gas));
            }
        };

        let pages = self.inner.ctx.chain.pages;
        // The program counts as recent from now on, whether or not it can be paid.
        let recent = self.vm.recent.insert(*code_hash);
        let cached = entry.cached || recent;
        let mut entry_gas = pages
            .gas(entry.footprint)
            .saturating_add(entry.cached_gas());
        if !cached {
            entry_gas = entry_gas.saturating_add(entry.init_gas());
        }
        if !gas.record_regular_cost(entry_gas) {
            return Ok(halt(InstructionResult::OutOfGas, gas));
        }
        self.inner.ctx.chain.pages.add(entry.footprint);

        let program = self.program(code_hash, code)?;
        let frame = FrameInfo {
            address: call.target_address,
            caller: call.caller,
            value: call.value.get(),
            is_static: call.is_static,
            reentrant: self.inner.ctx.chain.is_reentrant(call.target_address),
        };
        let input = call.input.bytes(&self.inner.ctx);
        let start_ink = gas.remaining().saturating_mul(INK_PER_GAS);
        let tracing = match &mut self.inner.ctx.chain.recorder {
            Some(recorder) => {
                recorder.begin_program(StylusFrame::new(entry_gas, cached, start_ink));
                true
            }
            None => false,
        };

        // Refunds of this frame are counted apart, as they are lost if it fails.
        let outer_refund = std::mem::take(&mut self.refund);
        let runtime = self.vm.runtime.clone();
        let outcome = runtime.run(&program, self, frame, input, start_ink, tracing);
        let refund = std::mem::replace(&mut self.refund, outer_refund);
        self.inner.ctx.chain.pages.open = pages.open;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(RunError::Chain) => {
                std::mem::replace(&mut self.inner.ctx.error, Ok(()))?;
                return Err(ContextError::Custom(
                    "a host function failed without a cause".to_owned(),
                ));
            }
            Err(RunError::Engine(error)) => {
                return Err(ContextError::Custom(format!(
                    "the wasm engine failed: {error}"
                )));
            }
        };

        let left = outcome.gas_left();
        if let Some(recorder) = &mut self.inner.ctx.chain.recorder {
            recorder.end_program(&outcome);
        }
        let (result, output) = match outcome.ending {
            Ending::Success(data) => (InstructionResult::Return, data),
            Ending::Revert(data) => (InstructionResult::Revert, data),
            Ending::Failure(_) => (InstructionResult::Revert, Vec::new()),
            Ending::OutOfInk => return Ok(halt(InstructionResult::OutOfGas, gas)),
            Ending::OutOfStack => return Ok(halt(InstructionResult::StackOverflow, gas)),
        };
        // Returned data costs at least what the memory that holds it would cost in the EVM.
        let floor = if output.is_empty() {
            0
        } else {
            memory_gas(output.len())
        };
        let Some(most) = call.gas_limit.checked_sub(floor) else {
            return Ok(halt(InstructionResult::OutOfGas, gas));
        };
        gas.spend_all();
        gas.erase_cost(left.min(most));
        gas.record_refund(refund);
        Ok(InterpreterResult {
            result,
            output: output.into(),
            gas,
        })
    }

    // The compiled program, compiled now if it is not yet.
    fn program(&mut self, code_hash: &B256, code: &Bytecode) -> Result<Arc<Program>, DbError<DB>> {
        let code = code.original_byte_slice();
        let root = Root::read(code);
        // Fragments are not bound by the root's code hash, so a program of fragments goes by what it was activated as.
        let key = match &root {
            None => *code_hash,
            Some(_) => {
                programs::module_hash(&mut self.inner.ctx, code_hash).map_err(ContextError::Db)?
            }
        };
        if let Some(program) = self.vm.runtime.get(&key) {
            return Ok(program);
        }
        let failed = |error: String| {
            ContextError::Custom(format!("an activated program does not compile: {error}"))
        };
        let wasm = match root {
            None => container::open(code),
            Some(Err(error)) => Err(error),
            Some(Ok(root)) => {
                let codes = root
                    .fragments
                    .iter()
                    .map(|at| arbos::code(&mut self.inner.ctx, *at));
                let codes = codes
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(ContextError::Db)?;
                root.open(&codes)
            }
        };
        let wasm = wasm.map_err(|e| failed(e.to_string()))?;
        let (_, metered) =
            wasm::activate(&wasm, wasm::MAX_PAGES as u16).map_err(|e| failed(e.to_string()))?;
        self.vm
            .runtime
            .compile(key, &metered)
            .map_err(|e| failed(format!("{e:#}")))
    }
}

fn halt(result: InstructionResult, mut gas: Gas) -> InterpreterResult {
    gas.spend_all();
    InterpreterResult {
        result,
        output: Bytes::new(),
        gas,
    }
}

fn memory_gas(bytes: usize) -> u64 {
    let words = (bytes as u64).div_ceil(32);
    3 * words + words * words / 512
}
