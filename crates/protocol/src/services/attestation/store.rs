//! What an attestation service keeps, in words.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::AttestationError as Error;
use crate::clock::Epoch;
use crate::word::{Place, field64, halves, put, word};

/// One storage word of an attestation service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AttestationKey {
    /// Number of seats, the epoch of their weights, number of operators ever enrolled, and the newest final height plus one.
    Counts,
    /// [`Seat`] by its place.
    Seat(u8),
    /// Number of an operator, from 1, and its present key.
    Operator(Address),
    /// [`Key`] of an operator, by its number.
    Key(u64, Address),
    /// What an operator reported at a height.
    Report(u64, Address),
    /// Whether an operator's equivocation at a height was filed.
    Filed(u64, Address),
    /// Result of a height.
    Result(u64),
    /// [`Final`] of a height, but for its payload.
    Final(u64),
}

impl AttestationKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Counts => Place::new(1),
            Self::Seat(place) => Place::new(2).index(place),
            Self::Operator(operator) => Place::new(3).account(operator),
            Self::Key(number, key) => Place::new(4).number(number).account(key),
            Self::Report(height, operator) => Place::new(5).number(height).account(operator),
            Self::Filed(height, operator) => Place::new(6).number(height).account(operator),
            Self::Result(height) => Place::new(7).id(height),
            Self::Final(height) => Place::new(8).id(height),
        };
        place.slot()
    }
}

/// A place among the operators, and the weight that it has this epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// Whose.
    pub operator: Address,
    /// Its slashable magnitude, out of 1e18.
    pub weight: u64,
}

/// Seats and the epoch whose weights they have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The epoch.
    pub epoch: Epoch,
    /// In order.
    pub seats: Vec<Seat>,
}

impl Roster {
    /// Σ weight. Magnitudes of one vault sum to at most 1e18.
    pub fn total(&self) -> u64 {
        let weights = self.seats.iter().map(|seat| seat.weight);
        weights.fold(0, u64::saturating_add)
    }
}

/// A key that an operator has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// When it was first seen as the operator's, Unix seconds.
    pub since_s: u64,
    /// When another was seen in its place, Unix seconds; 0 while it is the operator's.
    pub until_s: u64,
}

/// The result of a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Final {
    /// The median, or the hash.
    pub payload: B256,
    /// When it became final, Unix seconds.
    pub at_s: u64,
    /// Weight behind it.
    pub weight: u64,
    /// Out of so much.
    pub total: u64,
}

/// Marks the report of who signed two payloads at a height.
pub(super) const EQUIVOCATED: U256 = U256::MAX;

/// Storage of an attestation service, in words. A word that was never saved is zero.
pub trait AttestationStore {
    /// The word at `key`.
    fn load(&self, key: AttestationKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: AttestationKey, word: U256);

    /// Number of seats, the epoch of their weights, number of operators ever enrolled, and the newest final height plus one.
    fn counts(&self) -> (u8, Epoch, u64, u64) {
        let [low, high] = halves(self.load(AttestationKey::Counts));
        (
            field64(high, 64, 8) as u8,
            field64(low, 0, 64),
            field64(low, 64, 64),
            field64(high, 0, 64),
        )
    }
    /// See [`AttestationStore::counts`].
    fn set_counts(&mut self, seats: u8, epoch: Epoch, operators: u64, heights: u64) {
        let low = u128::from(operators) << 64 | u128::from(epoch);
        let high = u128::from(seats) << 64 | u128::from(heights);
        self.save(AttestationKey::Counts, word(low, high));
    }
    /// The seats.
    fn roster(&self) -> Roster {
        let (count, epoch, ..) = self.counts();
        let seat = |place| {
            let [low, high] = halves(self.load(AttestationKey::Seat(place)));
            Seat {
                operator: Address::from_word(word(low, field64(high, 0, 32).into()).into()),
                weight: field64(high, 32, 64),
            }
        };
        Roster {
            epoch,
            seats: (0..count).map(seat).collect(),
        }
    }
    /// Replaces a seat.
    fn set_seat(&mut self, place: u8, seat: Seat) {
        let [low, high] = halves(seat.operator.into_word().into());
        let high = u128::from(seat.weight) << 32 | high;
        self.save(AttestationKey::Seat(place), word(low, high));
    }
    /// The number of an operator, 0 if it never enrolled, and its present key.
    fn operator(&self, operator: Address) -> (u64, Address) {
        let [low, high] = halves(self.load(AttestationKey::Operator(operator)));
        let key = word(low, field64(high, 0, 32).into());
        (field64(high, 32, 64), Address::from_word(key.into()))
    }
    /// See [`AttestationStore::operator`].
    fn set_operator(&mut self, operator: Address, number: u64, key: Address) {
        let [low, high] = halves(key.into_word().into());
        let high = u128::from(number) << 32 | high;
        self.save(AttestationKey::Operator(operator), word(low, high));
    }
    /// A key of the operator of this number; none if it was never seen.
    fn key(&self, number: u64, key: Address) -> Option<Key> {
        let [low, _] = halves(self.load(AttestationKey::Key(number, key)));
        let key = Key {
            since_s: field64(low, 0, 64),
            until_s: field64(low, 64, 64),
        };
        (key.since_s > 0).then_some(key)
    }
    /// See [`AttestationStore::key`].
    fn set_key(&mut self, number: u64, key: Address, record: Key) {
        let low = u128::from(record.until_s) << 64 | u128::from(record.since_s);
        self.save(AttestationKey::Key(number, key), word(low, 0));
    }
    /// The result of a height; none while it is not final.
    fn result(&self, height: u64) -> Option<Final> {
        let [low, high] = halves(self.load(AttestationKey::Final(height)));
        let found = Final {
            payload: self.load(AttestationKey::Result(height)).into(),
            at_s: field64(high, 0, 64),
            weight: field64(low, 0, 64),
            total: field64(low, 64, 64),
        };
        (found.total > 0).then_some(found)
    }
    /// See [`AttestationStore::result`].
    fn set_result(&mut self, height: u64, result: Final) -> Result<(), Error> {
        let low = put(result.weight.into(), 64, 64, result.total.into()).ok_or(Error::Overflow)?;
        self.save(AttestationKey::Result(height), result.payload.into());
        self.save(AttestationKey::Final(height), word(low, result.at_s.into()));
        Ok(())
    }
}
