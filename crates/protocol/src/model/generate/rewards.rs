//! Calls of rewards.

use super::{OPERATORS, Story, by};
use crate::model::{Call, Model, Op, REWARDS};
use crate::rewards::{RewardsKey, RewardsStore, SHARES};
use crate::units::MAX_COMMISSION_BPS;
use crate::vault::{MIN_STREAM, stream_ends};

impl Story {
    pub(super) fn reward(&mut self, model: &Model) -> Op {
        let operator = self.random.pick(OPERATORS[0], &OPERATORS[1..]);
        if self.random.percent(30)
            && let Some(op) = self.earned(model)
        {
            return op;
        }
        let caller = self.holder();
        let asset = self.asset();
        let end = self.stream_end(model);
        let amount = match self.random.below(10) {
            0 => self.random.amount(model.tokens_of(asset, caller)),
            1 => MIN_STREAM.saturating_sub(self.random.below(2).into()),
            _ => {
                let most = model.tokens_of(asset, caller) / 100;
                MIN_STREAM.saturating_add(self.random.up_to(most))
            }
        };
        match self.random.below(12) {
            0..4 => by(caller, Call::Stream { asset, amount, end }),
            4..8 => {
                let max_commission_bps = self.random.pick(MAX_COMMISSION_BPS, &[10_000, 0, 999]);
                let call = Call::FundReward {
                    operator,
                    asset,
                    amount,
                    end,
                    max_commission_bps,
                };
                by(caller, call)
            }
            8 => {
                let bps = self.random.pick(1_000, &[0, 1, 999, 5_000, 5_001]);
                by(operator, Call::SetCommission { bps })
            }
            9 => by(operator, Call::ClaimCommission { asset }),
            10 => by(operator, Call::ClaimFees),
            _ => by(caller, Call::ShareFees),
        }
    }

    /// What waits for somebody, if anything does.
    fn earned(&self, model: &Model) -> Option<Op> {
        let store = model.rewards();
        if model.shares_of(REWARDS) > store.amount(RewardsKey::Waiting) {
            return Some(by(super::HOLDERS[0], Call::ShareFees));
        }
        for operator in OPERATORS {
            if store.amount(RewardsKey::Earned(SHARES, operator)) > 0 {
                return Some(by(operator, Call::ClaimFees));
            }
            for asset in 0..self.assets() {
                if store.amount(RewardsKey::Earned(asset, operator)) > 0 {
                    return Some(by(operator, Call::ClaimCommission { asset }));
                }
            }
        }
        None
    }

    /// An end that is possible, or one beside these.
    fn stream_end(&mut self, model: &Model) -> u64 {
        let [first, last] = stream_ends(&self.config.clock, model.now_s());
        let beside = self.random.below(20);
        match beside {
            0 => first.saturating_sub(1),
            1 => last.saturating_add(1),
            2 => u64::MAX,
            _ => first.saturating_add(self.random.below(last.saturating_sub(first) + 1)),
        }
    }
}
