//! What host functions ask of the EVM.

use alloy_primitives::{Address, B256, Bytes, Log, U256};

use super::{FrameInfo, Result};

/// The transaction and block that a program runs in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    pub(crate) block_number: u64,
    pub(crate) block_timestamp: u64,
    pub(crate) block_gas_limit: u64,
    pub(crate) block_basefee: U256,
    pub(crate) block_coinbase: Address,
    pub(crate) chain_id: u64,
    pub(crate) tx_gas_price: U256,
    pub(crate) tx_origin: Address,
}

/// An account as seen when touched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountTouch {
    /// Whether the transaction had not touched it before.
    pub(crate) is_cold: bool,
    pub(crate) balance: U256,
    /// Zero for an account that does not exist.
    pub(crate) code_hash: B256,
}

/// How a program calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallKind {
    Call,
    Delegate,
    Static,
}

/// A call from a program.
pub(crate) struct CallRequest {
    pub(crate) kind: CallKind,
    pub(crate) to: Address,
    pub(crate) input: Bytes,
    pub(crate) value: U256,
    /// Gas the program has left.
    pub(crate) gas_left: u64,
    /// Gas it would give to the call.
    pub(crate) gas_requested: u64,
}

/// What became of a call.
pub(crate) struct CallReply {
    pub(crate) ok: bool,
    /// Gas to charge the program.
    pub(crate) cost: u64,
    pub(crate) data: Bytes,
}

/// A creation from a program.
pub(crate) struct CreateRequest {
    pub(crate) code: Bytes,
    pub(crate) endowment: U256,
    /// Present for `CREATE2`.
    pub(crate) salt: Option<U256>,
    pub(crate) gas_left: u64,
}

/// What became of a creation.
pub(crate) struct CreateReply {
    /// Zero if it failed.
    pub(crate) address: Address,
    /// Revert data, if it reverted.
    pub(crate) data: Bytes,
    /// Gas to charge the program.
    pub(crate) cost: u64,
}

/// The EVM, as a program sees it. A method that fails leaves the cause with the transaction and returns
/// [`super::Escape::Fatal`], unless said otherwise.
pub(crate) trait Api {
    fn environment(&self) -> Environment;
    /// Reads a slot; also whether it was cold.
    fn storage_load(&mut self, address: Address, key: U256) -> Result<(U256, bool)>;
    /// Writes a slot and notes the refund; the gas that it costs.
    fn storage_store(&mut self, address: Address, key: U256, value: U256) -> Result<u64>;
    fn transient_load(&mut self, address: Address, key: U256) -> U256;
    fn transient_store(&mut self, address: Address, key: U256, value: U256);
    fn log(&mut self, log: Log);
    fn touch_account(&mut self, address: Address) -> Result<AccountTouch>;
    /// The code of an account; also whether it was cold.
    fn code(&mut self, address: Address) -> Result<(Bytes, bool)>;
    fn call(&mut self, frame: &FrameInfo, request: CallRequest) -> Result<CallReply>;
    /// Fails with [`super::Escape::Failure`] where the creation is not allowed or cannot be paid.
    fn create(&mut self, frame: &FrameInfo, request: CreateRequest) -> Result<CreateReply>;
    /// Opens pages of memory; the gas that they cost.
    fn add_pages(&mut self, pages: u16) -> u64;
    fn trace_hostio(&mut self, name: &'static str, start_ink: u64, end_ink: u64);
}
