//! Whose turn it is: most steps are for somebody who can do something.

use alloy_primitives::{Address, U256};
use weir_abi::IEntry;
use weir_protocol::exits::{ticket_id, ticket_of};

use super::{
    step::Who,
    town::{ACTORS, Town},
};

impl Town {
    /// The same pair of actors, or the next of which the owner can do something, if there is any.
    pub fn turn(&self, who: Who, owner: Who, can: impl Fn(&Self, Who) -> bool) -> (Who, Who) {
        let turned = |by| [who, owner].map(|place| (place + by) % ACTORS.len());
        let found = (0..ACTORS.len())
            .map(turned)
            .find(|[_, owner]| can(self, *owner));
        let [who, owner] = found.unwrap_or([who, owner]);
        (who, owner)
    }

    pub fn can_claim(&self, owner: Who) -> bool {
        !self.ripe_tickets(owner).is_empty()
    }

    pub fn can_redeem(&self, owner: Who) -> bool {
        let controller = ACTORS[owner];
        let call = IEntry::maxRedeemCall { controller };
        let max = |entry: &Address| self.scene.world.ask(*entry, &call);
        self.entries.iter().any(|entry| !max(entry).is_zero())
    }

    /// An actor's tickets that can be claimed.
    pub fn ripe_tickets(&self, owner: Who) -> Vec<U256> {
        let claims = self.claims(U256::ZERO).into_iter();
        claims
            .filter(|(id, amounts)| {
                let pays = amounts.iter().flatten().any(|amount| !amount.is_zero());
                pays && ticket_of(*id).is_some_and(|(_, who)| who == ACTORS[owner])
            })
            .map(|(id, _)| id)
            .collect()
    }

    /// One of an actor's tickets that can be claimed, or if there is none its ticket of so many epochs ago.
    pub fn claimable(&self, owner: Who, back: u64) -> U256 {
        let ripe = self.ripe_tickets(owner);
        match ripe.len() as u64 {
            0 => self.ticket(owner, back),
            many => ripe[(back % many) as usize],
        }
    }

    /// The entry of an asset, or of the other one if that alone has something for a controller.
    pub fn ripe(&self, asset: usize, controller: Address) -> usize {
        let max = |asset: usize| {
            let call = IEntry::maxRedeemCall { controller };
            self.scene.world.ask(self.entries[asset], &call)
        };
        let other = 1 - asset;
        if max(asset).is_zero() && !max(other).is_zero() {
            other
        } else {
            asset
        }
    }

    /// The ticket of an actor so many epochs ago.
    pub fn ticket(&self, owner: Who, back: u64) -> U256 {
        let now = self.scene.clock.epoch_at(self.scene.world.stage.now_s());
        ticket_id(now.saturating_sub(back), ACTORS[owner])
    }
}
