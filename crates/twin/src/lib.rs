//! Plays the protocol's flows with actors on the real contracts, on the embedded chain.
//!
//! [`World`] deploys everything as it would be deployed anywhere and stands for what is around it: tokens with good and bad
//! manners ([`evm`]), rate sources, market prices, time. The tests play flows in it, check who may call what, and hold the
//! contracts against `weir_protocol::model` step by step over stories of random calls ([`Twin`]).

pub mod evm;
mod refusal;
mod stage;
mod twin;
mod world;

pub use refusal::Refusal;
pub use stage::{DEPLOYER, Receipt, Stage};
pub use twin::Twin;
pub use world::{Asset, Contracts, World, actors};
