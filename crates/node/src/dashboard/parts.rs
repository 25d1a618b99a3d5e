//! Small parts of pages: numbers, times, bars.

use std::time::{Duration, UNIX_EPOCH};

use alloy::primitives::{Address, U256};
use maud::{Markup, html};
use weir_deployment::amount::format_wad_short;

use crate::amount::{Amount, WAD};

/// An amount of 18 decimals, with so many of them.
pub fn number(amount: Amount, places: usize) -> String {
    format_wad_short(amount.0, places)
}

/// Basis points as per cent.
pub fn percent(bps: u64) -> String {
    format!("{}.{:02} %", bps / 100, bps % 100)
}

/// Basis points with a sign as per cent.
pub fn signed_percent(bps: i64) -> String {
    let sign = if bps < 0 { "−" } else { "+" };
    format!("{sign}{}", percent(bps.unsigned_abs()))
}

/// A ratio out of 1e18 as per cent.
pub fn ratio(wad: Amount) -> String {
    let bps = wad.0.saturating_mul(U256::from(10_000)) / WAD;
    percent(bps.saturating_to())
}

/// A moment: for people, and for programs.
pub fn time(at_s: u64) -> Markup {
    let at = UNIX_EPOCH
        .checked_add(Duration::from_secs(at_s))
        .unwrap_or(UNIX_EPOCH);
    let text = humantime::format_rfc3339_seconds(at).to_string();
    let shown: String = text
        .replace('T', " ")
        .trim_end_matches('Z')
        .chars()
        .take(16)
        .collect();
    html! { time datetime=(text) { (shown) " UTC" } }
}

/// A length of time, by its two largest units.
pub fn span(seconds: u64) -> String {
    let units = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let first = units.iter().position(|(count, _)| *count > 0).unwrap_or(3);
    let shown = units
        .iter()
        .skip(first)
        .take(2)
        .filter(|(count, _)| *count > 0);
    let shown: Vec<String> = shown
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if shown.is_empty() {
        "0 s".to_owned()
    } else {
        shown.join(" ")
    }
}

/// When something will be, seen from a moment.
pub fn when(at_s: u64, now_s: u64) -> Markup {
    html! {
        (time(at_s))
        @if at_s > now_s { " (in " (span(at_s - now_s)) ")" }
    }
}

/// A figure with its name.
pub fn tile(name: &str, value: &str, note: &str) -> Markup {
    html! {
        div .tile {
            div .name { (name) }
            div .value { (value) }
            @if !note.is_empty() { div .note { (note) } }
        }
    }
}

/// A bar of parts of a whole, in basis points.
pub fn bar(parts: &[(&str, u64)]) -> Markup {
    let mut from = 0;
    let shown: Vec<(usize, &str, u64, u64)> = parts
        .iter()
        .enumerate()
        .map(|(index, (name, bps))| {
            let at = from;
            from += bps;
            (index, *name, at, *bps)
        })
        .collect();
    html! {
        svg .bar viewBox="0 0 10000 100" preserveAspectRatio="none" role="img"
            aria-label=(parts.iter().map(|(name, bps)| format!("{name} {}", percent(*bps))).collect::<Vec<_>>().join(", ")) {
            @for (index, name, at, bps) in shown {
                rect class=(format!("part{index}")) x=(at) y="0" width=(bps) height="100" { title { (name) " " (percent(bps)) } }
            }
        }
    }
}

/// `part` of `whole`, basis points.
pub fn part_bps(part: Amount, whole: Amount) -> u64 {
    let part = part.0.saturating_mul(U256::from(10_000));
    part.checked_div(whole.0)
        .unwrap_or_default()
        .saturating_to()
}

/// An address that fits on a phone.
pub fn short(address: Address) -> Markup {
    let text = address.to_string();
    let (head, tail) = (
        text.get(..6).unwrap_or_default(),
        text.get(38..).unwrap_or_default(),
    );
    html! { span .address title=(text) { (head) "…" (tail) } }
}

/// A table that scrolls in itself where the screen is narrow.
pub fn table(caption: &str, head: &[&str], rows: &[Vec<Markup>], empty: &str) -> Markup {
    html! {
        @if rows.is_empty() {
            p .empty { (empty) }
        } @else {
            div .scroll tabindex="0" role="region" aria-label=(caption) {
                table {
                    thead { tr { @for name in head { th scope="col" { (name) } } } }
                    tbody {
                        @for row in rows {
                            tr { @for cell in row { td { (cell) } } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        let amount = Amount(U256::from(1_234_567_891_234u64) * U256::from(10u64.pow(15)));
        assert_eq!(number(amount, 2), "1,234,567,891.23");
        assert_eq!(signed_percent(-12), "−0.12 %");
        assert_eq!(span(90_061), "1 d 1 h");
        assert_eq!(span(0), "0 s");
        assert_eq!(ratio(Amount(WAD)), "100.00 %");
    }
}
