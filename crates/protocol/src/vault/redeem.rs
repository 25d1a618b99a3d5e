//! Shares go out at once for one asset, from idle that nobody else needs.
//!
//! With s shares of asset a, everything at the floor:
//!
//! ```text
//! full  = floor(s · NAV / (supply · rate_a))
//! gross = min(floor(s · floor_NAV / ((supply − Σ k_r) · rate_a)), full)      worth so much if every slash is executed
//! D     = full − gross                                      what the slashes may leave of them
//! x     = ceil(gross · rate_a)                              value; the rolling net outflow u rises by it, up to its limit
//! fee   = ceil(∫ f du from u to u + x, over rate_a)         vests for those who stay
//! paid  = gross − fee
//! held_{r,a} += floor(min(D, c_a) · c_{r,a} / c_a)          for each undecided r; the rest of D stays in idle
//! supply −= s
//! ```
//!
//! Refused unless afterwards every asset keeps at hand what batches and executions need: see
//! [`reserve`](super::reserve).
//!
//! `NAV' · supply >= NAV · supply'`, and the same of the floor: at most `gross + D` leaves, all divisions round down.

use super::fee::{marginal_fee_bps_wei, outflow, set_outflow};
use super::ledger::{Holding, contested};
use super::performance::{Fee, keep_fee};
use super::reserve::{Queued, at_hand, needed};
use super::valuation::priced;
use super::{Head, Quotes, VaultError, VaultKey, VaultStore, drip, ledger};
use crate::math::{
    Overflow, add, mul_div_down, mul_div_up, product, ratio_down, ratio_up, scale, sub,
};
use crate::units::{BPS, WAD, get, set};

/// What the sender of a redemption accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedeemLimits {
    /// At least so much.
    pub min_amount: u128,
    /// No later than this, Unix seconds.
    pub deadline_s: u64,
}

impl RedeemLimits {
    /// Accepts anything at any time.
    pub const NONE: Self = Self {
        min_amount: 0,
        deadline_s: u64::MAX,
    };
}

/// What a redemption took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RedeemSummary {
    /// To pay to the receiver.
    pub amount: u128,
    /// Kept, vests for those who stay.
    pub fee: u128,
    /// Set aside under undecided requests.
    pub set_aside: u128,
    /// Of amount and fee, ETH wei, rounded up.
    pub value: u128,
    /// All shares, without these.
    pub supply: u128,
    /// Rolling net outflow, with this, ETH wei.
    pub outflow: u128,
    /// The performance fee that was taken before.
    pub performance: Fee,
}

/// Takes `shares`, which the caller burns, for `asset`, which the caller pays.
pub fn redeem<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    asset: u8,
    shares: u128,
    quotes: &Quotes,
    limits: &RedeemLimits,
) -> Result<RedeemSummary, VaultError> {
    if now_s > limits.deadline_s {
        return Err(VaultError::Expired {
            deadline_s: limits.deadline_s,
            now_s,
        });
    }
    let mut summary = preview_redeem(store, now_s, asset, shares, quotes)?;
    if summary.amount < limits.min_amount {
        return Err(VaultError::BelowMinAmount {
            min_amount: limits.min_amount,
            amount: summary.amount,
        });
    }
    keep_fee(store, &summary.performance)?;
    let settings = store.settings();
    let mut head = store.head();
    head.supply = summary.supply;
    set_outflow(store, &mut head, summary.outflow, now_s)?;
    summary.set_aside = set_aside(store, &head, asset, summary.set_aside)?;
    let gross = add(summary.amount, summary.fee)?;
    let mut balance = store.balance(asset);
    balance.idle = sub(balance.idle, add(gross, summary.set_aside)?)?;
    store.set_balance(asset, balance);
    drip::start(store, &mut head, &settings.clock, asset, summary.fee, now_s)?;
    store.set_head(head)?;
    Ok(summary)
}

/// What [`redeem`] would take; `set_aside` is at most so much (a division for each request rounds it down).
pub fn preview_redeem<S: VaultStore + ?Sized>(
    store: &S,
    now_s: u64,
    asset: u8,
    shares: u128,
    quotes: &Quotes,
) -> Result<RedeemSummary, VaultError> {
    let head = store.head();
    if shares == 0 {
        return Err(VaultError::ZeroAmount);
    }
    let paused_until_s = store.flow().paused_until_s;
    if now_s < paused_until_s {
        return Err(VaultError::InstantPaused {
            until_s: paused_until_s,
        });
    }
    let (quote, valuation) = priced(store, asset, quotes)?;
    let supply = sub(valuation.supply, shares)?;

    let unit = product(valuation.supply, quote.rate_wad);
    let at_rate = ratio_down(scale(valuation.nav_wad, shares)?, unit)?;
    let floor_unit = product(valuation.floor_supply()?, quote.rate_wad);
    let gross = ratio_down(scale(valuation.floor_nav_wad, shares)?, floor_unit)?.min(at_rate);
    let set_aside = sub(at_rate, gross)?.min(contested(store, &head, asset));
    let value = mul_div_up(gross, quote.rate_wad, WAD)?;
    let curve = store.curve();
    let before = outflow(store, &head, &curve, now_s)?;
    let outflow = add(before, value)?;
    let fee_bps_wei = marginal_fee_bps_wei(&curve, before, outflow)?;
    // bps · wei of value -> wei of the asset, in one division.
    let fee = ratio_up(
        product(fee_bps_wei, WAD),
        product(BPS.into(), quote.rate_wad),
    )?
    .min(gross);
    let amount = sub(gross, fee)?;
    if amount == 0 {
        return Err(VaultError::ZeroAmount);
    }
    leaves_enough(store, &head, asset, supply, add(gross, set_aside)?)?;
    Ok(RedeemSummary {
        amount,
        fee,
        set_aside,
        value,
        supply,
        outflow,
        performance: valuation.fee,
    })
}

/// Refuses unless batches and undecided requests keep what they need when `out` of `asset` leaves idle and `supply`
/// shares remain.
fn leaves_enough<S: VaultStore + ?Sized>(
    store: &S,
    head: &Head,
    asset: u8,
    supply: u128,
    out: u128,
) -> Result<(), VaultError> {
    let queued = Queued::load(store, head)?;
    let assets = if queued.all == 0 {
        asset..asset.saturating_add(1)
    } else {
        0..store.settings().assets
    };
    for other in assets {
        let holding = Holding::load(store, head, other)?;
        let out = if other == asset { out } else { 0 };
        let total = holding.total.saturating_sub(out);
        let needed = needed(store, head, queued, other, holding.slashable, total, supply)?;
        for (available, needed) in at_hand(&holding, head)?.into_iter().zip(needed) {
            let needed = add(needed, out)?;
            if available < needed {
                return Err(VaultError::InsufficientIdle {
                    asset: other,
                    available,
                    needed,
                });
            }
        }
    }
    Ok(())
}

/// Sets at most `amount` of `asset` aside under the undecided requests, in proportion to what each still contests.
fn set_aside<S: VaultStore + ?Sized>(
    store: &mut S,
    head: &Head,
    asset: u8,
    amount: u128,
) -> Result<u128, Overflow> {
    if amount == 0 {
        return Ok(0);
    }
    let contested = store.aside(asset).contested;
    let assets = store.settings().assets;
    let mut sum = 0;
    for &id in store.ids(head.undecided, &VaultKey::Undecided).as_slice() {
        let mut loss = store.loss(id, asset);
        let part = mul_div_down(amount, sub(loss.loss, loss.held)?, contested)?;
        if part == 0 {
            continue;
        }
        loss.held = add(loss.held, part)?;
        store.set_loss(id, asset, loss);
        let mut instant = store.amounts(assets, &|pair| VaultKey::InstantHeld(id, pair));
        let more = add(get(&instant, asset), part)?;
        set(&mut instant, asset, more);
        store.set_amounts(assets, &instant, &|pair| VaultKey::InstantHeld(id, pair));
        sum = add(sum, part)?;
    }
    ledger::set_aside(store, asset, sum)?;
    Ok(sum)
}
