//! Which role may make a call, and how long it waits. The table is [`rule`]; what it does not name waits longest.

use crate::clock::Clock;
use crate::hub::EXECUTE_DELAY_S;

/// What holders are warned of, but does not let new loss in, waits two days.
pub const SHORT_WAIT_S: u64 = 2 * DAY_S;
/// Longest calldata that is kept.
pub const MAX_DATA_BYTES: usize = 1_024;
const DAY_S: u64 = 24 * 60 * 60;

/// What a call changes, by the contract of the vault that it is sent to, its selector, and the value of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `vault.setCap`.
    Cap {
        /// No higher than now.
        lowers: bool,
    },
    /// `vault.setDepositFee`.
    DepositFee {
        /// No higher than now.
        lowers: bool,
    },
    /// `vault.setIdleTarget` and `vault.setFeeCurve`: what an instant exit finds and costs.
    InstantExit,
    /// `rates.accept`.
    AcceptedRate {
        /// No higher than the last accepted.
        lowers: bool,
    },
    /// `allocator.allocate`: raises are bounded by limits and their own delay.
    Allocation,
    /// `allocator.setLimits`, which lets curator and guardian do nothing but tighten.
    Limits {
        /// No limit gets wider.
        tightens: bool,
    },
    /// `allocator.setGroups`, which lets the curator do nothing but add.
    Groups {
        /// Every old tag stays.
        adds: bool,
    },
    /// A pause of deposits, of instant exits or of raises; never of requests, settlement or claims.
    Pause,
    /// Anything else, of any contract: listings, rate sources, opt-ins, roles.
    Other,
}

/// How long a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Not at all.
    None,
    /// [`SHORT_WAIT_S`].
    Short,
    /// Until who disagrees is out.
    Long,
}

/// Who may make a call, and how long it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The governor may.
    pub governor: bool,
    /// The curator may.
    pub curator: bool,
    /// The guardian may.
    pub guardian: bool,
    /// How long it waits.
    pub wait: Wait,
}

/// The rule of a change.
pub const fn rule(change: Change) -> Rule {
    match change {
        Change::Cap { lowers: true } | Change::DepositFee { lowers: true } => GOVERNOR_AT_ONCE,
        Change::DepositFee { lowers: false }
        | Change::InstantExit
        | Change::AcceptedRate { lowers: true } => Rule {
            wait: Wait::Short,
            ..GOVERNOR_AT_ONCE
        },
        Change::Allocation => Rule {
            governor: false,
            curator: true,
            ..GOVERNOR_AT_ONCE
        },
        Change::Limits { tightens: true } => Rule {
            curator: true,
            guardian: true,
            ..GOVERNOR_AT_ONCE
        },
        Change::Groups { adds: true } => Rule {
            curator: true,
            ..GOVERNOR_AT_ONCE
        },
        Change::Pause => Rule {
            governor: false,
            guardian: true,
            ..GOVERNOR_AT_ONCE
        },
        Change::Cap { lowers: false }
        | Change::AcceptedRate { lowers: false }
        | Change::Limits { tightens: false }
        | Change::Groups { adds: false }
        | Change::Other => Rule {
            wait: Wait::Long,
            ..GOVERNOR_AT_ONCE
        },
    }
}

const GOVERNOR_AT_ONCE: Rule = Rule {
    governor: true,
    curator: false,
    guardian: false,
    wait: Wait::None,
};

/// How long the waits of a vault are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Of [`Wait::Short`], seconds.
    pub short_s: u64,
    /// Of [`Wait::Long`], seconds.
    pub long_s: u64,
}

impl Waits {
    /// Those of a vault with this clock.
    ///
    /// ```text
    /// long = (2 · L + G)  +  (2 · L + 12 h)  +  1 day
    ///        an exit         an undecided       to decide to leave
    ///        asked for       request that
    ///        at once         holds part of
    ///                        it back
    /// ```
    ///
    /// An exit is paid at most `2 L + G` after it is asked for. What a slash request contests of it is decided within the veto window,
    /// shorter than L, an epoch to arm and twelve hours.
    pub const fn of(clock: &Clock) -> Self {
        let epochs_s = clock.epoch_s.saturating_mul(4);
        let rest_s = EXECUTE_DELAY_S.saturating_add(DAY_S);
        let long_s = epochs_s
            .saturating_add(clock.grace_s)
            .saturating_add(rest_s);
        Self {
            short_s: SHORT_WAIT_S,
            long_s,
        }
    }

    /// Of a wait, seconds.
    pub const fn seconds(&self, wait: Wait) -> u64 {
        match wait {
            Wait::None => 0,
            Wait::Short => self.short_s,
            Wait::Long => self.long_s,
        }
    }
}
