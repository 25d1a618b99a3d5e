//! Why a pool refuses.

/// Why a StableSwap pool refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Fewer than two coins, or lists of different lengths.
    #[error(
        "a pool needs at least two coins and one rate each; got {coins} balances and {rates} rates"
    )]
    Coins {
        /// How many balances.
        coins: usize,
        /// How many rates.
        rates: usize,
    },
    /// A coin that is not in the pool, or the same on both sides.
    #[error(
        "a pool of {coins} coins cannot swap coin {from} for coin {to}; give two different places below {coins}"
    )]
    NoSuchPair {
        /// How many coins the pool has.
        coins: usize,
        /// Sold.
        from: usize,
        /// Bought.
        to: usize,
    },
    /// A balance is zero: the invariant has no value there.
    #[error("coin {coin} has no balance; a pool with an empty side has no price")]
    EmptyBalance {
        /// Which.
        coin: usize,
    },
    /// The amplification is zero.
    #[error("the amplification is zero; it must be at least 1")]
    NoAmplification,
    /// A fee of more than everything.
    #[error("a fee of {fee} is above {FEE_DENOMINATOR}, which is everything", FEE_DENOMINATOR = super::FEE_DENOMINATOR)]
    FeeTooHigh {
        /// The fee, in parts of 1e10.
        fee: u64,
    },
    /// A product leaves 256 bits, where the contract would revert.
    #[error(
        "an intermediate product leaves 256 bits, as it would in the contract; check the balances' units"
    )]
    Overflow,
    /// Newton's iteration has not settled after 255 steps, where the contract would revert or stop.
    #[error(
        "the iteration has not settled in 255 steps; the balances are too far apart for this amplification"
    )]
    NotSettled,
}
