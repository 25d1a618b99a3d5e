//! The performance fee: a part of what the rate gains above its high-water mark, taken in new shares.
//!
//! While the floor is the rate, with f the fee and h the mark:
//!
//! ```text
//! gain = NAV − h · supply                                    nothing unless above zero
//! fee  = floor(gain · f)                                     ETH wei
//! s    = floor(supply · fee / (NAV − fee))                   minted: worth exactly the fee at the rate after the mint
//! h'   = ceil(NAV / (supply + s))                            never falls
//! ```
//!
//! The mint lowers the rate by `fee / supply` at most. While a request contests a part of the NAV no fee is taken: what it
//! takes is no gain, and a fee on the rest would follow the floor, which each deposit lifts without anybody gaining. After the
//! decision the fee is that of what is left. The mark has 64 bits: beyond 18.4 ETH for a share no fee is taken. Rounding: s and
//! the fee down, the mark up, all in favour of those who hold. The mark rises even if the fee rounds to nothing, so that nobody who
//! comes later is billed for it.

use alloy_primitives::U256;

use super::admin::at_most;
use super::valuation::valuation;
use super::{
    FeeSplit, Performance, Quotes, RateState, Settings, Valuation, VaultError, VaultStore,
};
use crate::math::{Overflow, add, mul_div_down, product, ratio_down, ratio_up, scale, sub};
use crate::units::{
    AMOUNT_LIMIT, BPS, MAX_FEE_RISE_BPS, MAX_PERFORMANCE_FEE_BPS, WAD, WAD_MAGNITUDE,
};

/// The mark that a vault begins with: the rate of its first share.
pub(crate) const FIRST_MARK_WAD: u64 = WAD_MAGNITUDE;

/// What a performance fee takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// Minted to the vault itself, to be collected; 0 if no fee is due.
    pub shares: u128,
    /// The mark after it, ETH per share; 0 if it does not move.
    pub hwm_wad: u64,
}

/// How collected fee shares are split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// To the treasury: the rest, roundings included.
    pub treasury: u128,
    /// To the junior tranche.
    pub cover: u128,
    /// To the operators.
    pub operators: u128,
}

/// The fee that is due on a vault of `settings`, worth `valuation`, whose supply does not count it yet.
pub(crate) fn fee(settings: &Settings, valuation: &Valuation) -> Result<Fee, Overflow> {
    let supply = valuation.supply;
    let nav_wad = valuation.nav_wad;
    let marked_wad = product(supply, settings.hwm_wad.into());
    let is_due = settings.fee_bps > 0 && supply > 0 && nav_wad > marked_wad;
    if !is_due || valuation.is_contested() {
        return Ok(Fee::default());
    }
    let gain_wad = nav_wad.saturating_sub(marked_wad);
    let part = scale(gain_wad, settings.fee_bps.into())?;
    let fee = ratio_down(part, product(BPS.into(), WAD))?;
    let fee_wad = product(fee, WAD);
    let kept_wad = nav_wad.saturating_sub(fee_wad);
    let room = AMOUNT_LIMIT.saturating_sub(1).saturating_sub(supply);
    let shares = ratio_down(scale(fee_wad, supply)?, kept_wad)?.min(room);
    let Ok(hwm_wad) = u64::try_from(ratio_up(nav_wad, U256::from(add(supply, shares)?))?) else {
        return Ok(Fee::default());
    };
    Ok(Fee {
        shares,
        hwm_wad: hwm_wad.max(settings.hwm_wad),
    })
}

/// Keeps a fee whose shares the caller mints; the supply is the caller's to save.
pub(crate) fn keep_fee<S: VaultStore + ?Sized>(store: &mut S, fee: &Fee) -> Result<(), Overflow> {
    if fee.hwm_wad == 0 {
        return Ok(());
    }
    let settings = store.settings();
    store.set_settings(Settings {
        hwm_wad: fee.hwm_wad,
        ..settings
    })?;
    if fee.shares == 0 {
        return Ok(());
    }
    let performance = store.performance();
    store.set_performance(Performance {
        uncollected: add(performance.uncollected, fee.shares)?,
        ..performance
    })
}

/// Takes the fee that is due. With a fee of nothing it only moves the mark.
pub fn accrue<S: VaultStore + ?Sized>(store: &mut S, quotes: &Quotes) -> Result<Fee, VaultError> {
    let valuation = fresh(store, quotes)?;
    take(store, &valuation)?;
    if store.settings().fee_bps == 0 && !valuation.is_contested() {
        raise_mark(store, valuation.rate_up_wad()?)?;
    }
    Ok(valuation.fee)
}

/// Sets the fee; answers what was taken at the old one, and the old one. What the rate has reached by now is never billed at
/// the new fee: the mark rises to it.
pub fn set_fee<S: VaultStore + ?Sized>(
    store: &mut S,
    quotes: &Quotes,
    fee_bps: u16,
) -> Result<(Fee, u16), VaultError> {
    at_most(fee_bps, MAX_PERFORMANCE_FEE_BPS)?;
    let old_bps = store.settings().fee_bps;
    let epoch = store.head().closed;
    if fee_bps > old_bps {
        let rise_bps = MAX_FEE_RISE_BPS.max(old_bps / 4);
        let max_bps = old_bps.saturating_add(rise_bps);
        if fee_bps > max_bps {
            return Err(VaultError::FeeRiseTooSteep {
                bps: fee_bps,
                max_bps,
            });
        }
        let performance = store.performance();
        if epoch < performance.next_rise {
            return Err(VaultError::FeeRoseAlready {
                next_epoch: performance.next_rise,
            });
        }
        store.set_performance(Performance {
            next_rise: epoch.saturating_add(1),
            ..performance
        })?;
    }
    let valuation = fresh(store, quotes)?;
    take(store, &valuation)?;
    raise_mark(store, valuation.rate_up_wad()?)?;
    let settings = store.settings();
    store.set_settings(Settings {
        fee_bps,
        ..settings
    })?;
    Ok((valuation.fee, old_bps))
}

/// Sets how fee shares are split from now on, those that wait included; answers the old split.
pub fn set_fee_split<S: VaultStore + ?Sized>(
    store: &mut S,
    split: FeeSplit,
) -> Result<FeeSplit, VaultError> {
    at_most(split.cover_bps.saturating_add(split.operators_bps), BPS)?;
    let performance = store.performance();
    store.set_performance(Performance {
        split,
        ..performance
    })?;
    Ok(performance.split)
}

/// Splits the fee shares that wait; the caller moves them out of the vault.
pub fn collect_fees<S: VaultStore + ?Sized>(store: &mut S) -> Result<Collected, VaultError> {
    let performance = store.performance();
    let Performance {
        uncollected, split, ..
    } = performance;
    if uncollected == 0 {
        return Err(VaultError::NoFees);
    }
    store.set_performance(Performance {
        uncollected: 0,
        ..performance
    })?;
    let part = |bps: u16| mul_div_down(uncollected, bps.into(), BPS.into());
    let (cover, operators) = (part(split.cover_bps)?, part(split.operators_bps)?);
    Ok(Collected {
        treasury: sub(uncollected, add(cover, operators)?)?,
        cover,
        operators,
    })
}

fn fresh<S: VaultStore + ?Sized>(store: &S, quotes: &Quotes) -> Result<Valuation, VaultError> {
    let valuation = valuation(store, quotes)?;
    match valuation.state {
        RateState::Fresh => Ok(valuation),
        state => Err(VaultError::RateNotFresh {
            asset: valuation.asset,
            state,
        }),
    }
}

fn take<S: VaultStore + ?Sized>(store: &mut S, valuation: &Valuation) -> Result<(), Overflow> {
    keep_fee(store, &valuation.fee)?;
    if valuation.fee.shares > 0 {
        let mut head = store.head();
        head.supply = valuation.supply;
        store.set_head(head)?;
    }
    Ok(())
}

fn raise_mark<S: VaultStore + ?Sized>(store: &mut S, rate_wad: u128) -> Result<(), Overflow> {
    let settings = store.settings();
    let hwm_wad = u64::try_from(rate_wad)
        .unwrap_or(u64::MAX)
        .max(settings.hwm_wad);
    if hwm_wad > settings.hwm_wad {
        store.set_settings(Settings {
            hwm_wad,
            ..settings
        })?;
    }
    Ok(())
}
