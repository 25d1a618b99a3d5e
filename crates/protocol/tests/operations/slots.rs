use std::collections::BTreeSet;

use alloy_primitives::{Address, U256};
use weir_protocol::allocator::AllocatorKey;
use weir_protocol::exits::TicketKey;
use weir_protocol::hub::HubKey;
use weir_protocol::rewards::{RewardsKey, SHARES};
use weir_protocol::vault::VaultKey;

const IDS: [u64; 4] = [0, 1, 255, u64::MAX];
const NUMBERS: [u32; 3] = [0, 1, u32::MAX];

fn accounts() -> [Address; 4] {
    [
        Address::ZERO,
        Address::with_last_byte(1),
        Address::repeat_byte(0xff),
        Address::right_padding_from(&[1]),
    ]
}

fn all_different(slots: impl IntoIterator<Item = U256>) {
    let mut seen = BTreeSet::new();
    for slot in slots {
        assert!(slot >> 248 > U256::ZERO, "small slots are the compiler's");
        assert!(seen.insert(slot), "{slot:x} twice");
    }
}

#[test]
fn no_two_words_of_a_vault_share_a_slot() {
    use VaultKey::*;
    let mut keys = vec![Settings, Head, Queue, Curve, Flow, Capacity];
    for asset in [0, 1, 7, 255] {
        keys.extend([Asset(asset), Balance(asset), Unbonding(asset), Drip(asset)]);
        keys.extend([Aside(asset), Debt(asset), Undecided(asset)]);
        keys.push(Stream(asset));
        keys.extend(accounts().map(|account| DueTo(asset, account)));
        for id in IDS {
            keys.extend([Released(id, asset), HeldIds(id, asset)]);
            keys.extend([Loss(id, asset), InstantHeld(id, asset)]);
            keys.push(StreamEnd(asset, id));
            keys.extend(IDS.map(|other| Held(id, other, asset)));
        }
    }
    for id in IDS {
        keys.extend([Batch(id), Contest(id)]);
    }
    all_different(keys.into_iter().map(VaultKey::slot));
}

#[test]
fn no_two_words_of_the_tickets_share_a_slot() {
    let mut keys = Vec::new();
    for epoch in IDS {
        for owner in accounts() {
            keys.push(TicketKey::Shares(epoch, owner));
            keys.extend([0, 1, 3].map(|pair| TicketKey::Taken(epoch, owner, pair)));
        }
    }
    for asset in [0, 1, 7] {
        keys.extend([TicketKey::PocketRoot(asset), TicketKey::PocketTotals(asset)]);
        keys.extend(
            accounts()
                .into_iter()
                .map(|owner| TicketKey::PocketTaken(asset, owner)),
        );
    }
    all_different(keys.into_iter().map(TicketKey::slot));
}

#[test]
fn no_two_words_of_an_allocator_share_a_slot() {
    let mut keys = vec![AllocatorKey::Capacity];
    keys.extend(IDS.map(AllocatorKey::Frozen));
    for service in NUMBERS {
        for operator in accounts() {
            keys.push(AllocatorKey::Allocation(service, operator));
            keys.push(AllocatorKey::Decreases(service, operator));
        }
    }
    all_different(keys.into_iter().map(AllocatorKey::slot));
}

#[test]
fn no_two_words_of_a_hub_share_a_slot() {
    use HubKey::*;
    let mut keys = vec![Counts];
    for service in NUMBERS {
        keys.extend([Service(service), Slasher(service), Resolver(service)]);
        keys.extend([Sink(service), TermsHash(service)]);
        for account in accounts() {
            keys.extend([VaultIn(service, account), OperatorIn(service, account)]);
            keys.extend(NUMBERS.map(|vault| Used(vault, service, account)));
        }
    }
    keys.extend(accounts().map(Vault));
    for id in IDS {
        keys.extend([Request(id), RequestOperator(id), RequestVault(id)]);
    }
    all_different(keys.into_iter().map(HubKey::slot));
}

#[test]
fn no_two_words_of_the_rewards_share_a_slot() {
    use RewardsKey::*;
    let mut keys = vec![Waiting];
    for account in accounts() {
        keys.extend([Commission(account), Prices(account), Sizes(account)]);
        keys.extend([Pace(account), Lot(account)]);
        keys.extend([0, 1, 7, SHARES].map(|asset| Earned(asset, account)));
    }
    all_different(keys.into_iter().map(RewardsKey::slot));
}
