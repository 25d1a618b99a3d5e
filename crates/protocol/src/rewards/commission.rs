//! What operators take of rewards.
//!
//! An operator sets its own commission. Less counts at once, more from the next epoch on, so that a funder is never surprised;
//! and each funder says how much it accepts at most.

use alloy_primitives::{Address, U256};

use super::{RewardsError, RewardsStore};
use crate::clock::Epoch;
use crate::units::MAX_COMMISSION_BPS;
use crate::word::{field64, halves, put, word};

/// What an operator takes of rewards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Commission {
    /// Until `from` begins.
    pub bps: u16,
    /// From then on.
    pub next_bps: u16,
    /// The epoch.
    pub from: Epoch,
}

impl Commission {
    /// What it takes in `epoch`.
    pub fn at(&self, epoch: Epoch) -> u16 {
        if epoch < self.from {
            self.bps
        } else {
            self.next_bps
        }
    }

    pub(super) fn from_word(source: U256) -> Self {
        let [low, _] = halves(source);
        Self {
            bps: field64(low, 0, 16) as u16,
            next_bps: field64(low, 16, 16) as u16,
            from: field64(low, 32, 32),
        }
    }

    pub(super) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 16, self.bps.into())?;
        let low = put(low, 16, 16, self.next_bps.into())?;
        Some(word(put(low, 32, 32, self.from.into())?, 0))
    }
}

/// Sets what `operator` takes; answers that from this epoch on and from when on it is what was asked for.
///
/// # Errors
/// `BpsTooHigh`.
pub fn set_commission<S: RewardsStore + ?Sized>(
    store: &mut S,
    operator: Address,
    epoch: Epoch,
    bps: u16,
) -> Result<Commission, RewardsError> {
    if bps > MAX_COMMISSION_BPS {
        return Err(RewardsError::BpsTooHigh {
            bps,
            max_bps: MAX_COMMISSION_BPS,
        });
    }
    let old_bps = store.commission(operator).at(epoch);
    let rises = bps > old_bps;
    let commission = Commission {
        bps: if rises { old_bps } else { bps },
        next_bps: bps,
        from: if rises { epoch.saturating_add(1) } else { epoch },
    };
    store.set_commission(operator, commission)?;
    Ok(commission)
}

/// What `operator` takes in `epoch`.
pub fn commission_bps<S: RewardsStore + ?Sized>(store: &S, operator: Address, epoch: Epoch) -> u16 {
    store.commission(operator).at(epoch)
}

/// Takes the commission of `asset` that waits for `operator`; the caller sends it.
///
/// # Errors
/// `NothingDue`.
pub fn collect<S: RewardsStore + ?Sized>(
    store: &mut S,
    asset: u8,
    operator: Address,
) -> Result<u128, RewardsError> {
    let amount = store.earned(asset, operator);
    if amount == 0 {
        return Err(RewardsError::NothingDue);
    }
    store.set_earned(asset, operator, 0);
    Ok(amount)
}
