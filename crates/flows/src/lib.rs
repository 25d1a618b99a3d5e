//! The contracts as they are deployed, on the embedded chain: a [`Stage`] to put them on, and small EVM contracts to play
//! the rest of the world ([`evm`]). The flows themselves are in `tests/`.

pub mod evm;
mod stage;

pub use stage::{Refusal, Sent, Stage};
