//! The state: accounts, their storage, and code.

use std::collections::VecDeque;

use alloy_primitives::{
    Address, B256, Bytes, U256,
    map::{AddressMap, B256Map, HashMap, hash_map::Entry},
};
use revm::{
    bytecode::Bytecode,
    primitives::KECCAK_EMPTY,
    state::{Account as Changed, AccountInfo},
};

use super::cell::Cell;

/// What the state holds of an account besides its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Info {
    pub(crate) nonce: u64,
    pub(crate) balance: U256,
    pub(crate) code_hash: B256,
}

impl Default for Info {
    fn default() -> Self {
        Self {
            nonce: 0,
            balance: U256::ZERO,
            code_hash: KECCAK_EMPTY,
        }
    }
}

impl Info {
    /// An empty account counts as absent (EIP-161).
    fn unless_empty(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// An account with its past. One that does not exist now may still have existed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) info: Cell<Option<Info>>,
    pub(crate) storage: HashMap<U256, Cell<U256>>,
}

/// The cells that one version changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChangeSet {
    pub(crate) version: u64,
    pub(crate) accounts: Vec<Address>,
    pub(crate) slots: Vec<(Address, U256)>,
}

/// All accounts. Changes belong to numbered versions; versions can be read back and undone, newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(super) accounts: AddressMap<Account>,
    pub(super) codes: B256Map<Bytecode>,
    pub(super) log: VecDeque<ChangeSet>,
    /// The newest version. Never reused, so that a version names one state for ever.
    pub(super) version: u64,
    /// The version before which the past is forgotten.
    pub(super) oldest: u64,
    /// Cells changed since the trie last caught up.
    pub(super) dirty_accounts: Vec<Address>,
    pub(super) dirty_slots: Vec<(Address, U256)>,
}

impl World {
    /// The newest version.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The oldest version that can still be read.
    pub(crate) fn oldest_version(&self) -> u64 {
        self.oldest
    }

    /// Opens a new version; changes belong to it until the next one opens.
    pub(crate) fn open_version(&mut self) -> u64 {
        self.version += 1;
        self.log.push_back(ChangeSet {
            version: self.version,
            ..ChangeSet::default()
        });
        self.version
    }

    /// The account as it was after `version`.
    pub(crate) fn info_at(&self, address: Address, version: u64) -> Option<Info> {
        self.accounts
            .get(&address)
            .and_then(|account| account.info.at(version))
    }

    /// The account as it is.
    pub(crate) fn info(&self, address: Address) -> Option<Info> {
        self.accounts
            .get(&address)
            .and_then(|account| account.info.now())
    }

    /// The nonce that the account's next transaction must have.
    pub(crate) fn nonce(&self, address: Address) -> u64 {
        self.info(address).map_or(0, |info| info.nonce)
    }

    /// A storage slot as it was after `version`.
    pub(crate) fn slot_at(&self, address: Address, slot: U256, version: u64) -> U256 {
        self.accounts
            .get(&address)
            .and_then(|account| account.storage.get(&slot))
            .map_or(U256::ZERO, |cell| cell.at(version))
    }

    /// The code with this hash; empty if there is none.
    pub(crate) fn code(&self, code_hash: B256) -> Bytecode {
        if code_hash == KECCAK_EMPTY {
            return Bytecode::default();
        }
        self.codes.get(&code_hash).cloned().unwrap_or_default()
    }

    /// Puts `info` in the place of what the state holds of the account, storage apart.
    pub(crate) fn set_info(&mut self, address: Address, info: Info) {
        let version = self.version;
        if self
            .accounts
            .entry(address)
            .or_default()
            .info
            .set(version, info.unless_empty())
        {
            self.dirty_accounts.push(address);
            if let Some(changes) = self.log.back_mut() {
                changes.accounts.push(address);
            }
        }
    }

    /// Adds to a balance.
    pub(crate) fn credit(&mut self, address: Address, wei: U256) {
        let mut info = self.info(address).unwrap_or_default();
        info.balance = info.balance.saturating_add(wei);
        self.set_info(address, info);
    }

    /// Writes a storage slot.
    pub(crate) fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        let version = self.version;
        let account = self.accounts.entry(address).or_default();
        let first = match account.storage.entry(slot) {
            Entry::Occupied(mut cell) => cell.get_mut().set(version, value),
            Entry::Vacant(_) if value.is_zero() => false,
            Entry::Vacant(cell) => cell.insert(Cell::default()).set(version, value),
        };
        if first {
            self.dirty_slots.push((address, slot));
            if let Some(changes) = self.log.back_mut() {
                changes.slots.push((address, slot));
            }
        }
    }

    /// Keeps `code` and returns its hash.
    pub(crate) fn add_code(&mut self, code: Bytes) -> B256 {
        if code.is_empty() {
            return KECCAK_EMPTY;
        }
        let code = bytecode(code);
        let code_hash = code.hash_slow();
        self.codes.insert(code_hash, code);
        code_hash
    }

    /// Takes in the accounts that a transaction changed, as part of the open version.
    pub(crate) fn commit(&mut self, changes: AddressMap<Changed>) {
        for (address, changed) in changes {
            if !changed.is_touched() {
                continue;
            }
            if changed.is_selfdestructed() || changed.is_created() {
                self.wipe_storage(address);
            }
            if changed.is_selfdestructed() {
                self.set_info(address, Info::default());
                continue;
            }
            for (slot, value) in changed.changed_storage_slots() {
                self.set_slot(address, *slot, value.present_value);
            }
            self.commit_info(address, changed.info);
        }
    }

    fn commit_info(&mut self, address: Address, info: AccountInfo) {
        if let Some(code) = info.code
            && info.code_hash != KECCAK_EMPTY
            && !code.is_empty()
            && !self.codes.contains_key(&info.code_hash)
        {
            self.codes.insert(info.code_hash, code);
        }
        self.set_info(
            address,
            Info {
                nonce: info.nonce,
                balance: info.balance,
                code_hash: info.code_hash,
            },
        );
    }

    fn wipe_storage(&mut self, address: Address) {
        let slots: Vec<U256> = self
            .accounts
            .get(&address)
            .map(|account| account.storage.keys().copied().collect())
            .unwrap_or_default();
        for slot in slots {
            self.set_slot(address, slot, U256::ZERO);
        }
    }

    /// Undoes every version after `version`. Returns whether that state could still be reached.
    #[must_use]
    pub(crate) fn undo_to(&mut self, version: u64) -> bool {
        if version < self.oldest {
            return false;
        }
        while let Some(changes) = self.log.pop_back_if(|changes| changes.version > version) {
            for (address, slot) in changes.slots {
                self.change_past(address, slot, |cell| cell.undo(changes.version));
                self.dirty_slots.push((address, slot));
            }
            for address in changes.accounts {
                if let Entry::Occupied(mut entry) = self.accounts.entry(address) {
                    let account = entry.get_mut();
                    account.info.undo(changes.version);
                    if account.info == Cell::default() && account.storage.is_empty() {
                        entry.remove();
                    }
                }
                self.dirty_accounts.push(address);
            }
        }
        true
    }

    /// Forgets every state before `version`.
    pub(crate) fn forget_before(&mut self, version: u64) {
        while let Some(changes) = self.log.pop_front_if(|changes| changes.version <= version) {
            for address in changes.accounts {
                if let Some(account) = self.accounts.get_mut(&address) {
                    account.info.forget(changes.version);
                }
            }
            for (address, slot) in changes.slots {
                self.change_past(address, slot, |cell| cell.forget(changes.version));
            }
        }
        self.oldest = self.oldest.max(version);
    }

    /// Rewrites the past of a slot and drops the slot if that leaves nothing to remember.
    fn change_past(&mut self, address: Address, slot: U256, change: impl FnOnce(&mut Cell<U256>)) {
        if let Some(account) = self.accounts.get_mut(&address)
            && let Entry::Occupied(mut cell) = account.storage.entry(slot)
        {
            change(cell.get_mut());
            if *cell.get() == Cell::default() {
                cell.remove();
            }
        }
    }

    /// Counts every cell as changed, for a trie that starts from nothing.
    pub(super) fn mark_all_dirty(&mut self) {
        self.dirty_accounts = self.accounts.keys().copied().collect();
        self.dirty_slots = self
            .accounts
            .iter()
            .flat_map(|(address, account)| account.storage.keys().map(|slot| (*address, *slot)))
            .collect();
    }
}

/// Code as the interpreter takes it. What looks like an EIP-7702 delegation but is none is plain code.
pub(crate) fn bytecode(code: Bytes) -> Bytecode {
    Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}
