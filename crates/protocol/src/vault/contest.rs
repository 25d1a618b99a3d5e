//! A slash request is filed: its loss is nobody's from now on.
//!
//! ```text
//! ℓ_i   = min(ceil(B_i · Δ / M), T_i − c_i)        fixed until the decision
//! c_i  += ℓ_i
//! ```
//!
//! The minimum matters only to roundings: the allocator never lets undecided Δ exceed M in sum. Rounding: ℓ less than a
//! wei up.

use super::ledger::Holding;
use super::{Aside, Contest, Loss, VaultError, VaultKey, VaultStore, Verdict};
use crate::allocator::Part;
use crate::math::{add, mul_div_up, sub};
use crate::units::{Amounts, MAX_UNDECIDED, set};

/// What a request will take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContestSummary {
    /// By asset, fixed until the decision.
    pub losses: Amounts,
}

/// Contests what request `id` of this part of the capacity will take. From now on exits are paid without it.
pub fn contest<S: VaultStore + ?Sized>(
    store: &mut S,
    id: u64,
    part: Part,
) -> Result<ContestSummary, VaultError> {
    let Part {
        delta,
        capacity,
        scale,
    } = part;
    if delta == 0 || delta > capacity {
        return Err(VaultError::BadDelta { delta, capacity });
    }
    if store.contest(id).verdict != Verdict::Unknown {
        return Err(VaultError::RequestKnown { id });
    }
    let mut head = store.head();
    let mut undecided = store.ids(head.undecided, &VaultKey::Undecided);
    if !undecided.push(id) {
        return Err(VaultError::TooManyRequests { max: MAX_UNDECIDED });
    }

    let mut summary = ContestSummary::default();
    for asset in 0..store.settings().assets {
        let holding = Holding::load(store, &head, asset)?;
        let aside = store.aside(asset);
        let loss = mul_div_up(holding.slashable, delta.into(), capacity.into())?
            .min(sub(holding.total, aside.contested)?);
        if loss == 0 {
            continue;
        }
        let contested = add(aside.contested, loss)?;
        store.set_aside(asset, Aside { contested, ..aside });
        store.set_loss(id, asset, Loss { loss, held: 0 });
        set(&mut summary.losses, asset, loss);
    }

    store.set_contest(
        id,
        Contest {
            verdict: Verdict::Undecided,
            delta,
            scale,
        },
    )?;
    store.set_ids(&undecided, &VaultKey::Undecided);
    store.set_capacity(capacity, scale);
    head.undecided = undecided.count();
    store.set_head(head)?;
    Ok(summary)
}

/// Ends the undecided life of request `id` with `verdict`; answers it as it was.
pub(crate) fn decide<S: VaultStore + ?Sized>(
    store: &mut S,
    id: u64,
    verdict: Verdict,
) -> Result<Contest, VaultError> {
    let contest = store.contest(id);
    if contest.verdict != Verdict::Undecided {
        return Err(VaultError::RequestUnknown { id });
    }
    let mut head = store.head();
    let mut undecided = store.ids(head.undecided, &VaultKey::Undecided);
    undecided.remove(id);
    store.set_ids(&undecided, &VaultKey::Undecided);
    store.set_contest(id, Contest { verdict, ..contest })?;
    head.undecided = undecided.count();
    store.set_head(head)?;
    Ok(contest)
}
