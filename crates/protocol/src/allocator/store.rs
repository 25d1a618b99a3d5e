//! What the allocator's operations need of their storage.

use alloy_primitives::{Address, B64, B256, U256};

use super::{Allocation, AllocatorError, AllocatorKey, Capacity, Decreases, Groups, Limits};
use crate::word::{field64, halves, word};

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
        Allocation::from_word(self.load(AllocatorKey::Allocation(service, operator)))
    }
    /// See [`Allocation`].
    fn set_allocation(
        &mut self,
        service: u32,
        operator: Address,
        allocation: Allocation,
    ) -> Result<(), AllocatorError> {
        self.save_checked(
            AllocatorKey::Allocation(service, operator),
            allocation.to_word(),
        )
    }
    /// See [`Decreases`].
    fn decreases(&self, service: u32, operator: Address) -> Decreases {
        Decreases::from_word(self.load(AllocatorKey::Decreases(service, operator)))
    }
    /// See [`Decreases`].
    fn set_decreases(
        &mut self,
        service: u32,
        operator: Address,
        decreases: Decreases,
    ) -> Result<(), AllocatorError> {
        self.save_checked(
            AllocatorKey::Decreases(service, operator),
            decreases.to_word(),
        )
    }
    /// What request `id` froze: of the active magnitude, and of decreases by epoch mod 3.
    fn frozen(&self, id: u64) -> (u64, [u64; 3]) {
        let [low, high] = halves(self.load(AllocatorKey::Frozen(id)));
        let decreases = [
            field64(low, 64, 64),
            field64(high, 0, 64),
            field64(high, 64, 64),
        ];
        (field64(low, 0, 64), decreases)
    }
    /// What request `id` froze.
    fn set_frozen(&mut self, id: u64, active: u64, [first, second, third]: [u64; 3]) {
        let low = u128::from(first) << 64 | u128::from(active);
        let high = u128::from(third) << 64 | u128::from(second);
        self.save(AllocatorKey::Frozen(id), word(low, high));
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
