//! Where the governor keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use super::{GovernorError, Proposal};
use crate::word::Place;

/// One storage word of the governor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GovernorKey {
    /// How many calls were ever scheduled.
    Count,
    /// Times and status of a [`Proposal`].
    Times(u64),
    /// Whom it calls.
    Target(u64),
    /// 32 bytes of its calldata, from this many words on.
    Data(u64, u8),
}

impl GovernorKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Count => Place::new(1),
            Self::Times(id) => Place::new(2).id(id),
            Self::Target(id) => Place::new(3).id(id),
            Self::Data(id, word) => Place::new(4).index(word).id(id),
        };
        place.slot()
    }
}

/// Storage of a governor, in words. A word that was never saved is zero.
pub trait GovernorStore {
    /// The word at `key`.
    fn load(&self, key: GovernorKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: GovernorKey, word: U256);

    /// How many calls were ever scheduled.
    fn count(&self) -> u64 {
        let [count, ..] = self.load(GovernorKey::Count).into_limbs();
        count
    }
    /// A scheduled call; refused if there is none.
    fn proposal(&self, id: u64) -> Result<Proposal, GovernorError> {
        Proposal::from_word(self.load(GovernorKey::Times(id)))
            .ok_or(GovernorError::ProposalUnknown { id })
    }
    /// See [`Proposal`].
    fn set_proposal(&mut self, id: u64, proposal: &Proposal) -> Result<(), GovernorError> {
        let word = proposal.to_word().ok_or(GovernorError::Overflow)?;
        self.save(GovernorKey::Times(id), word);
        Ok(())
    }
    /// Whom a scheduled call calls.
    fn target(&self, id: u64) -> Address {
        Address::from_word(self.load(GovernorKey::Target(id)).into())
    }
}
