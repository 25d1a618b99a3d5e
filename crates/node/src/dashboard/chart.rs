//! The rate over time, drawn as SVG, with slashes marked.

use alloy::primitives::U256;
use maud::{Markup, html};

use super::parts;
use crate::amount::Amount;
use crate::projections::HistoryDoc;

const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 220;

/// The rate over time; `points` oldest first.
pub fn rate(points: &[HistoryDoc], now_s: u64) -> Markup {
    let rates = || points.iter().map(|point| point.rate_wad);
    let (Some(first), Some(low), Some(high)) = (points.first(), rates().min(), rates().max())
    else {
        return html! { p .empty { "No shares yet: the first deposit makes the rate." } };
    };
    let from_s = first.timestamp_s;
    let length_s = now_s.saturating_sub(from_s).max(1);
    let x = |at_s: u64| at_s.saturating_sub(from_s).saturating_mul(WIDTH) / length_s;
    let range = high.0.saturating_sub(low.0).max(U256::from(1));
    let y = |rate: Amount| -> u64 {
        let above = rate
            .0
            .saturating_sub(low.0)
            .saturating_mul(U256::from(HEIGHT - 20));
        HEIGHT - 10 - (above / range).saturating_to::<u64>()
    };
    // The rate stands until the next event: steps, not slopes.
    let mut path = String::new();
    for point in points {
        let (x, y) = (x(point.timestamp_s), y(point.rate_wad));
        path.push_str(&if path.is_empty() {
            format!("M{x} {y}")
        } else {
            format!("H{x}V{y}")
        });
    }
    path.push_str(&format!("H{WIDTH}"));
    let area = format!("{path}V{HEIGHT}H0Z");
    let label = format!(
        "Rate from {} to {} ETH per share, lowest {}, highest {}",
        parts::number(first.rate_wad, 6),
        parts::number(points.last().map_or(low, |last| last.rate_wad), 6),
        parts::number(low, 6),
        parts::number(high, 6)
    );
    html! {
        figure .chart {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" role="img" aria-label=(label) {
                path .area d=(area) {}
                path .line d=(path) {}
                @for point in points.iter().filter(|point| !point.slashes.is_empty()) {
                    line .slash x1=(x(point.timestamp_s)) x2=(x(point.timestamp_s)) y1="0" y2=(HEIGHT) {
                        title { "Slash " (point.slashes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")) }
                    }
                }
            }
            figcaption {
                span { (parts::time(from_s)) }
                span { "lowest " (parts::number(low, 6)) " · highest " (parts::number(high, 6)) " ETH per share" }
                @if points.iter().any(|point| !point.slashes.is_empty()) { span .slashkey { "slash" } }
                span { (parts::time(now_s)) }
            }
        }
    }
}
