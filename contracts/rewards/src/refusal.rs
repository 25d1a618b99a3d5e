//! Why the rules refuse, as the interface says it.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IRewards::{
        AboveMaxCost, BadAuction, CommissionTooHigh, LotOpen, LotTooSmall, NoLot, NobodyEarns,
        NotForSale, NothingEarned, NothingToShare,
    },
    IShared::{BpsTooHigh, Overflow},
};
use weir_protocol::rewards::RewardsError as E;
use weir_shell::{Outcome, Revert};

/// The result of an operation of the rules about `token`.
pub fn checked<T>(token: Address, result: Result<T, impl Into<E>>) -> Outcome<T> {
    result.map_err(|error| refusal(token, error.into()))
}

#[inline(never)]
fn refusal(token: Address, error: E) -> Revert {
    match error {
        E::Overflow => Overflow {}.into(),
        E::BpsTooHigh { bps, max_bps } => BpsTooHigh {
            bps: U256::from(bps),
            maxBps: U256::from(max_bps),
        }
        .into(),
        E::CommissionTooHigh { bps, max_bps } => CommissionTooHigh {
            bps: U256::from(bps),
            maxBps: U256::from(max_bps),
        }
        .into(),
        E::NothingEarned => NothingEarned { token }.into(),
        E::NothingToShare => NothingToShare {}.into(),
        E::NobodyEarns => NobodyEarns {}.into(),
        E::NotForSale => NotForSale { token }.into(),
        E::BadAuction => BadAuction {}.into(),
        E::LotOpen { until_s } => LotOpen {
            until: U256::from(until_s),
        }
        .into(),
        E::NoLot => NoLot { token }.into(),
        E::LotTooSmall { amount, min } => LotTooSmall {
            amount: U256::from(amount),
            min: U256::from(min),
        }
        .into(),
        E::AboveMaxCost { cost, max_cost } => AboveMaxCost {
            cost: U256::from(cost),
            maxCost: U256::from(max_cost),
        }
        .into(),
    }
}
