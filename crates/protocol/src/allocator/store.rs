//! What the allocator's operations need of their storage.

use alloy_primitives::{Address, B64, B256, U256};

use super::scale::lifted;
use super::{Allocation, AllocatorError, AllocatorKey, Capacity, Decreases, Groups, Limits};
use crate::word::{field64, halves, put, word};

/// Storage of an allocator, in words. A word that was never saved is zero.
pub trait AllocatorStore {
    /// The word at `key`.
    fn load(&self, key: AllocatorKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: AllocatorKey, word: U256);

    /// See [`Capacity`].
    fn capacity(&self) -> Capacity {
        Capacity::from_word(self.load(AllocatorKey::Capacity))
    }
    /// See [`Capacity`].
    fn set_capacity(&mut self, capacity: Capacity) -> Result<(), AllocatorError> {
        self.save_checked(AllocatorKey::Capacity, capacity.to_word())
    }
    /// See [`Allocation`].
    fn allocation(&self, service: u32, operator: Address) -> Allocation {
        let word = self.load(AllocatorKey::Allocation(service, operator));
        Allocation::from_word(word, self.capacity().scale)
    }
    /// See [`Allocation`].
    fn set_allocation(
        &mut self,
        service: u32,
        operator: Address,
        allocation: Allocation,
    ) -> Result<(), AllocatorError> {
        let word = allocation.to_word(self.capacity().scale);
        self.save_checked(AllocatorKey::Allocation(service, operator), word)
    }
    /// See [`Decreases`].
    fn decreases(&self, service: u32, operator: Address) -> Decreases {
        let word = self.load(AllocatorKey::Decreases(service, operator));
        Decreases::from_word(word, self.capacity().scale)
    }
    /// See [`Decreases`].
    fn set_decreases(
        &mut self,
        service: u32,
        operator: Address,
        decreases: Decreases,
    ) -> Result<(), AllocatorError> {
        let word = decreases.to_word(self.capacity().scale);
        self.save_checked(AllocatorKey::Decreases(service, operator), word)
    }
    /// What request `id` froze: of the active magnitude, and of decreases by epoch mod 3.
    fn frozen(&self, id: u64) -> (u64, [u64; 3]) {
        let [low, high] = halves(self.load(AllocatorKey::Frozen(id)));
        let shift = self
            .capacity()
            .scale
            .saturating_sub(field64(low, 120, 8) as u8);
        let decreases = [
            field64(low, 60, 60),
            field64(high, 0, 60),
            field64(high, 60, 60),
        ];
        let decreases = decreases.map(|count| lifted(count, shift));
        (lifted(field64(low, 0, 60), shift), decreases)
    }
    /// What request `id` froze. A capacity, and so each part of it, has 60 bits.
    fn set_frozen(
        &mut self,
        id: u64,
        active: u64,
        [first, second, third]: [u64; 3],
    ) -> Result<(), AllocatorError> {
        let is_nothing = active == 0 && [first, second, third] == [0; 3];
        let scale = if is_nothing { 0 } else { self.capacity().scale };
        let low = put(0, 0, 60, active.into())
            .and_then(|low| put(low, 60, 60, first.into()))
            .and_then(|low| put(low, 120, 8, scale.into()));
        let high = put(0, 0, 60, second.into()).and_then(|high| put(high, 60, 60, third.into()));
        let word = low.zip(high).map(|(low, high)| word(low, high));
        self.save_checked(AllocatorKey::Frozen(id), word)
    }

    /// See [`Limits`].
    fn limits(&self) -> Limits {
        Limits::from_word(self.load(AllocatorKey::Limits))
    }
    /// See [`Groups`].
    fn groups(&self, operator: Address) -> Groups {
        let word: B256 = self.load(AllocatorKey::Groups(operator)).into();
        let mut groups = Groups::default();
        let (tags, _) = word.as_chunks();
        for (group, tag) in groups.iter_mut().zip(tags) {
            *group = B64::from(*tag);
        }
        groups
    }
    /// See [`Groups`].
    fn set_groups_word(&mut self, operator: Address, groups: &Groups) {
        let [first, second, third, fourth] =
            groups.map(|tag| u128::from(u64::from_be_bytes(tag.0)));
        let word = word(third << 64 | fourth, first << 64 | second);
        self.save(AllocatorKey::Groups(operator), word);
    }

    /// Saves a record whose fields fit their bits.
    fn save_checked(
        &mut self,
        key: AllocatorKey,
        word: Option<U256>,
    ) -> Result<(), AllocatorError> {
        self.save(key, word.ok_or(AllocatorError::Overflow)?);
        Ok(())
    }
}
