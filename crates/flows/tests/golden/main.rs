//! What the calls cost, as the repository records it.
//!
//! After a change that is meant to alter it: `WEIR_BLESS=1 cargo test --workspace --test golden`.

mod doors;
mod gas;
mod growth;
mod page;
