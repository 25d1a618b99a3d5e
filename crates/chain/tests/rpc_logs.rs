//! Logs: queries, filters that are polled, subscriptions.

mod common;

use std::time::Duration;

use alloy::{
    network::TransactionBuilder,
    primitives::{B256, U256},
    providers::Provider,
    rpc::types::{Filter, TransactionRequest},
    sol_types::SolEvent,
};
use common::{Probe, account, ask, clients, deploy_probe, start};
use futures::{StreamExt, stream::Stream};
use serde_json::json;
use weir_chain::{Chain, Config, Limits};

#[tokio::test(flavor = "multi_thread")]
async fn queries_select_by_range_address_and_topic() {
    let chain = start();
    let (alice, bob) = (account(&chain, 0), account(&chain, 1));
    for (name, provider) in clients(&chain).await {
        let (probe, other) = (
            deploy_probe(&provider, alice).await,
            deploy_probe(&provider, alice).await,
        );
        let first = provider.get_block_number().await.unwrap() + 1;
        for (target, from, tag) in [
            (&probe, alice, 1),
            (&probe, bob, 2),
            (&other, alice, 1),
            (&probe, alice, 3),
        ] {
            let sent = target
                .set(U256::from(tag), U256::from(9))
                .from(from)
                .send()
                .await
                .unwrap();
            sent.get_receipt().await.unwrap();
        }
        let here = || Filter::new().from_block(first);
        let count = async |filter: Filter| provider.get_logs(&filter).await.unwrap().len();
        assert_eq!(count(here()).await, 4, "{name}");
        assert_eq!(count(here().address(*probe.address())).await, 3);
        assert_eq!(
            count(here().address(vec![*probe.address(), *other.address()])).await,
            4
        );
        assert_eq!(
            count(here().event_signature(Probe::Set::SIGNATURE_HASH)).await,
            4
        );
        assert_eq!(
            count(here().event_signature(Probe::Note::SIGNATURE_HASH)).await,
            0
        );
        assert_eq!(count(here().topic1(bob.into_word())).await, 1);
        assert_eq!(
            count(here().topic2(vec![B256::with_last_byte(1), B256::with_last_byte(3)])).await,
            3
        );
        assert_eq!(
            count(
                here()
                    .topic1(alice.into_word())
                    .topic2(B256::with_last_byte(1))
            )
            .await,
            2
        );
        assert_eq!(count(here().to_block(first + 1)).await, 2);
        assert_eq!(count(Filter::new()).await, 1, "the head alone");
        assert_eq!(
            count(Filter::new().from_block(first + 100).to_block(first + 200)).await,
            0
        );
        let hash = provider
            .get_block_by_number((first + 1).into())
            .await
            .unwrap()
            .unwrap()
            .header
            .hash;
        let logs = provider
            .get_logs(&Filter::new().at_block_hash(hash))
            .await
            .unwrap();
        assert_eq!(logs.len(), 1);
        assert_eq!(
            (logs[0].block_hash, logs[0].log_index, logs[0].removed),
            (Some(hash), Some(0), false)
        );
        assert_eq!(logs[0].log_decode::<Probe::Set>().unwrap().inner.by, bob);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_refuse_what_is_absurd() {
    let limits = Limits {
        logs: 100,
        ..Limits::default()
    };
    let chain = Chain::start(Config {
        limits,
        ..Config::default()
    })
    .unwrap();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    for _ in 0..3 {
        probe
            .notes(U256::from(40))
            .from(alice)
            .send()
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
    }
    assert_eq!(
        provider
            .get_logs(&Filter::new().from_block(0).to_block(3))
            .await
            .unwrap()
            .len(),
        80
    );
    for (filter, code, words) in [
        (
            json!({"fromBlock": "0x0"}),
            -32005,
            "query returned more than 100 results",
        ),
        (
            json!({"fromBlock": "0x2", "toBlock": "0x1"}),
            -32602,
            "invalid block range params",
        ),
        (
            json!({"blockHash": B256::repeat_byte(9)}),
            -32000,
            "unknown block",
        ),
        (
            json!({"blockHash": B256::repeat_byte(9), "fromBlock": "0x0"}),
            -32602,
            "invalid argument 0",
        ),
        (
            json!({"topics": [[], [], [], [], []]}),
            -32602,
            "invalid argument 0",
        ),
        (json!({"address": "0x12"}), -32602, "invalid argument 0"),
        (json!("everything"), -32602, "invalid argument 0"),
    ] {
        let error = ask(&provider, "eth_getLogs", json!([filter]))
            .await
            .unwrap_err();
        assert_eq!(error.code, code, "{filter}: {}", error.message);
        assert!(error.message.contains(words), "{filter}: {}", error.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_give_what_is_new() {
    let chain = start();
    let alice = account(&chain, 0);
    for (name, provider) in clients(&chain).await {
        let probe = deploy_probe(&provider, alice).await;
        let filter = Filter::new()
            .address(*probe.address())
            .event_signature(Probe::Set::SIGNATURE_HASH);
        let logs = ask(&provider, "eth_newFilter", json!([filter]))
            .await
            .unwrap();
        let blocks = ask(&provider, "eth_newBlockFilter", json!([]))
            .await
            .unwrap();
        let pending = ask(&provider, "eth_newPendingTransactionFilter", json!([]))
            .await
            .unwrap();
        let changes = async |id: &serde_json::Value| {
            ask(&provider, "eth_getFilterChanges", json!([id]))
                .await
                .unwrap()
                .as_array()
                .unwrap()
                .len()
        };
        assert_eq!(
            (
                changes(&logs).await,
                changes(&blocks).await,
                changes(&pending).await
            ),
            (0, 0, 0),
            "{name}"
        );
        for tag in 0..3 {
            let sent = probe
                .set(U256::from(tag), U256::from(9))
                .from(alice)
                .send()
                .await
                .unwrap();
            sent.get_receipt().await.unwrap();
        }
        assert_eq!(
            (
                changes(&logs).await,
                changes(&blocks).await,
                changes(&pending).await
            ),
            (3, 3, 3)
        );
        assert_eq!(
            (
                changes(&logs).await,
                changes(&blocks).await,
                changes(&pending).await
            ),
            (0, 0, 0),
            "only once"
        );

        // After a revert, blocks that take the place of others are new.
        let snapshot = chain.snapshot().await.unwrap();
        chain.mine(2).await.unwrap();
        assert_eq!(changes(&blocks).await, 2);
        chain.revert(snapshot).await.unwrap();
        chain.mine(1).await.unwrap();
        assert_eq!(changes(&blocks).await, 1);

        for id in [&logs, &blocks, &pending] {
            assert_eq!(
                ask(&provider, "eth_uninstallFilter", json!([id]))
                    .await
                    .unwrap(),
                json!(true)
            );
            assert_eq!(
                ask(&provider, "eth_uninstallFilter", json!([id]))
                    .await
                    .unwrap(),
                json!(false)
            );
            let error = ask(&provider, "eth_getFilterChanges", json!([id]))
                .await
                .unwrap_err();
            assert_eq!(&*error.message, "filter not found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_bounded_and_expire() {
    let limits = Limits {
        filters: 2,
        filter_idle: Duration::from_millis(200),
        ..Limits::default()
    };
    let chain = Chain::start(Config {
        limits,
        ..Config::default()
    })
    .unwrap();
    let provider = chain.provider();
    for _ in 0..2 {
        ask(&provider, "eth_newBlockFilter", json!([]))
            .await
            .unwrap();
    }
    let error = ask(&provider, "eth_newBlockFilter", json!([]))
        .await
        .unwrap_err();
    assert_eq!(error.code, -32005);
    tokio::time::sleep(Duration::from_millis(300)).await;
    ask(&provider, "eth_newBlockFilter", json!([]))
        .await
        .expect("the idle ones are gone");
}

async fn next<T>(stream: &mut (impl Stream<Item = T> + Unpin)) -> T {
    tokio::time::timeout(Duration::from_secs(10), stream.next())
        .await
        .expect("in time")
        .expect("not ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_tell_of_heads_logs_and_transactions() {
    let chain = start();
    let alice = account(&chain, 0);
    let (_, ws) = clients(&chain).await.pop().unwrap();
    let probe = deploy_probe(&ws, alice).await;
    let mut heads = ws.subscribe_blocks().await.unwrap().into_stream();
    let mut sets = ws
        .subscribe_logs(&Filter::new().address(*probe.address()))
        .await
        .unwrap()
        .into_stream();
    let mut pending = ws
        .subscribe_pending_transactions()
        .await
        .unwrap()
        .into_stream();

    // What another client sends is told too.
    let tx = TransactionRequest::default()
        .with_from(account(&chain, 1))
        .with_to(alice);
    let sent = *chain
        .provider()
        .send_transaction(tx)
        .await
        .unwrap()
        .tx_hash();
    assert_eq!(next(&mut pending).await, sent);
    assert_eq!(next(&mut heads).await.number, 2);
    let set = probe
        .set(U256::from(4), U256::from(5))
        .from(alice)
        .send()
        .await
        .unwrap();
    assert_eq!(next(&mut pending).await, *set.tx_hash());
    assert_eq!(next(&mut heads).await.number, 3);
    let log = next(&mut sets).await;
    assert_eq!(
        (log.transaction_hash, log.block_number),
        (Some(*set.tx_hash()), Some(3))
    );

    let error = ask(&chain.provider(), "eth_subscribe", json!(["newHeads"]))
        .await
        .unwrap_err();
    assert_eq!(
        error.code, -32601,
        "only a connection can carry notifications"
    );
}
