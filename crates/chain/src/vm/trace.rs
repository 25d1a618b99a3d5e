//! The call tree of a transaction: every EVM and Stylus frame, and for a Stylus frame the ink of each hostio.

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::{
    context_interface::CreateScheme,
    handler::FrameResult,
    interpreter::{CallScheme, FrameInput, InstructionResult},
};

use super::runtime::{Ending, Outcome};

/// What a transaction did, frame by frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The transaction's own frame; none if it ended before one began.
    pub root: Option<Frame>,
}

/// How a frame was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// `CALL`.
    Call,
    /// `CALLCODE`.
    CallCode,
    /// `DELEGATECALL`.
    DelegateCall,
    /// `STATICCALL`.
    StaticCall,
    /// `CREATE`, or a transaction without recipient.
    Create,
    /// `CREATE2`.
    Create2,
}

/// One frame of the call tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// How the frame was entered.
    pub kind: FrameKind,
    /// Who entered it: the account whose storage the calling frame uses.
    pub from: Address,
    /// Whose code runs, or the created account; none where a creation got no address.
    pub to: Option<Address>,
    /// Value sent along, in wei. For a delegate call, the value it sees.
    pub value: U256,
    /// Gas given to the frame.
    pub gas: u64,
    /// Gas the frame used, before any refund.
    pub gas_used: u64,
    /// Call data, or init code.
    pub input: Bytes,
    /// Return or revert data, or deployed code.
    pub output: Bytes,
    /// Why it failed, if it did. A revert reads "execution reverted".
    pub error: Option<String>,
    /// Logs in order. Those of a frame that failed are kept here although the chain drops them.
    pub logs: Vec<FrameLog>,
    /// Frames entered from this one, in order.
    pub calls: Vec<Frame>,
    /// Present if the frame ran a Stylus program.
    pub stylus: Option<StylusFrame>,
}

/// A log of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLog {
    /// The log.
    pub log: Log,
    /// How many inner calls the frame had made before it.
    pub position: usize,
}

/// What a Stylus program cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StylusFrame {
    /// Gas charged before the program began: start-up and memory.
    pub entry_gas: u64,
    /// Whether the program counted as cached.
    pub cached: bool,
    /// Ink when the program began; 1 gas is 10,000 ink.
    pub start_ink: u64,
    /// Ink when it ended.
    pub end_ink: u64,
    /// How it ended: "success", "revert", "failure", "out of ink" or "out of stack".
    pub outcome: &'static str,
    /// What made it fail, if it failed: a trap, or a request that is not allowed.
    pub failure: Option<String>,
    /// Its hostio calls in order.
    pub hostios: Vec<HostioInk>,
}

/// One call of a host function by a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostioInk {
    /// Name of the host function.
    pub name: &'static str,
    /// Ink at its begin.
    pub start_ink: u64,
    /// Ink at its end, what it called included.
    pub end_ink: u64,
    /// How many inner calls the frame had made when it ended.
    pub position: usize,
}

impl StylusFrame {
    pub(crate) fn new(entry_gas: u64, cached: bool, start_ink: u64) -> Self {
        Self {
            entry_gas,
            cached,
            start_ink,
            end_ink: 0,
            outcome: "",
            failure: None,
            hostios: Vec::new(),
        }
    }
}

/// A trace that would take more memory than was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "trace too large: frames, their data and host function calls take more than {limit} bytes, \
     the chain's limit for a trace (trace_bytes)"
)]
pub struct TraceTooLarge {
    /// Most bytes that the trace could take.
    pub limit: usize,
}

/// A trace, or that it was too large.
pub type Traced = Result<Trace, TraceTooLarge>;

/// Collects frames while a transaction runs. Once they exceed the limit it drops them and collects no more.
#[derive(Debug)]
pub(crate) struct Recorder {
    open: Vec<Frame>,
    root: Option<Frame>,
    /// How many of the journal's logs have been given to a frame.
    logs_seen: usize,
    limit: usize,
    /// What is collected already. None once that was too much.
    bytes: Option<usize>,
}

impl Recorder {
    /// Collects no more than `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            open: Vec::new(),
            root: None,
            logs_seen: 0,
            limit,
            bytes: Some(0),
        }
    }

    /// Whether the limit was exceeded, so that nothing more is collected.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.is_none()
    }

    /// Whether there is room for `bytes` more.
    fn room(&mut self, bytes: usize) -> bool {
        self.bytes = self
            .bytes
            .map(|taken| taken.saturating_add(bytes))
            .filter(|taken| *taken <= self.limit);
        if self.is_full() {
            (self.open, self.root) = (Vec::new(), None);
        }
        !self.is_full()
    }

    /// A frame begins. `input` is its call data, resolved from shared memory.
    pub(crate) fn open(&mut self, frame_input: &FrameInput, input: Bytes) {
        if !self.room(size_of::<Frame>() + input.len()) {
            return;
        }
        let frame = match frame_input {
            FrameInput::Call(call) => Frame {
                kind: match call.scheme {
                    CallScheme::Call => FrameKind::Call,
                    CallScheme::CallCode => FrameKind::CallCode,
                    CallScheme::DelegateCall => FrameKind::DelegateCall,
                    CallScheme::StaticCall => FrameKind::StaticCall,
                },
                from: if call.scheme.is_delegate_call() {
                    call.target_address
                } else {
                    call.caller
                },
                to: Some(call.bytecode_address),
                value: call.value.get(),
                gas: call.gas_limit,
                ..Frame::empty(input)
            },
            FrameInput::Create(create) => Frame {
                kind: match create.scheme() {
                    CreateScheme::Create2 { .. } => FrameKind::Create2,
                    _ => FrameKind::Create,
                },
                from: create.caller(),
                value: create.value(),
                gas: create.gas_limit(),
                ..Frame::empty(input)
            },
            FrameInput::Empty => Frame::empty(input),
        };
        self.open.push(frame);
    }

    /// Gives the frame that now runs the logs it has written since the last time.
    pub(crate) fn take_logs(&mut self, journal_logs: &[Log]) {
        let new = journal_logs.get(self.logs_seen..).unwrap_or_default();
        let bytes: usize = new.iter().map(log_bytes).sum();
        if self.room(bytes)
            && let Some(frame) = self.open.last_mut()
        {
            let position = frame.calls.len();
            frame.logs.extend(new.iter().map(|log| FrameLog {
                log: log.clone(),
                position,
            }));
        }
        self.logs_seen = journal_logs.len();
    }

    /// The frame that now runs has ended. `logs_left` is the number of logs in the journal after it.
    pub(crate) fn close(&mut self, result: &FrameResult, logs_left: usize) {
        self.logs_seen = logs_left;
        if !self.room(result.interpreter_result().output.len()) {
            return;
        }
        let Some(mut frame) = self.open.pop() else {
            return;
        };
        let outcome = result.interpreter_result();
        frame.gas_used = if outcome.result.is_halt() {
            frame.gas
        } else {
            outcome.gas.total_gas_spent()
        };
        frame.output = outcome.output.clone();
        frame.error = match outcome.result {
            ok if ok.is_ok() => None,
            InstructionResult::Revert => Some("execution reverted".to_owned()),
            InstructionResult::OutOfGas => Some("out of gas".to_owned()),
            other => Some(format!("{other:?}")),
        };
        if let FrameResult::Create(create) = result {
            frame.to = create.address;
        }
        match self.open.last_mut() {
            Some(parent) => parent.calls.push(frame),
            None => self.root = Some(frame),
        }
    }

    /// The Stylus program of the running frame begins.
    pub(crate) fn begin_program(&mut self, program: StylusFrame) {
        if let Some(frame) = self.open.last_mut() {
            frame.stylus = Some(program);
        }
    }

    /// The Stylus program of the running frame called a host function.
    pub(crate) fn hostio(&mut self, mut hostio: HostioInk) {
        if self.room(size_of::<HostioInk>())
            && let Some(frame) = self.open.last_mut()
            && let Some(program) = &mut frame.stylus
        {
            hostio.position = frame.calls.len();
            program.hostios.push(hostio);
        }
    }

    /// The Stylus program of the running frame has ended.
    pub(crate) fn end_program(&mut self, outcome: &Outcome) {
        if let Some(program) = self.open.last_mut().and_then(|frame| frame.stylus.as_mut()) {
            program.end_ink = outcome.ink_left;
            program.outcome = match outcome.ending {
                Ending::Success(_) => "success",
                Ending::Revert(_) => "revert",
                Ending::Failure(_) => "failure",
                Ending::OutOfInk => "out of ink",
                Ending::OutOfStack => "out of stack",
            };
            if let Ending::Failure(why) = &outcome.ending {
                program.failure = Some(why.clone());
            }
        }
    }

    /// The finished tree.
    pub(crate) fn finish(self) -> Traced {
        match self.bytes {
            Some(_) => Ok(Trace { root: self.root }),
            None => Err(TraceTooLarge { limit: self.limit }),
        }
    }
}

fn log_bytes(log: &Log) -> usize {
    size_of::<FrameLog>() + size_of_val(log.topics()) + log.data.data.len()
}

impl Frame {
    fn empty(input: Bytes) -> Self {
        Self {
            kind: FrameKind::Call,
            from: Address::ZERO,
            to: None,
            value: U256::ZERO,
            gas: 0,
            gas_used: 0,
            input,
            output: Bytes::new(),
            error: None,
            logs: Vec::new(),
            calls: Vec::new(),
            stylus: None,
        }
    }
}
