//! Where the stake is, and what can be lost of it.
//!
//! The allocator lists its allocations, at most [`MAX_ALLOCATIONS`]. The list is read when an allocation is raised or trimmed and
//! in views; never by a slash, and no deposit or exit knows of it. Per allocation, with `cap` the most that the service's terms
//! let it slash for one epoch of offence:
//!
//! ```text
//! f        = min(1, 3 · cap)        stake can be slashed for three epochs from when it is asked back
//! at risk  = frozen + ceil((m + inc + Σ dec) · f)
//! lasting  = ceil((m + inc) · f)    what of it no decrease under way takes back
//! ```
//!
//! `worst(k)` is the largest sum of the risk of k operators: each fails at once in every service that it serves.
//! Rounding: up, by less than one unit an allocation, so that a risk is never said to be smaller than it is.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};

use super::allocate::load;
use super::records::sum;
use super::{AllocatorError, AllocatorKey, AllocatorStore};
use crate::clock::Clock;
use crate::math::mul_div_up;
use crate::units::{WAD, WAD_MAGNITUDE};
use crate::word::{field64, halves, word};

/// Most allocations of a vault: bounds the work of `allocate`, the only operation that reads all.
pub const MAX_ALLOCATIONS: u8 = 64;
/// For so many epochs can stake be slashed from when it is asked back: that one and two more.
pub const EPOCHS_AT_RISK: u64 = 3;
/// Most operators whose common failure is limited.
pub const MAX_FAILURES: usize = 3;

/// One place of the list, one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The service.
    pub service: u32,
    /// The operator.
    pub operator: Address,
    /// Most that the service's terms let it slash for one epoch of offence.
    pub max_wad: u64,
}

impl Entry {
    fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        let operator = word(low, field64(high, 0, 32).into());
        Self {
            operator: Address::from_word(operator.into()),
            service: field64(high, 32, 32) as u32,
            max_wad: field64(high, 64, 64),
        }
    }

    fn to_word(self) -> U256 {
        let [low, middle] = halves(U256::from_be_bytes(self.operator.into_word().0));
        let high = u128::from(self.max_wad) << 64 | u128::from(self.service) << 32 | middle;
        word(low, high)
    }
}

/// What one operator has at stake in one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Whose it is, and what limits a loss.
    pub entry: Entry,
    /// In force or going to be: m and inc.
    pub kept: u64,
    /// Of it, what is not in force yet.
    pub pending: u64,
    /// Taken back and still slashable.
    pub leaving: u64,
    /// Of undecided slash requests.
    pub frozen: u64,
}

impl Exposure {
    /// All of it.
    pub fn magnitude(&self) -> Result<u64, AllocatorError> {
        sum(&[self.kept, self.leaving, self.frozen])
    }

    /// The most that can be lost of it.
    pub fn at_risk(&self) -> Result<u64, AllocatorError> {
        let slashable = sum(&[self.kept, self.leaving])?;
        sum(&[self.frozen, self.part(slashable)?])
    }

    /// The most that can be lost of what stays.
    pub fn lasting(&self) -> Result<u64, AllocatorError> {
        self.part(self.kept)
    }

    /// Part of a magnitude that can be lost, WAD.
    pub fn risk_wad(&self) -> u64 {
        self.entry
            .max_wad
            .saturating_mul(EPOCHS_AT_RISK)
            .min(WAD_MAGNITUDE)
    }

    fn part(&self, magnitude: u64) -> Result<u64, AllocatorError> {
        mul_div_up(magnitude.into(), self.risk_wad().into(), WAD)
            .ok()
            .and_then(|part| u64::try_from(part).ok())
            .ok_or(AllocatorError::Overflow)
    }
}

/// Every allocation with anything at stake, as of `now_s`.
pub fn exposures<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
) -> Result<Vec<Exposure>, AllocatorError> {
    let mut list = Vec::new();
    for place in 0..store.capacity().entries {
        let exposure = exposure(store, clock, now_s, entry(store, place))?;
        if exposure.magnitude()? > 0 {
            list.push(exposure);
        }
    }
    Ok(list)
}

/// The most that can be lost if the worst `operators` fail at once, everywhere; counts [`MAX_FAILURES`] at most.
pub fn worst_case<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    operators: u8,
) -> Result<u64, AllocatorError> {
    let list = exposures(store, clock, now_s)?;
    let worst = worst(&list, Exposure::at_risk)?;
    sum(worst.get(..operators.into()).unwrap_or(&worst))
}

/// The largest risks of single operators, the largest first.
pub(super) fn worst(list: &[Exposure], risk: Risk) -> Result<[u64; MAX_FAILURES], AllocatorError> {
    let mut largest = [0; MAX_FAILURES];
    for (place, exposure) in list.iter().enumerate() {
        let operator = exposure.entry.operator;
        let is_first = list
            .iter()
            .take(place)
            .all(|before| before.entry.operator != operator);
        if is_first {
            let mut sum = sum_of(list, risk, |entry| entry.operator == operator)?;
            for place in &mut largest {
                if sum > *place {
                    core::mem::swap(place, &mut sum);
                }
            }
        }
    }
    Ok(largest)
}

/// How the risk of one allocation is counted.
pub(super) type Risk = fn(&Exposure) -> Result<u64, AllocatorError>;

/// The risk of the allocations that `is_counted` says are.
pub(super) fn sum_of(
    list: &[Exposure],
    risk: Risk,
    is_counted: impl Fn(&Entry) -> bool,
) -> Result<u64, AllocatorError> {
    list.iter()
        .filter(|exposure| is_counted(&exposure.entry))
        .try_fold(0, |total, exposure| sum(&[total, risk(exposure)?]))
}

/// Puts `new` on the list unless it is there, drops what has nothing at stake any more, and answers the list.
pub(super) fn enlist<S: AllocatorStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    new: Entry,
) -> Result<Vec<Exposure>, AllocatorError> {
    let mut capacity = store.capacity();
    let mut entries = capacity.entries;
    let mut list = Vec::new();
    let mut is_known = false;
    let mut place = 0;
    while place < entries {
        let exposure = exposure(store, clock, now_s, entry(store, place))?;
        if exposure.magnitude()? == 0 {
            entries = entries.saturating_sub(1);
            let last = store.load(AllocatorKey::Entry(entries));
            store.save(AllocatorKey::Entry(place), last);
            store.save(AllocatorKey::Entry(entries), U256::ZERO);
            continue;
        }
        is_known |= exposure.entry == new;
        list.push(exposure);
        place = place.saturating_add(1);
    }
    if !is_known {
        if entries >= MAX_ALLOCATIONS {
            return Err(AllocatorError::TooManyAllocations {
                max: MAX_ALLOCATIONS,
            });
        }
        store.save(AllocatorKey::Entry(entries), new.to_word());
        entries = entries.saturating_add(1);
        list.push(exposure(store, clock, now_s, new)?);
    }
    capacity.entries = entries;
    store.set_capacity(capacity)?;
    Ok(list)
}

fn entry<S: AllocatorStore + ?Sized>(store: &S, place: u8) -> Entry {
    Entry::from_word(store.load(AllocatorKey::Entry(place)))
}

fn exposure<S: AllocatorStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    entry: Entry,
) -> Result<Exposure, AllocatorError> {
    let (service, operator) = (entry.service, entry.operator);
    let (allocation, decreases, _) = load(store, clock, now_s, service, operator)?;
    let kept = sum(&[allocation.active, allocation.pending])?;
    Ok(Exposure {
        entry,
        kept,
        pending: kept.saturating_sub(allocation.in_force(now_s)),
        leaving: decreases.sum()?,
        frozen: allocation.frozen,
    })
}
