//! How much may be at risk in one place.
//!
//! ```text
//! raise of (s, o):   Σ at risk in s           <= limit of a service
//!                    Σ at risk through o      <= limit of an operator
//!                    Σ at risk through g      <= limit of a group, for each group g of o
//!                    worst(k)                 <= limit of k failures, k = 1, 2, 3
//! ```
//!
//! A limit is a part of the capacity M as it is now, rounded down; [what is at risk](super::Exposure::at_risk) counts the caps of
//! the services. Limits are checked when risk is added and never else, so that nothing that lowers a risk can be refused. What a
//! slash pushes over a limit, because M falls and the rest does not, anyone may [`trim`](super::trim).
//!
//! Groups are tags of what operators have in common, such as a client or a cloud: eight bytes, at most four an operator.

use alloy_primitives::{Address, B64, U256};

use super::exposure::{Risk, sum_of, worst};
use super::{AllocatorError, AllocatorKey, AllocatorStore, Exposure};
use crate::math::mul_div_down;
use crate::units::BPS;
use crate::word::{field64, halves, put, word};

/// Most groups of an operator.
pub const MAX_GROUPS: usize = 4;
/// The tags of an operator, zero where there is none.
pub type Groups = [B64; MAX_GROUPS];

/// How much of the capacity may be at risk in one place, bps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// In one service.
    pub service_bps: u16,
    /// Through one operator.
    pub operator_bps: u16,
    /// Through the operators of one group.
    pub group_bps: u16,
    /// If one, two or three operators fail at once, everywhere.
    pub worst_bps: [u16; 3],
}

impl Limits {
    /// No limit but the capacity.
    pub const NONE: Self = Self {
        service_bps: BPS,
        operator_bps: BPS,
        group_bps: BPS,
        worst_bps: [BPS; 3],
    };

    fn parts(&self) -> [u16; 6] {
        let [one, two, three] = self.worst_bps;
        [
            self.service_bps,
            self.operator_bps,
            self.group_bps,
            one,
            two,
            three,
        ]
    }

    /// Whether no limit is wider than in `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        let pairs = self.parts().into_iter().zip(other.parts());
        pairs.into_iter().all(|(is, was)| is <= was)
    }

    pub(crate) fn from_word(source: U256) -> Self {
        let [low, _] = halves(source);
        let at = |place: u32| field64(low, place, 16) as u16;
        Self {
            service_bps: at(0),
            operator_bps: at(16),
            group_bps: at(32),
            worst_bps: [at(48), at(64), at(80)],
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let mut low = 0;
        for (place, part) in [0, 16, 32, 48, 64, 80].into_iter().zip(self.parts()) {
            low = put(low, place, 16, part.into())?;
        }
        Some(word(low, 0))
    }
}

/// Sets the limits; answers the old ones. Whoever may only tighten them has `may_loosen` false.
pub fn set_limits<S: AllocatorStore + ?Sized>(
    store: &mut S,
    limits: &Limits,
    may_loosen: bool,
) -> Result<Limits, AllocatorError> {
    if let Some(bps) = limits.parts().into_iter().find(|bps| *bps > BPS) {
        return Err(AllocatorError::BpsTooHigh { bps, max_bps: BPS });
    }
    let old = store.limits();
    if !may_loosen && !limits.is_within(&old) {
        return Err(AllocatorError::Loosens);
    }
    store.save_checked(AllocatorKey::Limits, limits.to_word())?;
    Ok(old)
}

/// Sets the groups of an operator; answers the old ones. Whoever may only add groups has `may_loosen` false.
pub fn set_groups<S: AllocatorStore + ?Sized>(
    store: &mut S,
    operator: Address,
    groups: &Groups,
    may_loosen: bool,
) -> Result<Groups, AllocatorError> {
    let old = store.groups(operator);
    let keeps = old.iter().all(|tag| tag.is_zero() || groups.contains(tag));
    if !may_loosen && !keeps {
        return Err(AllocatorError::Loosens);
    }
    store.set_groups_word(operator, groups);
    Ok(old)
}

/// What a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A service.
    Service(u32),
    /// An operator.
    Operator(Address),
    /// A group of operators.
    Group(B64),
    /// The failure of so many operators at once.
    Failures(u8),
}

/// A limit and what is at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub place: Place,
    /// Most that may be at risk.
    pub limit: u64,
    /// What is.
    pub risk: u64,
}

/// Calls `visit` with every limit that concerns an allocation of `service` and `operator`. `list` is of all allocations.
pub(super) fn visit_bounds<S: AllocatorStore + ?Sized>(
    store: &S,
    list: &[Exposure],
    risk: Risk,
    service: u32,
    operator: Address,
    mut visit: impl FnMut(Bound) -> Result<(), AllocatorError>,
) -> Result<(), AllocatorError> {
    let limits = store.limits();
    let capacity = store.capacity().capacity;
    let mut bound = |place, bps: u16, risk| {
        visit(Bound {
            place,
            limit: part_of(capacity, bps)?,
            risk,
        })
    };
    let in_service = sum_of(list, risk, |entry| entry.service == service)?;
    bound(Place::Service(service), limits.service_bps, in_service)?;
    let of_operator = sum_of(list, risk, |entry| entry.operator == operator)?;
    bound(Place::Operator(operator), limits.operator_bps, of_operator)?;
    for group in store.groups(operator) {
        if !group.is_zero() {
            let is_in = |operator| store.groups(operator).contains(&group);
            let in_group = sum_of(list, risk, |entry| is_in(entry.operator))?;
            bound(Place::Group(group), limits.group_bps, in_group)?;
        }
    }
    let mut together = 0u64;
    let largest = worst(list, risk)?.into_iter().zip(limits.worst_bps);
    for (failures, (of_one, bps)) in (1..).zip(largest) {
        together = together.saturating_add(of_one);
        // Who is not among the worst adds nothing to their sum.
        if of_operator >= of_one {
            bound(Place::Failures(failures), bps, together)?;
        }
    }
    Ok(())
}

/// Refuses if anything that the allocation of `service` and `operator` is part of is over its limit.
pub(super) fn check<S: AllocatorStore + ?Sized>(
    store: &S,
    list: &[Exposure],
    service: u32,
    operator: Address,
) -> Result<(), AllocatorError> {
    visit_bounds(store, list, Exposure::at_risk, service, operator, |bound| {
        if bound.risk > bound.limit {
            return Err(AllocatorError::AboveLimit {
                place: bound.place,
                limit: bound.limit,
                attempted: bound.risk,
            });
        }
        Ok(())
    })
}

fn part_of(capacity: u64, bps: u16) -> Result<u64, AllocatorError> {
    mul_div_down(capacity.into(), bps.into(), BPS.into())
        .ok()
        .and_then(|part| u64::try_from(part).ok())
        .ok_or(AllocatorError::Overflow)
}
