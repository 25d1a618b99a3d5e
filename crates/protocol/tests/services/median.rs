//! The weighted median against brute force, and what an adversary can do to it.

use alloy_primitives::U256;
use proptest::prelude::*;
use weir_protocol::services::attestation::{is_two_thirds, weighted_median};

/// Every value as often as it weighs, sorted; the lower of the two in the middle.
fn by_counting(reports: &[(u64, u64)]) -> Option<u64> {
    let mut all: Vec<u64> = reports
        .iter()
        .flat_map(|(value, weight)| std::iter::repeat_n(*value, *weight as usize))
        .collect();
    all.sort_unstable();
    let middle = all.len().checked_sub(1)? / 2;
    all.get(middle).copied()
}

fn median(reports: &[(u64, u64)]) -> Option<u64> {
    let mut wide: Vec<_> = reports
        .iter()
        .map(|(value, weight)| (U256::from(*value), *weight))
        .collect();
    weighted_median(&mut wide).map(|value| value.to())
}

proptest! {
    #[test]
    fn the_median_is_what_counting_finds(reports in prop::collection::vec((0_u64..50, 0_u64..20), 0..16)) {
        prop_assert_eq!(median(&reports), by_counting(&reports));
    }

    #[test]
    fn the_order_of_reports_does_not_matter(reports in prop::collection::vec((0_u64..50, 0_u64..20), 0..16)) {
        let mut turned = reports.clone();
        turned.reverse();
        prop_assert_eq!(median(&turned), median(&reports));
    }

    #[test]
    fn less_than_half_of_the_weight_cannot_leave_the_range_of_the_others(
        honest in prop::collection::vec((100_u64..200, 1_u64..20), 1..12),
        lies in prop::collection::vec((any::<u64>(), 1_u64..20), 0..4),
    ) {
        let weigh = |reports: &[(u64, u64)]| reports.iter().map(|(_, weight)| weight).sum::<u64>();
        prop_assume!(weigh(&lies) < weigh(&honest));
        let found = median(&[honest.clone(), lies].concat()).unwrap();
        let values = || honest.iter().map(|(value, _)| *value);
        prop_assert!(values().min() <= Some(found) && Some(found) <= values().max());
    }

    #[test]
    fn two_thirds_are_two_thirds(part: u64, total: u64) {
        let exact = total > 0 && u128::from(part) * 3 >= u128::from(total) * 2;
        prop_assert_eq!(is_two_thirds(part, total), exact);
    }
}

#[test]
fn extremes() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[(7, 0)]), None);
    assert_eq!(median(&[(7, u64::MAX), (9, u64::MAX)]), Some(7));
    assert!(is_two_thirds(2, 3) && !is_two_thirds(1, 2) && !is_two_thirds(0, 0));
}
