//! Operators sign what they saw at each height: the value of an oracle's round, or a block's hash. Two signatures of one
//! operator over different payloads at one height are equivocation, and anybody may prove it.
//!
//! ```text
//! begins(h)  = start + h · period                      fixed for ever
//! offence(h) = epoch of the vault that begins(h) is in   so that who files cannot choose it
//! final(h)     once 3 · Σ weight of those who reported h (values), or reported the same (hashes), >= 2 · Σ weight
//! ```

mod attest;
mod convict;
mod digest;
mod enrol;
mod error;
mod median;
mod store;

pub use attest::{Attested, Report, attest};
pub use convict::{Evidence, convict};
pub use digest::{Signed, digest, domain_separator, evidence_hash, is_low_s};
pub use enrol::{MAX_SEATS, enrol, note_key, refresh};
pub use error::AttestationError;
pub use median::{is_two_thirds, weighted_median};
pub use store::{AttestationKey, AttestationStore, Final, Key, Roster, Seat};

use crate::clock::{Clock, Epoch};

/// What the operators of an instance report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numbers: a round's result is their median, weighted by stake.
    Values,
    /// Hashes: a height's result is the one that two thirds of the stake signed.
    Hashes,
}

/// What is fixed for ever of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// When height 0 begins, Unix seconds.
    pub start_s: u64,
    /// How long a height lasts, seconds.
    pub period_s: u64,
    /// The epochs of the vault whose stake secures the service.
    pub clock: Clock,
    /// What is reported.
    pub kind: Kind,
}

impl Rules {
    /// Whether heights follow each other and begin in an epoch.
    pub const fn is_valid(&self) -> bool {
        self.period_s > 0 && self.start_s >= self.clock.genesis_s && self.start_s < 1 << 40
    }

    /// When `height` begins, Unix seconds; the end of time for one that never does.
    pub const fn begins_s(&self, height: u64) -> u64 {
        self.start_s
            .saturating_add(height.saturating_mul(self.period_s))
    }

    /// The newest height that has begun at `now_s`.
    pub fn height_at(&self, now_s: u64) -> Option<u64> {
        now_s.checked_sub(self.start_s)?.checked_div(self.period_s)
    }

    /// The epoch in which an offence at `height` counts.
    pub fn offence_epoch(&self, height: u64) -> Epoch {
        self.clock.epoch_at(self.begins_s(height))
    }
}
