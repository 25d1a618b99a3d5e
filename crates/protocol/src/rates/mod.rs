//! Rates: what an asset is worth in ETH, within bounds.
//!
//! A source answers the redemption value of an asset. The last accepted (value, time) pair bounds the next one; the pair only
//! ever moves as a pair. Pure functions: a contract keeps one word for each asset.

mod accept;
mod confirm;
mod credit;
mod error;
mod observe;
mod records;

pub use accept::accept;
pub use confirm::{check_margin, confirm};
pub use credit::{Guard, credit};
pub use error::RatesError;
pub use observe::{Observation, observe};
pub use records::{Accepted, Bounds};
