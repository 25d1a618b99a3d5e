//! What roles set. Each answers what was before, for the event.

use super::fee::{outflow, set_outflow};
use super::performance::FIRST_MARK_WAD;
use super::{AssetTerms, Curve, Head, Settings, VaultError, VaultStore};
use crate::clock::Clock;
use crate::pause::Paused;
use crate::units::{
    AMOUNT_LIMIT, MAX_DEPOSIT_FEE_BPS, MAX_IDLE_TARGET_BPS, MAX_INSTANT_FEE_BPS,
    MAX_PERFORMANCE_FEE_BPS,
};

/// How a vault begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultConfig {
    /// Its time, for ever.
    pub clock: Clock,
    /// Part of each asset that is kept idle for instant redemption.
    pub idle_target_bps: u16,
    /// Part of a gain above the mark that is taken as a performance fee.
    pub fee_bps: u16,
}

/// What can be paused; requests, settlement and claims never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pause {
    /// Deposits.
    Deposits,
    /// Instant redemption.
    Instant,
}

/// Begins a vault at `now_s`, once.
pub fn initialise<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    config: &VaultConfig,
) -> Result<(), VaultError> {
    if store.settings().clock != Clock::default() {
        return Err(VaultError::AlreadyInitialized);
    }
    if !config.clock.is_valid(now_s) {
        return Err(VaultError::BadEpochs);
    }
    at_most(config.idle_target_bps, MAX_IDLE_TARGET_BPS)?;
    at_most(config.fee_bps, MAX_PERFORMANCE_FEE_BPS)?;
    let current = config.clock.epoch_at(now_s);
    store.set_settings(Settings {
        clock: config.clock,
        idle_target_bps: config.idle_target_bps,
        fee_bps: config.fee_bps,
        hwm_wad: FIRST_MARK_WAD,
        ..Settings::default()
    })?;
    store.set_head(Head {
        closed: current,
        settled: current,
        matured: config.clock.matured_at(now_s),
        ..Head::default()
    })?;
    Ok(())
}

/// Sets the part of a deposit of `asset` that buys no shares.
pub fn set_deposit_fee<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    deposit_fee_bps: u16,
) -> Result<u16, VaultError> {
    let terms = listed(store, asset)?;
    at_most(deposit_fee_bps, MAX_DEPOSIT_FEE_BPS)?;
    store.set_asset_terms(
        asset,
        AssetTerms {
            deposit_fee_bps,
            ..terms
        },
    )?;
    Ok(terms.deposit_fee_bps)
}

/// Sets the part of each asset that is kept idle; it is reached at the next close of an epoch.
pub fn set_idle_target<S: VaultStore + ?Sized>(
    store: &mut S,
    idle_target_bps: u16,
) -> Result<u16, VaultError> {
    at_most(idle_target_bps, MAX_IDLE_TARGET_BPS)?;
    let settings = store.settings();
    store.set_settings(Settings {
        idle_target_bps,
        ..settings
    })?;
    Ok(settings.idle_target_bps)
}

/// Sets the fee on instant redemption and its limit. The outflow so far still counts.
pub fn set_curve<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    curve: &Curve,
) -> Result<Curve, VaultError> {
    at_most(curve.limit_bps, MAX_INSTANT_FEE_BPS)?;
    let rises = curve.base_bps <= curve.kink_bps && curve.kink_bps <= curve.limit_bps;
    let is_inside = curve.kink_value <= curve.limit_value && curve.limit_value < AMOUNT_LIMIT;
    if !rises || !is_inside || curve.window_s == 0 {
        return Err(VaultError::BadFeeCurve);
    }
    let mut head = store.head();
    let before = store.curve();
    let outflow = outflow(store, &head, &before, now_s)?;
    set_outflow(store, &mut head, outflow, now_s)?;
    store.set_head(head)?;
    store.set_curve(*curve)?;
    Ok(before)
}

/// Pauses for `duration_s` from `now_s` on, or ends the pause with 0; answers the ends of the old and the new pause.
pub fn pause<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    what: Pause,
    duration_s: u64,
) -> Result<(u64, u64), VaultError> {
    let mut settings = store.settings();
    let mut flow = store.flow();
    let (until_s, length_s) = match what {
        Pause::Deposits => (
            &mut settings.deposits_paused_until_s,
            &mut settings.deposits_pause_s,
        ),
        Pause::Instant => (&mut flow.paused_until_s, &mut flow.pause_s),
    };
    let mut paused = Paused {
        until_s: *until_s,
        length_s: *length_s,
    };
    let ends = paused.set(now_s, duration_s)?;
    (*until_s, *length_s) = (paused.until_s, paused.length_s);
    match what {
        Pause::Deposits => store.set_settings(settings)?,
        Pause::Instant => store.set_flow(flow)?,
    }
    Ok(ends)
}

pub(crate) fn listed<S: VaultStore + ?Sized>(
    store: &S,
    asset: u8,
) -> Result<AssetTerms, VaultError> {
    if asset < store.settings().assets {
        Ok(store.asset_terms(asset))
    } else {
        Err(VaultError::AssetUnknown { asset })
    }
}

pub(crate) fn at_most(bps: u16, max_bps: u16) -> Result<(), VaultError> {
    if bps <= max_bps {
        Ok(())
    } else {
        Err(VaultError::BpsTooHigh { bps, max_bps })
    }
}
