//! Syncing is safe to cut short, to repeat and to forget.

use weir_protocol::model::{Call, Model};
use weir_protocol::vault::{Ledger, Overlay, SYNC_STEPS, VaultStore, ledger, sync};

use crate::stories::{begin, check_stories, depth};

/// Everything that a sync changes, read through an overlay.
fn rows(model: &Model, vault: &dyn VaultStore) -> Vec<String> {
    let head = vault.head();
    let mut rows = vec![format!("{head:?} {}", vault.queued())];
    for asset in 0..vault.settings().assets {
        rows.push(format!("{:?}", ledger(vault, asset)));
    }
    for epoch in head.closed.saturating_sub(6)..=head.closed {
        let released = weir_protocol::vault::released(vault, epoch).expect("fits");
        rows.push(format!("{:?} {released:?}", vault.batch(epoch)));
    }
    rows.push(format!("{}", model.now_s()));
    rows
}

#[test]
fn a_sync_ends_within_its_steps_and_never_fails() {
    check_stories(150, 300, |_, _, _, model| {
        let mut vault = Overlay::new(model.vault());
        let summary = sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
        assert!(summary.done);
        let again = sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
        assert!(
            again.done && again.burned_shares == 0,
            "a second one does nothing"
        );
    });
}

#[test]
fn a_sync_in_single_steps_ends_like_a_sync_in_one() {
    check_stories(100, 300, |_, op, _, model| {
        if !matches!(op.call, Call::Advance { .. }) {
            return;
        }
        let mut whole = Overlay::new(model.vault());
        sync(&mut whole, model.now_s(), SYNC_STEPS).expect("a sync never fails");
        let mut steps = Overlay::new(model.vault());
        while !sync(&mut steps, model.now_s(), 1)
            .expect("a sync never fails")
            .done
        {}
        assert_eq!(rows(model, &whole), rows(model, &steps));
    });
}

#[test]
fn when_a_sync_happens_changes_nothing_but_roundings_of_what_vests() {
    for seed in 0..100 * depth() {
        let (mut story, mut model) = begin(seed);
        for _ in 0..150 {
            let op = story.next_op(&model);
            let _ = model.apply(&op);
        }
        let clock = model.config().clock;
        let end_s = clock.start_s(clock.epoch_at(model.now_s()) + 9) + seed;
        let mut late = Overlay::new(model.vault());
        while !sync(&mut late, end_s, SYNC_STEPS)
            .expect("a sync never fails")
            .done
        {}
        let mut often = Overlay::new(model.vault());
        let mut now_s = model.now_s();
        while now_s < end_s {
            sync(&mut often, now_s, SYNC_STEPS).expect("a sync never fails");
            now_s += 1 + clock.epoch_s * (1 + seed % 7) / 13;
        }
        while !sync(&mut often, end_s, SYNC_STEPS)
            .expect("a sync never fails")
            .done
        {}
        assert_eq!(late.head().supply, often.head().supply, "story {seed}");
        assert_eq!(late.head().closed, often.head().closed, "story {seed}");
        for asset in 0..model.config().assets.len() as u8 {
            let late = ledger(&late, asset);
            let often = ledger(&often, asset);
            let places = |row: Ledger| {
                let [even, odd] = row.unbonding;
                [row.idle, row.staked, even, odd, row.owed, row.held]
            };
            let (late, often) = (places(late), places(often));
            for (late, often) in late.into_iter().zip(often) {
                assert!(
                    late.abs_diff(often) <= 200,
                    "story {seed}: {late} and {often}"
                );
            }
        }
    }
}
