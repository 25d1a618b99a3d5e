//! What the programs of the vault share: its words and their commit, whom it knows, the lock and the sync around each call.
//!
//! A program on a live chain has at most 24,576 bytes, and the vault needs more. So `vault` takes deposits
//! and keeps the exit batches, and hands instant redemption to `vault-instant`, slashes to `vault-slash`, what roles call to `vault-control`, and
//! views to `vault-views`, by delegate calls: these run in the vault's own storage, under the vault's own lock, and answer as the
//! vault. Which programs they are, `init` fixes for ever.
#![no_std]
#![warn(missing_docs)]

extern crate alloc;

mod entry;
mod programs;
mod quotes;
mod refusal;
mod store;
pub mod wiring;

pub use entry::{Entry, amounts, bps, fee_curve, fee_split, narrow, sync, view};
pub use programs::{Control, Instant, Slash, Views};
pub use quotes::{accepted, peek, peek_dated, poke};
pub use refusal::checked;
pub use store::Store;
pub use wiring::Known;
