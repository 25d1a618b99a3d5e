//! Why the vault refuses.

use super::RateState;
use crate::clock::Epoch;
use crate::math;
use crate::pause::PauseError;

/// Why the vault refuses. A refused operation leaves no trace once its caller has rolled the store back; assets are named
/// by their index in the vault's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The vault is initialised already.
    AlreadyInitialized,
    /// The amount is beyond what the ledger can hold.
    AmountTooLarge {
        /// The amount.
        amount: u128,
    },
    /// The amount may not be zero here.
    ZeroAmount,
    /// `bps` is over its limit.
    BpsTooHigh {
        /// Asked for.
        bps: u16,
        /// The limit.
        max_bps: u16,
    },
    /// The deadline of the call has passed.
    Expired {
        /// The deadline, Unix seconds.
        deadline_s: u64,
        /// The time of the call, Unix seconds.
        now_s: u64,
    },
    /// No asset has this index.
    AssetUnknown {
        /// The index asked for.
        asset: u8,
    },
    /// A stream ends with the start of an epoch that is neither too near nor too far.
    BadStreamEnd {
        /// Asked for.
        end: Epoch,
        /// The nearest.
        first: Epoch,
        /// The farthest.
        last: Epoch,
    },
    /// A stream brings too little.
    StreamTooSmall {
        /// What it brings.
        amount: u128,
        /// The least.
        min: u128,
    },
    /// Nobody holds shares: who deposited first would have the reward.
    NoHolders,
    /// The vault lists as many assets as it can.
    TooManyAssets {
        /// That many.
        max: usize,
    },
    /// An epoch must be longer than the grace, at least a minute, and epoch 0 start no later than now.
    BadEpochs,
    /// Marginal fees must not fall along the curve, and the kink must lie inside it.
    BadFeeCurve,
    /// A pause may not be this long.
    PauseTooLong {
        /// Asked for, seconds.
        duration_s: u64,
        /// The limit, seconds.
        max_s: u64,
    },
    /// After a pause as much time must pass as it lasted before the next.
    PauseCoolingDown {
        /// From then on, Unix seconds.
        until_s: u64,
    },
    /// Deposits are paused.
    DepositsPaused {
        /// Until then, Unix seconds.
        until_s: u64,
    },
    /// Instant redemption is paused.
    InstantPaused {
        /// Until then, Unix seconds.
        until_s: u64,
    },
    /// The deposit would raise the total of the asset above its cap.
    AboveCap {
        /// The asset.
        asset: u8,
        /// Its cap.
        cap: u128,
        /// The total it would reach.
        attempted: u128,
    },
    /// The cap of an asset may not be raised so far in this epoch.
    CapRisesTooFast {
        /// The asset.
        asset: u8,
        /// Asked for.
        cap: u128,
        /// The most for now.
        max_cap: u128,
    },
    /// The vault is retired: exits alone go on.
    Retired,
    /// The rate has not fallen so far that the vault ends.
    NotRetirable {
        /// ETH per share.
        rate_wad: u128,
        /// The high-water mark.
        hwm_wad: u64,
    },
    /// The asset is delisted: no more deposits.
    AssetDelisted {
        /// The asset.
        asset: u8,
    },
    /// Only a delisted asset is pocketed.
    AssetListed {
        /// The asset.
        asset: u8,
    },
    /// Only an asset whose rate is not fresh is pocketed.
    AssetNotFailed {
        /// The asset.
        asset: u8,
    },
    /// Slash requests are undecided.
    Contested {
        /// That many.
        undecided: u8,
    },
    /// The first deposit is worth too little.
    FirstDepositTooSmall {
        /// Its value, ETH wei.
        value: u128,
        /// The least, ETH wei.
        min_value: u128,
    },
    /// The amount buys no share.
    ZeroShares {
        /// The amount.
        amount: u128,
    },
    /// The deposit buys fewer shares than its sender accepts.
    BelowMinShares {
        /// What the sender accepts.
        min_shares: u128,
        /// What the deposit buys.
        shares: u128,
    },
    /// The floor rate is below what the sender accepts.
    FloorBelowMin {
        /// What the sender accepts.
        min_floor_rate_wad: u128,
        /// The floor rate.
        floor_rate_wad: u128,
    },
    /// The supply would leave its range.
    SupplyTooLarge {
        /// What it would be.
        supply: u128,
    },
    /// Shares exist and nothing backs them: none can be priced.
    Worthless {
        /// The shares.
        supply: u128,
    },
    /// The rate of an asset that the vault holds is stale or suspicious.
    RateNotFresh {
        /// The asset.
        asset: u8,
        /// The state of its rate.
        state: RateState,
    },
    /// The market guard refuses deposits of this asset.
    GuardRefuses {
        /// The asset.
        asset: u8,
    },
    /// The redemption pays less than its sender accepts.
    BelowMinAmount {
        /// What the sender accepts.
        min_amount: u128,
        /// What it would pay.
        amount: u128,
    },
    /// The redemption would raise the rolling net outflow above its limit.
    OutflowLimit {
        /// The limit, ETH wei.
        limit_value: u128,
        /// The outflow it would reach, ETH wei.
        attempted: u128,
    },
    /// Idle that no batch and no undecided request needs is too little.
    InsufficientIdle {
        /// The asset that is short; not always the one redeemed.
        asset: u8,
        /// What is there for it.
        available: u128,
        /// What it would take.
        needed: u128,
    },
    /// Epochs are due that have not been processed: sync first.
    SyncPending {
        /// The next of them to close.
        next_epoch: Epoch,
    },
    /// The batch is not open any more, or not yet.
    EpochNotOpen {
        /// The batch asked for.
        epoch: Epoch,
        /// The open one.
        current: Epoch,
    },
    /// The batch has fewer shares.
    BatchTooSmall {
        /// The batch.
        epoch: Epoch,
        /// Its shares.
        shares: u128,
        /// Asked for.
        needed: u128,
    },
    /// The request was contested before.
    RequestKnown {
        /// The request.
        id: u64,
    },
    /// No undecided request has this id.
    RequestUnknown {
        /// The id.
        id: u64,
    },
    /// The vault has as many undecided requests as it can.
    TooManyRequests {
        /// That many.
        max: usize,
    },
    /// A slash takes more than nothing and no more than the capacity, and what its filing fixed.
    BadDelta {
        /// What it would take.
        delta: u64,
        /// The capacity.
        capacity: u64,
    },
    /// The performance fee may not rise so far at once.
    FeeRiseTooSteep {
        /// Asked for.
        bps: u16,
        /// The most for now.
        max_bps: u16,
    },
    /// The performance fee has risen in this epoch already.
    FeeRoseAlready {
        /// It may rise again from this epoch on.
        next_epoch: Epoch,
    },
    /// No fee shares wait to be collected.
    NoFees,
    /// Nothing of the asset is due to this account.
    NothingDue {
        /// The asset.
        asset: u8,
    },
}

impl From<math::Overflow> for VaultError {
    fn from(_: math::Overflow) -> Self {
        Self::Overflow
    }
}

impl From<PauseError> for VaultError {
    fn from(error: PauseError) -> Self {
        match error {
            PauseError::TooLong { duration_s, max_s } => Self::PauseTooLong { duration_s, max_s },
            PauseError::CoolingDown { until_s } => Self::PauseCoolingDown { until_s },
        }
    }
}
