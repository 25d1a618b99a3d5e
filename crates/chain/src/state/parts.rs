//! A state taken apart for a file, and put together again.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, Bytes, map::B256Set};

use super::world::{Account, ChangeSet, World};

/// What a state is made of.
pub(crate) struct WorldParts {
    pub(crate) version: u64,
    pub(crate) oldest: u64,
    pub(crate) codes: Vec<Bytes>,
    pub(crate) accounts: Vec<(Address, Account)>,
}

impl World {
    /// All accounts that exist or are remembered, by address.
    pub(crate) fn sorted_accounts(&self) -> Vec<(Address, &Account)> {
        let mut accounts: Vec<_> = self
            .accounts
            .iter()
            .map(|(address, account)| (*address, account))
            .collect();
        accounts.sort_unstable_by_key(|(address, _)| *address);
        accounts
    }

    /// The codes that some account has or is remembered to have had, by hash.
    pub(crate) fn sorted_codes(&self) -> Vec<Bytes> {
        let cells = self.accounts.values().map(|account| &account.info);
        let used: B256Set = cells
            .flat_map(|cell| {
                cell.past()
                    .iter()
                    .map(|(_, before)| *before)
                    .chain([cell.now()])
            })
            .flatten()
            .map(|info| info.code_hash)
            .collect();
        let mut hashes: Vec<B256> = used
            .into_iter()
            .filter(|hash| self.codes.contains_key(hash))
            .collect();
        hashes.sort_unstable();
        hashes
            .iter()
            .filter_map(|hash| self.codes.get(hash))
            .map(|code| code.original_bytes())
            .collect()
    }

    /// Puts a state together. The log of changes follows from the accounts' pasts.
    pub(crate) fn from_parts(parts: WorldParts) -> Self {
        let mut world = Self {
            version: parts.version,
            oldest: parts.oldest,
            ..Self::default()
        };
        for code in parts.codes {
            world.add_code(code);
        }
        let mut log: BTreeMap<u64, ChangeSet> = BTreeMap::new();
        for (address, account) in &parts.accounts {
            for (version, _) in account.info.past() {
                changes_of(&mut log, *version).accounts.push(*address);
            }
            for (slot, cell) in &account.storage {
                for (version, _) in cell.past() {
                    changes_of(&mut log, *version).slots.push((*address, *slot));
                }
            }
        }
        world.log = log.into_values().collect();
        world.version = world
            .log
            .back()
            .map_or(parts.version, |newest| newest.version.max(parts.version));
        world.accounts = parts.accounts.into_iter().collect();
        world
    }
}

fn changes_of(log: &mut BTreeMap<u64, ChangeSet>, version: u64) -> &mut ChangeSet {
    log.entry(version).or_insert_with(|| ChangeSet {
        version,
        ..ChangeSet::default()
    })
}
