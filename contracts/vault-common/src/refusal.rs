//! Why the protocol refuses, as the interface's errors.

use alloy_primitives::U256;
use alloy_sol_types::SolError;
use stylus_sdk::host::VM;
use weir_abi::{
    IShared::{
        AlreadyInitialized, AmountTooLarge, BpsTooHigh, Expired, Overflow, PauseCoolingDown,
        PauseTooLong, ZeroAmount,
    },
    IVault::*,
    words::{Encode, Writer},
};
use weir_protocol::vault::VaultError as E;
use weir_shell::{Outcome, Revert};

use crate::wiring;

/// The result of an operation of the protocol.
///
/// # Errors
/// The refusal, as an error of the interface.
pub fn checked<T>(vm: &VM, result: Result<T, impl Into<E>>) -> Outcome<T> {
    result.map_err(|error| refuse(vm, error.into()))
}

/// An error of the interface, of an asset or not, and numbers in the order of its declaration. Its members' names are for the compiler
/// to compare; the code that writes an error is
/// shared by all, because that of each takes three times as much.
macro_rules! error {
    ($error:ident { $($name:ident: $number:expr),* }) => {{
        #[allow(non_snake_case)]
        let _ = |$($name),*| $error { $($name),* };
        write($error::SELECTOR, None, &[$(u128::from($number)),*])
    }};
    ($vm:ident, $error:ident { token: $asset:expr $(, $name:ident: $number:expr)* }) => {{
        #[allow(non_snake_case)]
        let _ = |token, $($name),*| $error { token, $($name),* };
        write($error::SELECTOR, Some(($vm, $asset)), &[$(u128::from($number)),*])
    }};
}

#[inline(never)]
fn write(selector: [u8; 4], asset: Option<(&VM, u8)>, numbers: &[u128]) -> Revert {
    let mut writer = Writer::new(0);
    writer.raw(&selector);
    if let Some((vm, asset)) = asset {
        wiring::token(vm, asset).encode(&mut writer);
    }
    for number in numbers {
        U256::from(*number).encode(&mut writer);
    }
    Revert(writer.finish())
}

/// The revert data of a refusal.
#[inline(never)]
fn refuse(vm: &VM, error: E) -> Revert {
    match error {
        // All but the first say more where they arise.
        E::Overflow | E::AssetUnknown { .. } | E::BadEpochs | E::NothingDue { .. } => {
            error!(Overflow {})
        }
        E::BadStreamEnd { end, first, last } => error!(BadStreamEnd {
            end: end,
            first: first,
            last: last
        }),
        E::StreamTooSmall { amount, min } => error!(StreamTooSmall {
            amount: amount,
            min: min
        }),
        E::NoHolders => error!(NoHolders {}),
        E::AlreadyInitialized => error!(AlreadyInitialized {}),
        E::AmountTooLarge { amount } => error!(AmountTooLarge { amount: amount }),
        E::ZeroAmount => error!(ZeroAmount {}),
        E::BpsTooHigh { bps, max_bps } => error!(BpsTooHigh {
            bps: bps,
            maxBps: max_bps
        }),
        E::Expired { deadline_s, now_s } => error!(Expired {
            deadline: deadline_s,
            nowTime: now_s
        }),
        E::CapRisesTooFast {
            asset,
            cap,
            max_cap,
        } => error!(
            vm,
            CapRisesTooFast {
                token: asset,
                cap: cap,
                maxCap: max_cap
            }
        ),
        E::Retired => error!(VaultRetired {}),
        E::NotRetirable { rate_wad, hwm_wad } => error!(NotRetirable {
            rateWad: rate_wad,
            hwmWad: hwm_wad
        }),
        E::TooManyAssets { max } => error!(TooManyAssets { max: max as u64 }),
        E::BadFeeCurve => error!(BadFeeCurve {}),
        E::PauseTooLong { duration_s, max_s } => error!(PauseTooLong {
            durationS: duration_s,
            maxS: max_s
        }),
        E::PauseCoolingDown { until_s } => error!(PauseCoolingDown { until: until_s }),
        E::DepositsPaused { until_s } => error!(DepositsArePaused { until: until_s }),
        E::InstantPaused { until_s } => error!(InstantIsPaused { until: until_s }),
        E::AboveCap {
            asset,
            cap,
            attempted,
        } => error!(
            vm,
            AboveCap {
                token: asset,
                cap: cap,
                attempted: attempted
            }
        ),
        E::AssetDelisted { asset } => error!(vm, AssetIsDelisted { token: asset }),
        E::AssetListed { asset } => error!(vm, AssetStillListed { token: asset }),
        E::AssetNotFailed { asset } => error!(vm, AssetNotFailed { token: asset }),
        E::Contested { undecided } => error!(StillContested {
            undecided: undecided
        }),
        E::FirstDepositTooSmall { value, min_value } => error!(FirstDepositTooSmall {
            value: value,
            minValue: min_value
        }),
        E::ZeroShares { amount } => error!(ZeroShares { amount: amount }),
        E::BelowMinShares { min_shares, shares } => error!(BelowMinShares {
            minShares: min_shares,
            shares: shares
        }),
        E::FloorBelowMin {
            min_floor_rate_wad,
            floor_rate_wad,
        } => error!(FloorBelowMin {
            minFloorRate: min_floor_rate_wad,
            floorRate: floor_rate_wad
        }),
        E::SupplyTooLarge { supply } => error!(SupplyTooLarge { supply: supply }),
        E::Worthless { supply } => error!(Worthless { supply: supply }),
        E::RateNotFresh { asset, state } => error!(
            vm,
            RateNotFresh {
                token: asset,
                state: state as u8
            }
        ),
        E::GuardRefuses { asset } => error!(vm, GuardRefuses { token: asset }),
        E::BelowMinAmount { min_amount, amount } => error!(BelowMinAmount {
            minAmount: min_amount,
            amount: amount
        }),
        E::OutflowLimit {
            limit_value,
            attempted,
        } => error!(OutflowLimit {
            limitValue: limit_value,
            attempted: attempted
        }),
        E::InsufficientIdle {
            asset,
            available,
            needed,
        } => error!(
            vm,
            InsufficientIdle {
                token: asset,
                available: available,
                needed: needed
            }
        ),
        E::SyncPending { next_epoch } => error!(SyncPending {
            nextEpoch: next_epoch
        }),
        E::EpochNotOpen { epoch, current } => error!(EpochNotOpen {
            epoch: epoch,
            current: current
        }),
        E::BatchTooSmall {
            epoch,
            shares,
            needed,
        } => error!(BatchTooSmall {
            epoch: epoch,
            shares: shares,
            needed: needed
        }),
        E::FeeRiseTooSteep { bps, max_bps } => error!(FeeRiseTooSteep {
            bps: bps,
            maxBps: max_bps
        }),
        E::FeeRoseAlready { next_epoch } => error!(FeeRoseAlready {
            nextEpoch: next_epoch
        }),
        E::NoFees => error!(NoFees {}),
        E::RequestKnown { id } => error!(RequestKnown { id: id }),
        E::RequestUnknown { id } => error!(RequestUnknown { id: id }),
        E::TooManyRequests { max } => error!(TooManyRequests { max: max as u64 }),
        E::BadDelta { delta, capacity } => error!(BadDelta {
            delta: delta,
            capacity: capacity
        }),
    }
}
