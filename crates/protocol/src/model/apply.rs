//! A call, as a transaction: everything or nothing.

use alloy_primitives::{Address, B256};

use super::op::{Call, ModelError, Op, Outcome};
use super::{CUSHION, DEAD, EXITS, Model, REWARDS, Second, TREASURY, VAULT};
use crate::allocator;
use crate::clock::Epoch;
use crate::cover;
use crate::exits;
use crate::hub::{self, BURN, Decision, Filing, HubStore, Terms};
use crate::rates;
use crate::units::Amounts;
use crate::vault::{
    self, Collected, DepositLimits, Fee, Quotes, RedeemLimits, VaultError, VaultStore,
};

pub(super) type Answer = Result<Outcome, ModelError>;

impl Model {
    /// Does what the call does, or refuses and leaves no trace.
    pub fn apply(&mut self, op: &Op) -> Answer {
        self.vault.forget_notices();
        let answer = self.call(op.caller, &op.call);
        if answer.is_ok() {
            self.commit();
        } else {
            self.roll_back();
        }
        answer
    }

    fn call(&mut self, caller: Address, call: &Call) -> Answer {
        match *call {
            Call::Deposit {
                asset,
                amount,
                receiver,
                limits,
            } => self.deposit(caller, asset, amount, receiver, &limits),
            Call::Redeem {
                asset,
                shares,
                receiver,
                limits,
            } => self.redeem(caller, asset, shares, receiver, &limits),
            Call::Sync => self.sync(),
            Call::Pull { asset, sink } => self.pull(caller, asset, sink),
            Call::Request { shares, receiver } => self.request(caller, shares, receiver),
            Call::Cancel {
                epoch,
                owner,
                shares,
            } => self.cancel(caller, epoch, owner, shares),
            Call::Claim { epoch, owner } => self.claim(epoch, owner),
            Call::TransferTicket { epoch, to } => {
                let assets = self.assets();
                exits::transfer(&mut self.tickets, epoch, caller, caller, to, assets)
                    .map(Outcome::Ticket)
                    .map_err(ModelError::from)
            }
            Call::TransferShares { to, shares } => {
                self.move_shares(caller, to, shares)?;
                Ok(Outcome::Done)
            }
            Call::Allocate { .. }
            | Call::Trim { .. }
            | Call::SetLimits { .. }
            | Call::SetGroups { .. }
            | Call::PauseAllocations { .. } => self.allot(caller, call),
            Call::RegisterService { terms } => {
                let service = hub::register_service(&mut self.hub, &terms, terms_hash(&terms))?;
                Ok(Outcome::Registered { service })
            }
            Call::OptInVault { service } => {
                only(self.config.governor, caller)?;
                let hash = self.terms_hash_of(service)?;
                hub::opt_in_vault(&mut self.hub, &self.config.clock, VAULT, service, hash)?;
                Ok(Outcome::Done)
            }
            Call::OptInOperator { service } => {
                let hash = self.terms_hash_of(service)?;
                hub::opt_in_operator(&mut self.hub, caller, service, hash)?;
                Ok(Outcome::Done)
            }
            Call::ApproveResolver { resolver, approved } => {
                only(self.config.governor, caller)?;
                hub::approve_resolver(&mut self.hub, VAULT, resolver, approved)?;
                Ok(Outcome::Done)
            }
            Call::File {
                service,
                operator,
                wad,
                offence_epoch,
            } => self.file(
                caller,
                &Filing {
                    vault: VAULT,
                    service,
                    operator,
                    wad,
                    offence_epoch,
                },
            ),
            Call::Veto { id } => {
                let clock = self.config.clock;
                let decision = hub::veto(&mut self.hub, &clock, self.now_s, caller, id)?;
                self.lift(id, &decision)
            }
            Call::Arm { id } => {
                let executable_s = hub::arm(&mut self.hub, self.now_s, id)?;
                Ok(Outcome::Armed { executable_s })
            }
            Call::Execute { id } => self.execute(id),
            Call::Lapse { id } => {
                let clock = self.config.clock;
                let decision = hub::lapse(&mut self.hub, &clock, self.now_s, id)?;
                self.lift(id, &decision)
            }
            Call::Bond { .. }
            | Call::Unbond { .. }
            | Call::CollectBond { .. }
            | Call::EnterCover { .. }
            | Call::CancelEntry
            | Call::LeaveCover { .. }
            | Call::CollectCover { .. }
            | Call::Earn
            | Call::FundService { .. }
            | Call::DefundService { .. }
            | Call::Surrender => self.cover_call(caller, call),
            Call::Poke => {
                self.poke()?;
                Ok(Outcome::Done)
            }
            Call::AcceptRate { asset, rate_wad } => {
                only(self.config.governor, caller)?;
                let has_source = self
                    .feeds
                    .get(usize::from(asset))
                    .is_some_and(|feed| feed.has_source);
                if !has_source {
                    return Err(VaultError::AssetUnknown { asset }.into());
                }
                let accepted = rates::accept(rate_wad, self.now_s)?;
                self.set_accepted(asset, accepted)?;
                Ok(Outcome::Done)
            }
            Call::Accrue => {
                self.sync_fully()?;
                let quotes = self.poke()?;
                let fee = vault::accrue(&mut self.vault, &quotes)?;
                self.accrued(fee)
            }
            Call::SetFee { fee_bps } => {
                only(self.config.governor, caller)?;
                self.sync_fully()?;
                let quotes = self.poke()?;
                let (fee, _) = vault::set_fee(&mut self.vault, &quotes, fee_bps)?;
                self.accrued(fee)
            }
            Call::CollectFees => self.collect_fees(),
            Call::Retire => {
                self.sync_fully()?;
                let (quotes, _) = self.quotes();
                let retirement = vault::retire(&mut self.vault, &quotes)?;
                allocator::retire(&mut self.allocator)?;
                Ok(Outcome::Retired(retirement))
            }
            Call::Stream { .. }
            | Call::FundReward { .. }
            | Call::SetCommission { .. }
            | Call::ClaimCommission { .. }
            | Call::ShareFees
            | Call::ClaimFees => self.reward(caller, call),
            Call::SetFeeSplit { .. }
            | Call::SetCap { .. }
            | Call::Delist { .. }
            | Call::Pocket { .. }
            | Call::SetDepositFee { .. }
            | Call::SetIdleTarget { .. }
            | Call::SetCurve { .. }
            | Call::Pause { .. } => self.set(caller, call),
            Call::Advance { .. }
            | Call::Answer { .. }
            | Call::Second { .. }
            | Call::Market { .. }
            | Call::Break { .. }
            | Call::Donate { .. } => self.turn(caller, call),
        }
    }

    fn deposit(
        &mut self,
        caller: Address,
        asset: u8,
        amount: u128,
        receiver: Address,
        limits: &DepositLimits,
    ) -> Answer {
        self.sync_fully()?;
        let quotes = self.poke()?;
        let summary = vault::deposit(&mut self.vault, self.now_s, asset, amount, &quotes, limits)?;
        self.move_tokens(asset, caller, VAULT, amount)?;
        self.add_shares(VAULT, summary.fee.shares)?;
        self.add_shares(receiver, summary.shares)?;
        self.add_shares(DEAD, summary.locked_shares)?;
        Ok(Outcome::Deposited(summary))
    }

    fn redeem(
        &mut self,
        caller: Address,
        asset: u8,
        shares: u128,
        receiver: Address,
        limits: &RedeemLimits,
    ) -> Answer {
        self.sync_fully()?;
        let quotes = self.poke()?;
        self.take_shares(caller, shares)?;
        let summary = vault::redeem(&mut self.vault, self.now_s, asset, shares, &quotes, limits)?;
        self.add_shares(VAULT, summary.performance.shares)?;
        self.pay(asset, receiver, summary.amount)?;
        Ok(Outcome::Redeemed(summary))
    }

    fn accrued(&mut self, fee: Fee) -> Answer {
        self.add_shares(VAULT, fee.shares)?;
        Ok(Outcome::Accrued(fee))
    }

    fn collect_fees(&mut self) -> Answer {
        self.sync_fully()?;
        let collected = vault::collect_fees(&mut self.vault)?;
        let Collected {
            treasury,
            cover,
            operators,
        } = collected;
        self.move_shares(VAULT, TREASURY, treasury)?;
        self.move_shares(VAULT, CUSHION, cover)?;
        self.move_shares(VAULT, REWARDS, operators)?;
        Ok(Outcome::Collected(collected))
    }

    fn sync(&mut self) -> Answer {
        let summary = vault::sync(&mut self.vault, self.now_s, vault::SYNC_STEPS)?;
        self.take_shares(EXITS, summary.burned_shares)?;
        Ok(Outcome::Synced(summary))
    }

    /// What every other entry of the vault does first.
    pub(super) fn sync_fully(&mut self) -> Result<(), ModelError> {
        match self.sync()? {
            Outcome::Synced(summary) if !summary.done => Err(VaultError::SyncPending {
                next_epoch: summary.next_epoch,
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn pull(&mut self, caller: Address, asset: u8, sink: Address) -> Answer {
        if sink != BURN && sink != EXITS {
            only(sink, caller)?;
        }
        self.sync_fully()?;
        let amount = vault::pull(&mut self.vault, asset, sink)?;
        self.pay(asset, sink, amount)?;
        Ok(Outcome::Pulled { amount })
    }

    fn request(&mut self, caller: Address, shares: u128, receiver: Address) -> Answer {
        self.sync_fully()?;
        self.move_shares(caller, EXITS, shares)?;
        let summary = vault::enqueue(&mut self.vault, shares)?;
        exits::record(&mut self.tickets, summary.epoch, receiver, shares)?;
        Ok(Outcome::Enqueued(summary))
    }

    fn cancel(&mut self, caller: Address, epoch: Epoch, owner: Address, shares: u128) -> Answer {
        exits::cancel(&mut self.tickets, epoch, owner, caller, shares)?;
        self.sync_fully()?;
        vault::dequeue(&mut self.vault, epoch, shares)?;
        self.move_shares(EXITS, owner, shares)?;
        Ok(Outcome::Done)
    }

    fn claim(&mut self, epoch: Epoch, owner: Address) -> Answer {
        let assets = self.assets();
        let ticket = exits::ticket(&self.tickets, epoch, owner, assets)?;
        self.sync_fully()?;
        let summary = vault::release(
            &mut self.vault,
            epoch,
            ticket.shares,
            &ticket.taken,
            ticket.taken_shares,
        )?;
        let mut paid: Amounts = summary.amounts;
        let mut finished = summary.finished;
        for (asset, amount) in (0..assets).zip(&mut paid) {
            if *amount == 0 {
                continue;
            }
            if owner == VAULT {
                vault::vest_released(&mut self.vault, self.now_s, asset, *amount)?;
            } else if self.pay(asset, owner, *amount).is_err() {
                vault::keep_owed(&mut self.vault, asset, *amount)?;
                *amount = 0;
                finished = false;
            }
        }
        let shares = summary.shares;
        if owner == VAULT {
            vault::burn_released(&mut self.vault, shares)?;
            self.take_shares(EXITS, shares)?;
        } else {
            self.move_shares(EXITS, owner, shares)?;
        }
        exits::record_claim(&mut self.tickets, &ticket, assets, &paid, shares, finished)?;
        Ok(Outcome::Claimed {
            paid,
            shares,
            finished,
        })
    }

    fn file(&mut self, caller: Address, filing: &Filing) -> Answer {
        let clock = self.config.clock;
        let id = hub::file(&mut self.hub, &clock, self.now_s, caller, filing)?;
        let freeze = allocator::freeze(
            &mut self.allocator,
            &clock,
            self.now_s,
            id,
            filing.service,
            filing.operator,
            filing.wad,
            filing.offence_epoch,
        )?;
        hub::record_delta(&mut self.hub, id, freeze)?;
        self.sync_fully()?;
        let contest = vault::contest(&mut self.vault, id, freeze)?;
        let lock = self.lock(id, filing.operator, filing.service, &contest.losses)?;
        Ok(Outcome::Filed {
            id,
            freeze,
            contest,
            lock,
        })
    }

    fn execute(&mut self, id: u64) -> Answer {
        let clock = self.config.clock;
        let Decision { request, sink, .. } = hub::execute(&mut self.hub, &clock, self.now_s, id)?;
        let slash = allocator::slash(&mut self.allocator, id, request.service, request.operator)?;
        self.sync_fully()?;
        let summary = vault::execute(&mut self.vault, id, slash.part, sink)?;
        self.take_shares(CUSHION, summary.burned_shares)?;
        self.move_shares(CUSHION, EXITS, summary.given_shares)?;
        cover::decide(&mut self.cover, self.now_s, id, true)?;
        Ok(Outcome::Executed(summary))
    }

    fn lift(&mut self, id: u64, decision: &Decision) -> Answer {
        allocator::thaw(
            &mut self.allocator,
            &self.config.clock,
            self.now_s,
            id,
            decision.request.service,
            decision.request.operator,
            decision.filed_epoch,
        )?;
        self.sync_fully()?;
        let summary = vault::lift(&mut self.vault, self.now_s, id)?;
        cover::decide(&mut self.cover, self.now_s, id, false)?;
        Ok(Outcome::Lifted(summary))
    }

    fn set(&mut self, caller: Address, call: &Call) -> Answer {
        let role = if matches!(call, Call::Pause { .. }) {
            self.config.guardian
        } else {
            self.config.governor
        };
        only(role, caller)?;
        self.sync_fully()?;
        match *call {
            Call::SetCap { asset, cap } => {
                let (quotes, _) = self.quotes();
                vault::set_cap(&mut self.vault, asset, cap, &quotes)?;
            }
            Call::Delist { asset } => {
                vault::delist(&mut self.vault, asset)?;
            }
            Call::Pocket { asset } => {
                let (quotes, _) = self.quotes();
                let quote = quotes.get(usize::from(asset)).copied().unwrap_or_default();
                let amount = vault::pocket(&mut self.vault, asset, &quote, EXITS)?;
                return Ok(Outcome::Pocketed { amount });
            }
            Call::SetDepositFee { asset, fee_bps } => {
                vault::set_deposit_fee(&mut self.vault, asset, fee_bps)?;
            }
            Call::SetIdleTarget { target_bps } => {
                vault::set_idle_target(&mut self.vault, target_bps)?;
            }
            Call::SetFeeSplit { split } => {
                vault::set_fee_split(&mut self.vault, split)?;
            }
            Call::SetCurve { curve } => {
                vault::set_curve(&mut self.vault, self.now_s, &curve)?;
            }
            Call::Pause { what, duration_s } => {
                vault::pause(&mut self.vault, self.now_s, what, duration_s)?;
            }
            _ => {}
        }
        Ok(Outcome::Done)
    }

    /// What the world does.
    fn turn(&mut self, caller: Address, call: &Call) -> Answer {
        let asset = match *call {
            Call::Advance { seconds } => {
                self.now_s = self.now_s.saturating_add(seconds);
                return Ok(Outcome::Done);
            }
            Call::Donate { asset, amount } => {
                self.move_tokens(asset, caller, VAULT, amount)?;
                return Ok(Outcome::Done);
            }
            Call::Answer { asset, .. }
            | Call::Second { asset, .. }
            | Call::Market { asset, .. }
            | Call::Break { asset, .. } => asset,
            _ => return Ok(Outcome::Done),
        };
        if let Some(feed) = self.feeds.get_mut(usize::from(asset)) {
            match *call {
                Call::Answer { answer, .. } => feed.answer = answer,
                Call::Second { answer, .. } => {
                    feed.second = feed.second.map(|second| Second { answer, ..second });
                }
                Call::Market { guard, .. } => feed.guard = guard,
                Call::Break { broken, .. } => feed.broken = broken,
                _ => {}
            }
        }
        Ok(Outcome::Done)
    }

    /// Asks every source and keeps what is accepted.
    fn poke(&mut self) -> Result<Quotes, ModelError> {
        let (quotes, kept) = self.quotes();
        for asset in 0..self.assets() {
            let feed = self.feeds.get(usize::from(asset));
            if let (Some(true), Some(kept)) = (
                feed.map(|feed| feed.has_source),
                kept.get(usize::from(asset)),
            ) {
                self.set_accepted(asset, *kept)?;
            }
        }
        Ok(quotes)
    }

    pub(super) fn assets(&self) -> u8 {
        self.vault.settings().assets
    }

    fn terms_hash_of(&self, service: u32) -> Result<B256, ModelError> {
        self.hub.service(service)?;
        Ok(self.hub.hash(hub::HubKey::TermsHash(service)))
    }

    /// Sends an asset out of the vault.
    fn pay(&mut self, asset: u8, to: Address, amount: u128) -> Result<(), ModelError> {
        if self
            .feeds
            .get(usize::from(asset))
            .is_none_or(|feed| feed.broken)
        {
            return Err(ModelError::TransferFailed { asset });
        }
        self.move_tokens(asset, VAULT, to, amount)
    }

    pub(super) fn move_tokens(
        &mut self,
        asset: u8,
        from: Address,
        to: Address,
        amount: u128,
    ) -> Result<(), ModelError> {
        let left = less(self.tokens.load((asset, from)), amount)?;
        self.tokens.save((asset, from), left);
        let more = self
            .tokens
            .load((asset, to))
            .checked_add(amount)
            .ok_or(VaultError::Overflow)?;
        self.tokens.save((asset, to), more);
        Ok(())
    }

    pub(super) fn move_shares(
        &mut self,
        from: Address,
        to: Address,
        shares: u128,
    ) -> Result<(), ModelError> {
        self.take_shares(from, shares)?;
        self.add_shares(to, shares)
    }

    fn take_shares(&mut self, from: Address, shares: u128) -> Result<(), ModelError> {
        if shares > 0 {
            let left = less(self.shares.load(from), shares)?;
            self.shares.save(from, left);
        }
        Ok(())
    }

    fn add_shares(&mut self, to: Address, shares: u128) -> Result<(), ModelError> {
        if shares > 0 {
            let more = self
                .shares
                .load(to)
                .checked_add(shares)
                .ok_or(VaultError::Overflow)?;
            self.shares.save(to, more);
        }
        Ok(())
    }
}

/// What the model names a service's terms by: a hash of all of them.
fn terms_hash(terms: &Terms) -> B256 {
    let mut bytes = [0u8; 96 + 20];
    let parts = [
        terms.slasher.as_slice(),
        terms.resolver.as_slice(),
        terms.reward_manager.as_slice(),
        terms.sink.as_slice(),
        &terms.veto_window_s.to_be_bytes(),
        &terms.max_wad.to_be_bytes(),
    ];
    for (place, byte) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
        *place = *byte;
    }
    alloy_primitives::keccak256(bytes)
}

pub(super) fn only(role: Address, caller: Address) -> Result<(), ModelError> {
    if role == caller {
        Ok(())
    } else {
        Err(ModelError::Unauthorized { caller })
    }
}

fn less(balance: u128, needed: u128) -> Result<u128, ModelError> {
    balance
        .checked_sub(needed)
        .ok_or(ModelError::InsufficientBalance { balance, needed })
}
