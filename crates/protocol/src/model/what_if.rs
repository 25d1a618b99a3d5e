//! What a slash would cost now, and how much stands against it.

use alloy_primitives::Address;

use super::{Model, ModelError};
use crate::allocator::{self, AllocatorStore};
use crate::cover::{self, Quoted};
use crate::vault::{self, Coverage, Overlay, Supposed, VaultError, WhatIf};

/// What a slash would cost, and what its filing would fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What it would take.
    pub supposed: Supposed,
    /// What bond, cover and the service's stake would lock.
    pub quoted: Quoted,
    /// The rate after it, and who bears it.
    pub what_if: WhatIf,
}

impl Model {
    /// What a slash of `wad` of `operator` in `service` for an offence of now would cost, as if synced now.
    pub fn what_if(&self, service: u32, operator: Address, wad: u64) -> Result<Cost, ModelError> {
        let (clock, now_s) = (&self.config.clock, self.now_s);
        let mut vault = Overlay::new(&self.vault);
        let summary = vault::sync(&mut vault, now_s, vault::SYNC_STEPS)?;
        if !summary.done {
            let next_epoch = summary.next_epoch;
            return Err(VaultError::SyncPending { next_epoch }.into());
        }
        let freeze =
            allocator::would_freeze(&self.allocator, clock, now_s, service, operator, wad)?;
        let (quotes, _) = self.quotes();
        let accepted_wad = self.accepted_rates();
        let supposed = vault::suppose(&mut vault, freeze, &quotes, &accepted_wad)?;
        let mut cover = self.cover.clone();
        let pool = cover::sync(&mut cover, now_s)?;
        let quoted = cover::quote(&cover, &pool, operator, supposed.worth)?;
        let what_if = vault::what_if(
            &mut vault,
            &supposed,
            &quotes,
            quoted.from_bond,
            quoted.from_cover,
        )?;
        Ok(Cost {
            supposed,
            quoted,
            what_if,
        })
    }

    /// The rate as a part of its high-water mark, as if synced now, WAD.
    pub fn backing_ratio_wad(&self) -> Result<u128, VaultError> {
        self.as_if_synced(|vault| {
            let (quotes, _) = self.quotes();
            let valuation = vault::valuation(vault, &quotes)?;
            Ok(vault::backing_ratio_wad(vault, &valuation)?)
        })
    }

    /// What bonds and cover are worth beside the worst case of so many operators, as if synced now.
    pub fn coverage(&self, operators: u8) -> Result<Coverage, ModelError> {
        let (clock, now_s) = (&self.config.clock, self.now_s);
        let worst = allocator::worst_case(&self.allocator, clock, now_s, operators)?;
        let capacity = self.allocator.capacity().capacity;
        let mut cover = self.cover.clone();
        cover::sync(&mut cover, now_s)?;
        let shares = cover::backing(&cover)?;
        let coverage = self.as_if_synced(|vault| {
            let (quotes, _) = self.quotes();
            Ok(vault::coverage(vault, &quotes, shares, worst, capacity)?)
        })?;
        Ok(coverage)
    }
}
