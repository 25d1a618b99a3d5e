//! The structs of the interfaces as words. Members are listed in the order of their declaration.

use super::{Decode, Encode, Reader, Writer};
use crate::{
    IAllocator, IAttestation, ICover, ICustody, IExits, IGovernor, IHub, IRates, IRewards, IVault,
};

/// Implements [`Encode`] and [`Decode`] for structs of fixed size.
macro_rules! fixed {
    ($($name:path { $($member:ident),* $(,)? })*) => {
        $(
            impl Encode for $name {
                #[inline(always)]
                fn words(&self) -> usize {
                    0 $(+ self.$member.words())*
                }

                #[inline(never)]
                fn encode(&self, writer: &mut Writer) {
                    $(self.$member.encode(writer);)*
                }
            }

            impl Decode for $name {
                #[inline(never)]
                fn decode(reader: &mut Reader<'_>) -> Self {
                    Self { $($member: Decode::decode(reader)),* }
                }
            }
        )*
    };
}

/// Implements [`Encode`] and [`Decode`] for structs with an array among their members.
macro_rules! dynamic {
    ($($name:path { $($member:ident),* $(,)? })*) => {
        $(
            impl Encode for $name {
                #[inline(always)]
                fn is_dynamic(&self) -> bool {
                    true
                }

                #[inline(never)]
                fn encode(&self, writer: &mut Writer) {
                    let mut inner = Writer::new(0 $(+ self.$member.words())*);
                    $(self.$member.encode(&mut inner);)*
                    writer.behind(inner);
                }
            }

            impl Decode for $name {
                #[inline(never)]
                fn decode(reader: &mut Reader<'_>) -> Self {
                    reader.inside(|reader| Self { $($member: Decode::decode(reader)),* })
                }
            }
        )*
    };
}

fixed! {
    IVault::Init { lrt, exits, hub, allocator, rates, control, views, instant, slash, cover, governor, guardian, genesis, epochLength, slashGrace, feeBps }
    IVault::Ledger { idle, staked, unbondingEven, unbondingOdd, held, owed, due, unvested, contested }
    IVault::Asset { token, cap, depositFeeBps, ledger }
    IVault::FeeCurve { baseBps, kinkBps, limitBps, kinkValue, limitValue, windowS }
    IVault::FeeSplit { treasury, cover, coverBps, operators, operatorsBps }
    IVault::Performance { feeBps, hwmWad, uncollected, nextRise, split }
    IVault::State {
        rateWad, floorRateWad, nav, supply, currentEpoch, pendingShares, undecided, netOutflow, depositsPausedUntil,
        instantPausedUntil, rateState, targetIdleBps, retired,
    }
    IVault::WhatIf { delta, capacity, rateWad, rateAfterWad, floorRateWad, loss, byBond, byCover, byHolders }
    IExits::Pocket { root, shares, received, paid }
    IVault::Health { rateWad, lowRateWad, floorRateWad, updatedAt, ageS, rateState, undecided, exitAt }
    ICover::Wiring { vault, lrt, exits, hub, stakeBps, bondBps }
    ICover::Bond { shares, locked, leaving, leavesAt }
    ICover::Pool { shares, locked, units, joining, unvested, lockedSince }
    ICover::Member { units, shares, joining, leaving, leavesAt }
    ICover::Lock { operator, service, fromBond, fromCover, stake }
    IHub::Terms { slasher, resolver, rewardManager, sink, vetoWindow, maxWad }
    IAllocator::Allocation { current, pending, effectiveAt, slashable, frozen }
    IAttestation::Instance {
        hub, vault, service, domain, start, period, slashWad, values, target, selector,
    }
    ICustody::Instance { hub, vault, service, answerTime, slashWad, bond }
    ICustody::Holding { operator, root, length, until, isLost }
    ICustody::Challenge { holding, chunk, deadline, state, challenger, bond }
    IAttestation::Seat { operator, weight }
    IAttestation::Round { height, payload, finalAt, weight, total }
    IGovernor::Proposal { target, scheduledAt, ripeAt, expiresAt, status }
    IAllocator::Limits { serviceBps, operatorBps, groupBps, worstOneBps, worstTwoBps, worstThreeBps }
    IAllocator::Exposure { service, operator, magnitude, pending, leaving, frozen, atRisk }
    IRates::Source {
        target, selector, maxDropWad, maxGrowthPerDayWad, guard, guardSelector, guardMarginWad,
    }
    IRewards::Auction { asset, startWad, floorWad, minLot, maxLot, fallS }
    IRewards::Lot { amount, openedAt, cost, restartAt }
    IRewards::Wiring { vault, lrt, allocator, governor }
    IRates::Quote { rateWad, lowWad, creditWad, acceptedAt, state }
}

impl Encode for IHub::Status {
    #[inline(always)]
    fn encode(&self, writer: &mut Writer) {
        (*self as u8).encode(writer);
    }
}

impl Encode for IHub::Request {
    #[inline(always)]
    fn words(&self) -> usize {
        10
    }

    #[inline(never)]
    fn encode(&self, writer: &mut Writer) {
        self.vault.encode(writer);
        self.service.encode(writer);
        self.operator.encode(writer);
        self.offenceEpoch.encode(writer);
        self.wad.encode(writer);
        self.delta.encode(writer);
        self.scale.encode(writer);
        self.filedAt.encode(writer);
        self.armedAt.encode(writer);
        self.status.encode(writer);
    }
}

dynamic! {
    IVault::Batch { shares, unfilled, helds, released, releasedShares }
    IExits::Ticket { owner, epoch, shares, taken, takenShares }
}
