//! The calls of the allocator.

use alloy_primitives::Address;

use super::apply::{Answer, only};
use super::op::{Call, ModelError, Outcome};
use super::{Config, Model};
use crate::allocator::{self, AllocatorStore};
use crate::cover;
use crate::hub::HubStore;
use crate::vault::VaultStore;

impl Model {
    pub(super) fn allot(&mut self, caller: Address, call: &Call) -> Answer {
        let clock = self.config.clock;
        let config = &self.config;
        match *call {
            Call::Allocate {
                service,
                operator,
                magnitude,
            } => {
                only(config.curator, caller)?;
                let max_wad = self.hub.service(service)?.max_wad;
                let summary = allocator::allocate(
                    &mut self.allocator,
                    &clock,
                    self.now_s,
                    service,
                    operator,
                    magnitude,
                    max_wad,
                )?;
                if summary.at_risk > 0 {
                    let supply = self.vault.head().supply;
                    let capacity = self.allocator.capacity().capacity;
                    let risk = summary.at_risk;
                    cover::check_bond(&self.cover, supply, operator, risk, capacity)?;
                }
                return Ok(Outcome::Allocated(summary));
            }
            Call::Trim { service, operator } => {
                let store = &mut self.allocator;
                let summary = allocator::trim(store, &clock, self.now_s, service, operator)?;
                return Ok(Outcome::Allocated(summary));
            }
            Call::SetLimits { limits } => {
                let may_loosen = governs(config, &[config.curator, config.guardian], caller)?;
                allocator::set_limits(&mut self.allocator, &limits, may_loosen)?;
            }
            Call::SetGroups { operator, groups } => {
                let may_loosen = governs(config, &[config.curator], caller)?;
                allocator::set_groups(&mut self.allocator, operator, &groups, may_loosen)?;
            }
            Call::PauseAllocations { duration_s } => {
                only(config.guardian, caller)?;
                allocator::pause(&mut self.allocator, self.now_s, duration_s)?;
            }
            _ => {}
        }
        Ok(Outcome::Done)
    }
}

/// Whether the caller is the governor; refused unless it is or is one of the others.
fn governs(config: &Config, others: &[Address], caller: Address) -> Result<bool, ModelError> {
    let is_governor = config.governor == caller;
    if is_governor || others.contains(&caller) {
        Ok(is_governor)
    } else {
        Err(ModelError::Unauthorized { caller })
    }
}
