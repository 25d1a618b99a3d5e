//! An Arbitrum-like chain in one process: EVM and Stylus contracts on one state, JSON-RPC, an owned clock.

pub mod vm;
