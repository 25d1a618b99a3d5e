//! Epochs: how a vault divides time.
//!
//! Epoch e runs over `[start(e), start(e + 1))` with `start(e) = genesis + e · L`. At `start(e + 1)` the batch of e closes
//! and what it needs is unstaked; that stake can be slashed until `maturity(e) = start(e + 2) + G`, when the batch settles.
//! `0 < G < L`, so boundaries come in the order close(e + 1), settle(e), close(e + 2), settle(e + 1), …, and at most two
//! epochs have unbonding stake at any time.

use crate::units::MIN_EPOCH_S;

/// Number of an epoch of a vault, from 0.
pub type Epoch = u64;

/// The parameters of a vault's time, fixed for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Start of epoch 0, Unix seconds, below 2^40.
    pub genesis_s: u64,
    /// Length L of an epoch, seconds, below 2^32.
    pub epoch_s: u64,
    /// How long G after the start of epoch e + 2 what was unstaked in e stays slashable, seconds.
    pub grace_s: u64,
}

impl Clock {
    /// Whether epochs are long enough, longer than the grace, and begun at `now_s`.
    pub fn is_valid(&self, now_s: u64) -> bool {
        self.epoch_s >= MIN_EPOCH_S
            && self.epoch_s < 1 << 32
            && self.grace_s > 0
            && self.grace_s < self.epoch_s
            && self.genesis_s <= now_s
            && now_s < 1 << 40
    }

    /// The epoch that `now_s` is in; 0 before the first.
    pub fn epoch_at(&self, now_s: u64) -> Epoch {
        now_s
            .saturating_sub(self.genesis_s)
            .checked_div(self.epoch_s)
            .unwrap_or(0)
    }

    /// When epoch `epoch` starts, Unix seconds.
    pub fn start_s(&self, epoch: Epoch) -> u64 {
        self.genesis_s
            .saturating_add(epoch.saturating_mul(self.epoch_s))
    }

    /// When what was unstaked in `epoch` can no longer be slashed, and its batch settles, Unix seconds.
    pub fn maturity_s(&self, epoch: Epoch) -> u64 {
        self.start_s(epoch.saturating_add(2))
            .saturating_add(self.grace_s)
    }

    /// The number of epochs whose maturity has come at `now_s`: all before the answer have.
    pub fn matured_at(&self, now_s: u64) -> Epoch {
        // maturity(e) <= now  <=>  start(e + 2) <= now - G  <=>  e + 2 <= epoch of (now - G)
        let Some(graceless_s) = now_s.checked_sub(self.grace_s) else {
            return 0;
        };
        if graceless_s < self.genesis_s {
            return 0;
        }
        self.epoch_at(graceless_s).saturating_sub(1)
    }
}
