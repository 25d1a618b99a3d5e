//! A source was asked.
//!
//! With (r, t) the accepted pair, v the answer and s the time since which the source is suspicious (now if it is not):
//!
//! ```text
//! least = ceil(r · (1 − drop))                most = floor(r · (1 + growth · (s − t) / day))
//! v = r:                       t += now − s, fresh
//! least <= v <= most, v > 0:   (r, t) = (v, now), fresh
//! else:                        suspicious; low = min(r, v); (r, t) as it was
//! no answer:                   stale; (r, t) as it was
//! ```
//!
//! Time stands still while a source is suspicious: the room to grow is that of the moment it left its bounds, so a wrong value
//! does not become right by waiting, and one that returns into them is right again. Nor does a rate that is repeated move its
//! time, but for the time that stood still: a source that steps once a day would else have no room for the step when
//! somebody asked just before it. Roundings are inwards.

use alloy_primitives::U256;

use super::{Accepted, Bounds};
use crate::math::{mul_div_down, mul_div_up, narrow};
use crate::units::{RATE_LIMIT_WAD, WAD, WAD_MAGNITUDE};
use crate::vault::RateState;

const DAY_S: u128 = 24 * 60 * 60;

/// A rate after its source was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// To keep.
    pub accepted: Accepted,
    /// Whether it can be relied on.
    pub state: RateState,
    /// The lower of the accepted rate and a suspicious answer, ETH per asset: what the floor rate uses.
    pub low_wad: u128,
}

/// What the `answer` of a source at `now_s` (Unix seconds) does to the accepted rate; `None` is no answer.
pub fn observe(
    accepted: Accepted,
    bounds: &Bounds,
    answer: Option<U256>,
    now_s: u64,
) -> Observation {
    let Some(answer_wad) = answer else {
        return unanswered(accepted);
    };
    let in_range = narrow(answer_wad)
        .ok()
        .filter(|answer| *answer < RATE_LIMIT_WAD);
    let is_suspect = accepted.suspect_since_s != 0;
    let until_s = if is_suspect {
        accepted.suspect_since_s
    } else {
        now_s
    };
    match in_range.filter(|answer| is_within(&accepted, bounds, *answer, until_s)) {
        Some(answer) => Observation {
            accepted: Accepted {
                rate_wad: answer as u64,
                at_s: if answer == u128::from(accepted.rate_wad) {
                    accepted.at_s.saturating_add(now_s.saturating_sub(until_s))
                } else {
                    now_s
                },
                ..Accepted::default()
            },
            state: RateState::Fresh,
            low_wad: answer,
        },
        None => {
            // What is too large for a rate is as good as the largest one.
            let suspect = in_range.unwrap_or(u64::MAX.into());
            Observation {
                accepted: Accepted {
                    suspect_wad: suspect as u64,
                    suspect_since_s: until_s,
                    ..accepted
                },
                state: RateState::Suspicious,
                low_wad: suspect.min(accepted.rate_wad.into()),
            }
        }
    }
}

/// Silent sources are stale; one that was suspicious before stays so, at its lower rate.
fn unanswered(accepted: Accepted) -> Observation {
    let is_suspect = accepted.suspect_since_s != 0;
    let low = if is_suspect {
        accepted.rate_wad.min(accepted.suspect_wad)
    } else {
        accepted.rate_wad
    };
    Observation {
        accepted,
        state: if is_suspect {
            RateState::Suspicious
        } else {
            RateState::Stale
        },
        low_wad: low.into(),
    }
}

fn is_within(accepted: &Accepted, bounds: &Bounds, answer: u128, until_s: u64) -> bool {
    let rate = u128::from(accepted.rate_wad);
    let kept = WAD_MAGNITUDE.saturating_sub(bounds.max_drop_wad);
    let least = mul_div_up(rate, kept.into(), WAD);
    let elapsed_s = until_s.saturating_sub(accepted.at_s);
    let growth = u128::from(bounds.max_growth_per_day_wad)
        .checked_mul(elapsed_s.into())
        .and_then(|growth| mul_div_down(rate, growth, WAD.checked_mul(DAY_S)?).ok());
    let most = growth.and_then(|growth| rate.checked_add(growth));
    answer > 0 && least.is_ok_and(|least| least <= answer) && most.is_none_or(|most| answer <= most)
}
