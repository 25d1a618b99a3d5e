//! A run in which nothing goes wrong.

use std::sync::Arc;

use alloy::providers::DynProvider;
use weir_node::indexer::{IndexConfig, Indexer, Step, Verdict, compare, rebuild};
use weir_node::projections::{CountsDoc, Doc, HistoryDoc, HolderDoc, SlashDoc, VaultDoc};
use weir_node::store::{Document, Kind, Range, SqliteStore, Store};

use crate::common::world::World;

/// Steps until the store is at the head. Every failure is a failure of the test.
pub async fn follow(indexer: &mut Indexer) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let ends = indexer.ends().await.unwrap();
        match indexer.step(&ends).await.unwrap() {
            Step::AtHead => return steps,
            step => steps.push(step),
        }
    }
}

pub fn indexer(world: &World, store: &Arc<dyn Store>, config: IndexConfig) -> Indexer {
    over(world.chain.provider(), world, store, config)
}

pub fn over(
    provider: DynProvider,
    world: &World,
    store: &Arc<dyn Store>,
    config: IndexConfig,
) -> Indexer {
    Indexer::new(provider, store.clone(), Arc::new(world.site()), config)
}

pub async fn memory() -> Arc<dyn Store> {
    Arc::new(SqliteStore::in_memory().await.unwrap())
}

/// All documents, sorted.
pub async fn documents(store: &dyn Store) -> Vec<(Kind, Vec<u8>, Document)> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let found = store
            .scan(Range::prefix(kind, &[], u32::MAX))
            .await
            .unwrap();
        all.extend(
            found
                .into_iter()
                .map(|(key, document)| (kind, key, document)),
        );
    }
    all
}

/// The documents of a run from the first block to the head, in which nothing goes wrong.
pub async fn clean_run(world: &World) -> Vec<(Kind, Vec<u8>, Document)> {
    let store = memory().await;
    follow(&mut indexer(world, &store, IndexConfig::default())).await;
    documents(&*store).await
}

pub fn assert_same(
    found: &[(Kind, Vec<u8>, Document)],
    clean: &[(Kind, Vec<u8>, Document)],
    what: &str,
) {
    for (found, clean) in found.iter().zip(clean) {
        let text = |document: &Document| String::from_utf8_lossy(&document.json).into_owned();
        assert_eq!(
            (found.0, &found.1, text(&found.2)),
            (clean.0, &clean.1, text(&clean.2)),
            "{what}"
        );
        assert_eq!(found.2.rank, clean.2.rank, "{what}");
    }
    assert_eq!(found.len(), clean.len(), "{what}");
}

async fn single<T: Doc>(store: &dyn Store, key: &[u8]) -> T {
    let document = store.get(T::KIND, key).await.unwrap().unwrap();
    serde_json::from_slice(&document.json).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_block_agrees_with_the_contracts_and_a_rebuild_with_what_is_kept() {
    let mut world = World::new(1).await;
    world.open();
    let store = memory().await;
    let mut indexer = indexer(&world, &store, IndexConfig::default());
    let mut agreed = 0;
    for round in 0..40 {
        for _ in 0..5 {
            world.act();
        }
        for step in follow(&mut indexer).await {
            let Step::Took { verdict, to, .. } = step else {
                panic!("round {round}: {step:?}");
            };
            assert!(
                !matches!(verdict, Verdict::Differs(_)),
                "block {to}: {verdict:?}"
            );
            assert_ne!(verdict, Verdict::Unknown);
            agreed += usize::from(verdict == Verdict::Agrees);
        }
    }
    assert!(agreed > 40, "only {agreed} batches were compared");
    assert!(world.done > 100, "only {} calls succeeded", world.done);

    let site = world.site();
    let again = rebuild(&*store, &site).await.unwrap();
    assert_eq!(compare(&*store, &again).await.unwrap(), []);
    assert!(again.len() > 200, "only {} documents", again.len());

    let counts: CountsDoc = single(&*store, CountsDoc::KEY).await;
    assert_eq!(counts.unknown, 0, "every event of the deployment is known");
    assert_eq!(counts.events, store.counts().await.unwrap().logs);
    let vault: VaultDoc = single(&*store, VaultDoc::KEY).await;
    let held = documents(&*store).await;
    let holders = held.iter().filter(|(kind, ..)| *kind == Kind::Holder);
    let mut with_shares = 0;
    for (.., document) in holders {
        let holder: HolderDoc = serde_json::from_slice(&document.json).unwrap();
        with_shares += u64::from(!holder.balance.0.is_zero());
    }
    assert_eq!(vault.holders, with_shares);
    // Some of what is random happened at all.
    let of = |kind| held.iter().filter(|(found, ..)| *found == kind).count();
    for kind in [
        Kind::Slash,
        Kind::Batch,
        Kind::Ticket,
        Kind::Rate,
        Kind::Fee,
        Kind::Activity,
    ] {
        assert!(of(kind) > 0, "no document of {kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_tells_the_rate_that_the_vault_tells() {
    use alloy::primitives::U256;
    use alloy::providers::Provider as _;
    use alloy::rpc::types::TransactionRequest;
    use alloy::sol_types::SolCall as _;

    let mut world = World::new(7).await;
    world.open();
    let store = memory().await;
    follow(&mut indexer(&world, &store, IndexConfig::default())).await;
    let last: HistoryDoc = single(&*store, HistoryDoc::LAST).await;
    let call = TransactionRequest::default()
        .to(world.at("vault"))
        .input(weir_abi::IVault::rateCall {}.abi_encode().into());
    let answer = world.chain.provider().call(call).await.unwrap();
    let told = weir_abi::IVault::rateCall::abi_decode_returns(&answer).unwrap();
    assert_eq!(last.rate_wad.0, told);
    assert!(last.nav.0 > U256::from(10u64.pow(18)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_is_told_from_filing_to_who_bore_it() {
    use alloy::primitives::{Bytes, U256};
    use alloy::sol_types::SolCall;
    use weir_abi::IHub;
    use weir_chain::UnsignedTx;

    let mut world = World::new(3).await;
    world.open();
    let hub = world.at("hub");
    let send = |from: usize, call: Vec<u8>| {
        let tx = UnsignedTx::new(world.account(from))
            .to(hub)
            .data(Bytes::from(call));
        let outcome = world.chain.send(tx.gas_limit(30_000_000)).wait().unwrap();
        assert!(outcome.success, "{:?}", outcome.output);
    };
    let file = IHub::fileCall {
        vault: world.at("vault"),
        service: world.book.services["attestation"],
        operator: world.account(5),
        wad: 10u64.pow(17),
        offenceEpoch: 0,
        evidence: Default::default(),
    };
    send(6, file.abi_encode());
    let store = memory().await;
    let mut indexer = indexer(&world, &store, IndexConfig::default());
    follow(&mut indexer).await;
    let filed: SlashDoc = single(&*store, &1u64.to_be_bytes()).await;
    assert!(filed.is_undecided());
    assert_eq!(filed.operator, world.account(5));
    world.chain.advance(172_801).wait().unwrap();
    send(3, IHub::armCall { id: 1 }.abi_encode());
    world.chain.advance(43_201).wait().unwrap();
    send(4, IHub::executeCall { id: 1 }.abi_encode());
    follow(&mut indexer).await;
    let done: SlashDoc = single(&*store, &1u64.to_be_bytes()).await;
    assert!(!done.is_undecided());
    assert_eq!(done.taken.len(), world.book.assets.len());
    assert!(done.taken[0].0 > U256::ZERO && done.taken[0] <= done.most[0]);
    assert!(done.rate_after_wad.unwrap() < done.rate_before_wad.unwrap());
    let vault: VaultDoc = single(&*store, VaultDoc::KEY).await;
    assert!(vault.undecided.is_empty());
}
