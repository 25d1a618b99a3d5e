//! The same refusals, with the same values.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolError;
use weir_abi::{
    IAllocator, IErc20, IExits, IHub, IRates,
    IShared::{
        AlreadyInitialized, AmountTooLarge, BpsTooHigh, Expired, Overflow, PauseCoolingDown,
        PauseTooLong, TransferFailed, Unauthorized, ZeroAmount,
    },
    IVault,
};
use weir_protocol::{
    allocator::{AllocatorError, Place},
    exits::{ExitsError, ticket_id},
    hub::HubError,
    model::{Call, ModelError, Op},
    rates::RatesError,
    vault::VaultError,
};

use super::{Twin, first_loss::by_cover};
use crate::refusal::Refusal;

impl Twin {
    /// Compares the errors: revert data, to the byte.
    pub(super) fn compare_refusal(&self, op: &Op, expected: &ModelError, refusal: &Refusal) {
        // The contracts look a token up before anything else, the model knows assets by index.
        if let Some(token) = self.unlisted(op)
            && refusal.data == (IVault::AssetNotListed { token }).abi_encode()
        {
            return;
        }
        // The model does not say how much could not be sent.
        if let ModelError::TransferFailed { asset } = *expected {
            let failed: TransferFailed = refusal.error();
            assert_eq!(failed.token, self.token(asset));
            assert_eq!(Some(failed.to), receiver(op), "{op:?}");
            return;
        }
        let data = self.revert_data(op, expected);
        assert!(
            refusal.data == data,
            "the model refused with {expected:?}, the contracts with {refusal:?}"
        );
    }

    fn unlisted(&self, op: &Op) -> Option<Address> {
        let (Call::Deposit { asset, .. }
        | Call::Redeem { asset, .. }
        | Call::Pull { asset, .. }
        | Call::SetCap { asset, .. }
        | Call::Delist { asset }
        | Call::Pocket { asset }
        | Call::SetDepositFee { asset, .. }) = op.call
        else {
            return None;
        };
        (usize::from(asset) >= self.world.assets.len()).then(|| self.token(asset))
    }

    /// What a contract answers for the model's error.
    pub(super) fn revert_data(&self, op: &Op, error: &ModelError) -> Vec<u8> {
        match *error {
            ModelError::Vault(error) => self.by_vault(op, error),
            ModelError::Exits(error) => self.by_exits(op, error),
            ModelError::Allocator(error) => by_allocator(error),
            ModelError::Hub(error) => self.by_hub(error),
            ModelError::Cover(error) => by_cover(error),
            ModelError::Rewards(error) => self.by_rewards(op, error),
            ModelError::Rates(RatesError::RateOutOfRange { rate_wad }) => IRates::RateOutOfRange {
                rateWad: word(rate_wad),
            }
            .abi_encode(),
            ModelError::Rates(RatesError::BadBounds) => panic!("no call of a story lists a source"),
            ModelError::Unauthorized { caller } => Unauthorized { caller }.abi_encode(),
            ModelError::InsufficientBalance { balance, needed } => {
                self.short_of(op, balance, needed)
            }
            ModelError::TransferFailed { .. } => unreachable!("compared by its parts"),
        }
    }

    /// Somebody has too little of a token: the token says so, and the vault that took it by an allowance that it failed.
    fn short_of(&self, op: &Op, balance: u128, needed: u128) -> Vec<u8> {
        let (vault, rewards) = (self.world.at.vault, self.world.at.rewards);
        let taken = match op.call {
            Call::Deposit { asset, amount, .. } | Call::Stream { asset, amount, .. } => {
                Some((asset, amount, vault))
            }
            Call::FundReward { asset, amount, .. } => Some((asset, amount, rewards)),
            _ => None,
        };
        if let Some((asset, amount, to)) = taken {
            let failed = TransferFailed {
                token: self.token(asset),
                to,
                amount: word(amount),
            };
            return failed.abi_encode();
        }
        IErc20::ERC20InsufficientBalance {
            sender: op.caller,
            balance: word(balance),
            needed: word(needed),
        }
        .abi_encode()
    }

    fn by_vault(&self, op: &Op, error: VaultError) -> Vec<u8> {
        use VaultError as E;
        match error {
            E::Overflow => Overflow {}.abi_encode(),
            E::AlreadyInitialized => AlreadyInitialized {}.abi_encode(),
            E::AmountTooLarge { amount } => AmountTooLarge {
                amount: word(amount),
            }
            .abi_encode(),
            E::ZeroAmount => ZeroAmount {}.abi_encode(),
            E::BpsTooHigh { bps, max_bps } => BpsTooHigh {
                bps: word(bps),
                maxBps: word(max_bps),
            }
            .abi_encode(),
            E::Expired { deadline_s, now_s } => Expired {
                deadline: word(deadline_s),
                nowTime: word(now_s),
            }
            .abi_encode(),
            E::AssetUnknown { asset } => {
                let token = self.token(asset);
                match op.call {
                    Call::AcceptRate { .. } => IRates::SourceUnknown { asset: token }.abi_encode(),
                    _ => IVault::AssetNotListed { token }.abi_encode(),
                }
            }
            E::TooManyAssets { .. } | E::BadEpochs => panic!("no call of a story sets a vault up"),
            E::BadStreamEnd { end, first, last } => {
                IVault::BadStreamEnd { end, first, last }.abi_encode()
            }
            E::StreamTooSmall { amount, min } => IVault::StreamTooSmall {
                amount: word(amount),
                min: word(min),
            }
            .abi_encode(),
            E::NoHolders => IVault::NoHolders {}.abi_encode(),
            E::BadFeeCurve => IVault::BadFeeCurve {}.abi_encode(),
            E::PauseTooLong { duration_s, max_s } => PauseTooLong {
                durationS: word(duration_s),
                maxS: word(max_s),
            }
            .abi_encode(),
            E::PauseCoolingDown { until_s } => PauseCoolingDown {
                until: word(until_s),
            }
            .abi_encode(),
            E::DepositsPaused { until_s } => IVault::DepositsArePaused {
                until: word(until_s),
            }
            .abi_encode(),
            E::InstantPaused { until_s } => IVault::InstantIsPaused {
                until: word(until_s),
            }
            .abi_encode(),
            E::AboveCap {
                asset,
                cap,
                attempted,
            } => IVault::AboveCap {
                token: self.token(asset),
                cap: word(cap),
                attempted: word(attempted),
            }
            .abi_encode(),
            E::CapRisesTooFast {
                asset,
                cap,
                max_cap,
            } => IVault::CapRisesTooFast {
                token: self.token(asset),
                cap: word(cap),
                maxCap: word(max_cap),
            }
            .abi_encode(),
            E::Retired => IVault::VaultRetired {}.abi_encode(),
            E::NotRetirable { rate_wad, hwm_wad } => IVault::NotRetirable {
                rateWad: word(rate_wad),
                hwmWad: word(hwm_wad),
            }
            .abi_encode(),
            E::AssetDelisted { asset } => IVault::AssetIsDelisted {
                token: self.token(asset),
            }
            .abi_encode(),
            E::AssetListed { asset } => IVault::AssetStillListed {
                token: self.token(asset),
            }
            .abi_encode(),
            E::AssetNotFailed { asset } => IVault::AssetNotFailed {
                token: self.token(asset),
            }
            .abi_encode(),
            E::Contested { undecided } => IVault::StillContested {
                undecided: word(undecided),
            }
            .abi_encode(),
            E::FirstDepositTooSmall { value, min_value } => IVault::FirstDepositTooSmall {
                value: word(value),
                minValue: word(min_value),
            }
            .abi_encode(),
            E::ZeroShares { amount } => IVault::ZeroShares {
                amount: word(amount),
            }
            .abi_encode(),
            E::BelowMinShares { min_shares, shares } => IVault::BelowMinShares {
                minShares: word(min_shares),
                shares: word(shares),
            }
            .abi_encode(),
            E::FloorBelowMin {
                min_floor_rate_wad,
                floor_rate_wad,
            } => IVault::FloorBelowMin {
                minFloorRate: word(min_floor_rate_wad),
                floorRate: word(floor_rate_wad),
            }
            .abi_encode(),
            E::SupplyTooLarge { supply } => IVault::SupplyTooLarge {
                supply: word(supply),
            }
            .abi_encode(),
            E::Worthless { supply } => IVault::Worthless {
                supply: word(supply),
            }
            .abi_encode(),
            E::RateNotFresh { asset, state } => IVault::RateNotFresh {
                token: self.token(asset),
                state: state as u8,
            }
            .abi_encode(),
            E::GuardRefuses { asset } => IVault::GuardRefuses {
                token: self.token(asset),
            }
            .abi_encode(),
            E::BelowMinAmount { min_amount, amount } => IVault::BelowMinAmount {
                minAmount: word(min_amount),
                amount: word(amount),
            }
            .abi_encode(),
            E::OutflowLimit {
                limit_value,
                attempted,
            } => IVault::OutflowLimit {
                limitValue: word(limit_value),
                attempted: word(attempted),
            }
            .abi_encode(),
            E::InsufficientIdle {
                asset,
                available,
                needed,
            } => IVault::InsufficientIdle {
                token: self.token(asset),
                available: word(available),
                needed: word(needed),
            }
            .abi_encode(),
            E::SyncPending { next_epoch } => IVault::SyncPending {
                nextEpoch: next_epoch,
            }
            .abi_encode(),
            E::EpochNotOpen { epoch, current } => {
                IVault::EpochNotOpen { epoch, current }.abi_encode()
            }
            E::BatchTooSmall {
                epoch,
                shares,
                needed,
            } => IVault::BatchTooSmall {
                epoch,
                shares: word(shares),
                needed: word(needed),
            }
            .abi_encode(),
            E::FeeRiseTooSteep { bps, max_bps } => IVault::FeeRiseTooSteep {
                bps: word(bps),
                maxBps: word(max_bps),
            }
            .abi_encode(),
            E::FeeRoseAlready { next_epoch } => IVault::FeeRoseAlready {
                nextEpoch: next_epoch,
            }
            .abi_encode(),
            E::NoFees => IVault::NoFees {}.abi_encode(),
            E::RequestKnown { id } => IVault::RequestKnown { id }.abi_encode(),
            E::RequestUnknown { id } => IVault::RequestUnknown { id }.abi_encode(),
            E::TooManyRequests { max } => IVault::TooManyRequests {
                max: U256::from(max),
            }
            .abi_encode(),
            E::BadDelta { delta, capacity } => IVault::BadDelta { delta, capacity }.abi_encode(),
            E::NothingDue { asset } => IVault::NothingDue {
                asset: self.token(asset),
                sink: receiver(op).unwrap_or(self.world.at.exits),
            }
            .abi_encode(),
        }
    }

    fn by_exits(&self, op: &Op, error: ExitsError) -> Vec<u8> {
        use ExitsError as E;
        let ticket = || match op.call {
            Call::Cancel { epoch, owner, .. } | Call::Claim { epoch, owner } => {
                ticket_id(epoch, self.on_chain(owner))
            }
            Call::TransferTicket { epoch, .. } => ticket_id(epoch, op.caller),
            _ => panic!("{op:?} names no ticket"),
        };
        match error {
            E::Overflow => Overflow {}.abi_encode(),
            E::ZeroAmount => ZeroAmount {}.abi_encode(),
            E::NoTicket { epoch, owner } => IExits::NoTicket {
                ticketId: ticket_id(epoch, self.on_chain(owner)),
            }
            .abi_encode(),
            E::NotTicketOwner { caller, .. } => IExits::NotTicketOwner {
                ticketId: ticket(),
                caller,
            }
            .abi_encode(),
            E::TicketTooSmall { shares, needed } => IExits::NotEnoughInTicket {
                ticketId: ticket(),
                shares: word(shares),
                asked: word(needed),
            }
            .abi_encode(),
            E::NothingToClaim { epoch, owner } => IExits::NothingToClaim {
                ticketId: ticket_id(epoch, self.on_chain(owner)),
            }
            .abi_encode(),
            E::PocketOpen { .. } | E::NothingInPocket { .. } => {
                panic!("no call of a story claims from a pocket")
            }
        }
    }

    fn by_hub(&self, error: HubError) -> Vec<u8> {
        use HubError as E;
        match error {
            E::Overflow => Overflow {}.abi_encode(),
            E::Unauthorized { caller } => Unauthorized { caller }.abi_encode(),
            E::ServiceUnknown { service } => IHub::ServiceUnknown { service }.abi_encode(),
            E::BadTerms => IHub::BadTerms {}.abi_encode(),
            E::WindowTooLong {
                veto_window_s,
                epoch_s,
            } => IHub::WindowTooLong {
                vetoWindow: veto_window_s,
                epochLength: epoch_s,
            }
            .abi_encode(),
            E::TermsMismatch { expected, got } => {
                IHub::TermsMismatch { expected, got }.abi_encode()
            }
            E::VaultNotIn { service, .. } => IHub::VaultNotIn {
                vault: self.world.at.vault,
                service,
            }
            .abi_encode(),
            E::OperatorNotIn { operator, service } => {
                IHub::OperatorNotIn { operator, service }.abi_encode()
            }
            E::OffenceEpochOutOfRange {
                offence_epoch,
                current,
            } => IHub::OffenceEpochOutOfRange {
                offenceEpoch: offence_epoch,
                current,
            }
            .abi_encode(),
            E::BadWad { wad } => IHub::BadWad { wad }.abi_encode(),
            E::AboveSlashCap { max_wad, attempted } => IHub::AboveSlashCap {
                maxWad: max_wad,
                attempted,
            }
            .abi_encode(),
            E::TooManyUndecided { service, max } => IHub::TooManyUndecided {
                service,
                max: word(max),
            }
            .abi_encode(),
            E::CoolingDown { until_s } => IHub::CoolingDown { until: until_s }.abi_encode(),
            E::Suspended { service } => IHub::Suspended { service }.abi_encode(),
            E::RequestUnknown { id } => IHub::RequestUnknown { id }.abi_encode(),
            E::WrongStatus { id, status } => IHub::WrongStatus {
                id,
                status: IHub::Status::try_from(status as u8).expect("the same states"),
            }
            .abi_encode(),
            E::WindowOpen { until_s } => IHub::WindowOpen { until: until_s }.abi_encode(),
            E::ArmingOver { since_s } => IHub::ArmingOver { since: since_s }.abi_encode(),
            E::NotYetExecutable { at_s } => IHub::NotYetExecutable { at: at_s }.abi_encode(),
            E::NotYetLapsed { at_s } => IHub::NotYetLapsed { at: at_s }.abi_encode(),
        }
    }
}

fn by_allocator(error: AllocatorError) -> Vec<u8> {
    use AllocatorError as E;
    match error {
        E::Overflow => Overflow {}.abi_encode(),
        E::AlreadyInitialized => AlreadyInitialized {}.abi_encode(),
        E::AboveCapacity {
            capacity,
            attempted,
        } => IAllocator::AboveCapacity {
            capacity,
            attempted,
        }
        .abi_encode(),
        E::ChangePending { effective_s } => IAllocator::ChangePending {
            effectiveAt: effective_s,
        }
        .abi_encode(),
        E::BadWad { wad } => IAllocator::BadWad { wad }.abi_encode(),
        E::NothingSlashable {
            service,
            operator,
            offence_epoch,
        } => IAllocator::NothingSlashable {
            service,
            operator,
            offenceEpoch: offence_epoch,
        }
        .abi_encode(),
        E::RequestUnknown { id } => IAllocator::RequestUnknown { id }.abi_encode(),
        E::AboveLimit {
            place,
            limit,
            attempted,
        } => above_limit(place, limit, attempted),
        E::TooManyAllocations { max } => IAllocator::TooManyAllocations { max }.abi_encode(),
        E::AllocationsPaused { until_s } => IAllocator::AllocationsArePaused {
            until: word(until_s),
        }
        .abi_encode(),
        E::PauseTooLong { duration_s, max_s } => PauseTooLong {
            durationS: word(duration_s),
            maxS: word(max_s),
        }
        .abi_encode(),
        E::PauseCoolingDown { until_s } => PauseCoolingDown {
            until: word(until_s),
        }
        .abi_encode(),
        E::Retired => IAllocator::VaultRetired {}.abi_encode(),
        E::Loosens => IAllocator::Loosens {}.abi_encode(),
        E::BpsTooHigh { bps, max_bps } => BpsTooHigh {
            bps: word(bps),
            maxBps: word(max_bps),
        }
        .abi_encode(),
        E::NothingToTrim { service, operator } => {
            IAllocator::NothingToTrim { service, operator }.abi_encode()
        }
    }
}

fn above_limit(place: Place, limit: u64, attempted: u64) -> Vec<u8> {
    match place {
        Place::Service(service) => IAllocator::AboveServiceLimit {
            service,
            limit,
            attempted,
        }
        .abi_encode(),
        Place::Operator(operator) => IAllocator::AboveOperatorLimit {
            operator,
            limit,
            attempted,
        }
        .abi_encode(),
        Place::Group(group) => IAllocator::AboveGroupLimit {
            group,
            limit,
            attempted,
        }
        .abi_encode(),
        Place::Failures(operators) => IAllocator::AboveWorstCaseLimit {
            operators,
            limit,
            attempted,
        }
        .abi_encode(),
    }
}

/// Whom a call would have paid.
fn receiver(op: &Op) -> Option<Address> {
    match op.call {
        Call::Redeem { receiver, .. } => Some(receiver),
        Call::Pull { sink, .. } => Some(sink),
        _ => None,
    }
}

fn word(number: impl Into<u128>) -> U256 {
    U256::from(number.into())
}
