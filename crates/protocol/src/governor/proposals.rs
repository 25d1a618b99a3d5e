//! A call is scheduled, and executed or cancelled.

use alloy_primitives::{Address, U256};

use super::{GovernorKey, GovernorStore, MAX_DATA_BYTES};
use crate::word::{field64, halves, put, word};

/// So long can a ripe call be executed; then it has to be scheduled again, so that nothing forgotten happens years later.
pub const EXECUTION_GRACE_S: u64 = 14 * 24 * 60 * 60;

/// Where a scheduled call is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Status {
    /// Waits, is ripe, or was forgotten.
    Waiting = 1,
    /// Done.
    Executed = 2,
    /// Never to be done.
    Cancelled = 3,
}

/// A scheduled call, but for whom it calls with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Where it is in its life.
    pub status: Status,
    /// When it was scheduled, Unix seconds.
    pub scheduled_s: u64,
    /// When it can be executed as the rules were then, Unix seconds.
    pub ready_s: u64,
    /// Length of its calldata, bytes.
    pub length: u16,
}

impl Proposal {
    pub(super) fn from_word(source: U256) -> Option<Self> {
        let [low, _] = halves(source);
        let status = match field64(low, 0, 8) {
            1 => Status::Waiting,
            2 => Status::Executed,
            3 => Status::Cancelled,
            _ => return None,
        };
        Some(Self {
            status,
            scheduled_s: field64(low, 8, 40),
            ready_s: field64(low, 48, 40),
            length: field64(low, 88, 16) as u16,
        })
    }

    pub(super) fn to_word(self) -> Option<U256> {
        let low = put(self.status as u128, 8, 40, self.scheduled_s.into())?;
        let low = put(low, 48, 40, self.ready_s.into())?;
        Some(word(put(low, 88, 16, self.length.into())?, 0))
    }

    /// When it can be executed if its rule asks for `wait_s` now, Unix seconds.
    pub fn ripe_s(&self, wait_s: u64) -> u64 {
        self.ready_s.max(self.scheduled_s.saturating_add(wait_s))
    }

    /// From when on it can no longer be executed, Unix seconds.
    pub fn expires_s(&self, wait_s: u64) -> u64 {
        self.ripe_s(wait_s).saturating_add(EXECUTION_GRACE_S)
    }
}

/// Why the governor refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GovernorError {
    /// A result left its range.
    Overflow,
    /// Nothing was scheduled under this id.
    ProposalUnknown {
        /// The id.
        id: u64,
    },
    /// The call was executed or cancelled before.
    NotWaiting {
        /// The id.
        id: u64,
        /// Which of them.
        status: Status,
    },
    /// The call still waits.
    NotRipe {
        /// Until then, Unix seconds.
        ripe_s: u64,
    },
    /// The call was not executed in time.
    ProposalExpired {
        /// Since then, Unix seconds.
        since_s: u64,
    },
    /// The calldata is longer than what is kept.
    DataTooLong {
        /// Its length, bytes.
        length: usize,
        /// The most.
        max: usize,
    },
}

/// The length of calldata that can be kept.
pub fn check_length(length: usize) -> Result<u16, GovernorError> {
    match u16::try_from(length) {
        Ok(short) if length <= MAX_DATA_BYTES => Ok(short),
        _ => Err(GovernorError::DataTooLong {
            length,
            max: MAX_DATA_BYTES,
        }),
    }
}

/// Schedules a call of `target` with `data`, which its rule lets wait for `wait_s`; answers its id, from 1, and what is kept.
pub fn schedule<S: GovernorStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    wait_s: u64,
    target: Address,
    data: &[u8],
) -> Result<(u64, Proposal), GovernorError> {
    let length = check_length(data.len())?;
    let id = store
        .count()
        .checked_add(1)
        .ok_or(GovernorError::Overflow)?;
    store.save(GovernorKey::Count, U256::from(id));
    let proposal = Proposal {
        status: Status::Waiting,
        scheduled_s: now_s,
        ready_s: now_s.saturating_add(wait_s),
        length,
    };
    store.set_proposal(id, &proposal)?;
    store.save(
        GovernorKey::Target(id),
        U256::from_be_bytes(target.into_word().0),
    );
    for (place, part) in (0u8..).zip(data.chunks(32)) {
        let mut bytes = [0; 32];
        for (kept, byte) in bytes.iter_mut().zip(part) {
            *kept = *byte;
        }
        store.save(GovernorKey::Data(id, place), U256::from_be_bytes(bytes));
    }
    Ok((id, proposal))
}

/// Lets call `id` be made, whose rule asks for `wait_s` now. The caller makes it, and a refusal undoes it all.
pub fn execute<S: GovernorStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    id: u64,
    wait_s: u64,
) -> Result<(), GovernorError> {
    let mut proposal = waiting(store, id)?;
    let ripe_s = proposal.ripe_s(wait_s);
    if now_s < ripe_s {
        return Err(GovernorError::NotRipe { ripe_s });
    }
    let since_s = proposal.expires_s(wait_s);
    if now_s >= since_s {
        return Err(GovernorError::ProposalExpired { since_s });
    }
    proposal.status = Status::Executed;
    store.set_proposal(id, &proposal)
}

/// Takes back call `id`.
pub fn cancel<S: GovernorStore + ?Sized>(store: &mut S, id: u64) -> Result<(), GovernorError> {
    let mut proposal = waiting(store, id)?;
    proposal.status = Status::Cancelled;
    store.set_proposal(id, &proposal)
}

fn waiting<S: GovernorStore + ?Sized>(store: &S, id: u64) -> Result<Proposal, GovernorError> {
    let proposal = store.proposal(id)?;
    match proposal.status {
        Status::Waiting => Ok(proposal),
        status => Err(GovernorError::NotWaiting { id, status }),
    }
}
