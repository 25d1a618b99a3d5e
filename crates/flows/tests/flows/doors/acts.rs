//! How each step is taken.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use proptest::{prelude::*, test_runner::TestCaseError};
use weir_abi::{IEntry, IErc20::transferCall, IExits, IHub, IRouter, IVault, IZap};
use weir_flows::{
    Refusal,
    actors::{RESOLVER, SLASHER, STRANGER},
    evm::Manner,
    scene::{EXECUTE_DELAY_S, LST, SERVICE, VETO_WINDOW_S, wei},
};

use super::{
    step::{Mood, Step},
    town::{ACTORS, Town},
};
use crate::pocket::tree;

/// A thousandth of an ether, so many times.
fn milli(count: u64) -> U256 {
    U256::from(count) * wei("0.001")
}

impl Town {
    /// Takes a step and checks what must hold after it; whether it was not refused.
    pub fn take(&mut self, step: &Step) -> Result<bool, TestCaseError> {
        let worked = match self.act(step)? {
            Ok(()) => true,
            Err(refusal) => {
                let has_reason = refusal.halt.is_none() && refusal.data.len() >= 4;
                prop_assert!(has_reason, "{step:?}: {refusal:?}");
                false
            }
        };
        self.check(step)?;
        Ok(worked)
    }

    fn act(&mut self, step: &Step) -> Result<Result<(), Refusal>, TestCaseError> {
        let at = self.scene.world.at;
        Ok(match *step {
            Step::Pass { hours } => {
                self.scene.world.stage.advance(hours * 3_600);
                Ok(())
            }
            Step::Rate { bps } => {
                let rate = wei("1.15") * U256::from(bps) / U256::from(10_000);
                if self.pocket.is_none() {
                    self.scene.world.set_answer(LST, Some(rate));
                }
                Ok(())
            }
            Step::Mood(mood) => {
                let manner = match mood {
                    Mood::Honest => Manner::Honest,
                    Mood::Reverts => Manner::Reverts,
                    Mood::AnswersFalse => Manner::AnswersFalse,
                };
                self.scene.world.set_manner::<transferCall>(LST, &manner);
                Ok(())
            }
            Step::Pause { hours } => {
                let guardian = self.scene.world.guardian;
                let call = IVault::pauseDepositsCall {
                    durationS: U256::from(hours * 3_600),
                };
                self.send(guardian, at.vault, &call)
            }
            Step::ZapEther { who, milli: count } => {
                let call = IZap::depositEtherCall {
                    receiver: ACTORS[who],
                    minShares: U256::ZERO,
                    minFloorRate: U256::ZERO,
                    deadline: U256::MAX,
                };
                let value = milli(count.min(20_000));
                let stage = &self.scene.world.stage;
                stage.fund(ACTORS[who], wei("1000"));
                stage.pay(ACTORS[who], self.zap, value, &call).map(drop)
            }
            Step::Deposit {
                who,
                asset,
                milli: count,
                receiver,
            } => {
                return self.deposit(ACTORS[who], asset, milli(count), ACTORS[receiver]);
            }
            Step::Instant { who, asset, part } => {
                let call = IVault::redeemCall {
                    asset: self.scene.token(asset),
                    shares: self.shares(ACTORS[who], part),
                    receiver: ACTORS[who],
                    minAmount: U256::ZERO,
                    deadline: U256::MAX,
                };
                self.send(ACTORS[who], at.vault, &call)
            }
            Step::Request {
                who,
                part,
                receiver,
            } => {
                let call = IExits::requestCall {
                    shares: self.shares(ACTORS[who], part),
                    receiver: ACTORS[receiver],
                };
                self.send(ACTORS[who], at.exits, &call)
            }
            Step::EntryRequest {
                who,
                asset,
                part,
                controller,
                owner,
            } => {
                let call = IEntry::requestRedeemCall {
                    shares: self.shares(ACTORS[owner], part),
                    controller: ACTORS[controller],
                    owner: ACTORS[owner],
                };
                self.send(ACTORS[who], self.entries[asset], &call)
            }
            Step::Redeem {
                who,
                asset,
                receiver,
                controller,
                off,
            } => {
                let (who, controller) = self.turn(who, controller, Self::can_redeem);
                return self.redeem((who, asset), receiver, controller, off);
            }
            Step::Withdraw {
                who,
                asset,
                receiver,
                controller,
            } => {
                let (who, controller) = self.turn(who, controller, Self::can_redeem);
                let controller = ACTORS[controller];
                let asset = self.ripe(asset, controller);
                let max = IEntry::maxWithdrawCall { controller };
                let call = IEntry::withdrawCall {
                    assets: self.scene.world.ask(self.entries[asset], &max),
                    receiver: ACTORS[receiver],
                    controller,
                };
                self.send(ACTORS[who], self.entries[asset], &call)
            }
            Step::Claim { owner, back } => {
                let (_, owner) = self.turn(owner, owner, Self::can_claim);
                let call = IExits::claimCall {
                    ticketId: self.claimable(owner, back),
                };
                self.send(STRANGER, at.exits, &call)
            }
            Step::ClaimTo {
                who,
                owner,
                back,
                receiver,
            } => {
                let (who, owner) = self.turn(who, owner, Self::can_claim);
                let call = IExits::claimToCall {
                    ticketId: self.claimable(owner, back),
                    receiver: ACTORS[receiver],
                };
                return self.claim(who, owner, at.exits, &call, call.ticketId);
            }
            Step::Into {
                who,
                owner,
                back,
                asset,
                pool,
                receiver,
                min_milli,
            } => {
                let (who, owner) = self.turn(who, owner, Self::can_claim);
                let pool = match pool {
                    0 => Address::ZERO,
                    1 => self.thief,
                    _ => self.pools[asset],
                };
                let call = IRouter::claimIntoCall {
                    ticketId: self.claimable(owner, back),
                    into: self.scene.token(asset),
                    minOut: milli(min_milli),
                    receiver: ACTORS[receiver],
                    deadline: U256::MAX,
                    pools: vec![pool; 2],
                };
                return self.claim(who, owner, self.router, &call, call.ticketId);
            }
            Step::Transfer { who, back, to } => {
                let call = IExits::transferTicketCall {
                    ticketId: self.ticket(who, back),
                    to: ACTORS[to],
                };
                self.send(ACTORS[who], at.exits, &call)
            }
            Step::Operate {
                who,
                at: place,
                operator,
                approved,
            } => {
                let operator = ACTORS[operator];
                if place == 2 {
                    let call = IExits::setOperatorCall { operator, approved };
                    self.send(ACTORS[who], at.exits, &call)
                } else {
                    let call = IEntry::setOperatorCall { operator, approved };
                    self.send(ACTORS[who], self.entries[place], &call)
                }
            }
            Step::File { percent } => {
                let call = IHub::fileCall {
                    vault: at.vault,
                    service: SERVICE,
                    operator: weir_flows::actors::OPERATOR,
                    wad: percent * 10_000_000_000_000_000,
                    offenceEpoch: self.scene.clock.epoch_at(self.scene.world.stage.now_s()),
                    evidence: [7; 32].into(),
                };
                let filed = self.scene.world.stage.send(SLASHER, at.hub, &call);
                filed.map(|sent| self.slashes.push(sent.value))
            }
            Step::Decide { execute } => self.decide(execute),
            Step::Pocket => return self.open_pocket(),
            Step::ClaimPocket { who } => self.claim_pocket(ACTORS[who]),
        })
    }

    pub fn send<C: SolCall>(&self, from: Address, to: Address, call: &C) -> Result<(), Refusal> {
        self.scene.world.stage.send(from, to, call).map(drop)
    }

    /// So many 256ths of what somebody has.
    fn shares(&self, who: Address, part: u64) -> U256 {
        let balance = self.balance(self.scene.world.at.lrt, who);
        balance * U256::from(part) / U256::from(256)
    }

    /// A deposit through an entry gives what it previews, and what is at most the maximum is not refused.
    fn deposit(
        &self,
        who: Address,
        asset: usize,
        assets: U256,
        receiver: Address,
    ) -> Result<Result<(), Refusal>, TestCaseError> {
        let (world, entry) = (&self.scene.world, self.entries[asset]);
        let max = world.ask(entry, &IEntry::maxDepositCall { receiver });
        let preview = world
            .stage
            .try_view(entry, &IEntry::previewDepositCall { assets });
        let had = self.balance(world.at.lrt, receiver);
        let sent = world
            .stage
            .send(who, entry, &IEntry::depositCall { assets, receiver });
        if let Ok(sent) = &sent {
            prop_assert!(assets <= max, "{assets} over {max}");
            prop_assert_eq!(Some(sent.value), preview.ok());
            prop_assert_eq!(self.balance(world.at.lrt, receiver) - had, sent.value);
        } else if !assets.is_zero()
            && assets <= max
            && assets <= self.balance(self.scene.token(asset), who)
        {
            prop_assert!(false, "{assets} of {max}: {:?}", sent.err());
        }
        Ok(sent.map(drop))
    }

    fn decide(&mut self, execute: bool) -> Result<(), Refusal> {
        let Some(id) = self.slashes.pop() else {
            return Ok(());
        };
        let (hub, stage) = (self.scene.world.at.hub, &self.scene.world.stage);
        if !execute {
            return self.send(RESOLVER, hub, &IHub::vetoCall { id });
        }
        stage.advance(VETO_WINDOW_S);
        self.send(STRANGER, hub, &IHub::armCall { id })?;
        stage.advance(EXECUTE_DELAY_S);
        self.send(STRANGER, hub, &IHub::executeCall { id })
    }

    /// The LST fails for good, and its pocket is opened for who held shares then.
    fn open_pocket(&mut self) -> Result<Result<(), Refusal>, TestCaseError> {
        let at = self.scene.world.at;
        if self.pocket.is_some() || !self.scene.state().undecided.is_zero() {
            return Ok(Ok(()));
        }
        let governor = self.scene.world.governor;
        let token = self.scene.token(LST);
        self.scene.world.set_answer(LST, None);
        self.scene
            .world
            .done(governor, at.vault, &IVault::delistCall { token });
        // Settled first, so that what tickets have is in storage.
        while !self.scene.sync().value {}
        self.scene
            .world
            .done(governor, at.vault, &IVault::pocketCall { token });
        let mut holders: Vec<(Address, U256)> = self
            .holders()
            .into_iter()
            .filter(|who| *who != at.exits)
            .map(|who| (who, self.balance(at.lrt, who)))
            .collect();
        for (owner, shares) in holders.iter_mut().take(ACTORS.len()) {
            *shares = self
                .pending(*owner)
                .into_iter()
                .fold(*shares, |sum, more| sum + more);
        }
        let all = holders
            .iter()
            .fold(U256::ZERO, |sum, (_, shares)| sum + shares);
        let (root, _) = tree(&holders);
        let open = IExits::openPocketCall {
            asset: token,
            root,
            shares: all,
        };
        self.scene.world.done(governor, at.exits, &open);
        self.pocket = Some(holders);
        let pull = IVault::pullCall {
            asset: token,
            sink: at.exits,
        };
        Ok(self.send(STRANGER, at.vault, &pull))
    }

    fn claim_pocket(&self, who: Address) -> Result<(), Refusal> {
        let Some(holders) = &self.pocket else {
            return Ok(());
        };
        let (_, proofs) = tree(holders);
        let leaf = holders
            .iter()
            .zip(proofs)
            .find(|((account, _), _)| *account == who);
        let ((account, shares), proof) = leaf.expect("every actor has a leaf");
        let call = IExits::claimPocketCall {
            asset: self.scene.token(LST),
            account: *account,
            shares: *shares,
            proof,
        };
        self.send(STRANGER, self.scene.world.at.exits, &call)
    }
}
