//! The numbers of an answer and its events.

use alloy_primitives::U256;
use weir_abi::{IAllocator, ICover, IExits, IHub, IVault};
use weir_protocol::{
    exits::ticket_id,
    model::{Notice, Outcome},
    units::Amounts,
    vault::Fee,
};

use super::Twin;
use crate::stage::Receipt;

impl Twin {
    /// Compares what the model answered with the transaction's output and events.
    pub(super) fn compare_answer(&self, outcome: &Outcome, receipt: &Receipt) {
        let at = self.world.at;
        match *outcome {
            Outcome::Done => {}
            Outcome::Retired(retirement) => {
                let event: IVault::Retired = receipt.event(at.vault);
                assert_eq!(event.rateWad, U256::from(retirement.rate_wad));
                assert_eq!(event.hwmWad, U256::from(retirement.hwm_wad));
                let _: IAllocator::AllocationsEnded = receipt.event(at.allocator);
            }
            Outcome::Accrued(fee) => self.compare_fee(&fee, receipt),
            Outcome::Collected(collected) => {
                let event: IVault::FeesCollected = receipt.event(at.vault);
                assert_eq!(event.treasury, U256::from(collected.treasury));
                assert_eq!(event.cover, U256::from(collected.cover));
                assert_eq!(event.operators, U256::from(collected.operators));
            }
            Outcome::Streamed(summary) => self.compare_stream(&summary, receipt),
            Outcome::Rewarded { split, stream } => {
                self.compare_split(&split, receipt);
                self.compare_stream(&stream, receipt);
            }
            Outcome::SharedFees(shared) => self.compare_shared(&shared, receipt),
            Outcome::Paid { amount } => self.compare_paid(amount, receipt),
            Outcome::Deposited(summary) => {
                self.compare_fee(&summary.fee, receipt);
                let event: IVault::Deposited = receipt.event(at.vault);
                assert_eq!(event.shares, U256::from(summary.shares));
                assert_eq!(event.value, U256::from(summary.value));
                assert_eq!(event.supply, U256::from(summary.supply));
                assert_eq!(receipt.answer::<IVault::depositCall>(), event.shares);
            }
            Outcome::Redeemed(summary) => {
                self.compare_fee(&summary.performance, receipt);
                let event: IVault::Redeemed = receipt.event(at.vault);
                assert_eq!(event.amount, U256::from(summary.amount));
                assert_eq!(event.fee, U256::from(summary.fee));
                assert_eq!(event.setAside, U256::from(summary.set_aside));
                assert_eq!(event.supply, U256::from(summary.supply));
                assert_eq!(receipt.answer::<IVault::redeemCall>(), event.amount);
            }
            Outcome::Synced(summary) => {
                assert_eq!(receipt.answer::<IVault::syncCall>(), summary.done)
            }
            Outcome::Enqueued(summary) => {
                let event: IExits::Requested = receipt.event(at.exits);
                assert_eq!(event.epoch, summary.epoch);
                assert_eq!(event.ticketId, ticket_id(summary.epoch, event.receiver));
                assert_eq!(receipt.answer::<IExits::requestCall>(), event.ticketId);
            }
            Outcome::Claimed {
                paid,
                shares,
                finished,
            } => {
                let event: IExits::Claimed = receipt.event(at.exits);
                assert_eq!(event.amounts, self.list(&paid));
                assert_eq!(event.shares, U256::from(shares));
                assert_eq!(event.finished, finished);
                assert_eq!(receipt.answer::<IExits::claimCall>(), event.amounts);
            }
            Outcome::Ticket(ticket) => {
                let event: IExits::TicketTransferred = receipt.event(at.exits);
                assert_eq!(event.newTicketId, ticket_id(ticket.epoch, ticket.owner));
                assert_eq!(
                    receipt.answer::<IExits::transferTicketCall>(),
                    event.newTicketId
                );
            }
            Outcome::Allocated(summary) => {
                let event: IAllocator::AllocationChanged = receipt.event(at.allocator);
                assert_eq!(event.oldMagnitude, summary.old);
                assert_eq!(event.newMagnitude, summary.new);
                assert_eq!(event.effectiveAt, summary.effective_s);
            }
            Outcome::Registered { service } => {
                assert_eq!(receipt.answer::<IHub::registerServiceCall>(), service);
            }
            Outcome::Filed {
                id,
                freeze,
                contest,
                lock,
            } => {
                let event: IHub::SlashFiled = receipt.event(at.hub);
                assert_eq!(event.id, id);
                assert_eq!(event.delta, freeze.delta);
                assert_eq!(event.capacity, freeze.capacity);
                assert_eq!(event.losses, self.list(&contest.losses));
                let event: ICover::Locked = receipt.event(at.cover);
                assert_eq!(event.id, id);
                assert_eq!(event.fromBond, U256::from(lock.from_bond));
                assert_eq!(event.fromCover, U256::from(lock.from_cover));
                assert_eq!(event.stake, U256::from(lock.stake));
                let event: IVault::Contested = receipt.event(at.vault);
                assert_eq!(event.losses, self.list(&contest.losses));
            }
            Outcome::Armed { executable_s } => {
                let event: IHub::SlashArmed = receipt.event(at.hub);
                assert_eq!(event.executableAt, executable_s);
            }
            Outcome::Executed(summary) => {
                let event: IVault::Slashed = receipt.event(at.vault);
                assert_eq!(event.losses, self.list(&summary.losses));
                assert_eq!(event.heldReturned, self.list(&summary.held_returned));
                assert_eq!(event.burned, U256::from(summary.burned_shares));
                assert_eq!(event.given, U256::from(summary.given_shares));
                let event: IHub::SlashExecuted = receipt.event(at.hub);
                assert_eq!(event.losses, self.list(&summary.losses));
                let ends = receipt.events::<IVault::Retired>(at.vault).len();
                assert_eq!(ends, usize::from(summary.retired));
            }
            Outcome::Lifted(summary) => {
                let event: IVault::Lifted = receipt.event(at.vault);
                assert_eq!(event.toBatches, self.list(&summary.to_batches));
                assert_eq!(event.toVesting, self.list(&summary.to_vesting));
            }
            Outcome::Pocketed { amount } => {
                let event: IVault::Pocketed = receipt.event(at.vault);
                assert_eq!(event.amount, U256::from(amount));
                assert_eq!(receipt.answer::<IVault::pocketCall>(), event.amount);
            }
            Outcome::Noticed { at_s } => {
                let answer: U256 = U256::from_be_slice(&receipt.value);
                assert_eq!(answer, U256::from(at_s));
            }
            Outcome::Covered { .. } => {}
            Outcome::Pulled { amount } => {
                let event: IVault::Pulled = receipt.event(at.vault);
                assert_eq!(event.amount, U256::from(amount));
                assert_eq!(receipt.answer::<IVault::pullCall>(), event.amount);
            }
        }
    }

    fn compare_fee(&self, fee: &Fee, receipt: &Receipt) {
        let events = receipt.events::<IVault::FeeTaken>(self.world.at.vault);
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.shares, event.hwmWad))
            .collect();
        let expected = (fee.shares > 0).then(|| (U256::from(fee.shares), U256::from(fee.hwm_wad)));
        assert_eq!(told, Vec::from_iter(expected));
    }

    /// Compares the steps of the sync that came first.
    pub(super) fn compare_notices(&self, receipt: &Receipt) {
        let vault = self.world.at.vault;
        let mut closed = receipt.events::<IVault::EpochClosed>(vault).into_iter();
        let mut settled = receipt.events::<IVault::BatchSettled>(vault).into_iter();
        for notice in self.model.notices() {
            match notice {
                Notice::Closed(notice) => {
                    let event = closed.next().expect("an event for each epoch that closed");
                    assert_eq!(event.epoch, notice.epoch);
                    assert_eq!(event.shares, U256::from(notice.shares));
                    assert_eq!(event.pendingShares, U256::from(notice.queued));
                }
                Notice::Settled(notice) => {
                    let event = settled
                        .next()
                        .expect("an event for each batch that settled");
                    assert_eq!(event.epoch, notice.epoch);
                    assert_eq!(event.filled, U256::from(notice.filled));
                    assert_eq!(event.unfilled, U256::from(notice.unfilled));
                    assert_eq!(event.supply, U256::from(notice.supply));
                    assert_eq!(event.paid, self.list(&notice.paid));
                    assert_eq!(event.held, self.list(&notice.held));
                }
            }
        }
        assert!(
            closed.next().is_none() && settled.next().is_none(),
            "events of steps that the model did not take"
        );
    }

    /// Amounts of the listed assets, as the contracts list them.
    pub(super) fn list(&self, amounts: &Amounts) -> Vec<U256> {
        amounts
            .iter()
            .take(self.world.assets.len())
            .map(|amount| U256::from(*amount))
            .collect()
    }
}
