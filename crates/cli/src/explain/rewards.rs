//! What a refusal of the rewards means.

use weir_abi::IRewards::IRewardsErrors as Rewards;

use super::{Explanation, because};
use crate::amount::{exact, percent};
use crate::connect::Client;
use crate::time::moment;

pub fn rewards(client: &Client, error: &Rewards) -> Explanation {
    match error {
        Rewards::CommissionTooHigh(e) => because(format!(
            "the operator takes {}, and at most {} is accepted",
            percent(e.bps),
            percent(e.maxBps)
        ))
        .next("accept more by --max-commission"),
        Rewards::NothingEarned(e) => because(format!(
            "nothing of {} waits for the sender",
            client.name_of(e.token)
        ))
        .next("weir rewards list"),
        Rewards::NothingToShare(_) => {
            because("no fee shares came that are not an operator's already")
        }
        Rewards::NobodyEarns(_) => {
            because("no operator has stake that can be slashed: the shares wait until one has")
        }
        Rewards::IsAsset(e) => because(format!(
            "{} is an asset of the vault, or its shares, and never sold",
            client.name_of(e.token)
        ))
        .next("weir rewards fund pays it as a reward"),
        Rewards::NotForSale(e) => because(format!(
            "the governor did not say how {} is sold",
            client.name_of(e.token)
        ))
        .next("weir auction list"),
        Rewards::LotOpen(e) => because(format!(
            "a lot is open, and may be opened anew from {}",
            moment(e.until)
        ))
        .next("weir auction bid"),
        Rewards::NoLot(_) => because("no lot is open").next("weir auction start"),
        Rewards::LotTooSmall(e) => because(format!(
            "there are {}, and {} are needed",
            exact(e.amount),
            exact(e.min)
        )),
        Rewards::AboveMaxCost(e) => because(format!(
            "the lot costs {}, and at most {} is accepted",
            exact(e.cost),
            exact(e.maxCost)
        ))
        .next("run the command again: the price falls"),
        Rewards::BadAuction(_) => because(
            "prices and sizes must be above zero and in order, and the least lot worth 0.01 of the asset at the floor",
        ),
    }
}
