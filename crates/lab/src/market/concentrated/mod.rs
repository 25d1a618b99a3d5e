//! Concentrated liquidity: Uniswap v3's pool to the unit ([`ticks`], [`step`], [`Pool`]), and in floating point for many paths
//! ([`FloatPool`]).
//!
//! A position of liquidity L between the prices a and b (token 1 for token 0, here as square roots) holds, at √p in between,
//!
//! ```text
//! token 0:  L · (1/√p − 1/√b)        token 1:  L · (√p − √a)
//! ```
//!
//! Source: H. Adams et al., *Uniswap v3 Core*, 2021, and the contracts' `TickMath`, `SqrtPriceMath`, `SwapMath`.

mod error;
mod float;
mod pool;
pub mod step;
pub mod ticks;

pub use error::SwapError;
pub use float::{FloatPool, Range, holdings};
pub use pool::{Pool, Swapped};
