//! The curator's transactions, tried on the allocator's own rules before they are proposed.
//!
//! Magnitudes are rounded down to millionths of the capacity, which is more than the solver's tolerance. Decreases come first; what
//! they free counts only once it can no longer be slashed, so increases then wait for a second step.

use std::collections::HashMap;

use alloy_primitives::{B64, U256};
use weir_protocol::allocator::{
    self, AllocatorError, AllocatorKey, AllocatorStore, Groups, Limits,
};
use weir_protocol::clock::Clock;

use super::scenario::{Allocations, Pair};

/// A call of the allocator's `allocate(service, operator, magnitude)`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Call {
    /// 1: now; 2: once what the first step took back can no longer be slashed, three epochs later.
    pub step: u8,
    /// The service's name.
    pub service: String,
    /// Its number.
    pub service_id: u32,
    /// The operator's name.
    pub operator: String,
    /// Its address.
    pub operator_address: String,
    /// The new magnitude, WAD.
    pub magnitude_wad: u64,
    /// The magnitude so far, WAD.
    pub was_wad: u64,
}

/// Why the allocator would refuse a proposal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// It refuses what is allocated now, before any limit.
    #[error("the allocator refuses what the scenario says is allocated now: {0:?}")]
    Current(AllocatorError),
    /// It refuses a call.
    #[error("the allocator would refuse {magnitude_wad} for {operator} in {service}: {error:?}")]
    Refused {
        /// The service.
        service: String,
        /// The operator.
        operator: String,
        /// The magnitude, WAD.
        magnitude_wad: u64,
        /// Why.
        error: AllocatorError,
    },
}

const WAD: f64 = 1e18;
/// A millionth of the capacity.
const UNIT: u64 = 1_000_000_000_000;
const DAY_S: u64 = 86_400;

/// A vault's allocator in memory.
#[derive(Default)]
struct Memory(HashMap<AllocatorKey, U256>);

impl AllocatorStore for Memory {
    fn load(&self, key: AllocatorKey) -> U256 {
        self.0.get(&key).copied().unwrap_or_default()
    }

    fn save(&mut self, key: AllocatorKey, word: U256) {
        self.0.insert(key, word);
    }
}

/// The calls that bring `current` to `wanted` (parts of the capacity, by pair), each accepted by the allocator's rules.
pub(super) fn propose(
    scenario: &Allocations,
    pairs: &[Pair],
    wanted: &[f64],
) -> Result<Vec<Call>, ProposalError> {
    // Epochs as they are by default; how long they are decides nothing here.
    let clock = Clock {
        genesis_s: 0,
        epoch_s: 5 * DAY_S,
        grace_s: 2 * DAY_S,
    };
    let mut store = Memory::default();
    let allocate = |store: &mut Memory, now_s: u64, pair: Pair, magnitude: u64| {
        let (service, operator) = (&scenario.services[pair.0], &scenario.operators[pair.1]);
        let max_wad = (service.max_slash * WAD) as u64;
        allocator::allocate(
            store,
            &clock,
            now_s,
            service.id,
            operator.address,
            magnitude,
            max_wad,
        )
    };
    allocator::initialise(&mut store, 0).map_err(ProposalError::Current)?;
    for (pair, part) in &scenario.current {
        let magnitude = (part * WAD) as u64;
        allocate(&mut store, 0, *pair, magnitude).map_err(ProposalError::Current)?;
    }
    let limits = Limits {
        service_bps: bps(scenario.limits.service),
        operator_bps: bps(scenario.limits.operator),
        group_bps: bps(scenario.limits.group),
        worst_bps: scenario.limits.worst.map(bps),
    };
    allocator::set_limits(&mut store, &limits, true).map_err(ProposalError::Current)?;
    for operator in &scenario.operators {
        let mut tags = Groups::default();
        for (tag, group) in tags.iter_mut().zip(&operator.groups) {
            *tag = B64::from(*group as u64 + 1);
        }
        allocator::set_groups(&mut store, operator.address, &tags, true)
            .map_err(ProposalError::Current)?;
    }
    let was = |pair: &Pair| {
        let known = scenario.current.iter().find(|(known, _)| known == pair);
        known.map_or(0, |(_, part)| (part * WAD) as u64)
    };
    let rounded = |part: f64| ((part * WAD) as u64 + UNIT / 1000) / UNIT * UNIT;
    let mut changes: Vec<(Pair, u64, u64)> = pairs
        .iter()
        .zip(wanted)
        .map(|(pair, part)| (*pair, was(pair), rounded(*part)))
        .filter(|(_, was, wanted)| was != wanted)
        .collect();
    changes.sort_by_key(|(pair, was, wanted)| (wanted > was, *pair));
    let lowers = changes.iter().any(|(_, was, wanted)| wanted < was);
    let (first_s, second_s) = (20 * 5 * DAY_S, 30 * 5 * DAY_S);
    let mut calls = Vec::new();
    for (pair, was_wad, mut magnitude_wad) in changes {
        let is_raise = magnitude_wad > was_wad;
        let (step, now_s) = if is_raise && lowers {
            (2, second_s)
        } else {
            (1, first_s)
        };
        // Rounding may leave a limit a few units short: a millionth less is enough.
        let mut tries = 0;
        loop {
            let before = store.0.clone();
            let result = allocate(&mut store, now_s, pair, magnitude_wad);
            let Err(error) = result else { break };
            store.0 = before;
            tries += 1;
            if tries > 2
                || !matches!(
                    error,
                    AllocatorError::AboveLimit { .. } | AllocatorError::AboveCapacity { .. }
                )
            {
                return Err(ProposalError::Refused {
                    service: scenario.services[pair.0].name.clone(),
                    operator: scenario.operators[pair.1].name.clone(),
                    magnitude_wad,
                    error,
                });
            }
            magnitude_wad = magnitude_wad.saturating_sub(UNIT);
        }
        calls.push(Call {
            step,
            service: scenario.services[pair.0].name.clone(),
            service_id: scenario.services[pair.0].id,
            operator: scenario.operators[pair.1].name.clone(),
            operator_address: scenario.operators[pair.1].address.to_string(),
            magnitude_wad,
            was_wad,
        });
    }
    Ok(calls)
}

/// Rounded down, so that the proposal fits what the governor would set.
fn bps(part: f64) -> u16 {
    (part * 10_000.0 + 1e-9) as u16
}
