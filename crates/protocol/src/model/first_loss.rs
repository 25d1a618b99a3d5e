//! Calls of bonds and cover.

use alloy_primitives::Address;

use super::apply::{Answer, only};
use super::op::{Call, ModelError, Outcome};
use super::{CUSHION, EXITS, Model, VAULT};
use crate::cover::{self, CoverStore, Lock};
use crate::exits;
use crate::hub::{HubKey, HubStore};
use crate::units::{Amounts, WAD, set};
use crate::vault;

impl Model {
    pub(super) fn cover_call(&mut self, caller: Address, call: &Call) -> Answer {
        let now_s = self.now_s;
        let shares = match *call {
            Call::Bond { operator, shares } => {
                cover::bond(&mut self.cover, operator, shares)?;
                self.bring(caller, shares)?
            }
            Call::Unbond { shares } => {
                let at_s = cover::unbond(&mut self.cover, now_s, caller, shares)?;
                return Ok(Outcome::Noticed { at_s });
            }
            Call::CollectBond { operator } => {
                let shares = cover::collect_bond(&mut self.cover, now_s, operator)?;
                self.take_home(operator, shares)?
            }
            Call::EnterCover { shares } => {
                cover::enter(&mut self.cover, now_s, caller, shares)?;
                self.bring(caller, shares)?
            }
            Call::CancelEntry => {
                let shares = cover::cancel_entry(&mut self.cover, now_s, caller)?;
                self.take_home(caller, shares)?
            }
            Call::LeaveCover { units } => {
                let at_s = cover::leave(&mut self.cover, now_s, caller, units)?;
                return Ok(Outcome::Noticed { at_s });
            }
            Call::CollectCover { member } => {
                let shares = cover::collect(&mut self.cover, now_s, member)?;
                self.take_home(member, shares)?
            }
            Call::Earn => {
                let balance = self.shares_of(CUSHION);
                let shares = cover::earn(&mut self.cover, now_s, balance)?;
                self.tell_vault()?;
                shares
            }
            Call::FundService { service, shares } => {
                self.hub.service(service)?;
                cover::fund(&mut self.cover, service, shares)?;
                self.move_shares(caller, CUSHION, shares)?;
                shares
            }
            Call::DefundService { service, shares } => {
                self.hub.service(service)?;
                only(self.hub.address(HubKey::Slasher(service)), caller)?;
                cover::defund(&mut self.cover, service, shares)?;
                self.move_shares(CUSHION, caller, shares)?;
                shares
            }
            Call::Surrender => {
                let shares = cover::surrender(&mut self.cover)?;
                self.sync_fully()?;
                self.move_shares(CUSHION, EXITS, shares)?;
                let summary = vault::enqueue(&mut self.vault, shares)?;
                exits::record(&mut self.tickets, summary.epoch, VAULT, shares)?;
                shares
            }
            _ => 0,
        };
        Ok(Outcome::Covered { shares })
    }

    /// What the vault does after it has contested the loss of request `id`.
    pub(super) fn lock(
        &mut self,
        id: u64,
        operator: Address,
        service: u32,
        losses: &Amounts,
    ) -> Result<Lock, ModelError> {
        let rates_wad = self.accepted_rates();
        let worth = vault::worth(&self.vault, losses, &rates_wad)?;
        let lock = cover::lock(&mut self.cover, self.now_s, id, operator, service, worth)?;
        let shares = lock
            .from_bond
            .checked_add(lock.from_cover)
            .ok_or(vault::VaultError::Overflow)?;
        vault::cushion(&mut self.vault, id, shares)?;
        Ok(lock)
    }

    /// The rates that were accepted last, without asking any source.
    pub(super) fn accepted_rates(&self) -> Amounts {
        let mut rates_wad = Amounts::default();
        for (asset, feed) in (0u8..).zip(&self.feeds) {
            let rate_wad = if feed.has_source {
                self.accepted(asset).rate_wad.into()
            } else {
                WAD
            };
            set(&mut rates_wad, asset, rate_wad);
        }
        rates_wad
    }

    fn bring(&mut self, from: Address, shares: u128) -> Result<u128, ModelError> {
        self.move_shares(from, CUSHION, shares)?;
        self.tell_vault()?;
        Ok(shares)
    }

    fn take_home(&mut self, to: Address, shares: u128) -> Result<u128, ModelError> {
        self.move_shares(CUSHION, to, shares)?;
        self.tell_vault()?;
        Ok(shares)
    }

    fn tell_vault(&mut self) -> Result<(), ModelError> {
        self.sync_fully()?;
        let burnable = self.cover.totals().burnable;
        vault::set_burnable(&mut self.vault, burnable);
        Ok(())
    }
}
