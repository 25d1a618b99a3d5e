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
    /// Nothing waits for the operator.
    NothingEarned,
    /// No shares came that are not an operator's already.
    NothingToShare,
    /// No operator has stake that can be slashed.
    NobodyEarns,
    /// The token is not for sale.
    NotForSale,
    /// Prices, sizes and time must be above zero, the floor no higher than the start, the least lot no larger than the most, and worth
    /// a stream at the floor.
    BadAuction,
    /// A lot of the token is open.
    LotOpen {
        /// From then on it may be opened anew, Unix seconds.
        until_s: u64,
    },
    /// No lot of the token is open.
    NoLot,
    /// There is less of the token than the least lot, or than the bidder wants.
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
