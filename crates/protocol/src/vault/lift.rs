//! A slash request was vetoed or has lapsed: what was held back goes to those it was held from.
//!
//! ```text
//! c    −= ℓ_r − h_r
//! owed += the part of h_r that batches left: their tickets can claim it
//! drip += the part of h_r that instant redemptions left: it vests for those who stayed
//! ```

use super::contest::decide;
use super::drip;
use super::ledger::owe;
use super::{Aside, VaultError, VaultKey, VaultStore, Verdict};
use crate::math::sub;
use crate::units::Amounts;

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
    let mut head = store.head();
    let settings = store.settings();
    let instant = store.amounts(settings.assets, &|pair| VaultKey::InstantHeld(id, pair));
    let mut summary = LiftSummary {
        to_vesting: instant,
        ..LiftSummary::default()
    };
    let rows = instant.iter().zip(&mut summary.to_batches);
    for (asset, (instant, to_batches)) in (0..settings.assets).zip(rows) {
        let loss = store.loss(id, asset);
        if loss.loss == 0 {
            continue;
        }
        let aside = store.aside(asset);
        let open = sub(loss.loss, loss.held)?;
        store.set_aside(
            asset,
            Aside {
                held: sub(aside.held, loss.held)?,
                contested: sub(aside.contested, open)?,
            },
        );
        *to_batches = sub(loss.held, *instant)?;
        if *to_batches > 0 {
            owe(store, asset, *to_batches, 0)?;
        }
        drip::start(store, &mut head, &settings.clock, asset, *instant, now_s)?;
    }
    store.set_head(head)?;
    Ok(summary)
}
