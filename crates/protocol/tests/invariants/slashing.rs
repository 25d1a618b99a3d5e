//! A slash takes what its filing fixed, from whom it concerns.

use weir_protocol::allocator::{AllocatorKey, AllocatorStore};
use weir_protocol::hub::HubStore;
use weir_protocol::math::mul_div_down;
use weir_protocol::model::{Call, Model, Outcome};
use weir_protocol::vault::{Overlay, SYNC_STEPS, VaultStore, ledger, sync};

use crate::ledger::ledgers;
use crate::stories::check_stories;

fn synced(model: &Model) -> Overlay<'_, weir_protocol::model::VaultWords> {
    let mut vault = Overlay::new(model.vault());
    sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
    vault
}

#[test]
fn slash_locality_a_slash_takes_what_its_filing_fixed_and_no_more() {
    check_stories(300, 300, |before, op, answer, after| {
        let (Call::Execute { id }, Ok(Outcome::Executed(summary))) = (&op.call, answer) else {
            return;
        };
        let vault = synced(before);
        for (asset, is) in (0u8..).zip(ledgers(after)) {
            let was = ledger(&vault, asset);
            let loss = vault.loss(*id, asset);
            let place = usize::from(asset);
            assert_eq!(summary.losses[place], loss.loss);
            assert_eq!(summary.held_returned[place], loss.held);
            assert_eq!(is.due, was.due + loss.loss);
            assert_eq!(is.held, was.held - loss.held);
            assert_eq!(is.owed, was.owed);
            let total = was.total().expect("fits") + loss.held - loss.loss;
            assert_eq!(is.total().expect("fits"), total);
        }
    });
}

#[test]
fn slash_locality_other_services_keep_their_absolute_stake() {
    check_stories(300, 300, |before, op, answer, after| {
        let (Call::Execute { id }, Ok(_)) = (&op.call, answer) else {
            return;
        };
        let slashed = before.hub().request(*id).expect("it was executed");
        let vault = synced(before);
        for (asset, is) in (0u8..).zip(ledgers(after)) {
            let was = ledger(&vault, asset);
            let slashable = |total: u128, idle: u128| total - idle;
            let was_slashable = slashable(was.total().expect("fits"), was.idle);
            let is_slashable = slashable(is.total().expect("fits"), is.idle);
            for (key, _) in before.allocator().entries() {
                let AllocatorKey::Allocation(service, operator) = key else {
                    continue;
                };
                if (service, operator) == (slashed.service, slashed.operator) {
                    continue;
                }
                let magnitude = u128::from(before.allocation(service, operator).active);
                let stake = |slashable: u128, model: &Model| match model.capacity().capacity {
                    0 => 0,
                    capacity => mul_div_down(slashable, magnitude, capacity.into()).expect("fits"),
                };
                let was = stake(was_slashable, before);
                let is = stake(is_slashable, after);
                assert!(
                    is.abs_diff(was) <= 8,
                    "asset {asset}: {was} to {is} of {magnitude}"
                );
            }
        }
    });
}

#[test]
fn magnitudes_never_sum_to_more_than_the_capacity() {
    check_stories(300, 300, |_, _, _, model| {
        let allocator = model.allocator();
        let mut sum = 0u128;
        for (key, _) in allocator.entries() {
            match key {
                AllocatorKey::Allocation(service, operator) => {
                    let allocation = allocator.allocation(service, operator);
                    sum += u128::from(allocation.active)
                        + u128::from(allocation.pending)
                        + u128::from(allocation.frozen);
                }
                AllocatorKey::Decreases(service, operator) => {
                    let decreases = allocator.decreases(service, operator);
                    sum += decreases.by_epoch.map(u128::from).iter().sum::<u128>();
                }
                _ => {}
            }
        }
        let capacity = allocator.capacity();
        assert_eq!(sum, u128::from(capacity.encumbered));
        assert!(capacity.encumbered <= capacity.capacity);
    });
}

#[test]
fn undecided_requests_freeze_exactly_what_they_will_take() {
    check_stories(300, 300, |_, _, _, model| {
        let (_, requests, _) = model.hub().counts();
        let mut undecided = 0u128;
        for id in 1..=requests {
            let request = model.hub().request(id).expect("numbered from 1");
            let (active, decreases) = model.allocator().frozen(id);
            let frozen = u128::from(active) + decreases.map(u128::from).iter().sum::<u128>();
            if frozen > 0 {
                let shift = model.capacity().scale - request.scale;
                assert_eq!(frozen, u128::from(request.delta) << shift);
                undecided += frozen;
            }
        }
        let frozen: u128 = model
            .allocator()
            .entries()
            .filter_map(|(key, _)| match key {
                AllocatorKey::Allocation(service, operator) => {
                    Some(u128::from(model.allocation(service, operator).frozen))
                }
                _ => None,
            })
            .sum();
        assert_eq!(frozen, undecided);
    });
}
