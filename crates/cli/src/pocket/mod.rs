//! The side pocket of a failed asset: who held shares when it left the vault, as a Merkle tree that the exits contract checks claims
//! against.

mod file;
mod holders;
mod tree;

pub use file::PocketFile;
pub use holders::{Snapshot, snapshot};
