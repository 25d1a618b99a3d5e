//! Units and limits.
//!
//! | name ends in | type | unit |
//! | --- | --- | --- |
//! | nothing, `amount`, `shares` | `u128` | wei of a token with 18 decimals |
//! | `value` | `u128` | ETH wei |
//! | `_rate_wad` | `u128` | ETH per asset or per share, scaled by [`WAD`] |
//! | `magnitude`, `delta`, `capacity` | `u64` | fraction of a vault's stake, scaled by [`WAD`] |
//! | `_bps` | `u16` | part of [`BPS`] |
//! | `_s` | `u64` | Unix seconds, or seconds |
//!
//! The limits below keep every product of the hot path inside 256 bits: an amount times a rate is below 2^160, and that
//! times a supply below 2^256.

/// One, for rates and magnitudes.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// [`WAD`] as a magnitude: the capacity that a vault starts with.
pub const WAD_MAGNITUDE: u64 = 1_000_000_000_000_000_000;
/// One, for fees.
pub const BPS: u16 = 10_000;

/// Most assets of a vault: bounds the work of every loop over assets.
pub const MAX_ASSETS: usize = 8;
/// Most slash requests of a vault that are neither vetoed, executed nor lapsed: bounds settlement and instant exits.
pub const MAX_UNDECIDED: usize = 16;
/// Supplies, and the total of an asset that a deposit may reach, stay below this (79 billion tokens).
pub const AMOUNT_LIMIT: u128 = 1 << 96;
/// Rates of assets stay below this (18.4 ETH for one).
pub const RATE_LIMIT_WAD: u128 = 1 << 64;

/// The least value of a vault's first deposit, ETH wei. With [`LOCKED_SHARES`] it makes a share worth a wei or more at
/// any later time unless nearly everything is slashed, so that rounding never matters to a holder.
pub const MIN_FIRST_VALUE: u128 = WAD / 100;
/// Shares of the first deposit that nobody ever owns, so that the supply never returns to zero.
pub const LOCKED_SHARES: u128 = WAD / 1_000;

/// Most that a deposit may be charged.
pub const MAX_DEPOSIT_FEE_BPS: u16 = 500;
/// Most that the marginal fee on instant redemption may be.
pub const MAX_INSTANT_FEE_BPS: u16 = 1_000;
/// Most that an operator may take of rewards: half, so that a slip of its hand is not all of a reward.
pub const MAX_COMMISSION_BPS: u16 = 5_000;
/// Most of a gain that the performance fee may take.
pub const MAX_PERFORMANCE_FEE_BPS: u16 = 2_000;
/// The performance fee may rise by this, or by a quarter of itself, once an epoch.
pub const MAX_FEE_RISE_BPS: u16 = 10;
/// Most that may be kept idle for instant redemption.
pub const MAX_IDLE_TARGET_BPS: u16 = 5_000;
/// Longest pause.
pub const MAX_PAUSE_S: u64 = 3 * 24 * 60 * 60;
/// Shortest epoch: keeps epoch numbers within 32 bits for longer than anybody needs.
pub const MIN_EPOCH_S: u64 = 60;

/// An amount for each asset, in the vault's order; zero beyond the listed ones.
pub type Amounts = [u128; MAX_ASSETS];

/// The amount of `asset`, zero beyond the last.
#[inline(never)]
pub fn get(amounts: &Amounts, asset: u8) -> u128 {
    amounts.get(usize::from(asset)).copied().unwrap_or(0)
}

/// Replaces the amount of `asset`; nothing beyond the last.
#[inline(never)]
pub fn set(amounts: &mut Amounts, asset: u8, amount: u128) {
    if let Some(place) = amounts.get_mut(usize::from(asset)) {
        *place = amount;
    }
}
