//! revm with one change: a frame whose code is a Stylus program runs that program instead of opcodes.

use alloy_primitives::{Address, Bytes};
use revm::{
    Database, Journal,
    context::{
        BlockEnv, CfgEnv, Context, ContextError, Evm, FrameStack, JournalTr, TxEnv,
        result::{EVMError, ResultAndState},
    },
    handler::{
        EthFrame, EvmTr, FrameData, FrameInitOrResult, FrameResult, FrameTr, Handler, ItemOrResult,
        MainnetHandler,
        evm::FrameInitResult,
        instructions::{EthInstructions, InstructionProvider},
    },
    interpreter::{
        CallScheme, FrameInput, InstructionResult, InterpreterAction, interpreter::EthInterpreter,
        interpreter_action::FrameInit,
    },
};

use super::{
    Vm, container,
    env::{Env, SPEC},
    precompiles::ArbPrecompiles,
    programs::Pages,
    trace::Recorder,
};

/// What one transaction carries besides the journal.
#[derive(Debug, Default)]
pub(crate) struct TxState {
    pub(crate) recorder: Option<Recorder>,
    pub(crate) pages: Pages,
    /// The acting account of each open frame; none for one entered by a delegate call.
    open_frames: Vec<Option<Address>>,
}

impl TxState {
    /// Whether more than one open frame, not counting delegate calls, acts for `address`.
    pub(crate) fn is_reentrant(&self, address: Address) -> bool {
        self.open_frames
            .iter()
            .filter(|frame| **frame == Some(address))
            .count()
            > 1
    }
}

pub(crate) type Ctx<DB> = Context<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, TxState>;
pub(crate) type DbError<DB> = ContextError<<DB as Database>::Error>;
type Inner<DB> = Evm<
    Ctx<DB>,
    (),
    EthInstructions<EthInterpreter, Ctx<DB>>,
    ArbPrecompiles,
    EthFrame<EthInterpreter>,
>;

/// The interpreter for one transaction.
pub(crate) struct StylusEvm<'vm, DB: Database> {
    pub(super) inner: Inner<DB>,
    pub(super) vm: &'vm mut Vm,
    /// Refund of the Stylus frame that now runs.
    pub(super) refund: i64,
}

impl<'vm, DB: Database> StylusEvm<'vm, DB> {
    pub(crate) fn new(vm: &'vm mut Vm, db: DB, env: &Env, recorder: Option<Recorder>) -> Self {
        let mut ctx: Ctx<DB> = Context::new(db, SPEC);
        ctx.chain.recorder = recorder;
        ctx.cfg = env.cfg();
        ctx.block = env.block.clone();
        let precompiles = ArbPrecompiles::new(vm.rights.clone(), vm.runtime.clone());
        let inner = Evm::new(
            ctx,
            EthInstructions::new_mainnet_with_spec(SPEC),
            precompiles,
        );
        Self {
            inner,
            vm,
            refund: 0,
        }
    }

    /// Runs `tx` to its end. Returns its outcome, the changed accounts, and what was recorded.
    pub(crate) fn transact(
        mut self,
        tx: TxEnv,
    ) -> Result<(ResultAndState, Option<Recorder>), EVMError<DB::Error>> {
        self.inner.ctx.tx = tx;
        let result =
            MainnetHandler::<Self, EVMError<DB::Error>, EthFrame<EthInterpreter>>::default()
                .run(&mut self)?;
        let state = self.inner.ctx.journaled_state.finalize();
        Ok((
            ResultAndState::new(result, state),
            self.inner.ctx.chain.recorder.take(),
        ))
    }

    /// Runs a frame entered from a Stylus program, and all frames under it, to its end.
    pub(super) fn run_nested(&mut self, input: FrameInput) -> Result<FrameResult, DbError<DB>> {
        let base = self.inner.frame_stack.index();
        let parent = self.inner.frame_stack.get();
        let init = FrameInit {
            frame_input: input,
            depth: parent.depth + 1,
            memory: parent.interpreter.memory.new_child_context(),
        };
        let mut next = match self.frame_init(init)? {
            ItemOrResult::Item(_) => None,
            ItemOrResult::Result(result) => Some(result),
        };
        let result = loop {
            if let Some(result) = next.take() {
                let stack = &mut self.inner.frame_stack;
                if stack.index() != base && stack.get().is_finished() {
                    stack.pop();
                }
                if stack.index() == base {
                    break result;
                }
                stack
                    .get()
                    .return_result::<_, DbError<DB>>(&mut self.inner.ctx, result)?;
            }
            next = match self.frame_run()? {
                ItemOrResult::Item(init) => match self.frame_init(init)? {
                    ItemOrResult::Item(_) => None,
                    ItemOrResult::Result(result) => Some(result),
                },
                ItemOrResult::Result(result) => Some(result),
            };
        };
        self.inner
            .frame_stack
            .get()
            .interpreter
            .memory
            .free_child_context();
        std::mem::replace(&mut self.inner.ctx.error, Ok(()))?;
        Ok(result)
    }

    fn record_open(&mut self, init: &FrameInit) {
        let ctx = &mut self.inner.ctx;
        // A full recorder needs no copy of the input either.
        if ctx.chain.recorder.as_ref().is_none_or(Recorder::is_full) {
            return;
        }
        let input = match &init.frame_input {
            FrameInput::Call(call) => call.input.bytes(ctx),
            FrameInput::Create(create) => create.init_code().clone(),
            FrameInput::Empty => Bytes::new(),
        };
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.take_logs(ctx.journaled_state.logs());
            recorder.open(&init.frame_input, input);
        }
    }

    fn record_logs(&mut self) {
        let ctx = &mut self.inner.ctx;
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.take_logs(ctx.journaled_state.logs());
        }
    }

    fn record_close(&mut self, result: &FrameResult) {
        let ctx = &mut self.inner.ctx;
        if let Some(recorder) = &mut ctx.chain.recorder {
            recorder.close(result, ctx.journaled_state.logs().len());
        }
    }
}

impl<DB: Database> EvmTr for StylusEvm<'_, DB> {
    type Context = Ctx<DB>;
    type Instructions = EthInstructions<EthInterpreter, Ctx<DB>>;
    type Precompiles = ArbPrecompiles;
    type Frame = EthFrame<EthInterpreter>;

    fn all(
        &self,
    ) -> (
        &Self::Context,
        &Self::Instructions,
        &Self::Precompiles,
        &FrameStack<Self::Frame>,
    ) {
        self.inner.all()
    }

    fn all_mut(
        &mut self,
    ) -> (
        &mut Self::Context,
        &mut Self::Instructions,
        &mut Self::Precompiles,
        &mut FrameStack<Self::Frame>,
    ) {
        self.inner.all_mut()
    }

    fn frame_init(
        &mut self,
        init: FrameInit,
    ) -> Result<FrameInitResult<'_, Self::Frame>, DbError<DB>> {
        self.record_open(&init);
        match self.inner.frame_init(init)? {
            ItemOrResult::Item(frame) => {
                let acting = match (&frame.data, &frame.input) {
                    (FrameData::Create(create), _) => Some(create.created_address),
                    (_, FrameInput::Call(call)) => match call.scheme {
                        CallScheme::Call | CallScheme::StaticCall => Some(call.target_address),
                        CallScheme::CallCode | CallScheme::DelegateCall => None,
                    },
                    _ => None,
                };
                self.inner.ctx.chain.open_frames.push(acting);
                Ok(ItemOrResult::Item(self.inner.frame_stack.get()))
            }
            ItemOrResult::Result(result) => {
                if let FrameResult::Call(call) = &result
                    && call.was_precompile_called
                {
                    self.record_logs();
                }
                self.record_close(&result);
                Ok(ItemOrResult::Result(result))
            }
        }
    }

    fn frame_run(&mut self) -> Result<FrameInitOrResult<Self::Frame>, DbError<DB>> {
        let frame = self.inner.frame_stack.get();
        let program = match &frame.input {
            FrameInput::Call(call)
                if container::is_program(call.known_bytecode.1.original_byte_slice()) =>
            {
                Some(call.clone())
            }
            _ => None,
        };
        let mut action = match program {
            Some(call) => InterpreterAction::Return(self.run_program(*call)?),
            None => {
                let Evm {
                    ctx,
                    instruction,
                    frame_stack,
                    ..
                } = &mut self.inner;
                let interpreter = &mut frame_stack.get().interpreter;
                interpreter.run_plain(
                    instruction.instruction_table(),
                    instruction.gas_table(),
                    ctx,
                )
            }
        };
        self.record_logs();

        let Evm {
            ctx, frame_stack, ..
        } = &mut self.inner;
        let frame = frame_stack.get();
        // EIP-3541, but Stylus programs may be created.
        if let (InterpreterAction::Return(result), FrameData::Create(_)) =
            (&mut action, &frame.data)
            && result.result.is_ok()
            && result.output.first() == Some(&0xEF)
            && !container::may_be_created(&result.output)
        {
            result.result = InstructionResult::CreateContractStartingWithEF;
        }
        let next = frame.process_next_action::<_, DbError<DB>>(ctx, action)?;
        if let ItemOrResult::Result(result) = &next {
            frame.set_finished(true);
            ctx.chain.open_frames.pop();
            self.record_close(result);
        }
        Ok(next)
    }

    fn frame_return_result(
        &mut self,
        result: <Self::Frame as FrameTr>::FrameResult,
    ) -> Result<Option<FrameResult>, DbError<DB>> {
        self.inner.frame_return_result(result)
    }
}
