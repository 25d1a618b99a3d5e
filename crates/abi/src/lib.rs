//! Interfaces, structs, events and errors of the Weir contracts, written once.
//!
//! The contracts dispatch on these types, clients and tests call through them, so that both sides
//! agree by construction. One file per contract; each item says what it does, its units, what it emits, how it
//! fails and whom it trusts.
//!
//! Units, everywhere: amounts are in wei of the token (18 decimals), a *rate* is ETH per asset or per share scaled by
//! 1e18 (`Wad`), magnitudes are fractions of a vault's stake scaled by 1e18, fees are basis points (`Bps`), times
//! are Unix seconds and lengths of time seconds.
//!
//! With the feature `rpc`, every interface also has a typed binding over an alloy provider:
//!
//! ```
//! # #[cfg(feature = "rpc")]
//! # async fn example(
//! #     vault: alloy::primitives::Address,
//! #     provider: impl alloy::providers::Provider,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let vault = weir_abi::IVault::new(vault, provider);
//! let rate_wad = vault.rate().call().await?;
//! # let _ = rate_wad;
//! # Ok(())
//! # }
//! ```
#![cfg_attr(not(feature = "std"), no_std)]
// `sol!` carries over the documentation of items, but has none for the helpers it generates beside them.
#![allow(missing_docs, clippy::too_many_arguments)]

/// `sol!`, with the interfaces as JSON, and typed bindings over a provider.
#[cfg(feature = "rpc")]
macro_rules! interface {
    ($($tokens:tt)*) => {
        alloy_sol_types::sol! {
            #![sol(rpc, abi, all_derives, alloy_contract = alloy::contract)]
            $($tokens)*
        }
    };
}

/// `sol!`, with the interfaces as JSON.
#[cfg(all(feature = "json", not(feature = "rpc")))]
macro_rules! interface {
    ($($tokens:tt)*) => {
        alloy_sol_types::sol! {
            #![sol(abi, all_derives)]
            $($tokens)*
        }
    };
}

/// `sol!`, as a contract needs it.
#[cfg(not(feature = "json"))]
macro_rules! interface {
    ($($tokens:tt)*) => {
        alloy_sol_types::sol! {
            #![sol(all_derives)]
            $($tokens)*
        }
    };
}

extern crate alloc;

mod allocator;
mod attestation;
mod cover;
mod custody;
mod devnet;
mod entry;
mod erc20;
mod erc2612;
mod exits;
mod feed;
mod governor;
mod hub;
mod lrt;
mod rates;
mod rewards;
mod router;
mod share;
mod shared;
mod vault;
pub mod words;
mod zap;

pub use allocator::IAllocator;
pub use attestation::IAttestation;
pub use cover::ICover;
pub use custody::ICustody;
pub use devnet::{ILst, IReth, ISteth, IWeth, IWsteth};
pub use entry::IEntry;
pub use erc20::IErc20;
pub use erc2612::IErc2612;
pub use exits::IExits;
pub use feed::IFeed;
pub use governor::IGovernor;
pub use hub::IHub;
pub use lrt::ILrt;
pub use rates::IRates;
pub use rewards::IRewards;
pub use router::{IRouter, IUniswapV3Pool};
pub use share::IShare;
pub use shared::IShared;
pub use vault::IVault;
pub use zap::IZap;
