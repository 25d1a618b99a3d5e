//! Services that slash on evidence, on the chain, with the whole protocol behind them.

mod attestation;
mod custody;
mod equivocation;
mod world;
