//! Permanent storage behind a cache of the program's own, and transient storage.

use std::collections::BTreeMap;

use alloy_primitives::U256;

use super::{Call, EVM_API, Escape, HOSTIO, INK_PER_GAS, POINTER, Result, WARM_GAS};

/// Gas of a cold slot (EIP-2929).
pub(crate) const COLD_SLOAD_GAS: u64 = 2_100;
/// Gas that must be left to write a slot (EIP-2200).
const SSTORE_SENTRY_GAS: u64 = 2_300;
/// The most that one access of the cache costs, in gas.
const CACHE_ACCESS_GAS: u64 = 10;
/// A request to the EVM, in gas.
const EVM_API_GAS: u64 = EVM_API / INK_PER_GAS;

#[derive(Clone, Copy)]
struct Word {
    value: U256,
    /// What the chain holds, if known.
    known: Option<U256>,
}

/// Slots that the program read or wrote. Writes reach the chain when flushed.
#[derive(Default)]
pub(super) struct StorageCache {
    slots: BTreeMap<U256, Word>,
    reads: u32,
    writes: u32,
}

impl StorageCache {
    fn read_gas(&mut self) -> u64 {
        self.reads = self.reads.saturating_add(1);
        match self.reads {
            ..=32 => 0,
            33..=128 => 2,
            _ => CACHE_ACCESS_GAS,
        }
    }

    fn write_gas(&mut self) -> u64 {
        self.writes = self.writes.saturating_add(1);
        match self.writes {
            ..=8 => 0,
            9..=64 => 7,
            _ => CACHE_ACCESS_GAS,
        }
    }
}

/// Reads a slot.
pub(super) fn storage_load_bytes32(call: &mut Call<'_>, key: u32, dest: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER)?;
    call.require_gas(COLD_SLOAD_GAS + CACHE_ACCESS_GAS + EVM_API_GAS)?;
    let key = call.read_u256(key)?;
    let mut gas = call.host().storage.read_gas();
    let value = match call.host().storage.slots.get(&key) {
        Some(word) => word.value,
        None => {
            let address = call.frame().address;
            let (value, is_cold) = call.api().storage_load(address, key)?;
            gas += EVM_API_GAS + if is_cold { COLD_SLOAD_GAS } else { WARM_GAS };
            call.host().storage.slots.insert(
                key,
                Word {
                    value,
                    known: Some(value),
                },
            );
            value
        }
    };
    call.buy_gas(gas)?;
    call.write_u256(dest, value)
}

/// Writes a slot of the cache.
pub(super) fn storage_cache_bytes32(call: &mut Call<'_>, key: u32, value: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER)?;
    call.require_gas(SSTORE_SENTRY_GAS + CACHE_ACCESS_GAS)?;
    let (key, value) = (call.read_u256(key)?, call.read_u256(value)?);
    let cache = &mut call.host().storage;
    let gas = cache.write_gas();
    cache
        .slots
        .entry(key)
        .or_insert(Word { value, known: None })
        .value = value;
    call.buy_gas(gas)
}

/// Writes what changed to the chain, and forgets the cache if told to.
pub(super) fn storage_flush_cache(call: &mut Call<'_>, clear: u32) -> Result<()> {
    call.buy_ink(HOSTIO + EVM_API)?;
    call.require_gas(SSTORE_SENTRY_GAS)?;
    // The chain is given one gas more than is left, and must leave some: what it takes may equal all the gas left.
    let mut budget = call.gas_left().saturating_add(1);
    let mut gas = 0_u64;

    let cache = &mut call.host().storage;
    let changed: Vec<(U256, U256)> = cache
        .slots
        .iter()
        .filter(|(_, word)| word.known != Some(word.value))
        .map(|(key, word)| (*key, word.value))
        .collect();
    if clear != 0 {
        cache.slots.clear();
    } else {
        cache
            .slots
            .values_mut()
            .for_each(|word| word.known = Some(word.value));
    }

    if !changed.is_empty() && call.frame().is_static {
        return Err(Escape::Failure("a storage write in a static call"));
    }
    let address = call.frame().address;
    for (key, value) in changed {
        let cost = call.api().storage_store(address, key, value)?;
        gas = gas.saturating_add(cost);
        budget = match budget.checked_sub(cost) {
            Some(left) if left > 0 => left,
            _ => return Err(call.out_of_ink()),
        };
    }
    call.buy_gas(gas)
}

/// Reads a transient slot.
pub(super) fn transient_load_bytes32(call: &mut Call<'_>, key: u32, dest: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER + EVM_API)?;
    call.buy_gas(WARM_GAS)?;
    let key = call.read_u256(key)?;
    let address = call.frame().address;
    let value = call.api().transient_load(address, key);
    call.write_u256(dest, value)
}

/// Writes a transient slot.
pub(super) fn transient_store_bytes32(call: &mut Call<'_>, key: u32, value: u32) -> Result<()> {
    call.buy_ink(HOSTIO + 2 * POINTER + EVM_API)?;
    call.buy_gas(WARM_GAS)?;
    let (key, value) = (call.read_u256(key)?, call.read_u256(value)?);
    if call.frame().is_static {
        return Err(Escape::Failure("a transient write in a static call"));
    }
    let address = call.frame().address;
    call.api().transient_store(address, key, value);
    Ok(())
}
