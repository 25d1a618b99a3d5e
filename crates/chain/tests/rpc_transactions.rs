//! Sending: types, nonces, replacement, refusals.

mod common;

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEip2930, TxEip4844, TxEnvelope, TxLegacy},
    eips::{Encodable2718, eip2930::AccessList},
    network::{TransactionBuilder, TransactionBuilder7702},
    primitives::{Address, B256, Bytes, TxKind, U256, keccak256},
    providers::Provider,
    rpc::types::{Authorization, TransactionRequest},
    signers::{SignerSync, local::PrivateKeySigner},
};
use common::{account, ask, clients, deploy_probe, payload, start};
use serde_json::json;
use weir_chain::{Chain, Config, Mining, TEST_MNEMONIC};

const GWEI: u128 = 1_000_000_000;

/// A transfer of one wei that pays one gwei per gas.
fn transfer(nonce: u64) -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: GWEI,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(Address::repeat_byte(9)),
        value: U256::from(1),
        access_list: AccessList::default(),
        input: Bytes::new(),
    }
}

fn sign<T: SignableTransaction<alloy::primitives::Signature>>(
    tx: T,
    signer: &PrivateKeySigner,
) -> Bytes
where
    TxEnvelope: From<alloy::consensus::Signed<T>>,
{
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature))
        .encoded_2718()
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_every_type_of_transaction() {
    let chain = start();
    let signer = &chain.accounts()[0];
    let to = TxKind::Call(Address::repeat_byte(9));
    for (name, provider) in clients(&chain).await {
        let nonce = provider
            .get_transaction_count(signer.address())
            .await
            .unwrap();
        let protected = TxLegacy {
            chain_id: Some(412_346),
            nonce,
            gas_price: GWEI,
            gas_limit: 21_000,
            to,
            ..Default::default()
        };
        // Before EIP-155: what deterministic deployment proxies are published as.
        let unprotected = TxLegacy {
            chain_id: None,
            nonce: nonce + 1,
            ..protected.clone()
        };
        let listed = TxEip2930 {
            chain_id: 412_346,
            nonce: nonce + 2,
            gas_price: GWEI,
            gas_limit: 21_000,
            to,
            ..Default::default()
        };
        let raws = [
            sign(protected, signer),
            sign(unprotected, signer),
            sign(listed, signer),
            sign(transfer(nonce + 3), signer),
        ];
        for (raw, kind) in raws.iter().zip([0, 0, 1, 2]) {
            let sent = provider.send_raw_transaction(raw).await.unwrap();
            let hash = *sent.tx_hash();
            assert_eq!(hash, keccak256(raw), "{name}");
            let tx = provider
                .get_transaction_by_hash(hash)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(tx.inner.signer(), signer.address());
            assert_eq!(tx.inner.inner().tx_type() as u8, kind);
            assert_eq!(
                Bytes::from(tx.inner.inner().encoded_2718()),
                *raw,
                "the encoding comes back"
            );
            let receipt = provider
                .get_transaction_receipt(hash)
                .await
                .unwrap()
                .unwrap();
            assert!(receipt.status());
            assert_eq!(
                receipt.effective_gas_price, 100_000_000,
                "the base fee and no tip, whatever was offered"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_can_take_code_by_authorization() {
    let chain = start();
    let provider = chain.provider();
    let probe = deploy_probe(&provider, account(&chain, 0)).await;
    let carol = &chain.accounts()[2];
    let authorization = Authorization {
        chain_id: U256::from(412_346),
        address: *probe.address(),
        nonce: 0,
    };
    let signature = carol
        .sign_hash_sync(&authorization.signature_hash())
        .unwrap();
    let tx = TransactionRequest::default()
        .with_from(account(&chain, 1))
        .with_to(carol.address())
        .with_authorization_list(vec![authorization.into_signed(signature)]);
    let receipt = provider
        .send_transaction(tx)
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    assert!(receipt.status());
    let code = provider.get_code_at(carol.address()).await.unwrap();
    assert_eq!(
        code,
        [&[0xef, 0x01, 0x00], probe.address().as_slice()].concat()
    );
    // It can still send.
    let sent = provider
        .send_raw_transaction(&sign(transfer(1), carol))
        .await
        .unwrap();
    assert!(sent.get_receipt().await.unwrap().status());
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_with_the_words_of_a_node() {
    let chain = start();
    let provider = chain.provider();
    let signer = &chain.accounts()[0];
    let poor = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).unwrap();
    provider
        .send_raw_transaction(&sign(transfer(0), signer))
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let broken_signature = {
        let mut raw = sign(transfer(1), signer).to_vec();
        let end = raw.len();
        raw[end - 32..].fill(0xff);
        raw.into()
    };
    let blob = TxEip4844 {
        chain_id: 412_346,
        nonce: 1,
        gas_limit: 21_000,
        max_fee_per_gas: GWEI,
        ..Default::default()
    };
    let blob_signature = signer.sign_hash_sync(&blob.signature_hash()).unwrap();
    let blob: Bytes = TxEnvelope::Eip4844(blob.into_signed(blob_signature).convert())
        .encoded_2718()
        .into();
    let cases: Vec<(Bytes, &str)> = vec![
        (sign(transfer(0), signer), "already known"),
        (
            sign(
                TxEip1559 {
                    value: U256::from(2),
                    ..transfer(0)
                },
                signer,
            ),
            "nonce too low: next nonce 1, tx nonce 0",
        ),
        (
            sign(
                TxEip1559 {
                    chain_id: 1,
                    ..transfer(1)
                },
                signer,
            ),
            "invalid chain id for signer: have 1 want 412346",
        ),
        (
            sign(
                TxEip1559 {
                    max_fee_per_gas: 99_999_999,
                    ..transfer(1)
                },
                signer,
            ),
            "max fee per gas less than block base fee",
        ),
        (
            sign(
                TxEip1559 {
                    max_priority_fee_per_gas: 2 * GWEI,
                    ..transfer(1)
                },
                signer,
            ),
            "max priority fee per gas higher than max fee per gas",
        ),
        (
            sign(
                TxEip1559 {
                    gas_limit: 20_999,
                    ..transfer(1)
                },
                signer,
            ),
            "intrinsic gas too low: gas 20999, minimum needed 21000",
        ),
        (
            sign(
                TxEip1559 {
                    gas_limit: 32_000_001,
                    ..transfer(1)
                },
                signer,
            ),
            "transaction gas limit too high (cap: 32000000, tx: 32000001)",
        ),
        (
            sign(
                TxEip1559 {
                    gas_limit: (1 << 50) + 1,
                    ..transfer(1)
                },
                signer,
            ),
            "exceeds block gas limit",
        ),
        (
            sign(
                TxEip1559 {
                    value: U256::MAX,
                    ..transfer(1)
                },
                signer,
            ),
            "the cost of the transaction does not fit 256 bits",
        ),
        (
            sign(
                TxEip1559 {
                    value: U256::MAX >> 1,
                    ..transfer(1)
                },
                signer,
            ),
            "insufficient funds for gas * price + value",
        ),
        (
            sign(transfer(0), &poor),
            "insufficient funds for gas * price + value",
        ),
        (
            sign(
                TxEip1559 {
                    nonce: u64::MAX,
                    ..transfer(1)
                },
                signer,
            ),
            "nonce has max value",
        ),
        (
            sign(
                TxEip1559 {
                    to: TxKind::Create,
                    gas_limit: 30_000_000,
                    input: vec![0; 49_153].into(),
                    ..transfer(1)
                },
                signer,
            ),
            "max initcode size exceeded: code size 49153, limit 49152",
        ),
        (
            sign(
                TxEip1559 {
                    gas_limit: 30_000_000,
                    input: vec![0; 131_072].into(),
                    ..transfer(1)
                },
                signer,
            ),
            "oversized data: transaction size",
        ),
        (broken_signature, "invalid sender"),
        (blob, "transaction type not supported: type 3"),
        (
            vec![0x05, 0xc0].into(),
            "transaction type not supported: type 5",
        ),
        (Bytes::new(), "malformed transaction"),
        (vec![0xc0].into(), "malformed transaction"),
        (
            sign(transfer(1), signer)[..60].to_vec().into(),
            "malformed transaction",
        ),
        (
            [&sign(transfer(1), signer)[..], &[0]].concat().into(),
            "malformed transaction",
        ),
    ];
    for (raw, words) in cases {
        let error = payload(provider.send_raw_transaction(&raw).await.unwrap_err());
        assert_eq!(error.code, -32000, "{words}");
        assert!(
            error.message.contains(words),
            "{:?} should contain {words:?}",
            error.message
        );
    }
    assert_eq!(
        provider.get_block_number().await.unwrap(),
        1,
        "nothing refused was mined"
    );
    let sent = provider
        .send_raw_transaction(&sign(transfer(1), signer))
        .await
        .unwrap();
    assert!(
        sent.get_receipt().await.unwrap().status(),
        "and the chain goes on"
    );
}

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

#[tokio::test(flavor = "multi_thread")]
async fn dev_accounts_sign_and_others_do_not() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    assert_eq!(
        provider.get_accounts().await.unwrap().len(),
        10,
        "{TEST_MNEMONIC}"
    );
    let stranger = Address::repeat_byte(0x55);
    let tx = TransactionRequest::default()
        .with_from(stranger)
        .with_to(alice)
        .with_gas_limit(21_000);
    let error = payload(provider.send_transaction(tx).await.unwrap_err());
    assert!(
        error.message.starts_with("unknown account"),
        "{}",
        error.message
    );

    let message = Bytes::from_static(b"hello");
    let signed = ask(&provider, "personal_sign", json!([message, alice]))
        .await
        .unwrap();
    let signature: Bytes = serde_json::from_value(signed.clone()).unwrap();
    let signature = alloy::primitives::Signature::from_raw(&signature).unwrap();
    assert_eq!(signature.recover_address_from_msg(b"hello").unwrap(), alice);
    assert_eq!(
        ask(&provider, "eth_sign", json!([alice, message]))
            .await
            .unwrap(),
        signed
    );

    let typed = json!({
        "domain": {"name": "Probe", "chainId": 412346},
        "types": {"EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
                  "Mail": [{"name": "to", "type": "address"}, {"name": "n", "type": "uint256"}]},
        "primaryType": "Mail",
        "message": {"to": alice, "n": "0x5"},
    });
    let signed = ask(&provider, "eth_signTypedData_v4", json!([alice, typed]))
        .await
        .unwrap();
    assert_eq!(
        ask(
            &provider,
            "eth_signTypedData_v4",
            json!([alice, typed.to_string()])
        )
        .await
        .unwrap(),
        signed
    );
    let data: alloy_dyn_abi::TypedData = serde_json::from_value(typed).unwrap();
    let signature: Bytes = serde_json::from_value(signed).unwrap();
    let signature = alloy::primitives::Signature::from_raw(&signature).unwrap();
    assert_eq!(
        signature
            .recover_address_from_prehash(&data.eip712_signing_hash().unwrap())
            .unwrap(),
        alice
    );
}
