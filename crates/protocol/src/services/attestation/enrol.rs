//! Who reports, with which weight and which key.
//!
//! There are at most [`MAX_SEATS`] seats, so that every loop over them is bounded. A seat needs stake, which only the
//! vault's curator gives. Weights are read once an epoch, by whichever call comes first, as a chain's validators are.

use alloy_primitives::Address;

use super::{AttestationError as Error, AttestationStore, Key, Roster, Seat};
use crate::clock::Epoch;

/// Most operators of an instance.
pub const MAX_SEATS: u8 = 16;

/// Reads the weights anew if they are of an earlier epoch than `current`; answers the seats. `weight_of` answers an
/// operator's slashable magnitude.
///
/// # Errors
/// Those of `weight_of`.
pub fn refresh<S: AttestationStore + ?Sized, E>(
    store: &mut S,
    current: Epoch,
    mut weight_of: impl FnMut(Address) -> Result<u64, E>,
) -> Result<Roster, E> {
    let mut roster = store.roster();
    if roster.epoch >= current {
        return Ok(roster);
    }
    roster.epoch = current;
    for (place, seat) in (0..MAX_SEATS).zip(&mut roster.seats) {
        seat.weight = weight_of(seat.operator)?;
        store.set_seat(place, *seat);
    }
    let (seats, _, operators, heights) = store.counts();
    store.set_counts(seats, current, operators, heights);
    Ok(roster)
}

/// Gives `operator` a seat with `weight`, or its seat that weight: a free one, or that of who has no weight any more.
/// The caller has refreshed the others.
///
/// # Errors
/// [`Error::NoStake`], [`Error::RosterFull`].
pub fn enrol<S: AttestationStore + ?Sized>(
    store: &mut S,
    roster: &Roster,
    operator: Address,
    weight: u64,
) -> Result<(), Error> {
    if weight == 0 {
        return Err(Error::NoStake { operator });
    }
    let places = || (0..MAX_SEATS).zip(&roster.seats);
    let own = places().find(|(_, seat)| seat.operator == operator);
    let place = match own.or_else(|| places().find(|(_, seat)| seat.weight == 0)) {
        Some((place, _)) => place,
        None => {
            let (seats, epoch, operators, heights) = store.counts();
            if seats >= MAX_SEATS {
                return Err(Error::RosterFull { max: MAX_SEATS });
            }
            store.set_counts(seats.saturating_add(1), epoch, operators, heights);
            seats
        }
    };
    store.set_seat(place, Seat { operator, weight });
    Ok(())
}

/// Notes that the hub says `key` of `operator` now. What it signed with an earlier key, at heights that began before the
/// change was noted, can still be held against it: a new key is no way out.
///
/// # Errors
/// [`Error::Overflow`].
pub fn note_key<S: AttestationStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    operator: Address,
    key: Address,
) -> Result<(), Error> {
    let (mut number, old) = store.operator(operator);
    if number > 0 && old == key {
        return Ok(());
    }
    if number == 0 {
        let (seats, epoch, operators, heights) = store.counts();
        number = operators.checked_add(1).ok_or(Error::Overflow)?;
        store.set_counts(seats, epoch, number, heights);
    } else if let Some(record) = store.key(number, old) {
        let until_s = now_s;
        store.set_key(number, old, Key { until_s, ..record });
    }
    let since_s = store.key(number, key).map_or(now_s, |known| known.since_s);
    let record = Key {
        since_s,
        until_s: 0,
    };
    store.set_key(number, key, record);
    store.set_operator(operator, number, key);
    Ok(())
}
