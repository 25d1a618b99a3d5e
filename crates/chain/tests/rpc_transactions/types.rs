//! Every type of transaction.

use alloy::{
    consensus::{TxEip2930, TxLegacy},
    eips::Encodable2718,
    network::{TransactionBuilder, TransactionBuilder7702},
    primitives::{Address, Bytes, TxKind, U256, keccak256},
    providers::Provider,
    rpc::types::{Authorization, TransactionRequest},
    signers::SignerSync,
};

use crate::{
    GWEI,
    common::{account, clients, deploy_probe, start},
    sign, transfer,
};

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
