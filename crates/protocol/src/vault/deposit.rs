//! An asset comes in, shares are minted.
//!
//! ```text
//! bought = floor(floor(amount · (1 − fee_i)) · credit_i / rate_i)      credit <= rate: the lower of it and the market guard
//! value  = bought · rate_i                                             ETH wei · WAD
//! shares = floor(value · supply / NAV)                                 priced at the rate, before the deposit
//!        = floor(value / WAD), of which 1e15 are locked                for the first deposit, worth at least 0.01 ETH
//! idle  += bought, then rebalanced; u −= value                         u: rolling net outflow
//! drip  += amount − bought                                             vests for all who hold
//! ```
//!
//! `NAV' · supply >= NAV · supply'`: the NAV rises by what was paid for, and shares round down. What buys no shares vests like
//! any gain, so that nobody gains by being there when another pays a fee. Errors: less than a wei of the asset for each
//! inner division, less than one share wei; all stay with those who hold already.

use alloy_primitives::U256;

use super::fee::{outflow, set_outflow};
use super::ledger::Holding;
use super::performance::{Fee, keep_fee};
use super::rebalance::rebalance;
use super::reserve::Queued;
use super::valuation::priced;
use super::{Quotes, Valuation, VaultError, VaultStore, drip};
use crate::math::{add, mul_div_down, product, ratio_down, scale, sub};
use crate::units::{AMOUNT_LIMIT, BPS, LOCKED_SHARES, MIN_FIRST_VALUE, WAD};

/// What the sender of a deposit accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepositLimits {
    /// At least so many shares.
    pub min_shares: u128,
    /// At least this floor rate before the deposit: who buys at the rate while a slash is undecided may bear a part of it.
    pub min_floor_rate_wad: u128,
    /// No later than this, Unix seconds.
    pub deadline_s: u64,
}

impl DepositLimits {
    /// Accepts anything at any time.
    pub const NONE: Self = Self {
        min_shares: 0,
        min_floor_rate_wad: 0,
        deadline_s: u64::MAX,
    };
}

/// What a deposit brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DepositSummary {
    /// Minted to the receiver.
    pub shares: u128,
    /// Minted to nobody, for ever: by the first deposit only.
    pub locked_shares: u128,
    /// Credited, after the fee, ETH wei, rounded down.
    pub value: u128,
    /// All shares, with these.
    pub supply: u128,
    /// The part of the asset that bought shares; the rest vests for all who hold.
    pub bought: u128,
    /// Moved from idle to staked by it.
    pub staked: u128,
    /// Taken before it.
    pub fee: Fee,
}

/// Takes `amount` of `asset`, which the caller has received, into the ledger and prices the shares to mint.
pub fn deposit<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    asset: u8,
    amount: u128,
    quotes: &Quotes,
    limits: &DepositLimits,
) -> Result<DepositSummary, VaultError> {
    if now_s > limits.deadline_s {
        return Err(VaultError::Expired {
            deadline_s: limits.deadline_s,
            now_s,
        });
    }
    let (mut summary, valuation) = price(store, now_s, asset, amount, quotes)?;
    if summary.shares < limits.min_shares {
        return Err(VaultError::BelowMinShares {
            min_shares: limits.min_shares,
            shares: summary.shares,
        });
    }
    let floor_rate_wad = valuation.floor_rate_wad()?;
    if floor_rate_wad < limits.min_floor_rate_wad {
        return Err(VaultError::FloorBelowMin {
            min_floor_rate_wad: limits.min_floor_rate_wad,
            floor_rate_wad,
        });
    }

    keep_fee(store, &summary.fee)?;
    let mut head = store.head();
    let settings = store.settings();
    head.supply = summary.supply;
    if head.flowing {
        let before = outflow(store, &head, &store.curve(), now_s)?;
        let after = before.saturating_sub(summary.value);
        set_outflow(store, &mut head, after, now_s)?;
    }
    let mut holding = Holding::load(store, &head, asset)?;
    holding.balance.idle = add(holding.balance.idle, summary.bought)?;
    holding.total = add(holding.total, summary.bought)?;
    store.set_balance(asset, holding.balance);
    let queued = Queued::load(store, &head)?;
    summary.staked = rebalance(
        store,
        &mut head,
        asset,
        &mut holding,
        queued,
        settings.idle_target_bps,
        None,
    )?;
    let rest = sub(amount, summary.bought)?;
    drip::start(store, &mut head, &settings.clock, asset, rest, now_s)?;
    store.set_head(head)?;
    Ok(summary)
}

/// What [`deposit`] would bring, but for what it would stake.
pub fn preview_deposit<S: VaultStore + ?Sized>(
    store: &S,
    now_s: u64,
    asset: u8,
    amount: u128,
    quotes: &Quotes,
) -> Result<DepositSummary, VaultError> {
    price(store, now_s, asset, amount, quotes).map(|(summary, _)| summary)
}

fn price<S: VaultStore + ?Sized>(
    store: &S,
    now_s: u64,
    asset: u8,
    amount: u128,
    quotes: &Quotes,
) -> Result<(DepositSummary, Valuation), VaultError> {
    let settings = store.settings();
    if amount == 0 {
        return Err(VaultError::ZeroAmount);
    }
    if now_s < settings.deposits_paused_until_s {
        return Err(VaultError::DepositsPaused {
            until_s: settings.deposits_paused_until_s,
        });
    }
    let (quote, valuation) = priced(store, asset, quotes)?;
    let terms = store.asset_terms(asset);
    if terms.delisted {
        return Err(VaultError::AssetDelisted { asset });
    }
    let head = store.head();
    if head.retired {
        return Err(VaultError::Retired);
    }
    let held = Holding::load(store, &head, asset)?.total;
    let attempted = held.saturating_add(amount);
    if attempted > terms.cap {
        return Err(VaultError::AboveCap {
            asset,
            cap: terms.cap,
            attempted,
        });
    }
    let credit_wad = quote.credit_wad.min(quote.rate_wad);
    if credit_wad == 0 {
        return Err(VaultError::GuardRefuses { asset });
    }

    let kept_bps = sub(BPS.into(), terms.deposit_fee_bps.into())?;
    let after_fee = mul_div_down(amount, kept_bps, BPS.into())?;
    let bought = mul_div_down(after_fee, credit_wad, quote.rate_wad)?;
    let value_wad = product(bought, quote.rate_wad);
    let value = ratio_down(value_wad, U256::from(WAD))?;
    let (shares, locked_shares) = shares(value_wad, value, &valuation)?;
    if shares == 0 {
        return Err(VaultError::ZeroShares { amount });
    }
    let supply = add(valuation.supply, add(shares, locked_shares)?)?;
    if supply >= AMOUNT_LIMIT {
        return Err(VaultError::SupplyTooLarge { supply });
    }
    let summary = DepositSummary {
        shares,
        locked_shares,
        value,
        supply,
        bought,
        staked: 0,
        fee: valuation.fee,
    };
    Ok((summary, valuation))
}

/// The shares for the sender and those to lock.
fn shares(value_wad: U256, value: u128, valuation: &Valuation) -> Result<(u128, u128), VaultError> {
    let supply = valuation.supply;
    if supply == 0 {
        if value < MIN_FIRST_VALUE {
            return Err(VaultError::FirstDepositTooSmall {
                value,
                min_value: MIN_FIRST_VALUE,
            });
        }
        return Ok((value.saturating_sub(LOCKED_SHARES), LOCKED_SHARES));
    }
    if valuation.nav_wad.is_zero() {
        return Err(VaultError::Worthless { supply });
    }
    let shares = ratio_down(scale(value_wad, supply)?, valuation.nav_wad)?;
    Ok((shares, 0))
}
