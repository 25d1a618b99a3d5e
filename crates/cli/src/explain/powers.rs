//! Refusals of what roles call: the governor, the allocator, the rates and parameters of the vault.

use alloy::primitives::U256;
use weir_abi::IAllocator::IAllocatorErrors as Allocator;
use weir_abi::IGovernor::IGovernorErrors as Governor;
use weir_abi::IRates::IRatesErrors as Rates;
use weir_deployment::revert::Refusal;

use super::{Explanation, because, other_error, share};
use crate::amount::{percent, rate};
use crate::connect::Client;
use crate::datum::tag_text;
use crate::time::{at, moment, span};

pub fn governor(error: &Governor) -> Explanation {
    match error {
        Governor::MustWait(e) => because(format!("such a call waits {}", span(e.waitS)))
            .next("weir governor propose schedules it"),
        Governor::ProposalUnknown(e) => {
            because(format!("nothing was scheduled as {}", e.id)).next("weir governor list --all")
        }
        Governor::NotWaiting(e) => because(format!(
            "scheduled change {} was {} before",
            e.id,
            if e.status == 2 {
                "executed"
            } else {
                "cancelled"
            }
        ))
        .next("weir governor list"),
        Governor::NotRipe(e) => because(format!("it waits until {}", at(e.ripeAt)))
            .next("weir time warp, on a chain of `weir up`"),
        Governor::ProposalExpired(e) => because(format!(
            "nobody executed it in time; it expired at {}",
            at(e.since)
        ))
        .next("weir governor propose it again"),
        other => because(other_error(&Refusal::Governor(other.clone()))),
    }
}

pub fn allocator(client: &Client, error: &Allocator) -> Explanation {
    let over = |place: String, limit: u64, attempted: u64| {
        because(format!(
            "{place} may have {} at risk, and this would make it {}",
            share(limit),
            share(attempted)
        ))
        .next("weir curator exposure shows how far the limits are")
    };
    match error {
        Allocator::NothingSlashable(e) => because(format!(
            "{} has no stake in service {} that can be slashed for epoch {}: what is allocated counts from the epochs that \
             begin later, and what earlier requests froze does not count twice",
            client.name_of(e.operator),
            e.service,
            e.offenceEpoch
        ))
        .next("another --operator, or --epoch; weir status shows undecided slashes"),
        Allocator::AboveCapacity(e) => because(format!(
            "{} of the stake would be allocated, and there is {}",
            share(e.attempted),
            share(e.capacity)
        ))
        .next("weir curator allocate less, or lower another one first; what was lowered counts until it cannot be slashed"),
        Allocator::AboveServiceLimit(e) => {
            over(format!("service {}", e.service), e.limit, e.attempted)
        }
        Allocator::AboveOperatorLimit(e) => {
            over(client.label(e.operator), e.limit, e.attempted)
        }
        Allocator::AboveGroupLimit(e) => {
            over(format!("group {}", tag_text(e.group)), e.limit, e.attempted)
        }
        Allocator::AboveWorstCaseLimit(e) => over(
            format!("the worst {} operators together", e.operators),
            e.limit,
            e.attempted,
        ),
        Allocator::AllocationsArePaused(e) => because(format!(
            "raises of allocations are paused until {}",
            moment(e.until)
        ))
        .next("weir guardian status"),
        Allocator::ChangePending(e) => because(format!(
            "an earlier change of it counts only from {} on",
            at(e.effectiveAt)
        ))
        .next("run the command again after that"),
        Allocator::NothingToTrim(e) => because(format!(
            "{} in service {} is over no limit, beside what is leaving already",
            client.label(e.operator),
            e.service
        ))
        .next("weir curator exposure shows how far the limits are"),
        Allocator::TooManyGroups(e) => because(format!("an operator has {} tags at most", e.max))
            .next("weir governor propose groups replaces them"),
        other => because(other_error(&Refusal::Allocator(other.clone()))),
    }
}

pub fn rates(client: &Client, error: &Rates) -> Explanation {
    match error {
        Rates::SourceUnknown(e) => because(format!(
            "{} has no rate source",
            client.label(e.asset)
        ))
        .next("weir governor propose rate-source"),
        Rates::OutOfOrder(e) if e.expected == alloy::primitives::Address::ZERO => because(
            "every asset of the vault has its source, and this is no asset of it",
        )
        .next("weir governor propose list-asset first"),
        Rates::OutOfOrder(e) => because(format!(
            "the vault's next asset is {}: sources are listed in its order",
            client.label(e.expected)
        )),
        Rates::SourceSilent(e) => because(format!(
            "{} did not answer what {} is worth",
            client.label(e.target),
            client.label(e.asset)
        ))
        .next("check --source and --call"),
        Rates::RateOutOfRange(e) => because(format!(
            "{} is no rate: one is above 0 and below 18.4 ETH",
            rate(e.rateWad)
        )),
        Rates::BadSource(_) => because(
            "a source falls by less than everything, grows by at most everything in a day, and a second one agrees up to a \
             tenth at most",
        )
        .next("--max-drop, --max-growth and --margin in percent"),
    }
}

/// Parameters of the vault that are out of their range.
pub fn too_high(bps: U256, max: U256) -> Explanation {
    because(format!(
        "{} is more than the most, {}",
        percent(bps),
        percent(max)
    ))
}
