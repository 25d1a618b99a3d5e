//! Services and operators that come while a story goes on.

use super::{Op, RESOLVERS, SINKS, SLASHERS, Story, by};
use crate::hub::{HubStore, Terms};
use crate::model::{Call, Model};
use crate::units::WAD_MAGNITUDE;

impl Story {
    /// A new service, or somebody who joins one: sometimes again, sometimes one that does not exist.
    pub(super) fn parties(&mut self, model: &Model) -> Op {
        let (services, _, _) = model.hub().counts();
        let service = self.random.below(u64::from(services).saturating_add(2)) as u32;
        match self.random.below(4) {
            0 => {
                let slasher = self.random.pick(SLASHERS[0], &SLASHERS[1..]);
                let terms = Terms {
                    slasher,
                    resolver: self.random.pick(RESOLVERS[0], &RESOLVERS[1..]),
                    reward_manager: slasher,
                    sink: self.random.pick(SINKS[0], &SINKS[1..]),
                    veto_window_s: self
                        .random
                        .pick(1, &[0, 60, self.config.clock.epoch_s, u64::MAX]),
                    max_wad: self.random.pick(WAD_MAGNITUDE, &[1, 0, WAD_MAGNITUDE + 1]),
                };
                by(slasher, Call::RegisterService { terms })
            }
            1 => by(self.config.governor, Call::OptInVault { service }),
            2 => {
                let resolver = self.random.pick(RESOLVERS[0], &RESOLVERS[1..]);
                let approved = self.random.percent(60);
                let call = Call::ApproveResolver { resolver, approved };
                by(self.config.governor, call)
            }
            _ => by(self.holder(), Call::OptInOperator { service }),
        }
    }
}
