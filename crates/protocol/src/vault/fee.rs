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

use super::{Curve, Flow, Head, VaultError, VaultStore};
use crate::math::{Overflow, add, mul_div_down, narrow, product, ratio_up, scale, sub};

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
    )?;
    let above = segment(
        from.saturating_sub(kink_value),
        to.saturating_sub(kink_value),
        limit_value.saturating_sub(kink_value),
        curve.kink_bps,
        curve.limit_bps,
    )?;
    Ok(add(below, above)?)
}

/// `ceil(∫ from p to q of (low + (high − low)·v/width) dv)` = `low·(q − p) + ceil((high − low)·(p + q)·(q − p) / (2·width))`.
fn segment(p: u128, q: u128, width: u128, low_bps: u16, high_bps: u16) -> Result<u128, Overflow> {
    let length = sub(q, p)?;
    if length == 0 {
        return Ok(0);
    }
    let flat = narrow(product(length, low_bps.into()))?;
    let rise = sub(high_bps.into(), low_bps.into())?;
    let square = scale(product(add(p, q)?, length), rise)?;
    add(flat, ratio_up(square, product(width, 2))?)
}

/// The rolling net outflow at `now_s`, ETH wei.
pub fn net_outflow<S: VaultStore + ?Sized>(store: &S, now_s: u64) -> Result<u128, VaultError> {
    Ok(outflow(store, &store.head(), &store.curve(), now_s)?)
}

/// [`net_outflow`], of words that are loaded.
pub(crate) fn outflow<S: VaultStore + ?Sized>(
    store: &S,
    head: &Head,
    curve: &Curve,
    now_s: u64,
) -> Result<u128, Overflow> {
    if !head.flowing {
        return Ok(0);
    }
    let Flow { outflow, at_s, .. } = store.flow();
    let elapsed_s = now_s.saturating_sub(at_s);
    if elapsed_s >= curve.window_s {
        return Ok(0);
    }
    let forgotten = mul_div_down(curve.limit_value, elapsed_s.into(), curve.window_s.into())?;
    Ok(outflow.saturating_sub(forgotten))
}

/// Saves the rolling net outflow of `now_s`.
pub(crate) fn set_outflow<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &mut Head,
    outflow: u128,
    now_s: u64,
) -> Result<(), Overflow> {
    if outflow == 0 && !head.flowing {
        return Ok(());
    }
    head.flowing = outflow > 0;
    let flow = store.flow();
    store.set_flow(Flow {
        outflow,
        at_s: now_s,
        ..flow
    })
}
