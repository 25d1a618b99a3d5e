//! What operators take of rewards.
//!
//! An operator sets its own commission. Less counts at once, more from the next epoch on, so that a funder is never surprised; and
//! each funder says how much it accepts at most.
//!
//! ```text
//! c = floor(A · k / 10,000)          waits for the operator;  A − c streams
//! ```

use alloy_primitives::{Address, U256};

use super::{RewardsError, RewardsKey, RewardsStore, SHARES};
use crate::clock::Epoch;
use crate::math::{add, mul_div_down, sub};
use crate::units::{BPS, MAX_COMMISSION_BPS};
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

/// A reward in its two parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Waits for the operator.
    pub commission: u128,
    /// Streams in the vault.
    pub rest: u128,
}

/// Sets what `operator` takes, `epoch` being the current one; answers what it took, and what is set.
///
/// # Errors
/// `BpsTooHigh`.
pub fn set_commission<S: RewardsStore + ?Sized>(
    store: &mut S,
    operator: Address,
    epoch: Epoch,
    bps: u16,
) -> Result<(u16, Commission), RewardsError> {
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
        from: if rises {
            epoch.saturating_add(1)
        } else {
            epoch
        },
    };
    store.set_commission(operator, commission)?;
    Ok((old_bps, commission))
}

/// Splits the commission of `operator` off a reward of `amount` of `asset`. The caller has received the amount and streams the
/// rest.
///
/// # Errors
/// `CommissionTooHigh`.
pub fn split<S: RewardsStore + ?Sized>(
    store: &mut S,
    operator: Address,
    epoch: Epoch,
    asset: u8,
    amount: u128,
    max_bps: u16,
) -> Result<Split, RewardsError> {
    let bps = store.commission(operator).at(epoch);
    if bps > max_bps {
        return Err(RewardsError::CommissionTooHigh { bps, max_bps });
    }
    let commission = mul_div_down(amount, bps.into(), BPS.into())?;
    if commission > 0 {
        let key = RewardsKey::Earned(asset, operator);
        let earned = add(store.amount(key), commission)?;
        store.set_amount(key, earned);
    }
    let rest = sub(amount, commission)?;
    Ok(Split { commission, rest })
}

/// Takes what waits for `operator`, of an asset or of [`SHARES`]; the caller sends it.
///
/// # Errors
/// `NothingEarned`.
pub fn claim<S: RewardsStore + ?Sized>(
    store: &mut S,
    asset: u8,
    operator: Address,
) -> Result<u128, RewardsError> {
    let key = RewardsKey::Earned(asset, operator);
    let amount = store.amount(key);
    if amount == 0 {
        return Err(RewardsError::NothingEarned);
    }
    store.set_amount(key, 0);
    if asset == SHARES {
        let waiting = sub(store.amount(RewardsKey::Waiting), amount)?;
        store.set_amount(RewardsKey::Waiting, waiting);
    }
    Ok(amount)
}
