//! What can happen to the protocol: every call of every contract, and what the world around it does.

use alloy_primitives::{Address, U256};

use super::kind::calls;
use crate::allocator::{AllocateSummary, AllocatorError, Groups, Limits, Part};
use crate::clock::Epoch;
use crate::cover::{CoverError, Lock};
use crate::exits::{ExitsError, Ticket};
use crate::hub::{HubError, Terms};
use crate::math::Overflow;
use crate::rates::{Guard, RatesError};
use crate::rewards::{RewardsError, Shared, Split};
use crate::units::Amounts;
use crate::vault::{
    Collected, ContestSummary, Curve, DepositLimits, DepositSummary, EnqueueSummary,
    ExecuteSummary, Fee, FeeSplit, LiftSummary, Pause, RedeemLimits, RedeemSummary, Retirement,
    StreamSummary, SyncSummary, VaultError,
};

/// A call by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    /// Who calls.
    pub caller: Address,
    /// What.
    pub call: Call,
}

calls! {
/// Everything that can happen. Amounts are in wei, times in seconds, assets by index.
#[allow(
    missing_docs,
    reason = "fields are those of the operations of the same name"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    // The vault.
    Deposit {
        asset: u8,
        amount: u128,
        receiver: Address,
        limits: DepositLimits,
    },
    Redeem {
        asset: u8,
        shares: u128,
        receiver: Address,
        limits: RedeemLimits,
    },
    Sync,
    Pull {
        asset: u8,
        sink: Address,
    },
    SetCap {
        asset: u8,
        cap: u128,
    },
    Delist {
        asset: u8,
    },
    Pocket {
        asset: u8,
    },
    SetDepositFee {
        asset: u8,
        fee_bps: u16,
    },
    SetIdleTarget {
        target_bps: u16,
    },
    SetCurve {
        curve: Curve,
    },
    Pause {
        what: Pause,
        duration_s: u64,
    },
    /// Takes the performance fee that is due.
    Accrue,
    SetFee {
        fee_bps: u16,
    },
    SetFeeSplit {
        split: FeeSplit,
    },
    /// Splits the fee shares that wait.
    CollectFees,
    /// Ends the vault, if its rate has fallen so far.
    Retire,
    /// Pays a reward without an operator: it streams until an epoch begins.
    Stream {
        asset: u8,
        amount: u128,
        end: Epoch,
    },
    // Rewards.
    FundReward {
        operator: Address,
        asset: u8,
        amount: u128,
        end: Epoch,
        max_commission_bps: u16,
    },
    SetCommission {
        bps: u16,
    },
    ClaimCommission {
        asset: u8,
    },
    /// Divides the fee shares of operators that are nobody's yet.
    ShareFees,
    /// Claims fee shares.
    ClaimFees,
    // Tickets.
    Request {
        shares: u128,
        receiver: Address,
    },
    Cancel {
        epoch: Epoch,
        owner: Address,
        shares: u128,
    },
    Claim {
        epoch: Epoch,
        owner: Address,
    },
    TransferTicket {
        epoch: Epoch,
        to: Address,
    },
    // The share token.
    TransferShares {
        to: Address,
        shares: u128,
    },
    // The allocator.
    Allocate {
        service: u32,
        operator: Address,
        magnitude: u64,
    },
    Trim {
        service: u32,
        operator: Address,
    },
    SetLimits {
        limits: Limits,
    },
    SetGroups {
        operator: Address,
        groups: Groups,
    },
    PauseAllocations {
        duration_s: u64,
    },
    // The hub.
    RegisterService {
        terms: Terms,
    },
    OptInVault {
        service: u32,
    },
    OptInOperator {
        service: u32,
    },
    ApproveResolver {
        resolver: Address,
        approved: bool,
    },
    File {
        service: u32,
        operator: Address,
        wad: u64,
        offence_epoch: Epoch,
    },
    Veto {
        id: u64,
    },
    Arm {
        id: u64,
    },
    Execute {
        id: u64,
    },
    Lapse {
        id: u64,
    },
    // Bonds and cover.
    Bond {
        operator: Address,
        shares: u128,
    },
    Unbond {
        shares: u128,
    },
    CollectBond {
        operator: Address,
    },
    EnterCover {
        shares: u128,
    },
    CancelEntry,
    LeaveCover {
        units: u128,
    },
    CollectCover {
        member: Address,
    },
    Earn,
    FundService {
        service: u32,
        shares: u128,
    },
    DefundService {
        service: u32,
        shares: u128,
    },
    Surrender,
    // Rates.
    Poke,
    AcceptRate {
        asset: u8,
        rate_wad: u128,
    },
    // The world: nobody is refused.
    /// Time passes.
    Advance {
        seconds: u64,
    },
    /// The source of an asset answers this from now on; `None`: it reverts.
    Answer {
        asset: u8,
        answer: Option<U256>,
    },
    /// The second source of an asset answers this from now on; `None`: it reverts.
    Second {
        asset: u8,
        answer: Option<U256>,
    },
    /// The market guard of an asset answers this from now on.
    Market {
        asset: u8,
        guard: Guard,
    },
    /// Transfers of an asset out of the vault fail from now on, or work again.
    Break {
        asset: u8,
        broken: bool,
    },
    /// Somebody gives tokens to the vault without depositing them.
    Donate {
        asset: u8,
        amount: u128,
    },
}
}

/// What a call answered.
#[allow(missing_docs, reason = "named after the summaries they carry")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Deposited(DepositSummary),
    Redeemed(RedeemSummary),
    Synced(SyncSummary),
    Enqueued(EnqueueSummary),
    Claimed {
        paid: Amounts,
        shares: u128,
        finished: bool,
    },
    Ticket(Ticket),
    Allocated(AllocateSummary),
    Registered {
        service: u32,
    },
    Filed {
        id: u64,
        freeze: Part,
        contest: ContestSummary,
        lock: Lock,
    },
    Armed {
        executable_s: u64,
    },
    Executed(ExecuteSummary),
    Lifted(LiftSummary),
    Pulled {
        amount: u128,
    },
    Pocketed {
        amount: u128,
    },
    Accrued(Fee),
    Retired(Retirement),
    Collected(Collected),
    Streamed(StreamSummary),
    Rewarded {
        split: Split,
        stream: StreamSummary,
    },
    SharedFees(Shared),
    /// What waited for an operator was paid.
    Paid {
        amount: u128,
    },
    /// Notice was given: it can be collected from then on.
    Noticed {
        at_s: u64,
    },
    /// Shares of bonds, cover or stakes moved, in or out.
    Covered {
        shares: u128,
    },
}

/// Why a call was refused. It left no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// By the vault.
    Vault(VaultError),
    /// By the tickets.
    Exits(ExitsError),
    /// By the allocator.
    Allocator(AllocatorError),
    /// By the hub.
    Hub(HubError),
    /// By bonds and cover.
    Cover(CoverError),
    /// By the rewards.
    Rewards(RewardsError),
    /// By the rates.
    Rates(RatesError),
    /// The caller does not hold the role.
    Unauthorized {
        /// Who called.
        caller: Address,
    },
    /// A token: the account has less.
    InsufficientBalance {
        /// What it has.
        balance: u128,
        /// What it would take.
        needed: u128,
    },
    /// A token: transfers fail.
    TransferFailed {
        /// The asset.
        asset: u8,
    },
}

macro_rules! from {
    ($($error:ident => $variant:ident),*) => {
        $(impl From<$error> for ModelError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}
from!(VaultError => Vault, ExitsError => Exits, AllocatorError => Allocator, HubError => Hub, CoverError => Cover, RewardsError => Rewards, RatesError => Rates);

impl From<Overflow> for ModelError {
    fn from(overflow: Overflow) -> Self {
        Self::Vault(overflow.into())
    }
}
