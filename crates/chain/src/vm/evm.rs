//! revm with one change: a frame whose code is a Stylus program runs that program instead of opcodes.

use alloy_primitives::Bytes;
use revm::{
    Database, Journal,
    context::{
        BlockEnv, CfgEnv, Context, ContextError, Evm, FrameStack, JournalTr, TxEnv,
        result::{EVMError, ResultAndState},
    },
    handler::{
        EthFrame, EthPrecompiles, EvmTr, FrameInitOrResult, FrameResult, FrameTr, Handler,
        ItemOrResult, MainnetHandler,
        evm::FrameInitResult,
        instructions::{EthInstructions, InstructionProvider},
    },
    interpreter::{FrameInput, interpreter::EthInterpreter, interpreter_action::FrameInit},
};

use super::{
    env::{Env, SPEC},
    trace::Recorder,
};

/// What one transaction carries besides the journal.
#[derive(Debug, Default)]
pub(crate) struct TxState {
    pub(crate) recorder: Option<Recorder>,
}

pub(crate) type Ctx<DB> = Context<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, TxState>;
type Inner<DB> = Evm<
    Ctx<DB>,
    (),
    EthInstructions<EthInterpreter, Ctx<DB>>,
    EthPrecompiles,
    EthFrame<EthInterpreter>,
>;
type DbError<DB> = ContextError<<DB as Database>::Error>;

/// The interpreter for one transaction.
pub(crate) struct StylusEvm<DB: Database> {
    inner: Inner<DB>,
}

impl<DB: Database> StylusEvm<DB> {
    pub(crate) fn new(db: DB, env: &Env, recorder: Option<Recorder>) -> Self {
        let mut ctx: Ctx<DB> = Context::new(db, SPEC);
        ctx.chain = TxState { recorder };
        ctx.cfg = env.cfg();
        ctx.block = env.block.clone();
        let inner = Evm::new(
            ctx,
            EthInstructions::new_mainnet_with_spec(SPEC),
            EthPrecompiles::new(SPEC),
        );
        Self { inner }
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

    fn record_open(&mut self, init: &FrameInit) {
        let ctx = &mut self.inner.ctx;
        if ctx.chain.recorder.is_none() {
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

impl<DB: Database> EvmTr for StylusEvm<DB> {
    type Context = Ctx<DB>;
    type Instructions = EthInstructions<EthInterpreter, Ctx<DB>>;
    type Precompiles = EthPrecompiles;
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
            ItemOrResult::Item(_) => Ok(ItemOrResult::Item(self.inner.frame_stack.get())),
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
        let action = {
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
        };
        self.record_logs();
        let Evm {
            ctx, frame_stack, ..
        } = &mut self.inner;
        let frame = frame_stack.get();
        let next = frame.process_next_action::<_, DbError<DB>>(ctx, action)?;
        if let ItemOrResult::Result(result) = &next {
            frame.set_finished(true);
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
