//! Why the rules refuse, as the interface says it.

use alloy_primitives::U256;
use weir_abi::{
    IAllocator::{
        AboveCapacity, AboveGroupLimit, AboveOperatorLimit, AboveServiceLimit, AboveWorstCaseLimit,
        AllocationsArePaused, BadWad, ChangePending, Loosens, NothingSlashable, NothingToTrim,
        RequestUnknown, TooManyAllocations, VaultRetired,
    },
    IShared::{AlreadyInitialized, BpsTooHigh, Overflow, PauseCoolingDown, PauseTooLong},
};
use weir_protocol::allocator::{AllocatorError as Error, Place};
use weir_shell::Revert;

pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::AlreadyInitialized => AlreadyInitialized {}.into(),
        Error::AboveCapacity {
            capacity,
            attempted,
        } => AboveCapacity {
            capacity,
            attempted,
        }
        .into(),
        Error::ChangePending { effective_s } => ChangePending {
            effectiveAt: effective_s,
        }
        .into(),
        Error::BadWad { wad } => BadWad { wad }.into(),
        Error::NothingSlashable {
            service,
            operator,
            offence_epoch,
        } => NothingSlashable {
            service,
            operator,
            offenceEpoch: offence_epoch,
        }
        .into(),
        Error::RequestUnknown { id } => RequestUnknown { id }.into(),
        Error::AboveLimit {
            place,
            limit,
            attempted,
        } => above_limit(place, limit, attempted),
        Error::TooManyAllocations { max } => TooManyAllocations { max }.into(),
        Error::AllocationsPaused { until_s } => AllocationsArePaused {
            until: U256::from(until_s),
        }
        .into(),
        Error::PauseTooLong { duration_s, max_s } => PauseTooLong {
            durationS: U256::from(duration_s),
            maxS: U256::from(max_s),
        }
        .into(),
        Error::PauseCoolingDown { until_s } => PauseCoolingDown {
            until: U256::from(until_s),
        }
        .into(),
        Error::Retired => VaultRetired {}.into(),
        Error::Loosens => Loosens {}.into(),
        Error::BpsTooHigh { bps, max_bps } => BpsTooHigh {
            bps: U256::from(bps),
            maxBps: U256::from(max_bps),
        }
        .into(),
        Error::NothingToTrim { service, operator } => NothingToTrim { service, operator }.into(),
    }
}

fn above_limit(place: Place, limit: u64, attempted: u64) -> Revert {
    match place {
        Place::Service(service) => AboveServiceLimit {
            service,
            limit,
            attempted,
        }
        .into(),
        Place::Operator(operator) => AboveOperatorLimit {
            operator,
            limit,
            attempted,
        }
        .into(),
        Place::Group(group) => AboveGroupLimit {
            group,
            limit,
            attempted,
        }
        .into(),
        Place::Failures(operators) => AboveWorstCaseLimit {
            operators,
            limit,
            attempted,
        }
        .into(),
    }
}
