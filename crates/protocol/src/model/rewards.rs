//! Calls of rewards: streams, commission, the operators' part of the fee.

use alloc::vec::Vec;

use alloy_primitives::Address;

use super::apply::Answer;
use super::op::{Call, ModelError, Outcome};
use super::{Model, REWARDS, VAULT};
use crate::allocator;
use crate::clock::Epoch;
use crate::rewards::{self, SHARES};
use crate::vault::{self, StreamSummary, VaultError};

impl Model {
    pub(super) fn reward(&mut self, caller: Address, call: &Call) -> Answer {
        let epoch = self.config.clock.epoch_at(self.now_s);
        match *call {
            Call::Stream { asset, amount, end } => {
                let summary = self.stream(caller, asset, amount, end)?;
                Ok(Outcome::Streamed(summary))
            }
            Call::FundReward {
                operator,
                asset,
                amount,
                end,
                max_commission_bps,
            } => {
                self.known(asset)?;
                let split = rewards::split(
                    &mut self.rewards,
                    operator,
                    epoch,
                    asset,
                    amount,
                    max_commission_bps,
                )?;
                self.move_tokens(asset, caller, REWARDS, amount)?;
                let stream = self.stream(REWARDS, asset, split.rest, end)?;
                Ok(Outcome::Rewarded { split, stream })
            }
            Call::SetCommission { bps } => {
                rewards::set_commission(&mut self.rewards, caller, epoch, bps)?;
                Ok(Outcome::Done)
            }
            Call::ClaimCommission { asset } => {
                self.known(asset)?;
                let amount = rewards::claim(&mut self.rewards, asset, caller)?;
                self.move_tokens(asset, REWARDS, caller, amount)?;
                Ok(Outcome::Paid { amount })
            }
            Call::ShareFees => {
                let balance = self.shares_of(REWARDS);
                let stakes = self.stakes()?;
                let shared = rewards::share(&mut self.rewards, balance, &stakes)?;
                Ok(Outcome::SharedFees(shared))
            }
            Call::ClaimFees => {
                let amount = rewards::claim(&mut self.rewards, SHARES, caller)?;
                self.move_shares(REWARDS, caller, amount)?;
                Ok(Outcome::Paid { amount })
            }
            _ => Ok(Outcome::Done),
        }
    }

    fn stream(
        &mut self,
        from: Address,
        asset: u8,
        amount: u128,
        end: Epoch,
    ) -> Result<StreamSummary, ModelError> {
        self.sync_fully()?;
        let summary = vault::fund_stream(&mut self.vault, self.now_s, asset, amount, end)?;
        self.move_tokens(asset, from, VAULT, amount)?;
        Ok(summary)
    }

    fn known(&self, asset: u8) -> Result<(), ModelError> {
        if asset < self.assets() {
            Ok(())
        } else {
            Err(VaultError::AssetUnknown { asset }.into())
        }
    }

    /// What can be slashed of each operator now, service by service.
    fn stakes(&self) -> Result<Vec<(Address, u64)>, ModelError> {
        let exposures = allocator::exposures(&self.allocator, &self.config.clock, self.now_s)?;
        exposures
            .iter()
            .map(|row| {
                let slashable = row.magnitude()?.saturating_sub(row.pending);
                Ok((row.entry.operator, slashable))
            })
            .collect()
    }
}
