//! Refusals of bonds and cover.

use weir_abi::ICover::ICoverErrors as Cover;
use weir_deployment::revert::Refusal;

use super::{Explanation, because, other_error};
use crate::amount::exact;
use crate::connect::Client;
use crate::time::at;

pub fn cover(client: &Client, error: &Cover) -> Explanation {
    match error {
        Cover::BondTooSmall(e) => because(format!(
            "{} has {} shares bonded that are neither locked nor leaving, and this needs {}",
            client.label(e.operator),
            exact(e.bonded),
            exact(e.needed)
        ))
        .next(format!(
            "weir operator bond SHARES --operator {}, by anyone",
            client.label(e.operator)
        )),
        Cover::NotEnoughShares(e) => because(format!(
            "this needs {} shares, and {} are free",
            exact(e.needed),
            exact(e.available)
        ))
        .next("weir cover status shows what is locked for undecided slashes"),
        Cover::NothingLeaving(e) => because(format!(
            "{} has given no notice, or has nothing of it left",
            client.label(e.account)
        ))
        .next("weir cover exit, or weir operator unbond, gives one"),
        Cover::NotMature(e) => because(format!("the notice matures at {}", at(e.at)))
            .next("weir time settle, on a chain of `weir up`"),
        Cover::CoverContested(e) => because(format!(
            "a slash that was filed at {} is undecided, and cover answers for it together",
            at(e.filedAt)
        ))
        .next("weir status shows when it is decided"),
        Cover::NothingJoining(e) => because(format!(
            "everything that {} put into cover counts already, or it put in nothing",
            client.label(e.account)
        ))
        .next("weir cover status; what counts leaves by weir cover exit"),
        Cover::NothingEarned(_) => because("no fees have arrived since the last time"),
        Cover::NothingForfeited(_) => because("no stake was forfeited since the last time"),
        Cover::StakeTooSmall(e) => because(format!(
            "the filing stakes {} shares, and service {} has {} free",
            exact(e.needed),
            e.service,
            exact(e.free)
        ))
        .next(format!("weir service fund {} SHARES, by anyone", e.service)),
        other => because(other_error(&Refusal::Cover(other.clone()))),
    }
}
