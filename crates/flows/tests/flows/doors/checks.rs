//! What must hold after each step.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use proptest::{prelude::*, test_runner::TestCaseError};
use weir_abi::{
    IEntry,
    IErc20::{allowanceCall, totalSupplyCall},
    IExits,
};
use weir_flows::{
    Refusal,
    scene::{LST, WETH},
};
use weir_protocol::exits::ticket_id;

use super::{
    step::Step,
    town::{ACTORS, Town},
};

/// What each ticket would pay now.
pub type Claims = Vec<(U256, Option<Vec<U256>>)>;

impl Town {
    /// Everything that must always hold.
    pub fn check(&self, step: &Step) -> Result<(), TestCaseError> {
        let world = &self.scene.world;
        self.scene.is_solvent();
        for token in self.tokens() {
            let holders = self.holders();
            let held = holders
                .iter()
                .fold(U256::ZERO, |sum, who| sum + self.balance(token, *who));
            let all = world.ask(token, &totalSupplyCall {});
            prop_assert_eq!(
                held,
                all,
                "after {:?}: {} is not all somebody's",
                step,
                token
            );
            for keeper in [self.entries[WETH], self.entries[LST], self.router, self.zap] {
                prop_assert!(self.balance(token, keeper).is_zero(), "after {step:?}");
                for spender in [world.at.vault, world.at.exits] {
                    let owner = keeper;
                    let left = world.ask(token, &allowanceCall { owner, spender });
                    prop_assert!(left.is_zero(), "after {step:?}");
                }
            }
        }
        for who in ACTORS {
            for entry in self.entries {
                let shares = world.ask(entry, &IEntry::maxRedeemCall { controller: who });
                let assets = world.ask(entry, &IEntry::maxWithdrawCall { controller: who });
                prop_assert!(!shares.is_zero() || assets.is_zero(), "after {step:?}");
                world.ask(entry, &IEntry::maxDepositCall { receiver: who });
            }
        }
        Ok(())
    }

    /// The tickets of all actors, but for one.
    pub fn claims(&self, but: U256) -> Claims {
        let (stage, exits) = (&self.scene.world.stage, self.scene.world.at.exits);
        let now = self.scene.clock.epoch_at(stage.now_s());
        let all = (0..=now).flat_map(|epoch| ACTORS.map(|who| ticket_id(epoch, who)));
        all.filter(|id| *id != but)
            .map(|id| {
                let call = IExits::claimableCall { ticketId: id };
                (id, stage.try_view(exits, &call).ok())
            })
            .collect()
    }

    /// Shares of somebody's tickets that are not paid.
    pub fn pending(&self, who: Address) -> Vec<U256> {
        let world = &self.scene.world;
        let now = self.scene.clock.epoch_at(world.stage.now_s());
        let epochs = 0..=now;
        epochs
            .map(|epoch| {
                let call = IExits::pendingRedeemRequestCall {
                    requestId: U256::from(epoch),
                    controller: who,
                };
                world.ask(world.at.exits, &call)
            })
            .collect()
    }

    /// A claim of `owner`'s ticket by `who`, at the exits or through the router: only the owner and its operators may, and no other ticket pays
    /// another amount after it.
    pub fn claim<C: SolCall>(
        &self,
        who: usize,
        owner: usize,
        to: Address,
        call: &C,
        ticket: U256,
    ) -> Result<Result<(), Refusal>, TestCaseError> {
        let world = &self.scene.world;
        let before = self.claims(ticket);
        let sent = world.stage.send(ACTORS[who], to, call);
        let asked = IExits::isOperatorCall {
            owner: ACTORS[owner],
            operator: ACTORS[who],
        };
        let allowed = who == owner || world.ask(world.at.exits, &asked);
        prop_assert!(allowed || sent.is_err(), "{}", C::SIGNATURE);
        prop_assert_eq!(before, self.claims(ticket));
        Ok(sent.map(drop))
    }

    /// A redemption through an entry: of exactly the maximum, by the controller or an operator, it works, and the receiver gets what was to be
    /// claimed; of anything else or by anybody else it is refused.
    pub fn redeem(
        &self,
        (who, asset): (usize, usize),
        receiver: usize,
        controller: usize,
        off: u64,
    ) -> Result<Result<(), Refusal>, TestCaseError> {
        let [caller, receiver, controller] = [who, receiver, controller].map(|place| ACTORS[place]);
        let asset = self.ripe(asset, controller);
        let (world, entry) = (&self.scene.world, self.entries[asset]);
        let max = world.ask(entry, &IEntry::maxRedeemCall { controller });
        let assets = world.ask(entry, &IEntry::maxWithdrawCall { controller });
        let shares = max + U256::from(off);
        let asked = IEntry::isOperatorCall {
            controller,
            operator: caller,
        };
        let allowed = caller == controller || world.ask(entry, &asked);
        let had = [WETH, LST].map(|asset| self.balance(self.scene.token(asset), receiver));
        let redeem = IEntry::redeemCall {
            shares,
            receiver,
            controller,
        };
        let sent = match world.stage.send(caller, entry, &redeem) {
            Ok(sent) => sent,
            Err(refusal) => {
                // A transfer that fails leaves a claim with nothing to pay.
                let empty = refusal.is::<IExits::NothingToClaim>();
                let right = allowed && off == 0 && !max.is_zero();
                prop_assert!(!right || empty, "{max} by {caller}: {refusal:?}");
                return Ok(Err(refusal));
            }
        };
        prop_assert!(allowed && off == 0 && !max.is_zero());
        let claimed = sent.event::<IExits::Claimed>(world.at.exits);
        let withdrawn = sent.event::<IEntry::Withdraw>(entry);
        prop_assert_eq!((withdrawn.assets, withdrawn.shares), (sent.value, shares));
        prop_assert_eq!(claimed.amounts[asset], sent.value);
        prop_assert!(sent.value == assets || sent.value.is_zero(), "{assets}");
        for place in [WETH, LST] {
            let has = self.balance(self.scene.token(place), receiver);
            prop_assert_eq!(claimed.amounts[place], has - had[place]);
        }
        Ok(Ok(()))
    }
}
