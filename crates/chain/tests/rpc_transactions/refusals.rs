//! What is refused, and with which words.

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEip4844, TxEnvelope},
    eips::Encodable2718,
    primitives::{Address, B256, Bytes, TxKind, U256},
    providers::Provider,
    signers::{SignerSync, local::PrivateKeySigner},
};
use serde_json::json;

use crate::{
    GWEI,
    common::{ask, payload, start},
    sign, transfer,
};

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
async fn an_estimate_for_more_than_one_has_is_refused_as_geth_does() {
    let chain = start();
    let (from, provider) = (chain.accounts()[0].address(), chain.provider());
    let balance = provider.get_balance(from).await.unwrap();
    let estimate = |value: U256| {
        let tx = json!([{"from": from, "to": Address::repeat_byte(9), "value": value, "gasPrice": "0x3b9aca00"}]);
        let provider = provider.clone();
        async move { ask(&provider, "eth_estimateGas", tx).await }
    };
    let error = estimate(balance).await.unwrap_err();
    assert_eq!(
        (error.code, &*error.message),
        (-32000, "insufficient funds for transfer")
    );
    let error = estimate(balance - U256::from(1)).await.unwrap_err();
    assert_eq!(
        (error.code, &*error.message),
        (-32000, "gas required exceeds allowance (0)")
    );
    assert_eq!(estimate(U256::from(1)).await.unwrap(), json!("0x5208"));
}
