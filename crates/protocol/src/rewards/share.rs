//! The operators' part of the performance fee.
//!
//! Shares that came and are nobody's yet are divided by the stake that each operator answers for at this moment:
//!
//! ```text
//! F     = shares here − W
//! w(o) += floor(F · m_o / Σ m),   W by the same       m_o = magnitude of o that can be slashed now, in all services
//! ```
//!
//! What rounding leaves is divided the next time. A raise that is not in force yet does not count, and stake that was taken back
//! counts while it can still be slashed: who bears the risk has the fee. The allocator's list has at most 64 places, so the work is
//! bounded; no deposit and no exit does it.

use alloc::vec::Vec;

use alloy_primitives::Address;

use super::{RewardsError, RewardsKey, RewardsStore, SHARES};
use crate::math::{add, mul_div_down, sub};

/// What was divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// To operators, all together.
    pub shares: u128,
    /// What rounding left for the next time.
    pub rest: u128,
}

/// Divides what of `balance`, the shares that are here, is nobody's yet, by the magnitudes of `stakes`: an operator may have several.
///
/// # Errors
/// `NothingToShare`, `NobodyEarns`.
pub fn share<S: RewardsStore + ?Sized>(
    store: &mut S,
    balance: u128,
    stakes: &[(Address, u64)],
) -> Result<Shared, RewardsError> {
    let waiting = store.amount(RewardsKey::Waiting);
    let fresh = balance.saturating_sub(waiting);
    if fresh == 0 {
        return Err(RewardsError::NothingToShare);
    }
    let mut operators: Vec<(Address, u128)> = Vec::new();
    let mut all = 0u128;
    for (operator, magnitude) in stakes {
        let magnitude = u128::from(*magnitude);
        all = add(all, magnitude)?;
        match operators.iter_mut().find(|(known, _)| known == operator) {
            Some((_, sum)) => *sum = add(*sum, magnitude)?,
            None => operators.push((*operator, magnitude)),
        }
    }
    if all == 0 {
        return Err(RewardsError::NobodyEarns);
    }
    let mut shares = 0;
    for (operator, magnitude) in operators {
        let part = mul_div_down(fresh, magnitude, all)?;
        if part > 0 {
            let key = RewardsKey::Earned(SHARES, operator);
            let earned = add(store.amount(key), part)?;
            store.set_amount(key, earned);
            shares = add(shares, part)?;
        }
    }
    store.set_amount(RewardsKey::Waiting, add(waiting, shares)?);
    let rest = sub(fresh, shares)?;
    Ok(Shared { shares, rest })
}
