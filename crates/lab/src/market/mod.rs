//! Markets as they compute: StableSwap and concentrated-liquidity pools, lending rules, loops, and what arbitrage costs LPs.

pub mod concentrated;
pub mod lending;
pub mod lvr;
pub mod stableswap;
