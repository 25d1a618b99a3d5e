//! Why bonds and cover refuse.

use alloy_primitives::Address;

use crate::math;

/// Why bonds and cover refuse. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The contract is initialised already.
    AlreadyInitialized,
    /// The amount may not be zero here.
    ZeroAmount,
    /// `bps` is over its limit.
    BpsTooHigh {
        /// Asked for.
        bps: u16,
        /// The limit.
        max_bps: u16,
    },
    /// There is less.
    NotEnough {
        /// What there is.
        available: u128,
        /// Asked for.
        needed: u128,
    },
    /// The operator has bonded too little for what it would put at risk.
    BondTooSmall {
        /// The operator.
        operator: Address,
        /// What of its bond is neither locked nor leaving.
        bonded: u128,
        /// What it would need.
        needed: u128,
    },
    /// Nothing of this account is leaving.
    NothingLeaving {
        /// The account.
        account: Address,
    },
    /// What leaves is not mature.
    NotMature {
        /// From then on, Unix seconds.
        at_s: u64,
    },
    /// A request that was filed before the notice matured is undecided.
    Contested {
        /// When it was filed, Unix seconds.
        filed_s: u64,
    },
    /// Nothing of this account waits to count.
    NothingJoining {
        /// The account.
        account: Address,
    },
    /// No fees have arrived.
    NothingEarned,
    /// No stake is forfeited.
    NothingForfeited,
    /// The service has staked too little for this filing.
    StakeTooSmall {
        /// The service.
        service: u32,
        /// What is free of its stake.
        free: u128,
        /// What the filing locks.
        needed: u128,
    },
    /// The request has locked shares before.
    LockKnown {
        /// The request.
        id: u64,
    },
    /// The request has locked nothing.
    LockUnknown {
        /// The request.
        id: u64,
    },
}

impl From<math::Overflow> for CoverError {
    fn from(_: math::Overflow) -> Self {
        Self::Overflow
    }
}
