//! Ethereum's own stake: what a slashed validator loses, and how long exits wait.

pub mod queue;
pub mod slashing;
