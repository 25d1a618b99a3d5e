//! An operator reports what it saw at a height.
//!
//! The first payload counts. A second one that differs is kept from counting together with the first: who signs both
//! sides is on neither. Once final, a result never changes.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::store::EQUIVOCATED;
use super::{
    AttestationError as Error, AttestationKey, AttestationStore, Final, Kind, Roster, Rules,
    is_two_thirds, weighted_median,
};

/// What an operator signed, its key checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who.
    pub operator: Address,
    /// When.
    pub height: u64,
    /// A value as 32 bytes, or a hash.
    pub payload: B256,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attested {
    /// It counts, and made the height final or did not.
    Counted {
        /// The operator's weight.
        weight: u64,
        /// The result, if this report made it final.
        result: Option<Final>,
    },
    /// The operator signed another payload before: neither counts.
    Rival {
        /// That one.
        first: B256,
    },
}

/// Takes a report at `now_s`. The caller has checked the signature and refreshed the roster.
///
/// # Errors
/// All of [`Error`] that speak of heights, payloads and seats.
pub fn attest<S: AttestationStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    roster: &Roster,
    now_s: u64,
    report: &Report,
) -> Result<Attested, Error> {
    let &Report {
        operator,
        height,
        payload,
    } = report;
    let begins_s = rules.begins_s(height);
    if now_s < begins_s {
        return Err(Error::TooEarly { height, begins_s });
    }
    let (offence_epoch, current) = (rules.offence_epoch(height), rules.clock.epoch_at(now_s));
    if offence_epoch.saturating_add(1) < current {
        return Err(Error::TooLate {
            height,
            offence_epoch,
            current,
        });
    }
    let word = U256::from_be_bytes(payload.0);
    if word.is_zero() || word == EQUIVOCATED {
        return Err(Error::BadPayload { payload });
    }
    let mut seats = roster.seats.iter();
    let seat = seats.find(|seat| seat.operator == operator);
    let weight = seat.ok_or(Error::NotEnrolled { operator })?.weight;
    let key = AttestationKey::Report(height, operator);
    let before = store.load(key);
    if before == EQUIVOCATED {
        return Err(Error::Equivocated { operator, height });
    }
    if before == word {
        return Err(Error::AlreadyAttested { operator, height });
    }
    if !before.is_zero() {
        store.save(key, EQUIVOCATED);
        let first = before.into();
        return Ok(Attested::Rival { first });
    }
    store.save(key, word);
    let result = match store.result(height) {
        Some(_) => None,
        None => finalise(store, rules, roster, now_s, report)?,
    };
    Ok(Attested::Counted { weight, result })
}

/// Makes the height final if this report completes two thirds.
fn finalise<S: AttestationStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    roster: &Roster,
    now_s: u64,
    report: &Report,
) -> Result<Option<Final>, Error> {
    let reported = roster.seats.iter().map(|seat| {
        let key = AttestationKey::Report(report.height, seat.operator);
        (store.load(key), seat.weight)
    });
    let counts = |value: &U256| match rules.kind {
        Kind::Values => !value.is_zero() && *value != EQUIVOCATED,
        Kind::Hashes => *value == U256::from_be_bytes(report.payload.0),
    };
    let mut counted: Vec<_> = reported.filter(|(value, _)| counts(value)).collect();
    let weights = counted.iter().map(|(_, weight)| *weight);
    let (weight, total) = (weights.fold(0, u64::saturating_add), roster.total());
    if !is_two_thirds(weight, total) {
        return Ok(None);
    }
    let Some(value) = weighted_median(&mut counted) else {
        return Ok(None);
    };
    let result = Final {
        payload: value.into(),
        at_s: now_s,
        weight,
        total,
    };
    store.set_result(report.height, result)?;
    let (seats, epoch, operators, heights) = store.counts();
    let heights = heights.max(report.height.saturating_add(1));
    store.set_counts(seats, epoch, operators, heights);
    Ok(Some(result))
}
