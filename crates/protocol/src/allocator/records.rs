//! The allocator's records, one storage word each.

use alloy_primitives::U256;

use super::AllocatorError;
use super::scale::lifted;
use crate::clock::{Clock, Epoch};
use crate::pause::Paused;
use crate::word::{field64, halves, put, word};

/// The capacity and what is encumbered of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// M: starts at 1e18 and falls by what is slashed.
    pub capacity: u64,
    /// E: active, pending, decreasing and frozen magnitudes of all allocations.
    pub encumbered: u64,
    /// How long an increase waits, seconds.
    pub increase_delay_s: u64,
    /// How long the list of allocations is.
    pub entries: u8,
    /// The last pause of increases.
    pub paused: Paused,
    /// Increases have stopped for good.
    pub retired: bool,
    /// Units are `2^-scale` of the first ones.
    pub scale: u8,
}

impl Capacity {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            capacity: field64(low, 0, 64),
            encumbered: field64(low, 64, 64),
            increase_delay_s: field64(high, 0, 40),
            entries: field64(high, 40, 8) as u8,
            paused: Paused {
                until_s: field64(high, 48, 40),
                length_s: field64(high, 88, 20),
            },
            retired: field64(high, 108, 1) == 1,
            scale: field64(high, 109, 8) as u8,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(self.capacity.into(), 64, 64, self.encumbered.into())?;
        let high = put(self.increase_delay_s.into(), 40, 8, self.entries.into())?;
        let high = put(high, 48, 40, self.paused.until_s.into())?;
        let high = put(high, 88, 20, self.paused.length_s.into())?;
        let high = put(high, 108, 1, self.retired.into())?;
        Some(word(low, put(high, 109, 8, self.scale.into())?))
    }
}

/// The magnitude of a service and an operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// In force, without what is frozen.
    pub active: u64,
    /// Frozen by undecided slash requests, from active and decreasing magnitude.
    pub frozen: u64,
    /// Added to `active` from `effective_s` on.
    pub pending: u64,
    /// Unix seconds; 0 if nothing is pending.
    pub effective_s: u64,
}

impl Allocation {
    /// In units of `scale`, whatever those were that it was saved in.
    pub(crate) fn from_word(source: U256, scale: u8) -> Self {
        let [low, high] = halves(source);
        let shift = scale.saturating_sub(field64(high, 104, 8) as u8);
        Self {
            active: lifted(field64(low, 0, 64), shift),
            frozen: lifted(field64(low, 64, 64), shift),
            pending: lifted(field64(high, 0, 64), shift),
            effective_s: field64(high, 64, 40),
        }
    }

    pub(crate) fn to_word(self, scale: u8) -> Option<U256> {
        let scale = if self == Self::default() { 0 } else { scale };
        let low = put(self.active.into(), 64, 64, self.frozen.into())?;
        let high = put(self.pending.into(), 64, 40, self.effective_s.into())?;
        Some(word(low, put(high, 104, 8, scale.into())?))
    }

    /// In force at `now_s`, without what is frozen.
    pub fn in_force(&self, now_s: u64) -> u64 {
        if self.effective_s <= now_s {
            self.active.saturating_add(self.pending)
        } else {
            self.active
        }
    }
}

/// Magnitude that was taken back and can still be slashed, by epoch mod 3.
///
/// At a time in epoch e those of e, of e − 1 and, in the first `grace` seconds, of e − 2 are alive; the epoch last looked at
/// tells which is which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decreases {
    /// Taken back in the epochs up to `epoch`, at the place of the epoch mod 3.
    pub by_epoch: [u64; 3],
    /// The epoch of the latest.
    pub epoch: Epoch,
}

impl Decreases {
    /// In units of `scale`, whatever those were that it was saved in.
    pub(crate) fn from_word(source: U256, scale: u8) -> Self {
        let [low, high] = halves(source);
        let shift = scale.saturating_sub(field64(high, 96, 8) as u8);
        Self {
            by_epoch: [
                field64(low, 0, 64),
                field64(low, 64, 64),
                field64(high, 0, 64),
            ]
            .map(|count| lifted(count, shift)),
            epoch: field64(high, 64, 32),
        }
    }

    pub(crate) fn to_word(self, scale: u8) -> Option<U256> {
        let [first, second, third] = self.by_epoch;
        let scale = if self.by_epoch == [0; 3] { 0 } else { scale };
        let low = put(first.into(), 64, 64, second.into())?;
        let high = put(third.into(), 64, 32, self.epoch.into())?;
        Some(word(low, put(high, 96, 8, scale.into())?))
    }

    /// Drops what has expired at `now_s` and makes room for the epoch of now; answers what was dropped.
    pub(crate) fn expire(&mut self, clock: &Clock, now_s: u64) -> Result<u64, AllocatorError> {
        let latest = self.epoch;
        let mut dropped = 0u64;
        for back in 0..3 {
            let Some(epoch) = latest.checked_sub(back) else {
                break;
            };
            if clock.maturity_s(epoch) <= now_s {
                dropped = dropped
                    .checked_add(core::mem::take(place(&mut self.by_epoch, epoch)))
                    .ok_or(AllocatorError::Overflow)?;
            }
        }
        self.epoch = clock.epoch_at(now_s);
        Ok(dropped)
    }

    pub(crate) fn sum(&self) -> Result<u64, AllocatorError> {
        sum(&self.by_epoch)
    }
}

/// The place of `epoch` in an array by epoch mod 3.
pub(crate) fn place(by_epoch: &mut [u64; 3], epoch: Epoch) -> &mut u64 {
    let [first, second, third] = by_epoch;
    match epoch % 3 {
        0 => first,
        1 => second,
        _ => third,
    }
}

pub(crate) fn sum(parts: &[u64]) -> Result<u64, AllocatorError> {
    parts
        .iter()
        .try_fold(0u64, |sum, part| sum.checked_add(*part))
        .ok_or(AllocatorError::Overflow)
}
