//! A second source agrees with an answer out of bounds, or does not.
//!
//! With r the accepted rate, v the suspicious answer and w that of the second source:
//!
//! ```text
//! |v − w| <= floor(v · margin)  and  ceil(r / 2) <= v <= 2 · r:     (r, t) = (v, now), fresh
//! else:                                                       as it was: suspicious
//! ```
//!
//! What more than halves or doubles a rate is a mistake of scale more often than an event, and two sources behind one
//! bridge may share it: that waits for the governor.

use alloy_primitives::U256;

use super::{Observation, RatesError, accept};
use crate::math::{mul_div_down, narrow};
use crate::units::{WAD, WAD_MAGNITUDE};
use crate::vault::RateState;

/// The observation after a second source was asked, which answered `second` (`None` is no answer) and may differ by
/// `margin_wad` of the first answer. Changes suspicious observations alone.
pub fn confirm(
    seen: Observation,
    second: Option<U256>,
    margin_wad: u64,
    now_s: u64,
) -> Observation {
    if seen.state != RateState::Suspicious {
        return seen;
    }
    let answer_wad = u128::from(seen.accepted.suspect_wad);
    let agrees = second
        .and_then(|second| narrow(second).ok())
        .is_some_and(|second| agree(answer_wad, second, margin_wad));
    let rate_wad = u128::from(seen.accepted.rate_wad);
    let is_near = answer_wad >= rate_wad.div_ceil(2) && answer_wad <= rate_wad.saturating_mul(2);
    match accept(answer_wad, now_s) {
        Ok(accepted) if agrees && is_near => Observation {
            accepted,
            state: RateState::Fresh,
            low_wad: answer_wad,
        },
        _ => seen,
    }
}

/// A margin may not exceed a tenth: sources that differ by more do not agree.
///
/// # Errors
/// `BadBounds`.
pub fn check_margin(margin_wad: u64) -> Result<u64, RatesError> {
    if margin_wad <= WAD_MAGNITUDE / 10 {
        Ok(margin_wad)
    } else {
        Err(RatesError::BadBounds)
    }
}

fn agree(answer_wad: u128, second_wad: u128, margin_wad: u64) -> bool {
    mul_div_down(answer_wad, margin_wad.into(), WAD)
        .is_ok_and(|most| answer_wad.abs_diff(second_wad) <= most)
}
