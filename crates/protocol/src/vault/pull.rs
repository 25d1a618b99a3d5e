//! Slashed assets leave when their sink pulls them: `due −= amount`.

use alloy_primitives::Address;

use super::{Debt, VaultError, VaultStore};
use crate::math::sub;

/// Takes what of `asset` is due to `sink`; the caller sends it there.
pub fn pull<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    sink: Address,
) -> Result<u128, VaultError> {
    let amount = store.due_to(asset, sink);
    if amount == 0 {
        return Err(VaultError::NothingDue { asset });
    }
    store.set_due_to(asset, sink, 0);
    let Debt { owed, due } = store.debt(asset);
    let due = sub(due, amount)?;
    store.set_debt(asset, Debt { owed, due });
    Ok(amount)
}
