//! The state after one version, as the interpreter reads it.

use std::convert::Infallible;

use alloy_primitives::{Address, B256, U256};
use revm::{DatabaseRef, bytecode::Bytecode, state::AccountInfo};

use super::world::World;
use crate::block::Blocks;

/// The state after one version, with the hashes of the blocks known to it.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) blocks: &'a Blocks,
    pub(crate) version: u64,
}

impl View<'_> {
    /// Nonce of the account, 0 if it does not exist.
    pub(crate) fn nonce(&self, address: Address) -> u64 {
        self.world
            .info_at(address, self.version)
            .map_or(0, |info| info.nonce)
    }

    /// Balance of the account in wei.
    pub(crate) fn balance_wei(&self, address: Address) -> U256 {
        self.world
            .info_at(address, self.version)
            .map_or(U256::ZERO, |info| info.balance)
    }

    /// Code of the account.
    pub(crate) fn code(&self, address: Address) -> Bytecode {
        self.world
            .info_at(address, self.version)
            .map_or_else(Bytecode::default, |info| self.world.code(info.code_hash))
    }

    /// A storage slot of the account.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> U256 {
        self.world.slot_at(address, slot, self.version)
    }
}

impl DatabaseRef for View<'_> {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self
            .world
            .info_at(address, self.version)
            .map(|info| AccountInfo {
                nonce: info.nonce,
                balance: info.balance,
                code_hash: info.code_hash,
                code: None,
                ..AccountInfo::default()
            }))
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.world.code(code_hash))
    }

    fn storage_ref(&self, address: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.slot(address, slot))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        Ok(self.blocks.hash(number).unwrap_or_default())
    }
}
