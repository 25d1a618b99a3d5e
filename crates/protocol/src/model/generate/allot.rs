//! What a curator does, and who watches it.

use alloy_primitives::Address;

use super::{OPERATORS, Story, by};
use crate::allocator::{self, AllocatorStore, Groups, Limits};
use crate::model::{Call, Model, Op};
use crate::units::WAD_MAGNITUDE;

/// The allocations that can be trimmed.
fn over_a_limit(model: &Model) -> Vec<(u32, Address)> {
    let (clock, now_s) = (model.config().clock, model.now_s());
    let list = allocator::exposures(model.allocator(), &clock, now_s).unwrap_or_default();
    let mut store = model.allocator().clone();
    list.iter()
        .map(|row| (row.entry.service, row.entry.operator))
        .filter(|(service, operator)| {
            let trimmed = allocator::trim(&mut store, &clock, now_s, *service, *operator);
            store.roll_back();
            trimmed.is_ok()
        })
        .collect()
}

impl Story {
    pub(super) fn allot(&mut self, model: &Model) -> Op {
        let service = self.random.pick(1, &[2, 3, 4]);
        let operator = self.random.pick(OPERATORS[0], &OPERATORS[1..]);
        let (governor, curator) = (self.config.governor, self.config.curator);
        let guardian = self.config.guardian;
        match self.random.below(20) {
            0..5 => {
                let over = over_a_limit(model);
                let place = self.random.below(over.len() as u64) as usize;
                let (service, operator) = *over.get(place).unwrap_or(&(service, operator));
                by(self.holder(), Call::Trim { service, operator })
            }
            5..8 => {
                let limits = self.limits(model);
                let caller = self.random.pick(governor, &[curator, guardian]);
                by(caller, Call::SetLimits { limits })
            }
            8..10 => {
                let mut groups = Groups::default();
                for group in &mut groups {
                    *group = self
                        .random
                        .pick(*b"\0\0\0\0\0\0\0\0", &[*b"geth\0\0\0\0", *b"aws-eu-1"])
                        .into();
                }
                let caller = self.random.pick(governor, &[curator]);
                by(caller, Call::SetGroups { operator, groups })
            }
            10 => {
                let duration_s = self.random.pick(0, &[60, 3_600, 259_200, 259_201]);
                by(guardian, Call::PauseAllocations { duration_s })
            }
            _ => {
                let magnitude = self.random.below(WAD_MAGNITUDE / 6);
                let call = Call::Allocate {
                    service,
                    operator,
                    magnitude,
                };
                by(curator, call)
            }
        }
    }

    /// None, tighter than now, or anything.
    fn limits(&mut self, model: &Model) -> Limits {
        if self.random.percent(30) {
            return Limits::NONE;
        }
        let now = model.allocator().limits();
        let mut any = |was: u16| {
            let most = self.random.pick(was, &[was, 10_000, 10_001]);
            self.random.up_to(most.into()) as u16
        };
        Limits {
            service_bps: any(now.service_bps),
            operator_bps: any(now.operator_bps),
            group_bps: any(now.group_bps),
            worst_bps: now.worst_bps.map(any),
        }
    }
}
