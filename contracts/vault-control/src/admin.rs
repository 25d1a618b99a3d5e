//! What the governor and the guardian set.

use alloy_primitives::{Address, U256};
use stylus_sdk::host::VM;
use weir_abi::{
    IErc20::decimalsCall,
    IVault::{
        AssetAlreadyListed, AssetListed, CapRisesTooFast, CapSet, DepositFeeSet, DepositsPaused,
        FeeCurve, FeeCurveSet, IdleTargetSet, InstantPaused, UnsupportedDecimals, listAssetCall,
    },
    words,
};
use weir_protocol::vault::{self, Curve, Pause, Quotes, VaultError};
use weir_shell::{Outcome, call, log};
use weir_vault::{Entry, Known, bps, fee_curve, narrow, peek, wiring};

/// Gas that a token may use to say how many decimals it has.
const DECIMALS_GAS: u64 = 100_000;

pub fn list_asset(vm: &VM, c: listAssetCall) -> Outcome<()> {
    let token = c.token;
    let mut entry = governed(vm)?;
    if wiring::find(vm, token).is_some() {
        return Err(AssetAlreadyListed { token }.into());
    }
    let decimals = call::word(vm, token, DECIMALS_GAS, &words::calldata(decimalsCall {}));
    let decimals = decimals.unwrap_or_default();
    if decimals != U256::from(18) {
        return Err(UnsupportedDecimals { token, decimals }.into());
    }
    let fee_bps = bps(c.depositFeeBps)?;
    let index = match vault::list_asset(&mut entry.store, narrow(c.cap)?, fee_bps) {
        Err(VaultError::CapRisesTooFast { max_cap, .. }) => {
            let max_cap = U256::from(max_cap);
            return Err(CapRisesTooFast {
                token,
                cap: c.cap,
                maxCap: max_cap,
            }
            .into());
        }
        index => entry.check(index)?,
    };
    wiring::set_token(vm, index, token);
    log!(vm, AssetListed [token] { index: U256::from(index), cap: c.cap, depositFeeBps: c.depositFeeBps });
    finish(entry)
}

pub fn set_cap(vm: &VM, token: Address, cap: U256) -> Outcome<()> {
    let mut entry = governed(vm)?;
    let asset = wiring::index_of(vm, token)?;
    let new = narrow(cap)?;
    let quotes = if vault::rises(&entry.store, asset, new) {
        peek(vm)?
    } else {
        Quotes::default()
    };
    let old = vault::set_cap(&mut entry.store, asset, new, &quotes);
    let old_cap = U256::from(entry.check(old)?);
    log!(vm, CapSet [token] { oldCap: old_cap, newCap: cap });
    finish(entry)
}

pub fn set_deposit_fee(vm: &VM, token: Address, fee_bps: U256) -> Outcome<()> {
    let mut entry = governed(vm)?;
    let asset = wiring::index_of(vm, token)?;
    let old = vault::set_deposit_fee(&mut entry.store, asset, bps(fee_bps)?);
    let old_bps = U256::from(entry.check(old)?);
    log!(vm, DepositFeeSet [token] { oldBps: old_bps, newBps: fee_bps });
    finish(entry)
}

pub fn set_fee_curve(vm: &VM, curve: FeeCurve) -> Outcome<()> {
    let mut entry = governed(vm)?;
    let new = Curve {
        base_bps: bps(curve.baseBps)?,
        kink_bps: bps(curve.kinkBps)?,
        limit_bps: bps(curve.limitBps)?,
        kink_value: narrow(curve.kinkValue)?,
        limit_value: narrow(curve.limitValue)?,
        window_s: curve.windowS.saturating_to(),
    };
    let old = vault::set_curve(&mut entry.store, entry.now_s, &new);
    let old = entry.check(old)?;
    log!(vm, FeeCurveSet [] { oldCurve: fee_curve(&old), newCurve: curve });
    finish(entry)
}

pub fn set_idle_target(vm: &VM, target_bps: U256) -> Outcome<()> {
    let mut entry = governed(vm)?;
    let old = vault::set_idle_target(&mut entry.store, bps(target_bps)?);
    let old_bps = U256::from(entry.check(old)?);
    log!(vm, IdleTargetSet [] { oldBps: old_bps, newBps: target_bps });
    finish(entry)
}

pub fn pause_deposits(vm: &VM, duration_s: U256) -> Outcome<()> {
    let (entry, old_until, new_until) = pause(vm, Pause::Deposits, duration_s)?;
    log!(vm, DepositsPaused [] { oldUntil: old_until, newUntil: new_until });
    finish(entry)
}

pub fn pause_instant(vm: &VM, duration_s: U256) -> Outcome<()> {
    let (entry, old_until, new_until) = pause(vm, Pause::Instant, duration_s)?;
    log!(vm, InstantPaused [] { oldUntil: old_until, newUntil: new_until });
    finish(entry)
}

/// The ends of the old and of the new pause.
fn pause(vm: &VM, what: Pause, duration_s: U256) -> Outcome<(Entry<'_>, U256, U256)> {
    Known::Guardian.only(vm)?;
    let mut entry = Entry::enter(vm)?;
    let ends = vault::pause(
        &mut entry.store,
        entry.now_s,
        what,
        duration_s.saturating_to(),
    );
    let (old, new) = entry.check(ends)?;
    Ok((entry, U256::from(old), U256::from(new)))
}

pub fn governed(vm: &VM) -> Outcome<Entry<'_>> {
    Known::Governor.only(vm)?;
    Entry::enter(vm)
}

#[inline(never)]
pub fn finish(mut entry: Entry<'_>) -> Outcome<()> {
    entry.commit()?;
    entry.leave();
    Ok(())
}
