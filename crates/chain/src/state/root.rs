//! The state root, brought up to date by what changed.

use alloy::{
    rlp,
    trie::{EMPTY_ROOT_HASH, TrieAccount},
};
use alloy_primitives::{
    Address, B256, Bytes, U256, keccak256,
    map::{AddressMap, AddressSet},
};

use super::{trie::Trie, world::World};

/// The state as Merkle tries: one of accounts, and one of storage for each account that has any.
#[derive(Clone, Debug, Default)]
pub(crate) struct StateTrie {
    accounts: Trie,
    storage: AddressMap<Trie>,
}

/// A proof of an account and some of its slots against the state root.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) storage_root: B256,
    pub(crate) account: Vec<Bytes>,
    pub(crate) slots: Vec<Vec<Bytes>>,
}

impl StateTrie {
    /// The tries of the whole of `world`.
    pub(crate) fn rebuilt(world: &mut World) -> Self {
        world.mark_all_dirty();
        let mut trie = Self::default();
        trie.catch_up(world);
        trie
    }

    /// Takes in what changed in `world` since the last call and returns the state root.
    pub(crate) fn catch_up(&mut self, world: &mut World) -> B256 {
        let mut addresses: AddressSet = world.dirty_accounts.drain(..).collect();
        for (address, slot) in std::mem::take(&mut world.dirty_slots) {
            addresses.insert(address);
            let trie = self.storage.entry(address).or_default();
            let key = keccak256(B256::from(slot));
            let value = world.slot_at(address, slot, u64::MAX);
            if value.is_zero() {
                trie.remove(&key);
            } else {
                trie.insert(&key, &rlp::encode(value));
            }
        }
        for address in addresses {
            self.update_account(address, world);
        }
        self.accounts.root()
    }

    fn update_account(&mut self, address: Address, world: &World) {
        let storage_root = self.storage_root(address);
        let key = keccak256(address);
        match world.info(address) {
            Some(info) => {
                let account =
                    TrieAccount::new(info.nonce, info.balance, storage_root, info.code_hash);
                self.accounts.insert(&key, &rlp::encode(account));
            }
            None => self.accounts.remove(&key),
        }
    }

    fn storage_root(&mut self, address: Address) -> B256 {
        let root = self
            .storage
            .get_mut(&address)
            .map_or(EMPTY_ROOT_HASH, Trie::root);
        if root == EMPTY_ROOT_HASH {
            self.storage.remove(&address);
        }
        root
    }

    /// Proof of an account and of `slots` of its storage, for the state of the last [`Self::catch_up`].
    pub(crate) fn prove(&mut self, address: Address, slots: &[U256]) -> Proof {
        let storage_root = self.storage_root(address);
        let account = self.accounts.proof(&keccak256(address));
        let mut storage = self.storage.get_mut(&address);
        let slots = slots
            .iter()
            .map(|slot| {
                storage
                    .as_deref_mut()
                    .map(|trie| trie.proof(&keccak256(B256::from(*slot))))
                    .unwrap_or_default()
            })
            .collect();
        Proof {
            storage_root,
            account,
            slots,
        }
    }
}
