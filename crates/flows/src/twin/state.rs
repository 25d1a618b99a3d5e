//! The same state.

use alloy_primitives::{Address, U256};
use weir_abi::{IAllocator, ICover, IErc20, IFeed, IHub, IRates, IVault};
use weir_protocol::{
    allocator::{self, AllocatorStore},
    cover::CoverStore,
    exits::TicketKey,
    hub::{HubStore, Request},
    model::{
        CUSHION, DEAD, EXITS, REWARDS, VAULT,
        generate::{HOLDERS, OPERATORS},
    },
    vault::{self, VaultKey, VaultStore},
};

use super::Twin;

/// Views that need many calls are compared every so many steps.
const VIEWS_EVERY: u64 = 8;

/// Words that did not change are compared every so many steps.
const WORDS_EVERY: u64 = 40;

impl Twin {
    /// Compares what both keep; views and words that did not change only every so many steps, unless `all`.
    pub(super) fn compare_state(&mut self, all: bool) {
        let at = self.world.at;
        let views = all || self.steps.is_multiple_of(VIEWS_EVERY);
        let all = all || self.steps.is_multiple_of(WORDS_EVERY);
        let vault: Vec<_> = self
            .model
            .vault()
            .entries()
            .map(|(key, word)| (self.placed(key).slot(), word))
            .collect();
        self.compare_words("vault", at.vault, vault, all);
        let tickets: Vec<_> = self
            .model
            .tickets()
            .entries()
            .map(|(key, word)| (self.ticket_slot(key), word))
            .collect();
        self.compare_words("exits", at.exits, tickets, all);
        let allocator: Vec<_> = self
            .model
            .allocator()
            .entries()
            .map(|(key, word)| (key.slot(), word))
            .collect();
        self.compare_words("allocator", at.allocator, allocator, all);
        let cover: Vec<_> = self
            .model
            .cover()
            .entries()
            .map(|(key, word)| (key.slot(), word))
            .collect();
        self.compare_words("cover", at.cover, cover, all);
        let rewards: Vec<_> = self
            .model
            .rewards()
            .entries()
            .map(|(key, word)| (key.slot(), word))
            .collect();
        self.compare_words("rewards", at.rewards, rewards, all);
        self.compare_rows();
        if views {
            self.compare_balances();
            self.compare_rates();
            self.compare_requests();
            self.compare_views();
            self.compare_cover();
            self.compare_exposure();
            self.compare_costs();
        }
    }

    /// Where the allocator says that the stake is.
    fn compare_exposure(&self) {
        let (allocator, store) = (self.world.at.allocator, self.model.allocator());
        let (clock, now_s) = (&self.model.config().clock, self.model.now_s());
        let expected = allocator::exposures(store, clock, now_s).expect("fits");
        let rows = self.world.ask(allocator, &IAllocator::exposureCall {});
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(&expected) {
            assert_eq!(row.service, expected.entry.service);
            assert_eq!(row.operator, expected.entry.operator);
            assert_eq!(Ok(row.magnitude), expected.magnitude());
            assert_eq!(
                (row.pending, row.leaving),
                (expected.pending, expected.leaving)
            );
            assert_eq!(row.frozen, expected.frozen);
            assert_eq!(Ok(row.atRisk), expected.at_risk());
        }
        for operators in 0..5 {
            let worst = self
                .world
                .ask(allocator, &IAllocator::worstCaseCall { operators });
            let expected = allocator::worst_case(store, clock, now_s, operators);
            assert_eq!(Ok(worst.loss), expected);
            assert_eq!(worst.capacity, store.capacity().capacity);
        }
    }

    /// Words of the model are in storage, and what it has forgotten is not: those that changed, or all.
    fn compare_words(
        &mut self,
        name: &str,
        contract: Address,
        words: Vec<(U256, U256)>,
        all: bool,
    ) {
        let known = self.known.entry(contract).or_default();
        let mut before = std::mem::take(known);
        for (slot, word) in words {
            let same = before.remove(&slot) == Some(word);
            if all || !same {
                let kept = self.world.stage.slot(contract, slot);
                assert_eq!(kept, word, "{name}: slot {slot:#x}");
            }
            known.insert(slot, word);
        }
        for (slot, word) in before {
            if all || !word.is_zero() {
                let kept = self.world.stage.slot(contract, slot);
                assert_eq!(kept, U256::ZERO, "{name}: slot {slot:#x}");
            }
            known.insert(slot, U256::ZERO);
        }
    }

    /// The ledger that an indexer has is the ledger.
    fn compare_rows(&self) {
        for index in (0..).take(self.world.assets.len()) {
            let row = vault::ledger(self.model.vault(), index);
            let parts = [
                [row.idle, row.staked],
                row.unbonding,
                row.unvested,
                [row.held, row.contested],
                [row.owed, row.due],
                [row.stream.rate, row.stream.left],
            ];
            for (part, expected) in (0..).zip(parts) {
                let known = self.rows.get(&(index, part)).copied().unwrap_or_default();
                assert_eq!(
                    known,
                    expected.map(U256::from),
                    "events of asset {index}, part {part}"
                );
            }
        }
    }

    fn compare_balances(&self) {
        let world = &self.world;
        for (holder, shares) in self.model.holders() {
            let balance = world.balance(world.at.lrt, self.on_chain(holder));
            assert_eq!(balance, U256::from(shares), "shares of {holder}");
        }
        let supply = world.ask(world.at.lrt, &IErc20::totalSupplyCall {});
        assert_eq!(supply, U256::from(self.model.vault().head().supply));
        for ((asset, holder), amount) in self.model.balances() {
            let balance = world.balance(self.token(asset), self.on_chain(holder));
            assert_eq!(balance, U256::from(amount), "asset {asset} of {holder}");
        }
    }

    /// The key of a word of the model on the chain, where accounts have other addresses.
    fn placed(&self, key: VaultKey) -> VaultKey {
        match key {
            VaultKey::DueTo(asset, account) => VaultKey::DueTo(asset, self.on_chain(account)),
            other => other,
        }
    }

    /// Where a ticket's word is on the chain.
    fn ticket_slot(&self, key: TicketKey) -> U256 {
        match key {
            TicketKey::Shares(epoch, owner) => TicketKey::Shares(epoch, self.on_chain(owner)),
            TicketKey::Taken(epoch, owner, pair) => {
                TicketKey::Taken(epoch, self.on_chain(owner), pair)
            }
            other => other,
        }
        .slot()
    }

    /// The address of one of the model's accounts.
    pub(super) fn on_chain(&self, account: Address) -> Address {
        match account {
            VAULT => self.world.at.vault,
            EXITS => self.world.at.exits,
            CUSHION => self.world.at.cover,
            REWARDS => self.world.at.rewards,
            DEAD => DEAD,
            other => other,
        }
    }

    fn compare_rates(&self) {
        let (expected, _) = self.model.quotes();
        let quotes = self.world.ask(self.world.at.rates, &IRates::peekCall {});
        assert_eq!(quotes.len(), self.world.assets.len());
        for (index, (expected, quote)) in expected.iter().zip(&quotes).enumerate() {
            assert_eq!(
                quote.rateWad,
                U256::from(expected.rate_wad),
                "rate of asset {index}"
            );
            assert_eq!(
                quote.lowWad,
                U256::from(expected.low_wad),
                "low rate of asset {index}"
            );
            assert_eq!(
                quote.creditWad,
                U256::from(expected.credit_wad),
                "credit of asset {index}"
            );
            assert_eq!(
                quote.state, expected.state as u8,
                "state of the rate of asset {index}"
            );
        }
    }

    fn compare_requests(&self) {
        let hub = self.world.at.hub;
        let (services, requests, _) = self.model.hub().counts();
        assert_eq!(self.world.ask(hub, &IHub::serviceCountCall {}), services);
        assert_eq!(self.world.ask(hub, &IHub::requestCountCall {}), requests);
        for id in requests.saturating_sub(8).max(1)..=requests {
            let expected = self
                .model
                .request_of(id)
                .expect("requests are numbered from 1");
            let request = self.world.ask(hub, &IHub::requestCall { id });
            assert_eq!(request.vault, self.world.at.vault);
            compare_request(&request, &expected);
        }
        for service in 1..=services.min(4) {
            let expected = self
                .model
                .hub()
                .service(service)
                .expect("services are numbered from 1");
            let standing = self.world.ask(hub, &IHub::standingCall { service });
            assert_eq!(standing.undecided, expected.undecided);
            assert_eq!(standing.vetoes, expected.vetoes);
            assert_eq!(standing.coolUntil, expected.cool_until_s);
        }
    }

    /// What the views of bonds and cover say, as of now.
    fn compare_cover(&self) {
        let (world, at) = (&self.world, self.world.at.cover);
        for member in HOLDERS {
            let expected = self.model.member(member).expect("fits");
            let answer = world.ask(at, &ICover::memberOfCall { member });
            assert_eq!(answer.units, U256::from(expected.units), "of {member}");
            assert_eq!(answer.shares, U256::from(expected.shares), "of {member}");
            assert_eq!(answer.joining, U256::from(expected.joining), "of {member}");
            assert_eq!(answer.leaving, U256::from(expected.leaving), "of {member}");
            assert_eq!(answer.leavesAt, expected.leaves_s, "of {member}");
        }
        for operator in OPERATORS {
            let expected = self.model.cover().bond(operator);
            let answer = world.ask(at, &ICover::bondOfCall { operator });
            assert_eq!(answer.shares, U256::from(expected.shares));
            assert_eq!(answer.locked, U256::from(expected.locked));
        }
        let burnable = self.model.cover().totals().burnable;
        assert_eq!(
            world.ask(at, &ICover::burnableCall {}),
            U256::from(burnable)
        );
    }

    /// What the vault's views say, as if synced.
    fn compare_views(&self) {
        let at = self.world.at.vault;
        let Ok(expected) = self.model.state() else {
            assert!(
                self.world
                    .stage
                    .try_view(at, &IVault::stateCall {})
                    .is_err(),
                "a view beyond one sync"
            );
            return;
        };
        let state = self.world.ask(at, &IVault::stateCall {});
        assert_eq!(state.rateWad, U256::from(expected.rate_wad));
        assert_eq!(state.floorRateWad, U256::from(expected.floor_rate_wad));
        assert_eq!(state.supply, U256::from(expected.valuation.supply));
        assert_eq!(state.pendingShares, U256::from(expected.queued));
        assert_eq!(state.undecided, U256::from(expected.head.undecided));
        assert_eq!(state.retired, expected.head.retired);
        let (quotes, _) = self.model.quotes();
        let held = quotes.iter().zip(&expected.ledgers);
        let held = held.filter(|(_, row)| row.total() != Ok(0));
        let worst = held.map(|(quote, _)| quote.state as u8).max();
        assert_eq!(state.rateState, U256::from(worst.unwrap_or_default()));
        assert_eq!(self.world.ask(at, &IVault::rateCall {}), state.rateWad);
        assert_eq!(
            self.world.ask(at, &IVault::floorRateCall {}),
            state.floorRateWad
        );
        self.compare_health();
        self.compare_streams();
        let fees = self.world.ask(at, &IVault::performanceFeeCall {});
        assert_eq!(fees.hwmWad, U256::from(expected.hwm_wad));
        assert_eq!(fees.uncollected, U256::from(expected.fee_shares));
        for (asset, row) in self.world.assets.iter().zip(&expected.ledgers) {
            let answer = self
                .world
                .ask(at, &IVault::assetCall { token: asset.token });
            assert_eq!(answer.ledger, ledger(row));
        }
        let current = expected.head.closed;
        for epoch in current.saturating_sub(3)..=current {
            let (batch, released) = self.model.batch(epoch).expect("as if synced");
            let answer = self.world.ask(at, &IVault::batchCall { epoch });
            assert_eq!(answer.shares, U256::from(batch.shares), "batch {epoch}");
            assert_eq!(
                answer.released,
                self.list(&released.amounts),
                "batch {epoch}"
            );
            assert_eq!(answer.releasedShares, U256::from(released.shares));
        }
    }
}

impl Twin {
    /// What lenders are told.
    fn compare_health(&self) {
        let at = self.world.at;
        let expected = self.model.health().expect("as if synced");
        let health = self.world.ask(at.vault, &IVault::healthCall {});
        assert_eq!(health.rateWad, U256::from(expected.rate_wad));
        assert_eq!(health.lowRateWad, U256::from(expected.low_rate_wad));
        assert_eq!(health.floorRateWad, U256::from(expected.floor_rate_wad));
        assert_eq!(health.updatedAt, U256::from(expected.updated_s));
        assert_eq!(health.rateState, U256::from(expected.state as u8));
        assert_eq!(health.undecided, U256::from(expected.undecided));
        assert_eq!(health.exitAt, U256::from(expected.exit_s));
        let rate = self.world.ask(at.feed, &IFeed::latestRoundDataCall {});
        assert_eq!(rate.answer.into_raw(), health.lowRateWad);
        assert_eq!(rate.updatedAt, health.updatedAt);
        let floor = self.world.ask(at.feed_floor, &IFeed::getRateCall {});
        assert_eq!(floor, health.floorRateWad);
    }
}

fn compare_request(request: &IHub::Request, expected: &Request) {
    assert_eq!(request.service, expected.service);
    assert_eq!(request.operator, expected.operator);
    assert_eq!(request.offenceEpoch, expected.offence_epoch);
    assert_eq!(request.wad, expected.wad);
    assert_eq!(request.delta, expected.delta);
    assert_eq!(request.scale, expected.scale);
    assert_eq!(request.filedAt, expected.filed_s);
    assert_eq!(request.armedAt, expected.armed_s);
    assert_eq!(request.status as u8, expected.status as u8);
}

fn ledger(row: &vault::Ledger) -> IVault::Ledger {
    let [even, odd] = row.unbonding;
    let [until_even, until_odd] = row.unvested;
    IVault::Ledger {
        idle: U256::from(row.idle),
        staked: U256::from(row.staked),
        unbondingEven: U256::from(even),
        unbondingOdd: U256::from(odd),
        held: U256::from(row.held),
        owed: U256::from(row.owed),
        due: U256::from(row.due),
        unvested: U256::from(until_even) + U256::from(until_odd) + U256::from(row.stream.left),
        contested: U256::from(row.contested),
    }
}
