//! Why a concentrated-liquidity pool refuses.

use alloy_primitives::U256;

/// Why a concentrated-liquidity pool refuses.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SwapError {
    /// A tick outside ±887,272.
    #[error("tick {tick} is outside −887272 to 887272, the prices that 160 bits hold")]
    TickOutOfRange {
        /// The tick.
        tick: i32,
    },
    /// A square root of a price outside what 160 bits hold.
    #[error(
        "√price {sqrt_price_x96} (Q64.96) is outside 4295128739 to 1461446703485210103287273052203988822378723970342"
    )]
    PriceOutOfRange {
        /// The square root of the price, Q64.96.
        sqrt_price_x96: U256,
    },
    /// A fee of everything or more.
    #[error("a fee of {fee_pips} millionths is everything or more; it must be below 1000000")]
    FeeTooHigh {
        /// The fee, millionths.
        fee_pips: u32,
    },
    /// A range whose ends are not in order.
    #[error("a position from {lower} to {upper} has no width; give its lower end first")]
    EmptyRange {
        /// The lower end.
        lower: f64,
        /// The upper end.
        upper: f64,
    },
    /// A number that cannot be: NaN, infinite or negative.
    #[error("{what} is {value}; it must be a finite number and not negative")]
    NotANumber {
        /// What.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// Nothing backs the price.
    #[error("there is no liquidity at this price, so nothing can be swapped")]
    NoLiquidity,
    /// A result leaves its type, where the contract would revert.
    #[error(
        "an intermediate result leaves its type, as it would in the contract; check the amounts' units"
    )]
    Overflow,
}
