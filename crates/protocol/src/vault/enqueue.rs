//! Shares join the batch of the open epoch: `S_e += shares`. They stay in the supply, earn and bleed until it is paid.

use super::{VaultError, VaultStore};
use crate::clock::Epoch;
use crate::math::add;
use crate::units::AMOUNT_LIMIT;

/// Where shares joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EnqueueSummary {
    /// The open epoch.
    pub epoch: Epoch,
    /// Shares in its batch, with these.
    pub batch_shares: u128,
}

/// Puts `shares`, which the caller has moved into escrow, into the batch of the open epoch.
pub fn enqueue<S: VaultStore + ?Sized>(
    store: &mut S,
    shares: u128,
) -> Result<EnqueueSummary, VaultError> {
    if shares == 0 {
        return Err(VaultError::ZeroAmount);
    }
    let epoch = store.head().closed;
    let mut batch = store.batch(epoch);
    batch.shares = add(batch.shares, shares)?;
    if batch.shares >= AMOUNT_LIMIT {
        return Err(VaultError::SupplyTooLarge {
            supply: batch.shares,
        });
    }
    store.set_batch(epoch, batch)?;
    Ok(EnqueueSummary {
        epoch,
        batch_shares: batch.shares,
    })
}
