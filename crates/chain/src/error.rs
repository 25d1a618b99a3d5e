//! What can go wrong with the chain as a whole.

use std::{io, net::SocketAddr};

use crate::{
    accounts::AccountsError, clock::TimeWentBack, dump::StateFileError, tx::TxError, vm::VmError,
};

/// What can go wrong when a chain is started, asked or saved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain's handle was dropped.
    #[error(
        "the chain was stopped: its handle was dropped; keep the `Chain` alive as long as its providers are in use"
    )]
    Stopped,
    /// A defect of the chain. The request had no effect.
    #[error("the chain has a bug: the request panicked ({0}); it had no effect")]
    Panicked(String),
    /// The development accounts cannot be derived.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// The execution engine did not start.
    #[error("the execution engine did not start: {0}")]
    Vm(#[from] VmError),
    /// A thread did not start.
    #[error("a thread of the chain did not start: {0}; free memory or raise the limit on threads")]
    Thread(io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}: {source}; choose a free port, or 0 for any")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// No such snapshot.
    #[error(
        "there is no snapshot {0}: it was never taken, was reverted to or before, or its state is not kept"
    )]
    NoSnapshot(u64),
    /// A state file was not written or read.
    #[error(transparent)]
    StateFile(#[from] StateFileError),
    /// Time cannot go back.
    #[error(transparent)]
    Time(#[from] TimeWentBack),
    /// A transaction was refused.
    #[error(transparent)]
    Tx(#[from] TxError),
}
