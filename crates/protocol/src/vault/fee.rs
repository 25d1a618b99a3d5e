//! The fee on instant redemption: an integral, so that splitting an exit never makes it cheaper.
//!
//! The marginal fee f(u) over the rolling net outflow u is piecewise linear (see [`Curve`]). An exit of value x pays
//!
//! ```text
//! fee = ∫ f from u to u + x  =  Σ over the two segments  ceil( (p + q)/2 · length )       in bps · wei
//! ```
//!
//! with p, q the marginal fees at the ends of its part of the segment. Each segment rounds up on its own: a whole exit has at
//! most as many round-ups as its parts. Error: less than 2 bps · wei, upwards.
//!
//! The outflow forgets `limit_value` in `window_s`, at a constant rate, so that how often it is looked at does not matter:
//! `u' = max(0, u − floor(limit_value · seconds / window_s))`.

use alloy_primitives::U256;

use super::{Curve, Flow, Head, VaultError, VaultStore};
use crate::math::{mul_div_down, product, ratio_up};

/// The integral of the marginal fee from an outflow of `from` to one of `to` ETH wei, in bps · wei, rounded up; the
/// outflow may not exceed the curve's limit.
pub fn marginal_fee_bps_wei(curve: &Curve, from: u128, to: u128) -> Result<u128, VaultError> {
    let Curve {
        kink_value,
        limit_value,
        ..
    } = *curve;
    if to > limit_value {
        return Err(VaultError::OutflowLimit {
            limit_value,
            attempted: to,
        });
    }
    let below = segment(
        from.min(kink_value),
        to.min(kink_value),
        kink_value,
        curve.base_bps,
        curve.kink_bps,
    );
    let above = segment(
        from.saturating_sub(kink_value),
        to.saturating_sub(kink_value),
        limit_value.saturating_sub(kink_value),
        curve.kink_bps,
        curve.limit_bps,
    );
    below
        .zip(above)
        .and_then(|(below, above)| below.checked_add(above))
        .ok_or(VaultError::Overflow)
}

/// `ceil(∫ from p to q of (low + (high − low)·v/width) dv)` = `ceil((q − p)·(2·low·width + (high − low)·(p + q)) / (2·width))`.
fn segment(p: u128, q: u128, width: u128, low_bps: u16, high_bps: u16) -> Option<u128> {
    let length = q.checked_sub(p)?;
    if length == 0 {
        return Some(0);
    }
    let double_width = width.checked_mul(2)?;
    let flat = product(double_width, low_bps.into());
    let rise = product(p.checked_add(q)?, high_bps.checked_sub(low_bps)?.into());
    let numerator = flat.checked_add(rise)?.checked_mul(U256::from(length))?;
    ratio_up(numerator, U256::from(double_width))
}

/// The rolling net outflow at `now_s`, ETH wei.
pub(crate) fn outflow<S: VaultStore + ?Sized>(
    store: &S,
    head: &Head,
    curve: &Curve,
    now_s: u64,
) -> Result<u128, VaultError> {
    if !head.flowing {
        return Ok(0);
    }
    let Flow { outflow, at_s } = store.flow();
    let elapsed_s = now_s.saturating_sub(at_s);
    if elapsed_s >= curve.window_s {
        return Ok(0);
    }
    let forgotten = mul_div_down(curve.limit_value, elapsed_s.into(), curve.window_s.into())
        .ok_or(VaultError::Overflow)?;
    Ok(outflow.saturating_sub(forgotten))
}

/// Saves the rolling net outflow of `now_s`.
pub(crate) fn set_outflow<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    outflow: u128,
    now_s: u64,
) -> Result<(), VaultError> {
    if outflow == 0 && !head.flowing {
        return Ok(());
    }
    head.flowing = outflow > 0;
    store.set_flow(Flow {
        outflow,
        at_s: now_s,
    })
}
