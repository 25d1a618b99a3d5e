//! Calls of rewards, what they answer, and why they are refused.

use alloy_primitives::U256;
use alloy_sol_types::SolError;
use weir_abi::{
    IRewards,
    IShared::{BpsTooHigh, Overflow},
    IVault,
};
use weir_protocol::{
    model::{Call, Op},
    rewards::{RewardsError, Shared, Split},
    vault::{MAX_STREAM_EPOCHS, StreamSummary},
};

use super::{Sent, Twin};
use crate::stage::Receipt;

impl Twin {
    pub(super) fn send_reward(&self, op: &Op) -> Sent {
        let at = self.world.at;
        let to = op.caller;
        match op.call {
            Call::Stream { asset, amount, end } => {
                let call = IVault::streamCall {
                    asset: self.token(asset),
                    amount: U256::from(amount),
                    end,
                };
                self.by(op, at.vault, &call)
            }
            Call::FundReward {
                operator,
                asset,
                amount,
                end,
                max_commission_bps,
            } => {
                let call = IRewards::fundCall {
                    asset: self.token(asset),
                    operator,
                    amount: U256::from(amount),
                    end,
                    maxCommissionBps: U256::from(max_commission_bps),
                };
                self.by(op, at.rewards, &call)
            }
            Call::SetCommission { bps } => {
                let bps = U256::from(bps);
                self.by(op, at.rewards, &IRewards::setCommissionCall { bps })
            }
            Call::ClaimCommission { asset } => {
                let token = self.token(asset);
                self.by(op, at.rewards, &IRewards::claimCommissionCall { token, to })
            }
            Call::ShareFees => self.by(op, at.rewards, &IRewards::shareFeesCall {}),
            Call::ClaimFees => {
                let token = at.lrt;
                self.by(op, at.rewards, &IRewards::claimCommissionCall { token, to })
            }
            _ => None,
        }
    }

    pub(super) fn compare_stream(&self, summary: &StreamSummary, receipt: &Receipt) {
        let event: IVault::Streamed = receipt.event(self.world.at.vault);
        assert_eq!(event.perSecond, U256::from(summary.rate));
        let clock = self.model.config().clock;
        assert_eq!(clock.start_s(event.end), summary.end_s);
    }

    pub(super) fn compare_split(&self, split: &Split, receipt: &Receipt) {
        let event: IRewards::RewardFunded = receipt.event(self.world.at.rewards);
        assert_eq!(event.commission, U256::from(split.commission));
        assert_eq!(
            event.amount,
            U256::from(split.commission) + U256::from(split.rest)
        );
        assert_eq!(receipt.answer::<IRewards::fundCall>(), event.commission);
    }

    pub(super) fn compare_shared(&self, shared: &Shared, receipt: &Receipt) {
        let event: IRewards::FeesShared = receipt.event(self.world.at.rewards);
        assert_eq!(event.shares, U256::from(shared.shares));
        assert_eq!(event.rest, U256::from(shared.rest));
        assert_eq!(receipt.answer::<IRewards::shareFeesCall>(), event.shares);
    }

    pub(super) fn compare_paid(&self, amount: u128, receipt: &Receipt) {
        let event: IRewards::CommissionClaimed = receipt.event(self.world.at.rewards);
        assert_eq!(event.amount, U256::from(amount));
        assert_eq!(
            receipt.answer::<IRewards::claimCommissionCall>(),
            event.amount
        );
    }

    /// What streams, and when it ends.
    pub(super) fn compare_streams(&self) {
        for (index, asset) in (0u8..).zip(&self.world.assets) {
            let call = IVault::streamsCall { asset: asset.token };
            let answer = self.world.ask(self.world.at.vault, &call);
            let expected = self.model.as_if_synced(|vault| {
                let current = vault.head().closed;
                let ending = (1..=MAX_STREAM_EPOCHS)
                    .map(|epochs| U256::from(vault.stream_end(index, current + epochs)));
                Ok((vault.stream(index), ending.collect::<Vec<_>>()))
            });
            let (stream, ending) = expected.expect("as if synced");
            assert_eq!(answer.perSecond, U256::from(stream.rate));
            assert_eq!(answer.left, U256::from(stream.left));
            assert_eq!(answer.ending, ending);
        }
    }

    pub(super) fn by_rewards(&self, op: &Op, error: RewardsError) -> Vec<u8> {
        use RewardsError as E;
        match error {
            E::Overflow => Overflow {}.abi_encode(),
            E::BpsTooHigh { bps, max_bps } => BpsTooHigh {
                bps: U256::from(bps),
                maxBps: U256::from(max_bps),
            }
            .abi_encode(),
            E::CommissionTooHigh { bps, max_bps } => IRewards::CommissionTooHigh {
                bps: U256::from(bps),
                maxBps: U256::from(max_bps),
            }
            .abi_encode(),
            E::NothingEarned => {
                let token = match op.call {
                    Call::ClaimCommission { asset } => self.token(asset),
                    _ => self.world.at.lrt,
                };
                IRewards::NothingEarned { token }.abi_encode()
            }
            E::NothingToShare => IRewards::NothingToShare {}.abi_encode(),
            E::NobodyEarns => IRewards::NobodyEarns {}.abi_encode(),
            E::NotForSale
            | E::BadAuction
            | E::LotOpen { .. }
            | E::NoLot
            | E::LotTooSmall { .. }
            | E::AboveMaxCost { .. } => panic!("no call of a story is about an auction"),
        }
    }
}
