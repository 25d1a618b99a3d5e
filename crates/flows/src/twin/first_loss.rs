//! Calls of bonds and cover, and why they are refused.

use alloy_primitives::U256;
use alloy_sol_types::SolError;
use weir_abi::{
    ICover,
    IShared::{AlreadyInitialized, BpsTooHigh, Overflow, ZeroAmount},
};
use weir_protocol::{
    cover::CoverError,
    model::{Call, Op},
};

use super::{Sent, Twin};

impl Twin {
    pub(super) fn send_first_loss(&self, op: &Op) -> Sent {
        let cover = self.world.at.cover;
        match op.call {
            Call::Bond { operator, shares } => {
                let shares = U256::from(shares);
                self.by(op, cover, &ICover::bondCall { operator, shares })
            }
            Call::Unbond { shares } => {
                let shares = U256::from(shares);
                self.by(op, cover, &ICover::unbondCall { shares })
            }
            Call::CollectBond { operator } => {
                self.by(op, cover, &ICover::collectBondCall { operator })
            }
            Call::EnterCover { shares } => {
                let shares = U256::from(shares);
                self.by(op, cover, &ICover::enterCall { shares })
            }
            Call::CancelEntry => self.by(op, cover, &ICover::cancelEntryCall {}),
            Call::LeaveCover { units } => {
                let units = U256::from(units);
                self.by(op, cover, &ICover::leaveCall { units })
            }
            Call::CollectCover { member } => self.by(op, cover, &ICover::collectCall { member }),
            Call::Earn => self.by(op, cover, &ICover::earnCall {}),
            Call::FundService { service, shares } => {
                let shares = U256::from(shares);
                self.by(op, cover, &ICover::fundCall { service, shares })
            }
            Call::DefundService { service, shares } => {
                let shares = U256::from(shares);
                self.by(op, cover, &ICover::defundCall { service, shares })
            }
            Call::Surrender => self.by(op, cover, &ICover::surrenderCall {}),
            _ => None,
        }
    }
}

pub(super) fn by_cover(error: CoverError) -> Vec<u8> {
    use CoverError as E;
    match error {
        E::Overflow => Overflow {}.abi_encode(),
        E::AlreadyInitialized => AlreadyInitialized {}.abi_encode(),
        E::ZeroAmount => ZeroAmount {}.abi_encode(),
        E::BpsTooHigh { bps, max_bps } => BpsTooHigh {
            bps: U256::from(bps),
            maxBps: U256::from(max_bps),
        }
        .abi_encode(),
        E::NotEnough { available, needed } => ICover::NotEnoughShares {
            available: U256::from(available),
            needed: U256::from(needed),
        }
        .abi_encode(),
        E::BondTooSmall {
            operator,
            bonded,
            needed,
        } => ICover::BondTooSmall {
            operator,
            bonded: U256::from(bonded),
            needed: U256::from(needed),
        }
        .abi_encode(),
        E::NothingLeaving { account } => ICover::NothingLeaving { account }.abi_encode(),
        E::NotMature { at_s } => ICover::NotMature { at: at_s }.abi_encode(),
        E::Contested { filed_s } => ICover::CoverContested { filedAt: filed_s }.abi_encode(),
        E::NothingJoining { account } => ICover::NothingJoining { account }.abi_encode(),
        E::NothingEarned => ICover::NothingEarned {}.abi_encode(),
        E::NothingForfeited => ICover::NothingForfeited {}.abi_encode(),
        E::StakeTooSmall {
            service,
            free,
            needed,
        } => ICover::StakeTooSmall {
            service,
            free: U256::from(free),
            needed: U256::from(needed),
        }
        .abi_encode(),
        E::LockKnown { id } => ICover::LockKnown { id }.abi_encode(),
        E::LockUnknown { id } => ICover::LockUnknown { id }.abi_encode(),
    }
}
