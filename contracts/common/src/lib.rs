//! What every contract shares: routing of calls, the one-time initialisation by the deployer, roles, calls to other contracts,
//! token transfers that trust no token, and the core of an ERC-20.
//!
//! A contract is a `#[storage]` struct, or words at [`slots`] of its own, an `#[entrypoint]` function with one [`route!`], and methods that answer
//! [`Outcome`].
#![no_std]
#![warn(missing_docs)]

#[macro_use]
extern crate alloc;

pub mod access;
pub mod call;
pub mod deployer;
pub mod erc20;
pub mod ether;
pub mod lock;
pub mod log;
pub mod operators;
mod outcome;
pub mod permit;
pub mod pool;
pub mod route;
pub mod slots;
pub mod text;
pub mod token;

pub use outcome::{Outcome, Revert};
