//! What a contract's refusal means, in a sentence with amounts that people read.

mod rewards;

use alloy::primitives::U256;
use weir_abi::ICustody::ICustodyErrors as Custody;
use weir_abi::IErc20::IErc20Errors as Token;
use weir_abi::IExits::IExitsErrors as Exits;
use weir_abi::IHub::{IHubErrors as Hub, Status};
use weir_abi::IRouter::IRouterErrors as Router;
use weir_abi::IShared::ISharedErrors as Shared;
use weir_abi::IVault::IVaultErrors as Vault;
use weir_deployment::arb_wasm::IArbWasm::IArbWasmErrors;
use weir_deployment::revert::Refusal;

use crate::amount::{exact, rate, short};
use crate::connect::Client;
use crate::time::{moment, span};

mod cover;
mod powers;

/// Why a contract refused, and what to do.
pub struct Explanation {
    /// Why.
    pub why: String,
    /// What to do next, where there is something to do.
    pub next: Option<String>,
}

fn because(why: impl Into<String>) -> Explanation {
    Explanation {
        why: why.into(),
        next: None,
    }
}

impl Explanation {
    fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

/// Explains a refusal of a contract of Weir.
pub fn explain(client: &Client, refusal: &Refusal) -> Explanation {
    match refusal {
        Refusal::Vault(error) => vault(client, error),
        Refusal::Exits(error) => exits(client, error),
        Refusal::Hub(error) => hub(error),
        Refusal::Allocator(error) => powers::allocator(client, error),
        Refusal::Rewards(error) => rewards::rewards(client, error),
        Refusal::Governor(error) => powers::governor(error),
        Refusal::Cover(error) => cover::cover(client, error),
        Refusal::Rates(error) => powers::rates(client, error),
        Refusal::Custody(error) => custody(client, error),
        Refusal::Router(Router::BelowMinOut(e)) => because(format!(
            "it would give {}, and at least {} were asked for",
            exact(e.amountOut),
            exact(e.minOut)
        ))
        .next("better pools, a lower --min-out, or weir claim without --into"),
        Refusal::Token(error) => token(client, error),
        Refusal::Shared(error) => shared(client, error),
        Refusal::ArbWasm(IArbWasmErrors::ProgramKeepaliveTooSoon(e)) => because(format!(
            "it was activated only {} ago",
            span(e.ageInSeconds)
        ))
        .next("31 days after that it can be renewed; weir keepalive status shows how long it runs"),
        other => because(other.to_string()),
    }
}

fn vault(client: &Client, error: &Vault) -> Explanation {
    match error {
        Vault::AssetIsDelisted(e) => because(format!(
            "{} is delisted: the vault takes no more of it",
            client.name_of(e.token)
        ))
        .next("deposit another asset"),
        Vault::AboveCap(e) => because(format!(
            "the vault takes at most {} {}, and this would raise it to {}",
            exact(e.cap),
            client.name_of(e.token),
            exact(e.attempted)
        ))
        .next("deposit less, or another asset"),
        Vault::VaultRetired(_) => because("the vault has ended: it takes nothing more in")
            .next("weir exit: what is in it is paid out"),
        Vault::NotRetirable(e) => because(format!(
            "the rate is {}, and the vault ends under a millionth of {}",
            exact(e.rateWad),
            exact(e.hwmWad)
        )),
        Vault::CapRisesTooFast(e) => because(format!(
            "the cap of {} may rise to {} in this epoch, and {} was asked for",
            client.name_of(e.token),
            exact(e.maxCap),
            exact(e.cap)
        ))
        .next("ask for less, and again next epoch"),
        Vault::AssetNotListed(e) => because(format!(
            "{} is not an asset of the vault",
            client.name_of(e.token)
        )),
        Vault::BadStreamEnd(e) => because(format!(
            "a reward ends with the start of an epoch from {} to {}, not of {}",
            e.first, e.last, e.end
        ))
        .next("another length by --for"),
        Vault::StreamTooSmall(e) => because(format!(
            "it brings {} after commission, and must bring at least {}",
            exact(e.amount),
            exact(e.min)
        )),
        Vault::NoHolders(_) => because("nobody holds shares yet, so nobody would have it"),
        Vault::DepositsArePaused(e) => {
            because(format!("deposits are paused until {}", moment(e.until)))
        }
        Vault::InstantIsPaused(e) => because(format!(
            "instant exits are paused until {}",
            moment(e.until)
        ))
        .next("weir exit: the queue is never paused"),
        Vault::FirstDepositTooSmall(e) => because(format!(
            "the first deposit is worth {} ETH and must be worth at least {}",
            exact(e.value),
            exact(e.minValue)
        )),
        Vault::ZeroShares(e) => {
            because(format!("{} wei buy less than one wei of a share", e.amount))
        }
        Vault::BelowMinShares(e) => because(format!(
            "it would give {} shares, and at least {} were asked for: the rate moved",
            exact(e.shares),
            exact(e.minShares)
        ))
        .next("run the command again, or allow more with --slippage-bps"),
        Vault::FloorBelowMin(e) => because(format!(
            "the floor rate is {}, below the {} asked for: a slash may have been filed just now",
            rate(e.floorRate),
            rate(e.minFloorRate)
        ))
        .next("weir status shows undecided slashes"),
        Vault::RateNotFresh(e) => because(format!(
            "the rate of {} is {}, so nothing can be priced by it",
            client.name_of(e.token),
            if e.state == 1 {
                "stale"
            } else {
                "out of its bounds"
            }
        ))
        .next("weir exit: the queue needs no rate"),
        Vault::GuardRefuses(e) => because(format!(
            "{} trades too far under its rate on the market",
            client.name_of(e.token)
        )),
        Vault::Worthless(_) => because("nearly everything was slashed: a share is worth nothing"),
        Vault::BelowMinAmount(e) => because(format!(
            "it would pay {}, and at least {} were asked for: the rate or the fee moved",
            exact(e.amount),
            exact(e.minAmount)
        ))
        .next("run the command again, or allow more with --slippage-bps"),
        Vault::OutflowLimit(e) => because(format!(
            "instant exits may take {} ETH out at a time, and this would make it {}",
            exact(e.limitValue),
            short(e.attempted)
        ))
        .next("redeem less, wait, or use weir exit"),
        Vault::InsufficientIdle(e) => because(format!(
            "only {} {} are free for instant exits, and this needs {}",
            short(e.available),
            client.name_of(e.token),
            short(e.needed)
        ))
        .next("redeem less or another asset, or use weir exit"),
        Vault::SyncPending(e) => because(format!(
            "epochs from {} on are not closed yet, too many for one call",
            e.nextEpoch
        ))
        .next("call sync() of the vault until it answers true"),
        Vault::EpochNotOpen(e) => because(format!(
            "the exits of epoch {} are closed; it is epoch {} now",
            e.epoch, e.current
        ))
        .next("weir claim, once they are settled"),
        // The hub's error of the same name has the same selector.
        Vault::RequestUnknown(e) => {
            because(format!("there is no slash request {}", e.id)).next("weir status lists them")
        }
        Vault::AssetAlreadyListed(e) => because(format!(
            "{} is an asset of the vault already",
            client.name_of(e.token)
        )),
        Vault::AssetStillListed(e) => {
            because(format!("{} still takes deposits", client.name_of(e.token)))
                .next("weir governor propose delist first")
        }
        Vault::AssetNotFailed(e) => because(format!(
            "the rate of {} is fresh: it has not failed, and exits pay it out",
            client.name_of(e.token)
        )),
        Vault::StillContested(e) => because(format!(
            "{} slash requests are undecided, and what they will take is nobody's yet",
            e.undecided
        ))
        .next("weir status shows when they are decided"),
        Vault::NoFees(_) => because("no fee shares wait to be split").next("weir vault take-fee"),
        Vault::FeeRiseTooSteep(e) => because(format!(
            "the fee may rise to {} at most for now",
            crate::amount::percent(e.maxBps)
        )),
        Vault::FeeRoseAlready(e) => because(format!(
            "the fee rose in this epoch already, and may again from epoch {} on",
            e.nextEpoch
        )),
        Vault::NothingDue(e) => because(format!(
            "no slashed {} waits for {}",
            client.name_of(e.asset),
            client.name_of(e.sink)
        )),
        other => because(other_error(&Refusal::Vault(other.clone()))),
    }
}

fn exits(client: &Client, error: &Exits) -> Explanation {
    match error {
        Exits::NoTicket(_) => because("there is no such ticket: never requested, cancelled, or claimed in full")
            .next("weir status ACCOUNT lists tickets"),
        Exits::NothingToClaim(_) => because("nothing of this ticket can be claimed now: its epoch is not settled, or it was claimed")
            .next("weir status ACCOUNT shows when it settles"),
        Exits::NotEnoughInTicket(e) => {
            because(format!("the ticket has {} shares, and this asks for {}", exact(e.shares), exact(e.asked)))
        }
        Exits::PocketIsOpen(e) => because(format!("the holders of the pocket of {} are named, for ever", client.label(e.asset)))
            .next("weir pocket tree shows whether they are the right ones"),
        Exits::NotInPocket(e) => because(format!(
            "{} with {} shares is not in the tree that the governor named",
            client.label(e.account),
            exact(e.shares)
        ))
        .next("weir pocket tree computes who is"),
        Exits::NothingInPocket(e) => because(format!(
            "{} took its part of all that came into the pocket of {} so far",
            client.label(e.account),
            client.label(e.asset)
        ))
        .next("run the command again when more came in: weir pocket status"),
        other => because(other_error(&Refusal::Exits(other.clone()))),
    }
}

fn hub(error: &Hub) -> Explanation {
    match error {
        Hub::WrongStatus(e) => because(format!(
            "slash request {} is {}",
            e.id,
            status_word(e.status)
        )),
        Hub::WindowOpen(e) => because(format!(
            "the veto window is open until {}",
            moment(U256::from(e.until))
        ))
        .next("weir time warp, on a chain of `weir up`"),
        Hub::NotYetExecutable(e) => because(format!(
            "it can be executed from {} on",
            moment(U256::from(e.at))
        ))
        .next("weir time warp, on a chain of `weir up`"),
        Hub::ArmingOver(e) => because(format!(
            "nobody armed it until {}: it can only lapse",
            moment(U256::from(e.since))
        ))
        .next("weir slash lapse"),
        Hub::NotYetLapsed(e) => {
            because(format!("it can lapse from {} on", moment(U256::from(e.at))))
        }
        Hub::AboveSlashCap(e) => because(format!(
            "the terms allow {} of an operator for one epoch, and this would make it {}",
            share(e.maxWad),
            share(e.attempted)
        )),
        Hub::OffenceEpochOutOfRange(e) => because(format!(
            "it is epoch {}: an offence must be of this epoch or the last, not of {}",
            e.current, e.offenceEpoch
        )),
        Hub::CoolingDown(e) => because(format!(
            "a request of this service was vetoed or lapsed: it may file again from {} on",
            moment(U256::from(e.until))
        )),
        Hub::Suspended(e) => because(format!(
            "service {} was vetoed twice, and may file no more",
            e.service
        )),
        other => because(other_error(&Refusal::Hub(other.clone()))),
    }
}

fn custody(client: &Client, error: &Custody) -> Explanation {
    match error {
        Custody::HoldingUnknown(e) => because(format!("there is no holding {}", e.id)),
        Custody::HoldingLost(e) => because(format!(
            "holding {} went unanswered before, and is slashed once",
            e.id
        )),
        Custody::HoldingOver(e) => because(format!(
            "holding {} was promised until {}",
            e.id,
            moment(U256::from(e.until))
        )),
        Custody::ChunkOutOfRange(e) => {
            because(format!("the blob has {} chunks, numbered from 0", e.count))
        }
        Custody::TooManyOpen(e) => because(format!(
            "{} has {} challenges to answer already, as many as it may",
            client.name_of(e.operator),
            e.max
        ))
        .next("wait until one is answered or failed"),
        Custody::BadUntil(_) => because("a blob is held at least a second and at most 366 days")
            .next("--for with another span"),
        other => because(other_error(&Refusal::Custody(other.clone()))),
    }
}

fn token(client: &Client, error: &Token) -> Explanation {
    match error {
        Token::ERC20InsufficientBalance(e) => because(format!(
            "{} has {}, and this needs {}",
            client.name_of(e.sender),
            exact(e.balance),
            exact(e.needed)
        )),
        Token::ERC20InsufficientAllowance(e) => because(format!(
            "{} may spend {} of the account, and this needs {}",
            client.name_of(e.spender),
            exact(e.allowance),
            exact(e.needed)
        )),
        other => because(other_error(&Refusal::Token(other.clone()))),
    }
}

fn shared(client: &Client, error: &Shared) -> Explanation {
    match error {
        Shared::Unauthorized(e) => because(format!(
            "{} does not hold the role that this call asks for",
            client.name_of(e.caller)
        )),
        Shared::Expired(e) => because(format!(
            "its deadline was {}, and it is {} now",
            moment(e.deadline),
            moment(e.nowTime)
        ))
        .next("run the command again"),
        Shared::TransferFailed(e) => because(format!(
            "{} would not move {} to {}",
            client.name_of(e.token),
            exact(e.amount),
            client.name_of(e.to)
        )),
        Shared::BpsTooHigh(e) => powers::too_high(e.bps, e.maxBps),
        Shared::PauseTooLong(e) => because(format!(
            "a pause lasts {} at most",
            span(u64::try_from(e.maxS).unwrap_or(u64::MAX))
        ))
        .next("--for 3d, and again after as long a rest"),
        Shared::PauseCoolingDown(e) => because(format!(
            "after a pause comes as long a rest: it can be paused again from {} on",
            moment(e.until)
        ))
        .next("weir guardian status"),
        Shared::ZeroAmount(_) => because("the amount is zero"),
        other => because(other_error(&Refusal::Shared(other.clone()))),
    }
}

/// An error without a sentence of its own: its name and values.
fn other_error(refusal: &Refusal) -> String {
    format!("the contract answered {refusal}")
}

/// A part of 1e18 as a percentage.
pub fn share(wad: u64) -> String {
    // 1e14 is one basis point.
    crate::amount::percent(U256::from(wad / 100_000_000_000_000))
}

/// A status in a sentence.
pub const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Filed => "filed",
        Status::Armed => "armed",
        Status::Vetoed => "vetoed",
        Status::Executed => "executed",
        Status::Lapsed => "lapsed",
        _ => "unknown",
    }
}
