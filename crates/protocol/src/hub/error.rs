//! Why the hub refuses.

use alloy_primitives::{Address, B256};

use super::Status;
use crate::clock::Epoch;

/// Why the hub refuses. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HubError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The caller does not hold the role.
    Unauthorized {
        /// Who called.
        caller: Address,
    },
    /// No service has this number.
    ServiceUnknown {
        /// The number.
        service: u32,
    },
    /// A slasher and a resolver are needed, a window and a cap above zero and a cap of at most everything.
    BadTerms,
    /// The veto window must be shorter than the vault's epoch.
    WindowTooLong {
        /// Seconds.
        veto_window_s: u64,
        /// Seconds.
        epoch_s: u64,
    },
    /// The terms of the service are not those named.
    TermsMismatch {
        /// Of the service.
        expected: B256,
        /// Named.
        got: B256,
    },
    /// The vault has not opted in.
    VaultNotIn {
        /// The vault.
        vault: Address,
        /// The service.
        service: u32,
    },
    /// The operator has not opted in.
    OperatorNotIn {
        /// The operator.
        operator: Address,
        /// The service.
        service: u32,
    },
    /// Only offences of this epoch or the last can be filed.
    OffenceEpochOutOfRange {
        /// Asked for.
        offence_epoch: Epoch,
        /// This one.
        current: Epoch,
    },
    /// A slash takes more than nothing and at most everything.
    BadWad {
        /// Asked for.
        wad: u64,
    },
    /// With earlier requests for offences of that epoch, vetoed ones too, this is more than the terms allow.
    AboveSlashCap {
        /// The terms.
        max_wad: u64,
        /// What it would reach.
        attempted: u64,
    },
    /// The service has as many undecided requests as it may.
    TooManyUndecided {
        /// The service.
        service: u32,
        /// That many.
        max: u8,
    },
    /// After a veto or a lapse the service may not file for a while.
    CoolingDown {
        /// Until then, Unix seconds.
        until_s: u64,
    },
    /// The service was vetoed twice and may not file again: new terms are a new service.
    Suspended {
        /// The service.
        service: u32,
    },
    /// No request has this id.
    RequestUnknown {
        /// The id.
        id: u64,
    },
    /// The request is past that.
    WrongStatus {
        /// The request.
        id: u64,
        /// Where it is in its life.
        status: Status,
    },
    /// The veto window is open.
    WindowOpen {
        /// Until then, Unix seconds.
        until_s: u64,
    },
    /// The time to arm the request is over.
    ArmingOver {
        /// Since then, Unix seconds.
        since_s: u64,
    },
    /// The request was armed too short a time ago.
    NotYetExecutable {
        /// From then on, Unix seconds.
        at_s: u64,
    },
    /// The request can still be armed.
    NotYetLapsed {
        /// From then on it lapses, Unix seconds.
        at_s: u64,
    },
}
