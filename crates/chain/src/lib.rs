#![doc = include_str!("../README.md")]

mod accounts;
mod block;
mod chain;
mod clock;
mod config;
mod dump;
mod error;
mod executor;
mod node;
mod outcome;
mod pool;
mod reply;
mod rpc;
mod server;
mod state;
mod tx;
pub mod vm;

pub use accounts::{AccountsError, DevAccounts, TEST_MNEMONIC};
pub use alloy_primitives as primitives;
pub use chain::{Chain, Head};
pub use clock::{Time, TimeWentBack};
pub use config::{Config, GenesisAccount, Limits, Mining};
pub use dump::StateFileError;
pub use error::Error;
pub use outcome::Outcome;
pub use reply::Reply;
pub use tx::{TxError, UnsignedTx};
