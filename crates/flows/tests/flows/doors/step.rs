//! What may happen next.

use proptest::prelude::*;

use super::town::ACTORS;

/// An actor, by place.
pub type Who = usize;

/// How a token acts when it is told to transfer.
#[derive(Clone, Copy, Debug)]
pub enum Mood {
    Honest,
    Reverts,
    AnswersFalse,
}

#[derive(Clone, Debug)]
pub enum Step {
    Pass {
        hours: u64,
    },
    Rate {
        bps: u64,
    },
    Mood(Mood),
    Pause {
        hours: u64,
    },
    ZapEther {
        who: Who,
        milli: u64,
    },
    Deposit {
        who: Who,
        asset: usize,
        milli: u64,
        receiver: Who,
    },
    Instant {
        who: Who,
        asset: usize,
        part: u64,
    },
    Request {
        who: Who,
        part: u64,
        receiver: Who,
    },
    EntryRequest {
        who: Who,
        asset: usize,
        part: u64,
        controller: Who,
        owner: Who,
    },
    Redeem {
        who: Who,
        asset: usize,
        receiver: Who,
        controller: Who,
        off: u64,
    },
    Withdraw {
        who: Who,
        asset: usize,
        receiver: Who,
        controller: Who,
    },
    Claim {
        owner: Who,
        back: u64,
    },
    ClaimTo {
        who: Who,
        owner: Who,
        back: u64,
        receiver: Who,
    },
    Into {
        who: Who,
        owner: Who,
        back: u64,
        asset: usize,
        pool: u8,
        receiver: Who,
        min_milli: u64,
    },
    Transfer {
        who: Who,
        back: u64,
        to: Who,
    },
    Operate {
        who: Who,
        at: usize,
        operator: Who,
        approved: bool,
    },
    File {
        percent: u64,
    },
    Decide {
        execute: bool,
    },
    Pocket,
    ClaimPocket {
        who: Who,
    },
}

pub fn step() -> impl Strategy<Value = Step> {
    let who = || 0..ACTORS.len();
    // Mostly somebody acts for itself.
    let pair = || {
        (who(), who(), 0..4u8).prop_map(|(a, b, other)| if other == 0 { (a, b) } else { (a, a) })
    };
    let (asset, back) = (|| 0..2usize, || 0..5u64);
    let part = || prop_oneof![4 => 1..=100u64, 1 => Just(256u64), 1 => Just(0u64)];
    let milli = || prop_oneof![4 => 1..20_000u64, 1 => Just(0u64), 1 => Just(10_000_000u64)];
    prop_oneof![
        14 => (1..150u64).prop_map(|hours| Step::Pass { hours }),
        2 => (9_950..10_060u64).prop_map(|bps| Step::Rate { bps }),
        2 => prop_oneof![3 => Just(Mood::Honest), 1 => Just(Mood::Reverts), 1 => Just(Mood::AnswersFalse)].prop_map(Step::Mood),
        1 => (1..72u64).prop_map(|hours| Step::Pause { hours }),
        2 => (who(), milli()).prop_map(|(who, milli)| Step::ZapEther { who, milli }),
        4 => (who(), asset(), milli(), who()).prop_map(|(who, asset, milli, receiver)| Step::Deposit { who, asset, milli, receiver }),
        2 => (who(), asset(), part()).prop_map(|(who, asset, part)| Step::Instant { who, asset, part }),
        2 => (who(), part(), who()).prop_map(|(who, part, receiver)| Step::Request { who, part, receiver }),
        14 => (pair(), asset(), part(), who()).prop_map(|((who, owner), asset, part, controller)| {
            Step::EntryRequest { who, asset, part, controller, owner }
        }),
        5 => (pair(), asset(), who(), prop_oneof![4 => Just(0u64), 1 => 1..3u64]).prop_map(|((who, controller), asset, receiver, off)| {
            Step::Redeem { who, asset, receiver, controller, off }
        }),
        2 => (pair(), asset(), who()).prop_map(|((who, controller), asset, receiver)| Step::Withdraw { who, asset, receiver, controller }),
        1 => (who(), back()).prop_map(|(owner, back)| Step::Claim { owner, back }),
        2 => (pair(), back(), who()).prop_map(|((who, owner), back, receiver)| Step::ClaimTo { who, owner, back, receiver }),
        5 => (pair(), 2..5u64, asset(), 0..4u8, who(), 0..50u64).prop_map(|((who, owner), back, asset, pool, receiver, min_milli)| {
            Step::Into { who, owner, back, asset, pool, receiver, min_milli }
        }),
        2 => (who(), back(), who()).prop_map(|(who, back, to)| Step::Transfer { who, back, to }),
        3 => (who(), 0..3usize, who(), any::<bool>()).prop_map(|(who, at, operator, approved)| Step::Operate { who, at, operator, approved }),
        2 => (1..30u64).prop_map(|percent| Step::File { percent }),
        2 => any::<bool>().prop_map(|execute| Step::Decide { execute }),
        1 => Just(Step::Pocket),
        1 => who().prop_map(|who| Step::ClaimPocket { who }),
    ]
}

impl Step {
    /// What kind of step it is.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "pass",
            Self::Rate { .. } => "rate",
            Self::Mood(_) => "mood",
            Self::Pause { .. } => "pause",
            Self::ZapEther { .. } => "zap",
            Self::Deposit { .. } => "deposit",
            Self::Instant { .. } => "instant",
            Self::Request { .. } => "request",
            Self::EntryRequest { .. } => "entry request",
            Self::Redeem { .. } => "redeem",
            Self::Withdraw { .. } => "withdraw",
            Self::Claim { .. } => "claim",
            Self::ClaimTo { .. } => "claim to",
            Self::Into { .. } => "into",
            Self::Transfer { .. } => "transfer",
            Self::Operate { .. } => "operate",
            Self::File { .. } => "file",
            Self::Decide { .. } => "decide",
            Self::Pocket => "pocket",
            Self::ClaimPocket { .. } => "claim pocket",
        }
    }
}
