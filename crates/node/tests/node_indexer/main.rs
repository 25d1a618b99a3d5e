//! The indexer on the embedded chain: whatever the chain and the connection do, it ends as a clean run does.

#[path = "../common/mod.rs"]
mod common;

mod clean;
mod hostile;
