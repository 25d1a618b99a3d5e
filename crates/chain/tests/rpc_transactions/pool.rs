//! What waits: gaps, replacement, dropping, running out of funds.

use alloy::{consensus::TxEip1559, primitives::U256, providers::Provider};
use serde_json::json;
use weir_chain::{Chain, Config, Mining};

use crate::{
    GWEI,
    common::{ask, clients, payload, start},
    sign, transfer,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_waits_until_it_is_filled() {
    let chain = start();
    let signer = &chain.accounts()[0];
    for (name, provider) in clients(&chain).await {
        let next = provider
            .get_transaction_count(signer.address())
            .await
            .unwrap();
        let late = *provider
            .send_raw_transaction(&sign(transfer(next + 1), signer))
            .await
            .unwrap()
            .tx_hash();
        assert!(
            provider
                .get_transaction_receipt(late)
                .await
                .unwrap()
                .is_none(),
            "{name}"
        );
        let waiting = provider
            .get_transaction_by_hash(late)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (waiting.block_number, waiting.inner.signer()),
            (None, signer.address())
        );
        let status = ask(&provider, "txpool_status", json!([])).await.unwrap();
        assert_eq!(status, json!({"pending": "0x0", "queued": "0x1"}));
        assert_eq!(
            provider
                .get_transaction_count(signer.address())
                .pending()
                .await
                .unwrap(),
            next,
            "a gap is not skipped"
        );

        let first = *provider
            .send_raw_transaction(&sign(transfer(next), signer))
            .await
            .unwrap()
            .tx_hash();
        let receipts = [first, late].map(|hash| provider.get_transaction_receipt(hash));
        for receipt in futures::future::join_all(receipts.map(IntoFuture::into_future)).await {
            assert!(receipt.unwrap().unwrap().status());
        }
        assert_eq!(
            provider
                .get_transaction_count(signer.address())
                .await
                .unwrap(),
            next + 2
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_transactions_can_be_replaced_dropped_and_counted() {
    let chain = Chain::start(Config {
        mining: Mining::Manual,
        ..Config::default()
    })
    .unwrap();
    let (signer, provider) = (&chain.accounts()[0], chain.provider());
    let send = |tx| {
        let (raw, provider) = (sign(tx, signer), provider.clone());
        async move {
            provider
                .send_raw_transaction(&raw)
                .await
                .map(|sent| *sent.tx_hash())
                .map_err(payload)
        }
    };
    let cheap = send(transfer(0)).await.unwrap();
    let second = send(transfer(1)).await.unwrap();
    let error = send(TxEip1559 {
        max_fee_per_gas: GWEI + GWEI / 11,
        ..transfer(0)
    })
    .await
    .unwrap_err();
    assert_eq!(&*error.message, "replacement transaction underpriced");
    let dear = send(TxEip1559 {
        max_fee_per_gas: GWEI + GWEI / 10,
        ..transfer(0)
    })
    .await
    .unwrap();
    assert!(
        provider
            .get_transaction_by_hash(cheap)
            .await
            .unwrap()
            .is_none(),
        "it was replaced"
    );
    assert_eq!(
        provider
            .get_transaction_count(signer.address())
            .pending()
            .await
            .unwrap(),
        2
    );
    let content = ask(&provider, "txpool_content", json!([])).await.unwrap();
    assert_eq!(
        content["pending"][signer.address().to_string().to_lowercase()]["0"]["hash"],
        json!(dear)
    );

    assert_eq!(
        ask(&provider, "anvil_dropTransaction", json!([dear]))
            .await
            .unwrap(),
        json!(dear)
    );
    chain.mine(1).await.unwrap();
    assert!(
        provider
            .get_transaction_receipt(second)
            .await
            .unwrap()
            .is_none(),
        "nonce 1 waits for nonce 0"
    );
    let again = send(transfer(0)).await.unwrap();
    chain.mine(1).await.unwrap();
    for hash in [again, second] {
        assert_eq!(
            provider
                .get_transaction_receipt(hash)
                .await
                .unwrap()
                .unwrap()
                .block_number,
            Some(2)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_no_longer_be_paid_is_dropped_and_what_follows_it_waits() {
    let chain = Chain::start(Config {
        mining: Mining::Manual,
        ..Config::default()
    })
    .unwrap();
    let (signer, provider) = (&chain.accounts()[0], chain.provider());
    let mut hashes = Vec::new();
    for nonce in 0..3 {
        let value = if nonce == 0 {
            U256::from(10u64.pow(18))
        } else {
            U256::from(1)
        };
        let raw = sign(
            TxEip1559 {
                value,
                ..transfer(nonce)
            },
            signer,
        );
        hashes.push(*provider.send_raw_transaction(&raw).await.unwrap().tx_hash());
    }
    chain
        .set_balance(signer.address(), U256::from(10u64.pow(17)))
        .await
        .unwrap();
    chain.mine(1).await.unwrap();
    assert!(
        provider
            .get_transaction_by_hash(hashes[0])
            .await
            .unwrap()
            .is_none()
    );
    let status = ask(&provider, "txpool_status", json!([])).await.unwrap();
    assert_eq!(status, json!({"pending": "0x0", "queued": "0x2"}));
    let _sent = provider
        .send_raw_transaction(&sign(transfer(0), signer))
        .await
        .unwrap();
    chain.mine(1).await.unwrap();
    for hash in &hashes[1..] {
        assert!(
            provider
                .get_transaction_receipt(*hash)
                .await
                .unwrap()
                .unwrap()
                .status()
        );
    }
}
