//! Deploys and wires the Weir contracts on any Arbitrum chain, and keeps their address book.

pub mod amount;
pub mod plan;
