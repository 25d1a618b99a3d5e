//! The host functions of Stylus programs: what each does and what it costs.
//!
//! Prices are ink unless named gas; 10,000 ink are one gas. They are those of Nitro (`arbutil/pricing.rs` and
//! `user-host-trait`), in the same order of payment, which decides where a program runs out.

mod account;
mod api;
mod calls;
mod env;
mod io;
mod link;
mod math;
mod storage;

use alloy_primitives::{Address, Bytes, U256};
use wasmtime::{Caller, Global, Memory, Val};

pub(crate) use api::{
    AccountTouch, Api, CallKind, CallReply, CallRequest, CreateReply, CreateRequest, Environment,
};
pub(crate) use link::link;

use storage::StorageCache;

/// Ink that buys one gas.
pub(crate) const INK_PER_GAS: u64 = 10_000;

/// Base of each host function.
const HOSTIO: u64 = 8_400;
/// Each pointer among its arguments.
const POINTER: u64 = 5_040;
/// A request to the EVM.
const EVM_API: u64 = 59_673;

/// Gas of a cold account (EIP-2929).
const COLD_ACCOUNT_GAS: u64 = 2_600;
/// Gas of a warm account or slot.
const WARM_GAS: u64 = 100;

/// Why a program leaves a host function without returning to its own code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Escape {
    /// The ink ran out.
    #[error("out of ink")]
    OutOfInk,
    /// A pointer is outside the memory.
    #[error("a pointer is outside the memory")]
    Memory,
    /// The request is not allowed, or its arguments are not valid: the program fails and keeps its remaining gas.
    #[error("{0}")]
    Failure(&'static str),
    /// The program asked to end with a status.
    #[error("exit with status {0}")]
    Exit(u32),
    /// The chain behind the program failed, so the transaction cannot go on. The cause is kept with the transaction.
    #[error("the chain's state could not be read")]
    Fatal,
}

type Result<T> = std::result::Result<T, Escape>;

/// The frame that a program runs in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameInfo {
    /// The account whose storage it uses.
    pub(crate) address: Address,
    /// Who called it.
    pub(crate) caller: Address,
    /// Value it was called with, in wei.
    pub(crate) value: U256,
    /// Whether the state may not change.
    pub(crate) is_static: bool,
    /// Whether its account has another open frame.
    pub(crate) reentrant: bool,
}

/// What the host functions of one running program know.
pub(crate) struct Host {
    // The EVM behind the program. Valid while the program runs; see `Runtime::run`.
    api: *mut (dyn Api + 'static),
    frame: FrameInfo,
    memory: Option<Memory>,
    ink: Option<Global>,
    ink_status: Option<Global>,
    input: Bytes,
    output: Vec<u8>,
    return_data: Bytes,
    storage: StorageCache,
    last_code: Option<(Address, Bytes)>,
    tracing: bool,
}

impl Host {
    /// A host for one run of a program. `api` must stay valid, and be used by nobody else, until the run has ended.
    pub(crate) fn new(
        api: *mut (dyn Api + 'static),
        frame: FrameInfo,
        input: Bytes,
        tracing: bool,
    ) -> Self {
        Self {
            api,
            frame,
            memory: None,
            ink: None,
            ink_status: None,
            input,
            output: Vec::new(),
            return_data: Bytes::new(),
            storage: StorageCache::default(),
            last_code: None,
            tracing,
        }
    }

    /// Tells the host where the instance keeps its memory and its ink.
    pub(crate) fn attach(&mut self, memory: Memory, ink: Global, ink_status: Global) {
        (self.memory, self.ink, self.ink_status) = (Some(memory), Some(ink), Some(ink_status));
    }

    /// Length of the call data, the argument of the entry point.
    pub(crate) fn input_len(&self) -> u32 {
        self.input.len() as u32
    }

    /// The program's result data so far.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }
}

/// One call of a host function.
struct Call<'a> {
    caller: Caller<'a, Host>,
}

impl Call<'_> {
    fn host(&mut self) -> &mut Host {
        self.caller.data_mut()
    }

    fn frame(&self) -> &FrameInfo {
        &self.caller.data().frame
    }

    fn api(&mut self) -> &mut dyn Api {
        let api = self.caller.data().api;
        // SAFETY: the pointer was made from the exclusive reference that `Runtime::run` holds until the program has
        // ended. A host function runs only within that time, and one at a time. Where the EVM behind it enters another
        // program, it does so from a method called on this very reference, which is then not used until it returns.
        unsafe { &mut *api }
    }

    fn ink(&mut self) -> u64 {
        let global = self.caller.data().ink;
        match global.map(|global| global.get(&mut self.caller)) {
            Some(Val::I64(ink)) => ink as u64,
            _ => 0,
        }
    }

    fn set_ink(&mut self, ink: u64) {
        if let Some(global) = self.caller.data().ink {
            // Fails only for a constant or mistyped global, which metering does not make.
            let _ = global.set(&mut self.caller, Val::I64(ink as i64));
        }
    }

    fn out_of_ink(&mut self) -> Escape {
        self.set_ink(0);
        if let Some(global) = self.caller.data().ink_status {
            let _ = global.set(&mut self.caller, Val::I32(1));
        }
        Escape::OutOfInk
    }

    fn buy_ink(&mut self, price: u64) -> Result<()> {
        match self.ink().checked_sub(price) {
            Some(left) => {
                self.set_ink(left);
                Ok(())
            }
            None => Err(self.out_of_ink()),
        }
    }

    fn buy_gas(&mut self, gas: u64) -> Result<()> {
        self.buy_ink(gas.saturating_mul(INK_PER_GAS))
    }

    fn require_gas(&mut self, gas: u64) -> Result<()> {
        if self.ink() < gas.saturating_mul(INK_PER_GAS) {
            Err(self.out_of_ink())
        } else {
            Ok(())
        }
    }

    fn gas_left(&mut self) -> u64 {
        self.ink() / INK_PER_GAS
    }

    /// Pays for `bytes` written into the program's memory.
    fn pay_for_write(&mut self, bytes: usize) -> Result<()> {
        self.buy_ink(5_040 + 30 * (bytes as u64).saturating_sub(32))
    }

    /// Pays for `bytes` read from the program's memory.
    fn pay_for_read(&mut self, bytes: u32) -> Result<()> {
        self.buy_ink(16_381 + 55 * u64::from(bytes).saturating_sub(32))
    }

    fn read(&mut self, ptr: u32, len: u32) -> Result<&[u8]> {
        let memory = self.caller.data().memory.ok_or(Escape::Memory)?;
        let start = ptr as usize;
        memory
            .data(&self.caller)
            .get(start..start.saturating_add(len as usize))
            .ok_or(Escape::Memory)
    }

    fn read_bytes(&mut self, ptr: u32, len: u32) -> Result<Bytes> {
        Ok(Bytes::copy_from_slice(self.read(ptr, len)?))
    }

    fn read_address(&mut self, ptr: u32) -> Result<Address> {
        Ok(Address::from_slice(self.read(ptr, 20)?))
    }

    fn read_u256(&mut self, ptr: u32) -> Result<U256> {
        Ok(U256::from_be_slice(self.read(ptr, 32)?))
    }

    fn write(&mut self, ptr: u32, data: &[u8]) -> Result<()> {
        let memory = self.caller.data().memory.ok_or(Escape::Memory)?;
        let start = ptr as usize;
        let target = memory
            .data_mut(&mut self.caller)
            .get_mut(start..start.saturating_add(data.len()))
            .ok_or(Escape::Memory)?;
        target.copy_from_slice(data);
        Ok(())
    }

    fn write_u32(&mut self, ptr: u32, value: u32) -> Result<()> {
        self.write(ptr, &value.to_le_bytes())
    }

    fn write_u256(&mut self, ptr: u32, value: U256) -> Result<()> {
        self.write(ptr, &value.to_be_bytes::<32>())
    }
}

/// The part of `data` from `offset` on, at most `size` bytes; empty past its end.
fn window(data: &[u8], offset: u32, size: u32) -> &[u8] {
    let start = (offset as usize).min(data.len());
    let end = start.saturating_add(size as usize).min(data.len());
    data.get(start..end).unwrap_or_default()
}
