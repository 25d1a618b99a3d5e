//! What a lender may rely on.
//!
//! ```text
//! low_rate = floor(Σ T_i · low_i / supply)      low_i: the lower of the accepted rate and a suspicious answer
//! updated  = now                                if the rate of every asset held is fresh
//!            min over the others of the time since when their accepted rate stands      else
//! exit     = maturity(current epoch)
//! ```
//!
//! Rounding: rates less than a unit of the last place too low.

use super::ledger::Holding;
use super::{Quote, Quotes, RateState, VaultStore, valuation};
use crate::math::Overflow;
use crate::units::MAX_ASSETS;

/// What a lender may rely on, in one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// ETH per share, at the last accepted rates.
    pub rate_wad: u128,
    /// The same at the lower of each accepted rate and a suspicious answer.
    pub low_rate_wad: u128,
    /// ETH per share if every undecided slash is executed, at the lower rates.
    pub floor_rate_wad: u128,
    /// Of what time that is, Unix seconds.
    pub updated_s: u64,
    /// The worst state of the rates of assets that the vault holds.
    pub state: RateState,
    /// Requests that are not decided.
    pub undecided: u8,
    /// When a request made now is paid, Unix seconds.
    pub exit_s: u64,
}

/// The health of a vault that is synced to `now_s`; `accepted_s` tells since when each accepted rate stands, Unix seconds.
pub fn health<S: VaultStore + ?Sized>(
    store: &S,
    quotes: &Quotes,
    accepted_s: &[u64; MAX_ASSETS],
    now_s: u64,
) -> Result<Health, Overflow> {
    let head = store.head();
    let settings = store.settings();
    let valued = valuation(store, quotes)?;
    let lowered = quotes.map(|quote| Quote {
        rate_wad: quote.low_wad,
        ..quote
    });
    let mut updated_s = now_s;
    for ((asset, quote), since_s) in (0..settings.assets).zip(quotes).zip(accepted_s) {
        let is_held = Holding::load(store, &head, asset)?.total > 0;
        if is_held && quote.state != RateState::Fresh {
            updated_s = updated_s.min(*since_s);
        }
    }
    Ok(Health {
        rate_wad: valued.rate_wad()?,
        low_rate_wad: valuation(store, &lowered)?.rate_wad()?,
        floor_rate_wad: valued.floor_rate_wad()?,
        updated_s,
        state: valued.state,
        undecided: head.undecided,
        exit_s: settings.clock.maturity_s(head.closed),
    })
}
