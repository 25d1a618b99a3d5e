//! Why the rules refuse, as the interface says it.

use alloy_primitives::U256;
use weir_abi::{
    ICover::{
        BondTooSmall, CoverContested, LockKnown, LockUnknown, NotEnoughShares, NotMature,
        NothingEarned, NothingForfeited, NothingJoining, NothingLeaving, StakeTooSmall,
    },
    IShared::{AlreadyInitialized, BpsTooHigh, Overflow, ZeroAmount},
};
use weir_protocol::cover::CoverError as Error;
use weir_shell::Revert;

#[inline(never)]
pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::AlreadyInitialized => AlreadyInitialized {}.into(),
        Error::ZeroAmount => ZeroAmount {}.into(),
        Error::BpsTooHigh { bps, max_bps } => BpsTooHigh {
            bps: U256::from(bps),
            maxBps: U256::from(max_bps),
        }
        .into(),
        Error::NotEnough { available, needed } => NotEnoughShares {
            available: U256::from(available),
            needed: U256::from(needed),
        }
        .into(),
        Error::BondTooSmall {
            operator,
            bonded,
            needed,
        } => BondTooSmall {
            operator,
            bonded: U256::from(bonded),
            needed: U256::from(needed),
        }
        .into(),
        Error::NothingLeaving { account } => NothingLeaving { account }.into(),
        Error::NotMature { at_s } => NotMature { at: at_s }.into(),
        Error::Contested { filed_s } => CoverContested { filedAt: filed_s }.into(),
        Error::NothingJoining { account } => NothingJoining { account }.into(),
        Error::NothingEarned => NothingEarned {}.into(),
        Error::NothingForfeited => NothingForfeited {}.into(),
        Error::StakeTooSmall {
            service,
            free,
            needed,
        } => StakeTooSmall {
            service,
            free: U256::from(free),
            needed: U256::from(needed),
        }
        .into(),
        Error::LockKnown { id } => LockKnown { id }.into(),
        Error::LockUnknown { id } => LockUnknown { id }.into(),
    }
}
