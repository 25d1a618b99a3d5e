//! Every share reaches its owner as assets, whoever is silent; and nothing is left behind.

use alloy_primitives::Address;
use weir_protocol::cover::CoverStore;
use weir_protocol::math::mul_div_up;
use weir_protocol::model::generate::{HOLDERS, OPERATORS};
use weir_protocol::model::{
    CUSHION, Call, DEAD, EXITS, Model, Op, Outcome, REWARDS, VAULT, account,
};
use weir_protocol::rates::Guard;
use weir_protocol::units::Amounts;
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
        .filter(|(holder, _)| ![DEAD, EXITS, CUSHION, REWARDS].contains(holder))
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
    give_notice(&mut model);
    // What no operator has stake for waits on.
    by(&mut model, ANYBODY, Call::ShareFees);
    for operator in OPERATORS {
        by(&mut model, operator, Call::ClaimFees);
    }
    by(&mut model, ANYBODY, Call::Sync).expect("a sync never fails");
    let epoch = model.vault().head().closed;
    for (holder, shares) in holders(&model) {
        let receiver = holder;
        by(&mut model, holder, Call::Request { shares, receiver }).expect("a request never fails");
    }
    (model.vault().batch(epoch).shares > 0).then_some((model, epoch))
}

/// Every operator and every member of cover.
fn give_notice(model: &mut Model) {
    for operator in OPERATORS {
        let shares = model.cover().bond(operator).shares;
        by(model, operator, Call::Unbond { shares });
    }
    for member in HOLDERS {
        by(model, member, Call::CancelEntry);
        let position = model.member(member).expect("fits");
        by(
            model,
            member,
            Call::LeaveCover {
                units: position.units,
            },
        );
    }
}

fn collect_all(model: &mut Model) {
    for operator in OPERATORS {
        by(model, ANYBODY, Call::CollectBond { operator });
        assert_eq!(model.cover().bond(operator).shares, 0);
    }
    for member in HOLDERS {
        by(model, ANYBODY, Call::CollectCover { member });
        let position = model.member(member).expect("fits");
        assert_eq!((position.units, position.joining), (0, 0));
    }
}

/// Claims every ticket; what those of the vault itself were paid, which vests.
fn claim_all(model: &mut Model) -> Amounts {
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
    let mut given = Amounts::default();
    for (epoch, owner) in tickets {
        let claimed = by(model, ANYBODY, Call::Claim { epoch, owner });
        if let (VAULT, Some(Outcome::Claimed { paid, .. })) = (owner, claimed) {
            for (sum, paid) in given.iter_mut().zip(paid) {
                *sum += paid;
            }
        }
    }
    given
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
        // And what is held follows the decisions, which anybody can bring about.
        decide_all(&mut model);
        claim_all(&mut model);
        // Bonds and cover had given notice: they are shares in wallets again, as are those that made executed slashes good.
        collect_all(&mut model);
        let epoch = model.vault().head().closed;
        for (holder, shares) in holders(&model) {
            let receiver = holder;
            by(&mut model, holder, Call::Request { shares, receiver })
                .expect("a request never fails");
        }
        wait_until(&mut model, clock.maturity_s(epoch));
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
        // Locked shares, bonds, cover and stakes, and what bonds and cover gave to tickets.
        let stay = supply - model.vault().queued() - model.vault().batch(epoch).shares;
        let bonded = model.shares_of(CUSHION);
        let before = ledgers(&model);
        wait_until(&mut model, clock.maturity_s(epoch));
        decide_all(&mut model);
        let given = claim_all(&mut model);
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
            // What stays belongs to the shares that stay: their part of what was there, what vested after the last
            // batch, set-asides that came back, and roundings.
            let total = was.total().expect("fits");
            // What burns of them is everybody's.
            let supply = supply - bonded;
            let part = mul_div_up(total, stay, supply).expect("fits");
            let given = given[usize::from(asset)];
            let late = was.unvested[0] + was.unvested[1] + was.stream.left + was.held + given;
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
