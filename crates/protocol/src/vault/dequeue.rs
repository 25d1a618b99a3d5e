//! Shares leave the batch of the open epoch again: `S_e −= shares`.

use super::{VaultError, VaultStore};
use crate::clock::Epoch;

/// Takes `shares` out of the batch of `epoch`, while that is open; the caller gives them back. Answers what stays in it.
pub fn dequeue<S: VaultStore + ?Sized>(
    store: &mut S,
    epoch: Epoch,
    shares: u128,
) -> Result<u128, VaultError> {
    if shares == 0 {
        return Err(VaultError::ZeroAmount);
    }
    let current = store.head().closed;
    if epoch != current {
        return Err(VaultError::EpochNotOpen { epoch, current });
    }
    let mut batch = store.batch(epoch);
    batch.shares = batch
        .shares
        .checked_sub(shares)
        .ok_or(VaultError::BatchTooSmall {
            epoch,
            shares: batch.shares,
            needed: shares,
        })?;
    store.set_batch(epoch, batch)?;
    Ok(batch.shares)
}
