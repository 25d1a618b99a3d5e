//! Moments and spans of time in sentences.

use std::time::{Duration, UNIX_EPOCH};

use alloy::primitives::U256;

/// A moment: `2026-11-22 13:18:00 UTC`.
pub fn moment(time_s: U256) -> String {
    at(u64::try_from(time_s).unwrap_or(u64::MAX))
}

/// A moment: `2026-11-22 13:18:00 UTC`.
pub fn at(time_s: u64) -> String {
    // Beyond the year 9999 nothing is written as a date.
    const LAST_S: u64 = 253_402_300_799;
    if time_s > LAST_S {
        return "never".to_owned();
    }
    let text =
        humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(time_s)).to_string();
    text.replace('T', " ").replace('Z', " UTC")
}

/// A span in its two largest units: `4 days 2h`.
pub fn span(seconds: u64) -> String {
    let exact = humantime::format_duration(Duration::from_secs(seconds)).to_string();
    let units = exact.split(' ').take(2).collect::<Vec<_>>().join(" ");
    ["day", "month", "year"].iter().fold(units, |units, name| {
        units.replace(name, &format!(" {name}"))
    })
}

/// A moment as seen from now: `2026-11-22 13:18:00 UTC (in 4 days 2h)`.
pub fn seen_from(now_s: u64, time_s: u64) -> String {
    if time_s > now_s {
        format!("{} (in {})", at(time_s), span(time_s - now_s))
    } else {
        format!("{} ({} ago)", at(time_s), span(now_s - time_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(at(1_735_689_600), "2025-01-01 00:00:00 UTC");
        assert_eq!(at(u64::MAX), "never");
        assert_eq!(seen_from(0, 0), "1970-01-01 00:00:00 UTC (0s ago)");
    }

    #[test]
    fn spans_keep_their_two_largest_units() {
        assert_eq!(span(5 * 86_400 + 7_200 + 61), "5 days 2h");
        assert_eq!(span(90), "1m 30s");
        assert_eq!(span(86_400 + 60), "1 day 1m");
        assert_eq!(span(400 * 86_400), "1 year 1 month");
    }
}
