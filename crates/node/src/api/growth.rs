//! How the rate grew, from the history of events.

use serde::Serialize;
use utoipa::ToSchema;

use crate::amount::{Amount, WAD};
use crate::projections::{Doc as _, HistoryDoc};
use crate::store::{Kind, Range, StoreError, View};

const DAY_S: u64 = 86_400;
const YEAR_S: f64 = 365.0 * 86_400.0;
/// A growth over less than this says nothing about a year.
const LEAST_S: u64 = 3_600;

/// How the rate grew over a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Growth {
    /// Since when, Unix seconds: so many days ago, or the first rate if the history is younger.
    pub since_s: u64,
    /// Whether the history is younger than what was asked for.
    pub is_partial: bool,
    /// Then, ETH per share.
    #[schema(value_type = String)]
    pub then_wad: Amount,
    /// Now, ETH per share.
    #[schema(value_type = String)]
    pub now_wad: Amount,
    /// The change, basis points; negative after a loss.
    pub change_bps: i64,
    /// A year at this pace, compounded, basis points: net of fees, slashes included. None over less than an hour.
    pub apy_bps: Option<i64>,
}

/// The newest rate at or before a time.
async fn at(view: &View, time_s: u64) -> Result<Option<HistoryDoc>, StoreError> {
    let range = Range {
        kind: Kind::History,
        from: Vec::new(),
        to: Some(HistoryDoc::key(time_s.saturating_add(1), 0)),
        descending: true,
        limit: 1,
    };
    Ok(view.scan(range).await?.pop().map(|(_, doc)| doc))
}

/// The growth over so many days up to the block of the view; none without a rate.
///
/// # Errors
/// The database failed.
pub async fn growth(view: &View, days: u64) -> Result<Option<Growth>, StoreError> {
    let now_s = view.block.timestamp_s;
    let Some(now) = view
        .get::<HistoryDoc>(HistoryDoc::KIND, HistoryDoc::LAST)
        .await?
    else {
        return Ok(None);
    };
    let wanted_s = now_s.saturating_sub(days * DAY_S);
    let (then, since_s) = match at(view, wanted_s).await? {
        // A vault without shares has no rate that could grow.
        Some(then) if then.supply > Amount::ZERO => (then, wanted_s),
        _ => match first(view).await? {
            Some(first) => {
                let since_s = first.timestamp_s;
                (first, since_s)
            }
            None => return Ok(None),
        },
    };
    Ok(Some(Growth {
        since_s,
        is_partial: since_s > wanted_s,
        then_wad: then.rate_wad,
        now_wad: now.rate_wad,
        change_bps: bps(ratio(now.rate_wad, then.rate_wad) - 1.0),
        apy_bps: yearly(then.rate_wad, now.rate_wad, now_s.saturating_sub(since_s)),
    }))
}

/// The first rate of a vault with shares.
async fn first(view: &View) -> Result<Option<HistoryDoc>, StoreError> {
    let found = view
        .scan::<HistoryDoc>(Range::prefix(Kind::History, &[], 16))
        .await?;
    let mut found = found.into_iter().map(|(_, doc)| doc);
    Ok(found.find(|doc| doc.supply > Amount::ZERO))
}

/// A ratio as a number to look at; nothing is paid by it.
fn ratio(new: Amount, old: Amount) -> f64 {
    if old == Amount::ZERO {
        return 1.0;
    }
    let number = |amount: Amount| f64::from(amount.0) / f64::from(WAD);
    number(new) / number(old)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a ratio of rates is far below 2^63"
)]
fn bps(part: f64) -> i64 {
    (part * 10_000.0).round() as i64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a time is far below 2^52 seconds"
)]
fn yearly(then: Amount, now: Amount, took_s: u64) -> Option<i64> {
    (took_s >= LEAST_S).then(|| bps(ratio(now, then).powf(YEAR_S / took_s as f64) - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_compounded() {
        let (one, more) = (
            Amount(WAD),
            Amount(WAD / alloy::primitives::U256::from(1_000)),
        );
        let now = one.plus(more).unwrap();
        assert_eq!(yearly(one, now, 365 * DAY_S), Some(10));
        // 1.001 every 7 days: 1.001^(365/7) - 1 = 5.35 %.
        assert_eq!(yearly(one, now, 7 * DAY_S), Some(535));
        assert_eq!(yearly(now, one, 365 * DAY_S), Some(-10));
        assert_eq!(yearly(one, now, 60), None);
    }
}
