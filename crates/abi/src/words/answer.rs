//! What functions return, as `sol!` types it: a lone value as itself, several as a struct.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, Bytes, U256};

use super::{Encode, Returns, encode};
use crate::{
    IAllocator, IAttestation, ICover, ICustody, IEntry, IErc2612, IExits, IFeed, IGovernor, IHub,
    IRates, IRewards, IRouter, IVault, IZap,
};

/// The return value of a function.
pub trait Answer {
    /// Encodes it.
    fn answer(self) -> Vec<u8>;
}

macro_rules! lone {
    ($($value:ty),* $(,)?) => {
        $(impl Answer for $value {
            #[inline(always)]
            fn answer(self) -> Vec<u8> {
                encode(&(self,))
            }
        })*
    };
}
lone! {
    Address, B256, String, U256, bool, u8, u32, u64,
    IAllocator::Allocation, ICover::Bond, ICover::Lock, ICover::Member, ICover::Pool, ICover::Wiring, IExits::Pocket, IExits::Ticket, IHub::Request, IHub::Terms, IRates::Source,
    IVault::Asset, IVault::Batch, IVault::FeeCurve, IVault::Health, IVault::Init, IVault::Ledger, IVault::Performance,
    IVault::State, IVault::WhatIf, IAttestation::Instance, IAttestation::Round, IAllocator::Limits,
    ICustody::Challenge, ICustody::Holding, ICustody::Instance,
    IGovernor::Proposal, IRewards::Auction, IRewards::Lot, IRewards::Wiring, Bytes,
}

impl<T: Encode> Answer for Vec<T> {
    #[inline(always)]
    fn answer(self) -> Vec<u8> {
        encode(&(self,))
    }
}

macro_rules! several {
    ($($call:path => $answer:path),* $(,)?) => {
        $(impl Answer for $answer {
            #[inline(always)]
            fn answer(self) -> Vec<u8> {
                encode(&Returns::<$call>::from(self))
            }
        })*
    };
}
several! {
    IAllocator::freezeCall => IAllocator::freezeReturn,
    IAllocator::slashCall => IAllocator::slashReturn,
    IAllocator::slashableCall => IAllocator::slashableReturn,
    IAllocator::wouldFreezeCall => IAllocator::wouldFreezeReturn,
    IAllocator::worstCaseCall => IAllocator::worstCaseReturn,
    IAllocator::wiringCall => IAllocator::wiringReturn,
    ICustody::countsCall => ICustody::countsReturn,
    IAttestation::keyTimesCall => IAttestation::keyTimesReturn,
    ICover::quoteLockCall => ICover::quoteLockReturn,
    ICover::stakeOfCall => ICover::stakeOfReturn,
    IEntry::wiringCall => IEntry::wiringReturn,
    IErc2612::eip712DomainCall => IErc2612::eip712DomainReturn,
    IFeed::getRoundDataCall => IFeed::getRoundDataReturn,
    IFeed::latestRoundDataCall => IFeed::latestRoundDataReturn,
    IFeed::wiringCall => IFeed::wiringReturn,
    IGovernor::rolesCall => IGovernor::rolesReturn,
    IGovernor::ruleCall => IGovernor::ruleReturn,
    IGovernor::termsCall => IGovernor::termsReturn,
    IHub::standingCall => IHub::standingReturn,
    IRates::secondCall => IRates::secondReturn,
    IRates::wiringCall => IRates::wiringReturn,
    IVault::coverageRatioCall => IVault::coverageRatioReturn,
    IRouter::wiringCall => IRouter::wiringReturn,
    IRewards::commissionCall => IRewards::commissionReturn,
    IVault::streamsCall => IVault::streamsReturn,
    IVault::collectFeesCall => IVault::collectFeesReturn,
    IVault::previewRedeemCall => IVault::previewRedeemReturn,
    IVault::releasableCall => IVault::releasableReturn,
    IVault::releaseCall => IVault::releaseReturn,
    IZap::wiringCall => IZap::wiringReturn,
}
