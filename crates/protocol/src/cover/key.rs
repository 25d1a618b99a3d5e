//! Where bonds and cover are kept: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::word::Place;

/// One storage word of bonds and cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CoverKey {
    /// [`Settings`](super::Settings).
    Settings,
    /// [`Totals`](super::Totals).
    Totals,
    /// [`Bond`](super::Bond) of an operator.
    Bond(Address),
    /// What leaves of an operator's bond: [`Leaving`](super::Leaving).
    Unbonding(Address),
    /// [`Pool`](super::Pool).
    Pool,
    /// [`PoolLock`](super::PoolLock).
    PoolLock,
    /// [`Joining`](super::Joining).
    Joining,
    /// [`Joined`](super::Joined) of a round.
    Joined(u32),
    /// [`Drip`](super::Drip).
    Drip,
    /// Units of a member, and the generation that they are of.
    Member(Address),
    /// What a member has joining, and the round that it joins in.
    Entry(Address),
    /// What leaves of a member's units: [`Leaving`](super::Leaving).
    Notice(Address),
    /// [`Stake`](super::Stake) of a service.
    Stake(u32),
    /// Forfeited stakes, not yet surrendered.
    Forfeited,
    /// [`Lock`](super::Lock) of a request: shares.
    Lock(u64),
    /// [`Lock`](super::Lock) of a request: parties and stake.
    LockParties(u64),
}

impl CoverKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Settings => Place::new(1),
            Self::Totals => Place::new(2),
            Self::Bond(operator) => Place::new(3).account(operator),
            Self::Unbonding(operator) => Place::new(4).account(operator),
            Self::Pool => Place::new(5),
            Self::PoolLock => Place::new(6),
            Self::Joining => Place::new(7),
            Self::Joined(round) => Place::new(8).number(round.into()),
            Self::Drip => Place::new(9),
            Self::Member(member) => Place::new(10).account(member),
            Self::Entry(member) => Place::new(11).account(member),
            Self::Notice(member) => Place::new(12).account(member),
            Self::Stake(service) => Place::new(13).number(service.into()),
            Self::Forfeited => Place::new(14),
            Self::Lock(id) => Place::new(15).id(id),
            Self::LockParties(id) => Place::new(16).id(id),
        };
        place.slot()
    }
}
