#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

extern crate alloc;

pub mod allocator;
pub mod clock;
pub mod cover;
pub mod entry;
pub mod exits;
pub mod governor;
pub mod hub;
pub mod math;
pub mod pause;
pub mod rates;
pub mod rewards;
pub mod services;
pub mod units;
pub mod vault;
mod word;

#[cfg(feature = "std")]
pub mod model;
