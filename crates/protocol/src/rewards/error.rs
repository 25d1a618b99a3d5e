//! Why the rewards refuse.

use crate::math;

/// Why the rewards refuse. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewardsError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// `bps` is over its limit.
    BpsTooHigh {
        /// Asked for.
        bps: u16,
        /// The limit.
        max_bps: u16,
    },
    /// The operator takes more than the funder accepts.
    CommissionTooHigh {
        /// What it takes now.
        bps: u16,
        /// What the funder accepts.
        max_bps: u16,
    },
    /// A stream lasts at least one epoch and at most so many.
    BadLength {
        /// Asked for.
        epochs: u32,
        /// The most.
        max: u32,
    },
    /// What would go to the vault in each epoch is too little.
    StreamTooSmall {
        /// What it is.
        part: u128,
        /// The least.
        min: u128,
    },
    /// Nothing of the asset is due to the vault, or to the operator.
    NothingDue,
    /// The token is not for sale.
    NoAuction,
    /// Prices, sizes and pace must be above zero, the floor no higher than the start, the least lot no larger than the most.
    BadAuction,
    /// A lot of the token is open already.
    LotOpen {
        /// Its amount.
        amount: u128,
    },
    /// No lot of the token is open.
    NoLot,
    /// There is too little for a lot.
    LotTooSmall {
        /// What there is.
        amount: u128,
        /// The least.
        min: u128,
    },
    /// The lot costs more than the bidder accepts.
    AboveMaxCost {
        /// What it costs now.
        cost: u128,
        /// What the bidder accepts.
        max_cost: u128,
    },
}

impl From<math::Overflow> for RewardsError {
    fn from(_: math::Overflow) -> Self {
        Self::Overflow
    }
}
