//! Tables as the storage of the operations.

use alloy_primitives::U256;

use super::table::{Accesses, Table};
use crate::allocator::{AllocatorKey, AllocatorStore};
use crate::cover::{CoverKey, CoverStore};
use crate::exits::{TicketKey, TicketStore};
use crate::hub::{HubKey, HubStore};
use crate::rewards::{RewardsKey, RewardsStore};
use crate::vault::{Closed, Settled, VaultKey, VaultStore};

/// A step of a sync.
#[allow(clippy::large_enum_variant, reason = "a handful live at a time")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An epoch was closed.
    Closed(Closed),
    /// A batch was paid.
    Settled(Settled),
}

/// A vault's words, and the steps of its last sync.
#[derive(Clone, Debug, Default)]
pub struct VaultWords {
    table: Table<VaultKey, U256>,
    notices: Vec<Notice>,
}

impl VaultWords {
    /// The steps of the last sync.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Every word that is not zero, in no order.
    pub fn entries(&self) -> impl Iterator<Item = (VaultKey, U256)> + '_ {
        self.table.entries()
    }

    /// How often it was asked and told, ever.
    pub fn accesses(&self) -> Accesses {
        self.table.accesses()
    }

    pub(super) fn forget_notices(&mut self) {
        self.notices.clear();
    }

    pub(super) fn commit(&mut self) {
        self.table.commit();
    }

    pub(super) fn roll_back(&mut self) {
        self.table.roll_back();
        self.notices.clear();
    }

    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.table.same_as(&other.table)
    }
}

impl VaultStore for VaultWords {
    fn load(&self, key: VaultKey) -> U256 {
        self.table.load(key)
    }

    fn save(&mut self, key: VaultKey, word: U256) {
        self.table.save(key, word);
    }

    fn closed(&mut self, notice: &Closed) {
        self.notices.push(Notice::Closed(*notice));
    }

    fn settled(&mut self, notice: &Settled) {
        self.notices.push(Notice::Settled(*notice));
    }
}

impl TicketStore for Table<TicketKey, U256> {
    fn load(&self, key: TicketKey) -> U256 {
        Table::load(self, key)
    }

    fn save(&mut self, key: TicketKey, word: U256) {
        Table::save(self, key, word);
    }
}

impl AllocatorStore for Table<AllocatorKey, U256> {
    fn load(&self, key: AllocatorKey) -> U256 {
        Table::load(self, key)
    }

    fn save(&mut self, key: AllocatorKey, word: U256) {
        Table::save(self, key, word);
    }
}

impl HubStore for Table<HubKey, U256> {
    fn load(&self, key: HubKey) -> U256 {
        Table::load(self, key)
    }

    fn save(&mut self, key: HubKey, word: U256) {
        Table::save(self, key, word);
    }
}

impl CoverStore for Table<CoverKey, U256> {
    fn load(&self, key: CoverKey) -> U256 {
        Table::load(self, key)
    }

    fn save(&mut self, key: CoverKey, word: U256) {
        Table::save(self, key, word);
    }
}

impl RewardsStore for Table<RewardsKey, U256> {
    fn load(&self, key: RewardsKey) -> U256 {
        Table::load(self, key)
    }

    fn save(&mut self, key: RewardsKey, word: U256) {
        Table::save(self, key, word);
    }
}
