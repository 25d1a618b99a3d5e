//! Why rates refuse.

/// Why rates refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatesError {
    /// A rate is above zero and below 2^64.
    RateOutOfRange {
        /// The rate.
        rate_wad: u128,
    },
    /// A drop is below one, and a growth at most one a day.
    BadBounds,
}
