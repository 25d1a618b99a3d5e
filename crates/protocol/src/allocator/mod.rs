//! The allocator: which part of a vault's stake secures which service through which operator.
//!
//! A vault starts with a capacity `M = 1e18`; an allocation gives a pair (service, operator) a magnitude m, so that the stake
//! behind it is `slashable · m / M`. Per pair, with x an epoch:
//!
//! | symbol | code | meaning |
//! | --- | --- | --- |
//! | `m` | [`Allocation::active`] | in force |
//! | `inc` | [`Allocation::pending`] | in force from `effective_s` on |
//! | `dec_x` | [`Decreases`] | taken back in epoch x, slashable until `maturity(x)`: as long as stake unstaked in x |
//! | `frozen` | [`Allocation::frozen`] | what undecided slash requests will take |
//! | `E` | [`Capacity::encumbered`] | `Σ (m + inc + dec + frozen)` over all pairs |
//!
//! All of these are counted in units that get smaller when little is left of M.
//!
//! Invariant: `E <= M`, so every unit of stake secures one thing. What a filing freezes stays encumbered until the
//! decision, even when the decrease that it was part of would have expired: else it could be allocated again, and
//! `M −= Δ` would leave the rest of the allocations above the capacity.

mod allocate;
mod error;
mod exposure;
mod freeze;
mod key;
mod limits;
mod records;
mod scale;
mod slash;
mod slashable;
mod store;
mod thaw;
mod trim;

pub use allocate::{AllocateSummary, allocate, initialise, pause, retire};
pub use error::AllocatorError;
pub use exposure::{
    EPOCHS_AT_RISK, Entry, Exposure, MAX_ALLOCATIONS, MAX_FAILURES, exposures, worst_case,
};
pub use freeze::{freeze, would_freeze};
pub use key::AllocatorKey;
pub use limits::{Groups, Limits, MAX_GROUPS, Place, set_groups, set_limits};
pub use records::{Allocation, Capacity, Decreases};
pub use scale::{Part, SMALL, is_spent, lifted, renormalised};
pub use slash::{SlashSummary, slash};
pub use slashable::slashable;
pub use store::AllocatorStore;
pub use thaw::thaw;
pub use trim::trim;
