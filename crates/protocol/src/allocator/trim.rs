//! Anyone lowers an allocation that is over a limit, by as much as it is over.
//!
//! ```text
//! over   = max over the limits that concern it: Σ lasting − limit
//! m, inc −= min(ceil(over / f), m + inc)          as a decrease: slashable until stake unstaked now is not
//! ```
//!
//! A slash lowers M and with it every limit, and what the others have at risk stays. What is leaving already is not counted,
//! else it would be trimmed again and again until it is gone. Rounding: up, at most `1/f` units more than is over.

use alloy_primitives::Address;

use super::allocate::{AllocateSummary, lower, sub};
use super::exposure::exposures;
use super::limits::visit_bounds;
use super::{AllocatorError, AllocatorStore, Exposure};
use crate::clock::Clock;
use crate::math::mul_div_up;
use crate::units::WAD;

/// Lowers the allocation of `operator` in `service` by what is over the limits.
pub fn trim<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    service: u32,
    operator: Address,
) -> Result<AllocateSummary, AllocatorError> {
    let list = exposures(store, clock, now_s)?;
    let nothing = AllocatorError::NothingToTrim { service, operator };
    let own = list
        .iter()
        .find(|exposure| exposure.entry.service == service && exposure.entry.operator == operator)
        .ok_or(nothing)?;
    let mut over = 0;
    visit_bounds(
        store,
        &list,
        Exposure::lasting,
        service,
        operator,
        |bound| {
            over = over.max(bound.risk.saturating_sub(bound.limit));
            Ok(())
        },
    )?;
    if over == 0 {
        return Err(nothing);
    }
    let drop = mul_div_up(over.into(), WAD, own.risk_wad().into()).unwrap_or(u128::MAX);
    let drop = u64::try_from(drop).unwrap_or(u64::MAX).min(own.kept);
    if drop == 0 {
        return Err(nothing);
    }
    lower(store, clock, now_s, service, operator, sub(own.kept, drop)?)
}
