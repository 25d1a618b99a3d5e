//! The governor, or the listing of an asset, sets the accepted pair: `(r, t) = (rate, now)`, and nothing is suspicious.

use super::{Accepted, RatesError};
use crate::units::RATE_LIMIT_WAD;

/// `rate_wad` as accepted at `now_s`.
pub fn accept(rate_wad: u128, now_s: u64) -> Result<Accepted, RatesError> {
    if rate_wad == 0 || rate_wad >= RATE_LIMIT_WAD {
        return Err(RatesError::RateOutOfRange { rate_wad });
    }
    Ok(Accepted {
        rate_wad: rate_wad as u64,
        at_s: now_s,
        ..Accepted::default()
    })
}
