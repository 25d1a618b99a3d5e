//! Runs in which the chain goes back, and the connection misbehaves.

use weir_node::indexer::{IndexConfig, Indexer, Step};

use crate::clean::{assert_same, clean_run, documents, follow, indexer, memory, over};
use crate::common::wire;
use crate::common::world::World;

/// How many reorganisations; more by `WEIR_NODE_REORGS`.
fn reorgs() -> usize {
    let wanted = std::env::var("WEIR_NODE_REORGS");
    wanted.ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

/// Steps until the store is at the head, trying again after failures.
async fn stubborn(indexer: &mut Indexer) -> usize {
    let mut failures = 0;
    for _ in 0..20_000 {
        let Ok(ends) = indexer.ends().await else {
            failures += 1;
            continue;
        };
        match indexer.step(&ends).await {
            Ok(Step::AtHead) => return failures,
            Ok(_) => {}
            Err(_) => failures += 1,
        }
    }
    panic!("the store does not come to the head");
}

#[tokio::test(flavor = "multi_thread")]
async fn reorganisations_of_up_to_64_blocks_leave_nothing_behind() {
    let mut world = World::new(11).await;
    world.open();
    let store = memory().await;
    let mut indexer = indexer(&world, &store, IndexConfig::default());
    follow(&mut indexer).await;
    let mut taken_back = 0;
    for round in 0..reorgs() {
        // A branch that is indexed, up to 64 blocks, and another that takes its place.
        let snapshot = world.chain.snapshot().await.unwrap();
        let forked_at = world.chain.head().await.unwrap().number;
        let depth = world.draw(64) + 1;
        while world.chain.head().await.unwrap().number < forked_at + depth {
            world.act();
        }
        follow(&mut indexer).await;
        world.chain.revert(snapshot).await.unwrap();
        world.chain.advance(1).await.unwrap();
        for _ in 0..world.draw(20) {
            world.act();
        }
        for step in follow(&mut indexer).await {
            if let Step::TookBack { to, .. } = step {
                assert_eq!(to, forked_at, "round {round}");
                taken_back += 1;
            }
            assert_ne!(step, Step::BeganAnew, "round {round}");
        }
    }
    assert_eq!(taken_back, reorgs());
    assert_same(
        &documents(&*store).await,
        &clean_run(&world).await,
        "after reorganisations",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_begins_anew_is_noticed() {
    let mut world = World::new(5).await;
    let snapshot = world.chain.snapshot().await.unwrap();
    world.open();
    for _ in 0..40 {
        world.act();
    }
    let store = memory().await;
    // Only a few blocks can be undone.
    let few = IndexConfig {
        undo_blocks: 4,
        ..IndexConfig::default()
    };
    let mut indexer = indexer(&world, &store, few);
    follow(&mut indexer).await;
    world.chain.revert(snapshot).await.unwrap();
    world.chain.advance(5).await.unwrap();
    world.open();
    let steps = follow(&mut indexer).await;
    assert_eq!(steps.first(), Some(&Step::BeganAnew));
    assert_same(
        &documents(&*store).await,
        &clean_run(&world).await,
        "after a new beginning",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_cut_and_mixed_answers_change_nothing() {
    let mut world = World::new(23).await;
    world.open();
    for _ in 0..60 {
        world.act();
    }
    let clean = clean_run(&world).await;
    // One block at a time near the head, and ranges farther away, both over a connection that fails every ninth time.
    for (undo_blocks, max_range) in [(u64::MAX, 1), (0, 50), (0, 100_000), (20, 7)] {
        let config = IndexConfig {
            undo_blocks,
            max_range,
            max_tip: 8,
            ..IndexConfig::default()
        };
        let store = memory().await;
        let provider = wire::bad(&world.chain, undo_blocks ^ max_range, 9);
        let failures = stubborn(&mut over(provider, &world, &store, config)).await;
        assert!(failures > 3, "the connection failed only {failures} times");
        let what = format!("undo {undo_blocks}, range {max_range}");
        assert_same(&documents(&*store).await, &clean, &what);
        let logs = store.counts().await.unwrap().logs;
        assert!(logs > 100, "{what}: only {logs} logs");
    }
}
