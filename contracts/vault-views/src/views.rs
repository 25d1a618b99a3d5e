//! Answers as if the vault were synced now.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IShared::Overflow,
    IVault::{
        Asset, Batch, FeeCurve, Health, Ledger, Performance, State, releasableCall,
        releasableReturn, streamsReturn,
    },
};
use weir_protocol::{
    math,
    vault::{self, Fee, MAX_STREAM_EPOCHS, Valuation, VaultStore},
};
use weir_shell::Outcome;

use weir_vault::{Store, amounts, checked, fee_split, narrow, peek, peek_dated, view, wiring};

pub fn rate(vm: &VM) -> Outcome<U256> {
    let (_, valuation) = valued(vm)?;
    fits(valuation.rate_wad())
}

pub fn floor_rate(vm: &VM) -> Outcome<U256> {
    let (_, valuation) = valued(vm)?;
    fits(valuation.floor_rate_wad())
}

pub fn state(vm: &VM) -> Outcome<State> {
    let (store, valuation) = valued(vm)?;
    let head = store.head();
    let settings = store.settings();
    let now_s = vm.block_timestamp();
    let outflow = checked(vm, vault::net_outflow(&store, now_s))?;
    let instant_paused_until_s = store.flow().paused_until_s;
    let paused = |until_s: u64| U256::from(if now_s < until_s { until_s } else { 0 });
    Ok(State {
        rateWad: fits(valuation.rate_wad())?,
        floorRateWad: fits(valuation.floor_rate_wad())?,
        nav: fits(valuation.nav())?,
        supply: U256::from(valuation.supply),
        currentEpoch: U256::from(head.closed),
        pendingShares: U256::from(vault::pending_shares(&store)),
        undecided: U256::from(head.undecided),
        netOutflow: U256::from(outflow),
        depositsPausedUntil: paused(settings.deposits_paused_until_s),
        instantPausedUntil: paused(instant_paused_until_s),
        rateState: U256::from(valuation.state as u8),
        targetIdleBps: U256::from(settings.idle_target_bps),
        retired: head.retired,
    })
}

pub fn health(vm: &VM) -> Outcome<Health> {
    let store = view(vm)?;
    let (quotes, accepted_s) = peek_dated(vm)?;
    let now_s = vm.block_timestamp();
    let health = checked(vm, vault::health(&store, &quotes, &accepted_s, now_s))?;
    Ok(Health {
        rateWad: U256::from(health.rate_wad),
        lowRateWad: U256::from(health.low_rate_wad),
        floorRateWad: U256::from(health.floor_rate_wad),
        updatedAt: U256::from(health.updated_s),
        ageS: U256::from(now_s.saturating_sub(health.updated_s)),
        rateState: U256::from(health.state as u8),
        undecided: U256::from(health.undecided),
        exitAt: U256::from(health.exit_s),
    })
}

pub fn assets(vm: &VM) -> Vec<Address> {
    let assets = Store::view(vm).settings().assets;
    (0..assets).map(|index| wiring::token(vm, index)).collect()
}

pub fn asset(vm: &VM, token: Address) -> Outcome<Asset> {
    let store = view(vm)?;
    let index = wiring::index_of(vm, token)?;
    let terms = store.asset_terms(index);
    let row = vault::ledger(&store, index);
    let [even, odd] = row.unbonding.map(U256::from);
    let [unvested_even, unvested_odd] = row.unvested.map(U256::from);
    Ok(Asset {
        token,
        cap: U256::from(terms.cap),
        depositFeeBps: U256::from(terms.deposit_fee_bps),
        ledger: Ledger {
            idle: U256::from(row.idle),
            staked: U256::from(row.staked),
            unbondingEven: even,
            unbondingOdd: odd,
            held: U256::from(row.held),
            owed: U256::from(row.owed),
            due: U256::from(row.due),
            unvested: unvested_even
                .saturating_add(unvested_odd)
                .saturating_add(U256::from(row.stream.left)),
            contested: U256::from(row.contested),
        },
    })
}

pub fn streams(vm: &VM, token: Address) -> Outcome<streamsReturn> {
    let store = view(vm)?;
    let asset = wiring::index_of(vm, token)?;
    let stream = store.stream(asset);
    let current = store.head().closed;
    let ending = (1..=MAX_STREAM_EPOCHS)
        .map(|epochs| U256::from(store.stream_end(asset, current.saturating_add(epochs))))
        .collect();
    Ok(streamsReturn {
        perSecond: U256::from(stream.rate),
        left: U256::from(stream.left),
        ending,
    })
}

pub fn batch(vm: &VM, epoch: u64) -> Outcome<Batch> {
    let store = view(vm)?;
    let batch = store.batch(epoch);
    let released = checked(vm, vault::released(&store, epoch))?;
    Ok(Batch {
        shares: U256::from(batch.shares),
        unfilled: U256::from(batch.shares.saturating_sub(batch.filled)),
        helds: U256::from(batch.helds),
        released: store.list(&released.amounts),
        releasedShares: U256::from(released.shares),
    })
}

pub fn releasable(vm: &VM, c: releasableCall) -> Outcome<releasableReturn> {
    let store = view(vm)?;
    let taken = amounts(&c.taken)?;
    let taken_shares = narrow(c.takenShares)?;
    let summary = vault::releasable(&store, c.epoch, narrow(c.shares)?, &taken, taken_shares);
    let summary = checked(vm, summary)?;
    Ok(releasableReturn {
        amounts: store.list(&summary.amounts),
        paidShares: U256::from(summary.shares),
    })
}

pub fn due_to(vm: &VM, asset: Address, sink: Address) -> Outcome<U256> {
    let index = wiring::index_of(vm, asset)?;
    Ok(U256::from(Store::view(vm).due_to(index, sink)))
}

pub fn fee_curve(vm: &VM) -> FeeCurve {
    weir_vault::fee_curve(&Store::view(vm).curve())
}

pub fn performance_fee(vm: &VM) -> Outcome<Performance> {
    let (store, valuation) = valued(vm)?;
    let settings = store.settings();
    let performance = store.performance();
    let Fee { shares, hwm_wad } = valuation.fee;
    Ok(Performance {
        feeBps: U256::from(settings.fee_bps),
        hwmWad: U256::from(hwm_wad.max(settings.hwm_wad)),
        uncollected: U256::from(performance.uncollected.saturating_add(shares)),
        nextRise: performance.next_rise,
        split: fee_split(vm, performance.split),
    })
}

pub fn preview_deposit(vm: &VM, asset: Address, amount: U256) -> Outcome<U256> {
    let store = view(vm)?;
    let index = wiring::index_of(vm, asset)?;
    let now_s = vm.block_timestamp();
    let summary = vault::preview_deposit(&store, now_s, index, narrow(amount)?, &peek(vm)?);
    let summary = checked(vm, summary)?;
    Ok(U256::from(summary.shares))
}

#[inline(never)]
pub fn valued(vm: &VM) -> Outcome<(Store<'_>, Valuation)> {
    let store = view(vm)?;
    let valuation = checked(vm, vault::valuation(&store, &peek(vm)?))?;
    Ok((store, valuation))
}

fn fits(value: Result<u128, math::Overflow>) -> Outcome<U256> {
    match value {
        Ok(value) => Ok(U256::from(value)),
        Err(math::Overflow) => Err(Overflow {}.into()),
    }
}
