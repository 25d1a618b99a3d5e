//! What reports come to.

use alloy_primitives::U256;

/// Whether `part` is at least two thirds of `total`, and not nothing.
///
/// With less than a third of the weight against it, what is final has more honest weight than any rival can get.
pub fn is_two_thirds(part: u64, total: u64) -> bool {
    let (part, total) = (u128::from(part), u128::from(total));
    total > 0 && part.saturating_mul(3) >= total.saturating_mul(2)
}

/// The lower weighted median: the lowest value such that those at or below it have half of the weight; none without weight.
///
/// Who has less than half of the reported weight cannot move it past the lowest or the highest value of the others.
pub fn weighted_median(reports: &mut [(U256, u64)]) -> Option<U256> {
    reports.sort_unstable();
    let weight_of = |reports: &[(U256, u64)]| {
        let weights = reports.iter().map(|(_, weight)| u128::from(*weight));
        weights.fold(0_u128, u128::saturating_add)
    };
    let total = weight_of(reports);
    let mut below: u128 = 0;
    for (value, weight) in reports.iter().filter(|(_, weight)| *weight > 0) {
        below = below.saturating_add(u128::from(*weight));
        if below.saturating_mul(2) >= total {
            return Some(*value);
        }
    }
    None
}
