//! Auctions of tokens that the vault does not hold, for an asset that it does.
//!
//! A lot is sold whole to who first pays its price, which falls between two bounds without a market to look at. With D the time
//! of the fall and x the seconds since the lot opened:
//!
//! ```text
//! p(x) = start − floor((start − floor) · x / D)      up to D, the floor from then on
//! cost = ceil(lot · p)                               in the asset
//! ```
//!
//! For D more the lot waits at the floor, so that nobody keeps a price from being reached; after that anybody may open it anew, with
//! what has come meanwhile. Prices round up by less than a wei for a token, and so does the cost. A token has no say in any of
//! it: the lot is what was there when it opened, and is gone from the books before the token is called.

use alloy_primitives::{Address, U256};

use super::{RewardsError, RewardsStore};
use crate::math::{Overflow, mul_div_down, mul_div_up};
use crate::units::WAD;
use crate::vault::MIN_STREAM;
use crate::word::{field64, halves, put, word};

/// How a token is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auction {
    /// What a token costs when a lot opens, wei of the asset for 1e18 of it.
    pub start_wad: u128,
    /// What it costs at least.
    pub floor_wad: u128,
    /// The least lot.
    pub min_lot: u128,
    /// The most that is in a lot.
    pub max_lot: u128,
    /// The asset that it is sold for.
    pub asset: u8,
    /// In this time the price falls to the floor, seconds; 0 if the token is not for sale.
    pub fall_s: u32,
}

impl Auction {
    pub(super) fn from_words(prices: U256, sizes: U256, pace: U256) -> Self {
        let [start_wad, floor_wad] = halves(prices);
        let [min_lot, max_lot] = halves(sizes);
        let [low, _] = halves(pace);
        Self {
            start_wad,
            floor_wad,
            min_lot,
            max_lot,
            asset: field64(low, 0, 8) as u8,
            fall_s: field64(low, 8, 32) as u32,
        }
    }

    pub(super) fn to_words(self) -> Option<[U256; 3]> {
        let low = put(0, 0, 8, self.asset.into())?;
        let low = put(low, 8, 32, self.fall_s.into())?;
        Some([
            word(self.start_wad, self.floor_wad),
            word(self.min_lot, self.max_lot),
            word(low, 0),
        ])
    }

    /// What a lot of `amount` costs `elapsed_s` after it opened.
    pub fn cost(&self, amount: u128, elapsed_s: u64) -> Result<u128, Overflow> {
        mul_div_up(amount, price_wad(self, elapsed_s)?, WAD)
    }
}

/// What is for sale now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    /// All or nothing; 0 if none is open.
    pub amount: u128,
    /// Since then, Unix seconds.
    pub opened_s: u64,
}

impl Lot {
    pub(super) fn from_word(source: U256) -> Self {
        let [amount, high] = halves(source);
        Self {
            amount,
            opened_s: field64(high, 0, 40),
        }
    }

    pub(super) fn to_word(self) -> Option<U256> {
        Some(word(self.amount, put(0, 0, 40, self.opened_s.into())?))
    }
}

/// A sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sale {
    /// To the bidder.
    pub amount: u128,
    /// From the bidder, to stream in the vault, in `asset`.
    pub cost: u128,
    /// The asset.
    pub asset: u8,
}

/// Sets how `token` is sold, or with a fall of no time that it is not; answers how it was. A lot that is open goes on, at the new
/// price of its age.
///
/// # Errors
/// `BadAuction`.
pub fn set_auction<S: RewardsStore + ?Sized>(
    store: &mut S,
    token: Address,
    auction: Auction,
) -> Result<Auction, RewardsError> {
    let is_sound = auction.floor_wad > 0
        && auction.floor_wad <= auction.start_wad
        && auction.min_lot <= auction.max_lot
        && mul_div_down(auction.min_lot, auction.floor_wad, WAD)
            .is_ok_and(|cost| cost >= MIN_STREAM);
    if auction.fall_s > 0 && !is_sound {
        return Err(RewardsError::BadAuction);
    }
    let before = store.auction(token);
    store.set_auction(token, auction)?;
    Ok(before)
}

/// What a token costs `elapsed_s` after its lot opened, wei of the asset for 1e18 of it.
pub fn price_wad(auction: &Auction, elapsed_s: u64) -> Result<u128, Overflow> {
    let fall_s = u64::from(auction.fall_s);
    if elapsed_s >= fall_s {
        return Ok(auction.floor_wad);
    }
    let range_wad = auction.start_wad.saturating_sub(auction.floor_wad);
    let fallen_wad = mul_div_down(range_wad, elapsed_s.into(), fall_s.into())?;
    Ok(auction.start_wad.saturating_sub(fallen_wad))
}

/// From when on an open lot may be opened anew, Unix seconds.
pub fn may_restart_s(auction: &Auction, lot: &Lot) -> u64 {
    lot.opened_s
        .saturating_add(u64::from(auction.fall_s).saturating_mul(2))
}

/// Opens a lot of `token`, of which there is `balance`; anew if it was open and nobody wanted it.
///
/// # Errors
/// `NotForSale`, `LotOpen`, `LotTooSmall`.
pub fn open<S: RewardsStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    token: Address,
    balance: u128,
) -> Result<Lot, RewardsError> {
    let auction = for_sale(store, token)?;
    let lot = store.lot(token);
    let until_s = may_restart_s(&auction, &lot);
    if lot.amount > 0 && now_s < until_s {
        return Err(RewardsError::LotOpen { until_s });
    }
    let amount = balance.min(auction.max_lot);
    if amount < auction.min_lot {
        return Err(RewardsError::LotTooSmall {
            amount,
            min: auction.min_lot,
        });
    }
    let lot = Lot {
        amount,
        opened_s: now_s,
    };
    store.set_lot(token, lot)?;
    Ok(lot)
}

/// Sells the open lot of `token` to who wants `min_amount` of it at least and pays `max_cost` at most. The caller takes the cost
/// and sends the lot.
///
/// # Errors
/// `NotForSale`, `NoLot`, `LotTooSmall`, `AboveMaxCost`.
pub fn bid<S: RewardsStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    token: Address,
    min_amount: u128,
    max_cost: u128,
) -> Result<Sale, RewardsError> {
    let auction = for_sale(store, token)?;
    let Lot { amount, opened_s } = store.lot(token);
    if amount == 0 {
        return Err(RewardsError::NoLot);
    }
    if amount < min_amount {
        return Err(RewardsError::LotTooSmall {
            amount,
            min: min_amount,
        });
    }
    let cost = auction.cost(amount, now_s.saturating_sub(opened_s))?;
    if cost > max_cost {
        return Err(RewardsError::AboveMaxCost { cost, max_cost });
    }
    store.set_lot(token, Lot::default())?;
    Ok(Sale {
        amount,
        cost,
        asset: auction.asset,
    })
}

fn for_sale<S: RewardsStore + ?Sized>(store: &S, token: Address) -> Result<Auction, RewardsError> {
    let auction = store.auction(token);
    if auction.fall_s == 0 {
        return Err(RewardsError::NotForSale);
    }
    Ok(auction)
}
