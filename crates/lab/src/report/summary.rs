//! The figures in sentences.

use super::{Figures, ONE_OF};
use crate::estimate::Estimate;

/// A plain summary, a sentence or two each.
pub fn summary(figures: &Figures) -> Vec<String> {
    let period = period(figures.horizon_days);
    let mut lines = Vec::new();
    if let Some(apy) = figures.of("apy_net_part") {
        lines.push(format!(
            "A holder that stays earns {} a year on average ({}); in 1 of {ONE_OF} {period}s it is {} or less.",
            percent(apy.mean.value, 2),
            range(&apy.mean, |value| percent(value, 2)),
            percent(apy.worst.value, 2),
        ));
    }
    if let Some(backing) = figures.of("backing_min") {
        lines.push(if backing.worst.value >= 0.99995 {
            format!("In fewer than 1 of {ONE_OF} {period}s does a slash reach holders at all.")
        } else {
            format!(
                "In 1 of {ONE_OF} {period}s a share falls to {} of its best rate or less ({}).",
                percent(backing.worst.value, 2),
                range(&backing.worst, |value| percent(value, 2)),
            )
        });
    }
    if let Some(discount) = figures.of("discount_max") {
        lines.push(format!(
            "The pool trades {} under the rate at the worst moment of a middling {period}, and {} or more in 1 of {ONE_OF} ({}).",
            percent(discount.median.value, 1),
            percent(discount.worst.value, 1),
            range(&discount.worst, |value| percent(value, 1)),
        ));
    }
    if let Some(debt) = figures.of("bad_debt_eth") {
        lines.push(if debt.worst.value < 0.005 {
            format!("In fewer than 1 of {ONE_OF} {period}s are lenders left with bad debt.")
        } else {
            format!(
                "In 1 of {ONE_OF} {period}s lenders are left with {:.1} ETH of bad debt or more.",
                debt.worst.value
            )
        });
    }
    for chance in &figures.chances {
        if chance.what.starts_with("a cascade") {
            lines.push(format!(
                "A cascade, a tenth of all loans liquidated within three days, happens in {}.",
                odds(&chance.probability, &period)
            ));
        }
    }
    if let Some(wait) = figures.of("wait_max_days") {
        lines.push(format!(
            "The longest exit of a middling {period}, through Ethereum's own queue, takes {:.0} days; in 1 of {ONE_OF}, {:.0} days or more.",
            wait.median.value, wait.worst.value,
        ));
    }
    lines
}

fn period(days: f64) -> String {
    if (days - 365.0).abs() < 0.5 {
        "year".to_owned()
    } else {
        format!("{days:.0}-day path")
    }
}

/// A part as percents.
pub(super) fn percent(part: f64, digits: usize) -> String {
    format!("{:.digits$} %", part * 100.0)
}

fn range(estimate: &Estimate, text: impl Fn(f64) -> String) -> String {
    format!(
        "95 % interval {} to {}",
        text(estimate.low),
        text(estimate.high)
    )
}

fn odds(estimate: &Estimate, period: &str) -> String {
    if estimate.value <= 0.0 {
        return format!(
            "none of the paths; at most 1 of {:.0} {period}s",
            1.0 / estimate.high.max(1e-12)
        );
    }
    let interval = range(estimate, |value| percent(value, 2));
    if estimate.value > 0.2 {
        return format!("{} of {period}s ({interval})", percent(estimate.value, 1));
    }
    format!("1 of {:.0} {period}s ({interval})", 1.0 / estimate.value)
}
