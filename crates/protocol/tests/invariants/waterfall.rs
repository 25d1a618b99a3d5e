//! Bonds bear a loss first, cover second, holders the rest.

use std::cell::Cell;

use weir_protocol::cover::CoverStore;
use weir_protocol::model::{Model, Outcome};
use weir_protocol::vault::{RateState, VaultStore};

use crate::stories::check_stories;

#[test]
fn waterfall_cover_is_asked_only_when_the_bond_is_used_up_and_holders_only_when_both_are() {
    let [from_bonds, from_cover, whole] = [0, 0, 0].map(Cell::new);
    check_stories(200, 300, |was, _, answer, is| {
        let Ok(Outcome::Filed { lock, .. }) = answer else {
            return;
        };
        let bond = is.cover().bond(lock.operator);
        let (pool, locked) = (is.cover().pool(), is.cover().pool_lock());
        assert!(bond.locked <= bond.shares && locked.shares <= pool.shares);
        from_bonds.set(from_bonds.get() + u32::from(lock.from_bond > 0));
        if lock.from_cover > 0 {
            from_cover.set(from_cover.get() + 1);
            assert_eq!(bond.locked, bond.shares, "a bond remains, and cover pays");
        }
        let is_used_up = bond.locked == bond.shares && locked.shares == pool.shares;
        // A lock is worth the loss at the rate, from the rates accepted last; the floor is of this moment, and lower while others
        // are undecided.
        let (quotes, _) = was.quotes();
        let is_accepted = (0u8..).zip(&quotes).all(|(asset, quote)| {
            let rate_wad = was.accepted(asset).rate_wad;
            rate_wad == 0 || u128::from(rate_wad) == quote.rate_wad
        });
        let is_alone = was.state().is_ok_and(|state| state.head.undecided == 0);
        if is_used_up || !is_accepted || !is_alone || was.rate_state() != RateState::Fresh {
            return;
        }
        // Something remains, so nobody else bears anything: a filing does not lower the floor, but by roundings.
        let [before, after] = [was, is].map(floor);
        assert!(
            after + before / 1_000_000_000_000 + 10 >= before,
            "the floor fell from {before} to {after}, and bond or cover remains"
        );
        whole.set(whole.get() + 1);
    });
    let seen = [from_bonds.get(), from_cover.get(), whole.get()];
    assert!(seen.iter().all(|times| *times > 20), "{seen:?}");
}

#[test]
fn an_execution_takes_from_bond_and_cover_what_its_filing_locked() {
    let seen = Cell::new(0);
    check_stories(200, 300, |was, op, answer, is| {
        let (Ok(Outcome::Executed(_)), weir_protocol::model::Call::Execute { id }) =
            (answer, op.call)
        else {
            return;
        };
        let Some(lock) = was.cover().lock(id) else {
            return;
        };
        let bonds = [was, is].map(|model: &Model| model.cover().bond(lock.operator).shares);
        assert_eq!(bonds[0] - bonds[1], lock.from_bond);
        assert_eq!(is.cover().lock(id), None);
        // What a batch took along is not burned, so no more than was locked.
        let [before, after] = [was, is].map(|model: &Model| model.vault().head().supply);
        assert!(before - after.min(before) <= lock.from_bond + lock.from_cover + settled(was, is));
        seen.set(seen.get() + u32::from(lock.from_bond + lock.from_cover > 0));
    });
    assert!(seen.get() > 20, "only {} executions", seen.get());
}

/// ETH per share if every undecided slash is executed.
fn floor(model: &Model) -> u128 {
    model
        .state()
        .expect("a story stays in reach of a sync")
        .floor_rate_wad
}

/// Shares that batches settled in between burned.
fn settled(was: &Model, is: &Model) -> u128 {
    let queued = |model: &Model| model.vault().queued();
    let closed = |model: &Model| model.vault().head().closed;
    let joined: u128 = (closed(was)..closed(is))
        .map(|epoch| is.vault().batch(epoch).shares)
        .sum();
    queued(was) + joined - queued(is).min(queued(was) + joined)
}
