//! Curve's StableSwap pool of n coins: to the unit as the contracts compute it ([`Pool`]), and in floating point for many
//! paths ([`FloatPool`]).
//!
//! With `Ann = A·n`, `S = Σx` and `P = D^(n+1) / (n^n · Πx)` the pool keeps
//!
//! ```text
//! Ann·S + D = Ann·D + P
//! ```
//!
//! Source: M. Egorov, *StableSwap*, 2019, and Curve's Vyper contracts (3pool, stETH). The contracts' A is the paper's
//! A·n^(n−1).

mod error;
mod float;
mod integer;
mod narrow;

pub use error::PoolError;
pub use float::FloatPool;
pub use integer::{Exchange, FEE_DENOMINATOR, Form, Pool, balance_of, invariant};
