//! The lab: Monte Carlo and network analysis of slashing, peg and cascades, on the rules that run on chain.

pub mod beacon;
mod input;
pub mod market;
pub mod math;
pub mod network;
pub mod optimize;
