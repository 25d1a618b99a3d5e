//! A call of the model as a transaction.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{IAllocator, IErc20, IExits, IHub, IRates, IVault};
use weir_protocol::{
    exits::ticket_id,
    model::{Call, Op},
    vault::Pause,
};

use super::{Sent, Twin};
use crate::{evm::Manner, world::fee_curve};

impl Twin {
    /// Sends the call. Nothing is sent for what the world does by itself.
    pub(super) fn send(&self, op: &Op) -> Sent {
        let world = &self.world;
        let at = world.at;
        match op.call {
            Call::Deposit {
                asset,
                amount,
                receiver,
                limits,
            } => {
                let call = IVault::depositCall {
                    asset: self.token(asset),
                    amount: U256::from(amount),
                    receiver,
                    minShares: U256::from(limits.min_shares),
                    minFloorRate: U256::from(limits.min_floor_rate_wad),
                    deadline: U256::from(limits.deadline_s),
                };
                self.by(op, at.vault, &call)
            }
            Call::Redeem {
                asset,
                shares,
                receiver,
                limits,
            } => {
                let call = IVault::redeemCall {
                    asset: self.token(asset),
                    shares: U256::from(shares),
                    receiver,
                    minAmount: U256::from(limits.min_amount),
                    deadline: U256::from(limits.deadline_s),
                };
                self.by(op, at.vault, &call)
            }
            Call::Sync => self.by(op, at.vault, &IVault::syncCall {}),
            Call::Pull { asset, sink } => self.by(
                op,
                at.vault,
                &IVault::pullCall {
                    asset: self.token(asset),
                    sink,
                },
            ),
            Call::SetCap { asset, cap } => {
                let call = IVault::setCapCall {
                    token: self.token(asset),
                    cap: U256::from(cap),
                };
                self.by(op, at.vault, &call)
            }
            Call::Delist { asset } => {
                let token = self.token(asset);
                self.by(op, at.vault, &IVault::delistCall { token })
            }
            Call::Pocket { asset } => {
                let token = self.token(asset);
                self.by(op, at.vault, &IVault::pocketCall { token })
            }
            Call::SetDepositFee { asset, fee_bps } => {
                let call = IVault::setDepositFeeCall {
                    token: self.token(asset),
                    feeBps: U256::from(fee_bps),
                };
                self.by(op, at.vault, &call)
            }
            Call::SetIdleTarget { target_bps } => self.by(
                op,
                at.vault,
                &IVault::setIdleTargetCall {
                    targetBps: U256::from(target_bps),
                },
            ),
            Call::SetCurve { curve } => self.by(
                op,
                at.vault,
                &IVault::setFeeCurveCall {
                    curve: fee_curve(&curve),
                },
            ),
            Call::Accrue => self.by(op, at.vault, &IVault::accrueFeeCall {}),
            Call::CollectFees => self.by(op, at.vault, &IVault::collectFeesCall {}),
            Call::Retire => self.by(op, at.vault, &IVault::retireCall {}),
            Call::SetFee { fee_bps } => self.by(
                op,
                at.vault,
                &IVault::setPerformanceFeeCall {
                    feeBps: U256::from(fee_bps),
                },
            ),
            Call::SetFeeSplit { split } => self.by(
                op,
                at.vault,
                &IVault::setFeeSplitCall {
                    split: world.fee_split(split),
                },
            ),
            Call::Pause { what, duration_s } => {
                let duration = U256::from(duration_s);
                match what {
                    Pause::Deposits => self.by(
                        op,
                        at.vault,
                        &IVault::pauseDepositsCall {
                            durationS: duration,
                        },
                    ),
                    Pause::Instant => self.by(
                        op,
                        at.vault,
                        &IVault::pauseInstantCall {
                            durationS: duration,
                        },
                    ),
                }
            }
            Call::Request { shares, receiver } => self.by(
                op,
                at.exits,
                &IExits::requestCall {
                    shares: U256::from(shares),
                    receiver,
                },
            ),
            Call::Cancel {
                epoch,
                owner,
                shares,
            } => {
                let call = IExits::cancelCall {
                    ticketId: ticket_id(epoch, self.on_chain(owner)),
                    shares: U256::from(shares),
                };
                self.by(op, at.exits, &call)
            }
            Call::Claim { epoch, owner } => self.by(
                op,
                at.exits,
                &IExits::claimCall {
                    ticketId: ticket_id(epoch, self.on_chain(owner)),
                },
            ),
            Call::TransferTicket { epoch, to } => {
                let call = IExits::transferTicketCall {
                    ticketId: ticket_id(epoch, op.caller),
                    to,
                };
                self.by(op, at.exits, &call)
            }
            Call::TransferShares { to, shares } => self.by(
                op,
                at.lrt,
                &IErc20::transferCall {
                    to: self.on_chain(to),
                    value: U256::from(shares),
                },
            ),
            Call::Allocate {
                service,
                operator,
                magnitude,
            } => self.by(
                op,
                at.allocator,
                &IAllocator::allocateCall {
                    service,
                    operator,
                    magnitude,
                },
            ),
            Call::Trim { service, operator } => self.by(
                op,
                at.allocator,
                &IAllocator::trimCall { service, operator },
            ),
            Call::SetLimits { limits } => {
                let [one, two, three] = limits.worst_bps;
                let limits = IAllocator::Limits {
                    serviceBps: limits.service_bps,
                    operatorBps: limits.operator_bps,
                    groupBps: limits.group_bps,
                    worstOneBps: one,
                    worstTwoBps: two,
                    worstThreeBps: three,
                };
                self.by(op, at.allocator, &IAllocator::setLimitsCall { limits })
            }
            Call::SetGroups { operator, groups } => {
                let groups = groups.to_vec();
                self.by(
                    op,
                    at.allocator,
                    &IAllocator::setGroupsCall { operator, groups },
                )
            }
            Call::PauseAllocations { duration_s } => self.by(
                op,
                at.allocator,
                &IAllocator::pauseAllocationsCall {
                    durationS: U256::from(duration_s),
                },
            ),
            Call::RegisterService { terms } => {
                let terms = IHub::Terms {
                    slasher: terms.slasher,
                    resolver: terms.resolver,
                    rewardManager: terms.reward_manager,
                    sink: terms.sink,
                    vetoWindow: terms.veto_window_s,
                    maxWad: terms.max_wad,
                };
                self.by(op, at.hub, &IHub::registerServiceCall { terms })
            }
            Call::OptInVault { service } => {
                let call = IHub::optInVaultCall {
                    vault: at.vault,
                    service,
                    termsHash: self.terms_hash(service),
                };
                self.by(op, at.hub, &call)
            }
            Call::ApproveResolver { resolver, approved } => {
                let call = IHub::approveResolverCall {
                    vault: at.vault,
                    resolver,
                    approved,
                };
                self.by(op, at.hub, &call)
            }
            Call::OptInOperator { service } => self.by(
                op,
                at.hub,
                &IHub::optInOperatorCall {
                    service,
                    termsHash: self.terms_hash(service),
                },
            ),
            Call::File {
                service,
                operator,
                wad,
                offence_epoch,
            } => {
                let call = IHub::fileCall {
                    vault: at.vault,
                    service,
                    operator,
                    wad,
                    offenceEpoch: offence_epoch,
                    evidence: [7; 32].into(),
                };
                self.by(op, at.hub, &call)
            }
            Call::Veto { id } => self.by(op, at.hub, &IHub::vetoCall { id }),
            Call::Arm { id } => self.by(op, at.hub, &IHub::armCall { id }),
            Call::Execute { id } => self.by(op, at.hub, &IHub::executeCall { id }),
            Call::Lapse { id } => self.by(op, at.hub, &IHub::lapseCall { id }),
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
            | Call::Surrender => self.send_first_loss(op),
            Call::Stream { .. }
            | Call::FundReward { .. }
            | Call::SetCommission { .. }
            | Call::ClaimCommission { .. }
            | Call::ShareFees
            | Call::ClaimFees => self.send_reward(op),
            Call::Poke => self.by(op, at.rates, &IRates::pokeCall {}),
            Call::AcceptRate { asset, rate_wad } => {
                let call = IRates::acceptCall {
                    asset: self.token(asset),
                    rateWad: U256::from(rate_wad),
                };
                self.by(op, at.rates, &call)
            }
            // A token that nobody listed is an address without code, where a transfer does nothing.
            Call::Donate { asset, .. } if usize::from(asset) >= world.assets.len() => None,
            Call::Donate { asset, amount } => {
                let call = IErc20::transferCall {
                    to: at.vault,
                    value: U256::from(amount),
                };
                self.by(op, self.token(asset), &call)
            }
            Call::Advance { .. } => {
                world.stage.warp(self.model.now_s());
                None
            }
            Call::Answer { asset, answer } => {
                world.set_answer(asset.into(), answer);
                None
            }
            Call::Second { asset, answer } => {
                world.set_second(asset.into(), answer);
                None
            }
            Call::Market { asset, guard } => {
                world.set_market(asset.into(), guard);
                None
            }
            Call::Break { asset, broken } => {
                let manner = if broken {
                    Manner::RefusesTo(at.vault)
                } else {
                    Manner::Honest
                };
                if usize::from(asset) < world.assets.len() {
                    world.set_manner::<IErc20::transferCall>(asset.into(), &manner);
                }
                None
            }
        }
    }

    pub(super) fn by<C: SolCall>(&self, op: &Op, to: Address, call: &C) -> Sent {
        let stage = &self.world.stage;
        Some(stage.send_bytes(op.caller, to, U256::ZERO, call.abi_encode()))
    }

    /// The hash to agree to; that of no terms if there is no such service.
    fn terms_hash(&self, service: u32) -> alloy_primitives::B256 {
        let call = IHub::termsHashCall { service };
        self.world
            .stage
            .try_view(self.world.at.hub, &call)
            .unwrap_or_default()
    }
}
