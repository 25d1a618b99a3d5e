//! Every share reaches its owner as assets, whoever is silent; and nothing is left behind.

use alloy_primitives::Address;
use weir_protocol::model::{Call, DEAD, EXITS, Model, Op, Outcome, account};
use weir_protocol::rates::Guard;
use weir_protocol::vault::VaultStore;

use crate::fairness::decide_all;
use crate::ledger::ledgers;
use crate::stories::{begin, depth};

const ANYBODY: Address = account(99);

fn by(model: &mut Model, caller: Address, call: Call) -> Option<Outcome> {
    model.apply(&Op { caller, call }).ok()
}

fn wait_until(model: &mut Model, at_s: u64) {
    let seconds = at_s.saturating_sub(model.now_s());
    by(model, ANYBODY, Call::Advance { seconds });
    by(model, ANYBODY, Call::Sync).expect("a sync never fails");
}

/// Every source is dead from now on, every token can be paid out.
fn kill_sources(model: &mut Model) {
    for asset in 0..model.config().assets.len() as u8 {
        by(
            model,
            ANYBODY,
            Call::Answer {
                asset,
                answer: None,
            },
        );
        let guard = Guard::Silent;
        by(model, ANYBODY, Call::Market { asset, guard });
        let broken = false;
        by(model, ANYBODY, Call::Break { asset, broken });
    }
}

fn holders(model: &Model) -> Vec<(Address, u128)> {
    let mut holders: Vec<_> = model
        .holders()
        .filter(|(holder, _)| *holder != DEAD && *holder != EXITS)
        .collect();
    holders.sort_unstable();
    holders
}

/// A state along a story, and everybody's request to leave in it; the epoch of these requests.
fn everybody_leaves(seed: u64) -> Option<(Model, u64)> {
    let (mut story, mut model) = begin(seed);
    for _ in 0..40 + seed % 260 {
        let op = story.next_op(&model);
        let _ = model.apply(&op);
    }
    kill_sources(&mut model);
    by(&mut model, ANYBODY, Call::Sync).expect("a sync never fails");
    let epoch = model.vault().head().closed;
    for (holder, shares) in holders(&model) {
        let receiver = holder;
        by(&mut model, holder, Call::Request { shares, receiver }).expect("a request never fails");
    }
    (model.vault().batch(epoch).shares > 0).then_some((model, epoch))
}

fn claim_all(model: &mut Model) {
    use weir_protocol::exits::TicketKey;
    let mut tickets: Vec<_> = model
        .tickets()
        .entries()
        .filter_map(|(key, _)| match key {
            TicketKey::Shares(epoch, owner) => Some((epoch, owner)),
            _ => None,
        })
        .collect();
    tickets.sort_unstable();
    for (epoch, owner) in tickets {
        by(model, ANYBODY, Call::Claim { epoch, owner });
    }
}

#[test]
fn liveness_with_all_roles_silent_and_sources_dead() {
    let mut left = 0;
    for seed in 0..600 * depth() {
        let Some((mut model, epoch)) = everybody_leaves(seed) else {
            continue;
        };
        let clock = model.config().clock;
        // Two epochs and the grace later every share is paid, whatever is undecided.
        wait_until(&mut model, clock.maturity_s(epoch));
        let batch = model.vault().batch(epoch);
        assert_eq!(batch.filled, batch.shares, "story {seed}");
        assert_eq!(model.shares_of(EXITS), 0, "story {seed}");
        // And what is held follows the decisions, which anybody can bring about.
        decide_all(&mut model);
        claim_all(&mut model);
        assert_eq!(holders(&model), [], "story {seed}");
        assert_eq!(model.tickets().entries().count(), 0, "story {seed}");
        left += 1;
    }
    assert!(left > 300, "only {left} stories had shares to leave with");
}

#[test]
fn no_stuck_dust_after_all_shares_exit() {
    for seed in 0..600 * depth() {
        let Some((mut model, epoch)) = everybody_leaves(seed) else {
            continue;
        };
        let clock = model.config().clock;
        let supply = model.vault().head().supply;
        let locked = model.shares_of(DEAD);
        let before = ledgers(&model);
        wait_until(&mut model, clock.maturity_s(epoch));
        decide_all(&mut model);
        // Set-asides of vetoed requests vest for another two epochs.
        let end_s = model.now_s() + 3 * clock.epoch_s;
        wait_until(&mut model, end_s);
        claim_all(&mut model);
        let epochs = u128::from(model.vault().head().closed) + 1;
        for (asset, (was, is)) in (0u8..).zip(before.into_iter().zip(ledgers(&model))) {
            assert_eq!(is.held, 0, "story {seed}");
            assert_eq!(is.contested, 0, "story {seed}");
            assert_eq!(is.unvested, [0, 0], "story {seed}");
            // Less than a wei for each ticket of each batch: six accounts have tickets.
            assert!(is.owed <= 6 * epochs, "story {seed}: {} owed", is.owed);
            // What stays belongs to the locked shares: their part of what was there, what vested after the last
            // batch, set-asides that came back, and roundings.
            let total = was.total().expect("fits");
            let part = total / supply * locked + total % supply * locked / supply;
            let late = was.unvested[0] + was.unvested[1] + was.held;
            let is_total = is.total().expect("fits");
            assert!(
                is_total <= part + late + 20 * epochs,
                "story {seed}: {is_total} of asset {asset} stays, not {part}"
            );
        }
    }
}

#[test]
fn every_batch_is_paid_in_full_at_its_maturity() {
    use crate::stories::check_stories;
    use weir_protocol::model::Notice;
    check_stories(300, 300, |_, _, _, model| {
        for notice in model.notices() {
            if let Notice::Settled(settled) = notice {
                assert_eq!(settled.unfilled, 0, "batch {}", settled.epoch);
            }
        }
    });
}
