//! Changing the state and the rules by hand.

use std::sync::Arc;

use alloy_primitives::{Address, B256, Bytes, U256};

use super::Node;
use crate::{block::Block, clock::TimeWentBack, error::Error, state::Info, tx::Tx};

impl Node {
    /// Changes an account without a block. What it was stays readable at past blocks.
    pub(crate) fn edit_account(&mut self, address: Address, edit: impl FnOnce(&mut Info)) {
        let mut info = self.world.info(address).unwrap_or_default();
        edit(&mut info);
        self.world.open_version();
        self.world.set_info(address, info);
        self.blocks.set_head_version(self.world.version());
        self.pool.update(address, info.nonce);
    }

    /// Puts code at an address.
    pub(crate) fn set_code(&mut self, address: Address, code: Bytes) {
        let code_hash = self.world.add_code(code);
        self.edit_account(address, |info| info.code_hash = code_hash);
    }

    /// Writes a storage slot.
    pub(crate) fn set_slot(&mut self, address: Address, slot: U256, value: U256) {
        self.world.open_version();
        self.world.set_slot(address, slot, value);
        self.blocks.set_head_version(self.world.version());
    }

    /// Moves time to `timestamp_s` and mines a block there, so that calls see it too.
    pub(crate) fn warp(&mut self, timestamp_s: u64) -> Result<Arc<Block>, TimeWentBack> {
        self.settings
            .clock
            .set_next(timestamp_s, self.blocks.head().header.timestamp)?;
        Ok(self.mine_pending())
    }

    /// Removes a waiting transaction.
    pub(crate) fn drop_tx(&mut self, hash: &B256) -> Option<Arc<Tx>> {
        let tx = self.pool.remove(hash)?;
        self.pool.update(tx.from(), self.world.nonce(tx.from()));
        Some(tx)
    }

    /// Goes back to a first block as configured. Subscribers stay.
    pub(crate) fn reset(&mut self) -> Result<(), Error> {
        let fresh = Self::new(self.config.clone(), self.keys.clone())?;
        let old = std::mem::replace(self, fresh);
        self.events = old.events;
        self.filters = old.filters;
        self.filters.rewind(0);
        Ok(())
    }
}
