//! What a share is worth.
//!
//! ```text
//! NAV        = Σ T_i · rate_i                    unfloored: ETH wei · WAD
//! rate       = floor(NAV / supply)               WAD if supply is 0
//! floor_rate = floor(Σ (T_i − c_i) · low_i / (supply − Σ k_r)), at most rate
//! ```
//!
//! The supply counts the shares of the [performance fee](super::performance) that the next priced call takes.
//! `low_i` is the rate, or a lower suspicious answer. Both rates are at most one unit of the last place too low.

use alloy_primitives::U256;

use super::ledger::{Holding, contested};
use super::performance::{Fee, fee};
use super::{Quote, Quotes, RateState, VaultError, VaultStore};
use crate::math::{Overflow, add, add_wide, product, ratio_down, ratio_up, scale, sub};
use crate::units::WAD;

/// The vault's value at the given quotes, after the performance fee that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// ETH wei · WAD, unfloored.
    pub nav_wad: U256,
    /// The part of it, at the lower rates, that no undecided request will take; ETH wei · WAD, unfloored.
    pub floor_nav_wad: U256,
    /// All shares, those of the fee included.
    pub supply: u128,
    /// The performance fee that is due; none while a rate is not fresh.
    pub fee: Fee,
    /// Of these, shares of bonds and cover that burn if every undecided slash is executed.
    pub cushions: u128,
    /// The worst state of the rates of assets that the vault holds.
    pub state: RateState,
    /// An asset in that state.
    pub asset: u8,
}

impl Valuation {
    /// ETH wei, rounded down.
    pub fn nav(&self) -> Result<u128, Overflow> {
        ratio_down(self.nav_wad, U256::from(WAD))
    }

    /// ETH per share, rounded down; 1 without shares.
    pub fn rate_wad(&self) -> Result<u128, Overflow> {
        per_share(self.nav_wad, self.supply)
    }

    /// What `shares` are worth, ETH wei, rounded down; nothing without shares.
    pub fn value_of(&self, shares: u128) -> Result<u128, Overflow> {
        if self.supply == 0 {
            return Ok(0);
        }
        ratio_down(scale(self.nav_wad, shares)?, product(self.supply, WAD))
    }

    /// ETH per share, rounded up; 1 without shares.
    pub(crate) fn rate_up_wad(&self) -> Result<u128, Overflow> {
        per_share_up(self.nav_wad, self.supply)
    }

    /// Whether the floor is under the rate.
    pub(crate) fn is_contested(&self) -> bool {
        self.floor_nav_wad < self.nav_wad
    }

    /// ETH per share if every undecided slash is executed, rounded down; 1 without shares.
    pub fn floor_rate_wad(&self) -> Result<u128, Overflow> {
        let floor_wad = per_share(self.floor_nav_wad, self.floor_supply()?)?;
        Ok(floor_wad.min(self.rate_wad()?))
    }

    /// The shares that are left if every undecided slash is executed.
    pub fn floor_supply(&self) -> Result<u128, Overflow> {
        sub(self.supply, self.cushions)
    }
}

/// Values the vault. Quotes of assets that it does not hold are not looked at.
pub fn valuation<S: VaultStore + ?Sized>(
    store: &S,
    quotes: &Quotes,
) -> Result<Valuation, Overflow> {
    let head = store.head();
    let settings = store.settings();
    let mut valuation = Valuation {
        nav_wad: U256::ZERO,
        floor_nav_wad: U256::ZERO,
        supply: head.supply,
        fee: Fee::default(),
        cushions: if head.undecided == 0 {
            0
        } else {
            store.cushions()
        },
        state: RateState::Fresh,
        asset: 0,
    };
    for (asset, quote) in (0..settings.assets).zip(quotes) {
        let total = Holding::load(store, &head, asset)?.total;
        if total == 0 {
            continue;
        }
        let quote = quote.in_range()?;
        if quote.state as u8 > valuation.state as u8 {
            valuation.state = quote.state;
            valuation.asset = asset;
        }
        let sure = sub(total, contested(store, &head, asset))?;
        valuation.nav_wad = add_wide(valuation.nav_wad, product(total, quote.rate_wad))?;
        valuation.floor_nav_wad = add_wide(valuation.floor_nav_wad, product(sure, quote.low_wad))?;
    }
    if valuation.state == RateState::Fresh {
        valuation.fee = fee(&settings, &valuation)?;
        valuation.supply = add(valuation.supply, valuation.fee.shares)?;
    }
    Ok(valuation)
}

fn per_share(nav_wad: U256, supply: u128) -> Result<u128, Overflow> {
    if supply == 0 {
        Ok(WAD)
    } else {
        ratio_down(nav_wad, U256::from(supply))
    }
}

fn per_share_up(nav_wad: U256, supply: u128) -> Result<u128, Overflow> {
    if supply == 0 {
        Ok(WAD)
    } else {
        ratio_up(nav_wad, U256::from(supply))
    }
}

/// The quote of a listed `asset` and the value of the vault; refuses unless its rate and that of every asset held is
/// fresh.
pub(crate) fn priced<S: VaultStore + ?Sized>(
    store: &S,
    asset: u8,
    quotes: &Quotes,
) -> Result<(Quote, Valuation), VaultError> {
    let quote = quotes
        .get(usize::from(asset))
        .filter(|_| asset < store.settings().assets)
        .ok_or(VaultError::AssetUnknown { asset })?
        .in_range()?;
    let mut valuation = valuation(store, quotes)?;
    if quote.state != RateState::Fresh {
        valuation.state = quote.state;
        valuation.asset = asset;
    }
    match valuation.state {
        RateState::Fresh => Ok((quote, valuation)),
        state => Err(VaultError::RateNotFresh {
            asset: valuation.asset,
            state,
        }),
    }
}
