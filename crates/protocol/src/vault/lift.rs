//! A slash request was vetoed or has lapsed: what was held back goes to those it was held from.
//!
//! ```text
//! c    −= ℓ_r − h_r
//! owed += the part of h_r that batches left: their tickets can claim it
//! drip += the part of h_r that instant redemptions left: it vests for those who stayed
//! ```

use super::contest::decide;
use super::cushion::drop_cushion;
use super::drip;
use super::ledger::{drop_loss, owe};
use super::{VaultError, VaultKey, VaultStore, Verdict};
use crate::math::sub;
use crate::units::{Amounts, get, set};

/// Where held assets went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiftSummary {
    /// Owed to the batches it was held from.
    pub to_batches: Amounts,
    /// Vests into idle.
    pub to_vesting: Amounts,
}

/// Ends the contest of request `id` without a loss.
pub fn lift<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    id: u64,
) -> Result<LiftSummary, VaultError> {
    decide(store, id, Verdict::Lifted)?;
    drop_cushion(store, id)?;
    let mut head = store.head();
    let settings = store.settings();
    let mut summary = LiftSummary {
        to_vesting: store.amounts(settings.assets, &|pair| VaultKey::InstantHeld(id, pair)),
        ..LiftSummary::default()
    };
    for asset in 0..settings.assets {
        let loss = store.loss(id, asset);
        if loss.loss == 0 {
            continue;
        }
        drop_loss(store, asset, &loss)?;
        let instant = get(&summary.to_vesting, asset);
        let to_batches = sub(loss.held, instant)?;
        set(&mut summary.to_batches, asset, to_batches);
        if to_batches > 0 {
            owe(store, asset, to_batches, 0)?;
        }
        drip::start(store, &mut head, &settings.clock, asset, instant, now_s)?;
    }
    store.set_head(head)?;
    Ok(summary)
}
