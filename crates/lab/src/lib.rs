//! The lab: Monte Carlo and network analysis of slashing, peg and cascades, on the rules that run on chain.

pub mod beacon;
pub mod estimate;
mod input;
pub mod market;
pub mod math;
pub mod network;
pub mod optimize;
pub mod replay;
pub mod report;
pub mod scenario;
pub mod sensitivity;
pub mod stress;
pub mod table;
pub mod verify;
