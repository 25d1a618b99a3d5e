//! Auctions of tokens that the vault does not hold, for an asset that it does.
//!
//! A lot is sold whole to who first pays its price, which falls without a market to look at:
//!
//! ```text
//! price(t) = max(floor, start / 2^k · (1 − x/2))        k whole half-lives since opening, and the part x of the next
//! cost     = ceil(lot · price)
//! start'   = max(floor, 2 · price)                      of the next lot, after a sale
//! ```
//!
//! Straight between the halvings. Prices round up, and so does the cost. A token has no say in any of it: the lot is what was
//! there when it opened, and is gone from the books before the token is called.

use alloy_primitives::{Address, U256};

use super::{RewardsError, RewardsStore};
use crate::math::{Overflow, mul_div_down, mul_div_up};
use crate::units::WAD;
use crate::word::{field64, halves, put, word};

/// How a token is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auction {
    /// What a token costs when the next lot opens, wei of the asset for 1e18 of it.
    pub start_wad: u128,
    /// What it costs at least.
    pub floor_wad: u128,
    /// The least lot.
    pub min_lot: u128,
    /// The most that is in a lot.
    pub max_lot: u128,
    /// The asset that it is sold for.
    pub asset: u8,
    /// In this time the price falls by half, seconds; 0 if the token is not for sale.
    pub half_life_s: u32,
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
            half_life_s: field64(low, 8, 32) as u32,
        }
    }

    pub(super) fn to_words(self) -> Option<[U256; 3]> {
        let low = put(0, 0, 8, self.asset.into())?;
        let low = put(low, 8, 32, self.half_life_s.into())?;
        Some([
            word(self.start_wad, self.floor_wad),
            word(self.min_lot, self.max_lot),
            word(low, 0),
        ])
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
    /// From the bidder, to the vault, in `asset`.
    pub cost: u128,
    /// The asset.
    pub asset: u8,
    /// Wei of the asset for 1e18 of the token.
    pub price_wad: u128,
}

/// Sets how `token` is sold. A lot that is open goes on, at the new price of its age.
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
        && auction.min_lot > 0
        && auction.min_lot <= auction.max_lot
        && auction.half_life_s > 0;
    if !is_sound {
        return Err(RewardsError::BadAuction);
    }
    let before = store.auction(token);
    store.set_auction(token, auction)?;
    Ok(before)
}

/// What a token costs `elapsed_s` after its lot opened, wei of the asset for 1e18 of it.
pub fn price_wad(auction: &Auction, elapsed_s: u64) -> Result<u128, Overflow> {
    let half_life_s = u64::from(auction.half_life_s);
    let halvings = elapsed_s.checked_div(half_life_s).ok_or(Overflow)?;
    let rest_s = elapsed_s.checked_rem(half_life_s).ok_or(Overflow)?;
    let Some(divisor) = u32::try_from(halvings).ok().and_then(|by| 1u128.checked_shl(by)) else {
        return Ok(auction.floor_wad);
    };
    let base_wad = mul_div_up(auction.start_wad, 1, divisor)?;
    let fall_wad = mul_div_down(base_wad, rest_s.into(), u128::from(half_life_s).saturating_mul(2))?;
    Ok(base_wad.saturating_sub(fall_wad).max(auction.floor_wad))
}

/// Opens a lot of `token`, of which there is `balance`.
///
/// # Errors
/// `NoAuction`, `LotOpen`, `LotTooSmall`.
pub fn open<S: RewardsStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    token: Address,
    balance: u128,
) -> Result<Lot, RewardsError> {
    let auction = for_sale(store, token)?;
    let lot = store.lot(token);
    if lot.amount > 0 {
        return Err(RewardsError::LotOpen { amount: lot.amount });
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

/// Sells the open lot of `token`. The caller takes the cost and sends the lot.
///
/// # Errors
/// `NoAuction`, `NoLot`, `AboveMaxCost`.
pub fn bid<S: RewardsStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    token: Address,
    max_cost: u128,
) -> Result<Sale, RewardsError> {
    let auction = for_sale(store, token)?;
    let lot = store.lot(token);
    if lot.amount == 0 {
        return Err(RewardsError::NoLot);
    }
    let price_wad = price_wad(&auction, now_s.saturating_sub(lot.opened_s))?;
    let cost = mul_div_up(lot.amount, price_wad, WAD)?;
    if cost > max_cost {
        return Err(RewardsError::AboveMaxCost { cost, max_cost });
    }
    store.set_lot(token, Lot::default())?;
    store.set_auction(
        token,
        Auction {
            start_wad: price_wad.saturating_mul(2).max(auction.floor_wad),
            ..auction
        },
    )?;
    Ok(Sale {
        amount: lot.amount,
        cost,
        asset: auction.asset,
        price_wad,
    })
}

fn for_sale<S: RewardsStore + ?Sized>(store: &S, token: Address) -> Result<Auction, RewardsError> {
    let auction = store.auction(token);
    if auction.half_life_s == 0 {
        return Err(RewardsError::NoAuction);
    }
    Ok(auction)
}
