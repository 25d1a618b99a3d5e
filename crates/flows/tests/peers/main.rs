//! The LRT and the vault beside contracts that we did not write, on the same chain.
//!
//! `bash .ci/fetch-peers` fetches those, so these tests are ignored unless asked for:
//! `cargo test --workspace --test peers -- --include-ignored`.

mod artifacts;
mod entry;
mod erc20;
mod erc4626;
mod router;
mod uniswap;
