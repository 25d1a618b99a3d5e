//! What a share is worth falls by slashes and rates alone.

use alloy_primitives::U512;
use weir_protocol::model::{Call, Model, Outcome};
use weir_protocol::vault::{Overlay, Quotes, SYNC_STEPS, Valuation, VaultStore, sync, valuation};

use crate::stories::{Answer, check_stories};

/// The vault synced to its time, at `quotes`.
fn value(model: &Model, quotes: &Quotes) -> Valuation {
    let mut vault = Overlay::new(model.vault());
    let summary = sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
    assert!(summary.done, "a sync of a story ends");
    let mut value = valuation(&vault, quotes).expect("fits");
    // Before the performance fee that is due.
    value.supply -= value.fee.shares;
    value
}

/// The shares that a call minted for a performance fee, which lower what a share is worth by no more than the fee.
fn fee_shares(answer: &Answer) -> u128 {
    match answer {
        Ok(Outcome::Deposited(summary)) => summary.fee.shares,
        Ok(Outcome::Redeemed(summary)) => summary.performance.shares,
        Ok(Outcome::Accrued(fee)) => fee.shares,
        _ => 0,
    }
}

/// `a/b >= c/d`, exactly.
fn at_least(a: alloy_primitives::U256, b: u128, c: alloy_primitives::U256, d: u128) -> bool {
    U512::from(a) * U512::from(d) >= U512::from(c) * U512::from(b)
}

#[test]
fn no_dilution_only_slashes_rates_pockets_and_the_fee_lower_what_a_share_is_worth() {
    check_stories(150, 300, |before, op, answer, after| {
        if matches!(op.call, Call::Execute { .. } | Call::Pocket { .. }) {
            return;
        }
        // At the same rates, whatever the call did to those.
        let (quotes, _) = after.quotes();
        let mut was = value(before, &quotes);
        was.supply += fee_shares(answer);
        let is = value(after, &quotes);
        if was.supply > 0 {
            assert!(
                at_least(is.nav_wad, is.supply, was.nav_wad, was.supply),
                "{was:?} to {is:?}"
            );
        }
    });
}

#[test]
fn the_floor_falls_by_filings_and_rates_alone() {
    check_stories(150, 300, |before, op, answer, after| {
        if matches!(op.call, Call::File { .. } | Call::Pocket { .. }) {
            return;
        }
        // Shares that bonds and cover locked may be worth more than the loss, by a rounding or since rates moved: with the request
        // they are gone from the floor.
        let lifts = matches!(op.call, Call::Veto { .. } | Call::Lapse { .. });
        if lifts && before.vault().cushions() > 0 {
            return;
        }
        let (quotes, _) = after.quotes();
        let mut was = value(before, &quotes);
        was.supply += fee_shares(answer);
        let is = value(after, &quotes);
        if was.supply > 0 {
            // The floor is at most the rate: shares that bonds and cover locked may be worth a bit more than the loss.
            let (floor, supply) = (is.floor_nav_wad, is.supply - is.cushions);
            let holds = at_least(floor, supply, was.floor_nav_wad, was.supply - was.cushions)
                || at_least(floor, supply, was.nav_wad, was.supply);
            assert!(holds, "{was:?} to {is:?}");
        }
        assert!(is.floor_nav_wad <= is.nav_wad);
    });
}

#[test]
fn gains_drip_neither_a_fee_nor_a_veto_raises_what_a_share_is_worth_at_once() {
    check_stories(150, 300, |before, op, answer, after| {
        let gives = match op.call {
            Call::Deposit { .. }
            | Call::Stream { .. }
            | Call::FundReward { .. }
            | Call::Veto { .. }
            | Call::Lapse { .. } => true,
            // Who leaves during a contest takes the floor. What of the difference cannot be set aside in the asset taken,
            // because more is contested in others, stays: the rate rises, the floor does not.
            Call::Redeem { .. } => before.vault().head().undecided == 0,
            _ => false,
        };
        if !gives || answer.is_err() {
            return;
        }
        let (quotes, _) = after.quotes();
        let mut was = value(before, &quotes);
        was.supply += fee_shares(answer);
        let is = value(after, &quotes);
        // Roundings: a few wei of each asset.
        let assets = U512::from(16 * after.config().assets.len());
        let highest = quotes.iter().map(|quote| quote.rate_wad).max();
        let wei = U512::from(highest.unwrap_or(0)) * assets;
        let was_worth = U512::from(was.nav_wad) * U512::from(is.supply);
        let is_worth = U512::from(is.nav_wad) * U512::from(was.supply);
        // And a wei of a share, which may be worth many of an asset.
        let rounding = wei * U512::from(was.supply) + U512::from(was.nav_wad);
        assert!(is_worth <= was_worth + rounding, "{was:?} to {is:?}");
    });
}
