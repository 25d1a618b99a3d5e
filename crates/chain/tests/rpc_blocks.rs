//! Blocks hold together: hashes, roots, blooms, proofs, tags.

mod common;

use alloy::{
    consensus::{Header, ReceiptEnvelope, proofs},
    eips::BlockNumberOrTag,
    network::TransactionBuilder,
    primitives::{Address, B256, Bloom, U256, keccak256},
    providers::Provider,
    rpc::types::TransactionRequest,
    trie::{Nibbles, TrieAccount, proof::verify_proof},
};
use common::{account, ask, clients, deploy_probe, start};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn headers_commit_to_their_content() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    // One block with several transactions of which one fails.
    ask(&provider, "evm_setAutomine", json!([false]))
        .await
        .unwrap();
    for count in 0..20 {
        let _sent = probe
            .notes(U256::from(count % 3))
            .from(alice)
            .gas(100_000)
            .send()
            .await
            .unwrap();
    }
    let _fails = probe
        .failWithReason()
        .from(alice)
        .gas(100_000)
        .send()
        .await
        .unwrap();
    ask(&provider, "evm_mine", json!([])).await.unwrap();

    let mut parent = B256::ZERO;
    for number in 0..=provider.get_block_number().await.unwrap() {
        let block = provider
            .get_block_by_number(number.into())
            .full()
            .await
            .unwrap()
            .unwrap();
        let header: Header = block.header.inner.clone();
        assert_eq!(header.hash_slow(), block.header.hash, "block {number}");
        assert_eq!(header.parent_hash, parent);
        parent = block.header.hash;

        let txs: Vec<_> = block
            .transactions
            .txns()
            .map(|tx| tx.inner.inner().clone())
            .collect();
        assert_eq!(
            proofs::calculate_transaction_root(&txs),
            header.transactions_root
        );
        let receipts = provider
            .get_block_receipts(number.into())
            .await
            .unwrap()
            .unwrap();
        let consensus: Vec<ReceiptEnvelope> = receipts
            .iter()
            .map(|receipt| receipt.inner.clone().map_logs(|log| log.inner))
            .collect();
        assert_eq!(
            proofs::calculate_receipt_root(&consensus),
            header.receipts_root
        );
        let bloom = consensus
            .iter()
            .fold(Bloom::ZERO, |bloom, receipt| bloom | *receipt.logs_bloom());
        assert_eq!(bloom, header.logs_bloom);
        assert_eq!(
            receipts
                .last()
                .map_or(0, |receipt| receipt.inner.cumulative_gas_used()),
            header.gas_used
        );
        let indices: Vec<u64> = receipts
            .iter()
            .flat_map(|receipt| receipt.logs())
            .map(|log| log.log_index.unwrap())
            .collect();
        assert_eq!(indices, (0..indices.len() as u64).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn proofs_hold_against_the_state_root() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    for value in 1..30 {
        // Fills the mapping, so that the storage trie has branches.
        let from = account(&chain, value % 10);
        probe
            .set(U256::from(value), U256::from(value))
            .from(from)
            .send()
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
    }
    let root = provider
        .get_block_by_number(BlockNumberOrTag::Latest)
        .await
        .unwrap()
        .unwrap()
        .header
        .state_root;
    let seen_slot = |who: Address| keccak256([who.into_word(), B256::with_last_byte(1)].concat());
    let slots = vec![
        B256::ZERO,
        seen_slot(alice),
        seen_slot(account(&chain, 3)),
        B256::repeat_byte(0x99),
    ];
    for address in [*probe.address(), alice, Address::repeat_byte(0x42)] {
        let proof = provider.get_proof(address, slots.clone()).await.unwrap();
        let exists = address != Address::repeat_byte(0x42);
        let leaf = TrieAccount::new(
            proof.nonce,
            proof.balance,
            proof.storage_hash,
            proof.code_hash,
        );
        let leaf = exists.then(|| alloy::rlp::encode(leaf));
        verify_proof(
            root,
            Nibbles::unpack(keccak256(address)),
            leaf,
            &proof.account_proof,
        )
        .unwrap();
        for slot in proof.storage_proof {
            let value = (!slot.value.is_zero()).then(|| alloy::rlp::encode(slot.value));
            let path = Nibbles::unpack(keccak256(slot.key.as_b256()));
            verify_proof(proof.storage_hash, path, value, &slot.proof).unwrap();
        }
    }
    let error = ask(&provider, "eth_getProof", json!([alice, [], "0x1"]))
        .await
        .unwrap_err();
    assert!(
        error.message.contains("newest block only"),
        "{}",
        error.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_counts_and_absent_blocks() {
    let chain = start();
    let alice = account(&chain, 0);
    for (name, provider) in clients(&chain).await {
        let tx = TransactionRequest::default()
            .with_from(alice)
            .with_to(alice);
        provider
            .send_transaction(tx)
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        let head = provider.get_block_number().await.unwrap();
        for tag in ["latest", "safe", "finalized", "pending"] {
            let block = ask(&provider, "eth_getBlockByNumber", json!([tag, false]))
                .await
                .unwrap();
            assert_eq!(block["number"], json!(format!("{head:#x}")), "{name} {tag}");
        }
        let first = ask(
            &provider,
            "eth_getBlockByNumber",
            json!(["earliest", false]),
        )
        .await
        .unwrap();
        assert_eq!(
            (&first["number"], &first["transactions"]),
            (&json!("0x0"), &json!([]))
        );
        let hash = provider
            .get_block_by_number(head.into())
            .await
            .unwrap()
            .unwrap()
            .header
            .hash;
        let absent = format!("{:#x}", head + 1);
        let nowhere = B256::repeat_byte(1);
        for (method, params, expected) in [
            ("eth_getBlockByNumber", json!([absent, true]), json!(null)),
            ("eth_getBlockByHash", json!([nowhere, true]), json!(null)),
            ("eth_getBlockReceipts", json!([absent]), json!(null)),
            ("eth_getTransactionByHash", json!([nowhere]), json!(null)),
            ("eth_getTransactionReceipt", json!([nowhere]), json!(null)),
            (
                "eth_getTransactionByBlockNumberAndIndex",
                json!([absent, "0x0"]),
                json!(null),
            ),
            (
                "eth_getTransactionByBlockHashAndIndex",
                json!([hash, "0x5"]),
                json!(null),
            ),
            (
                "eth_getBlockTransactionCountByNumber",
                json!(["latest"]),
                json!("0x1"),
            ),
            (
                "eth_getBlockTransactionCountByHash",
                json!([hash]),
                json!("0x1"),
            ),
            (
                "eth_getBlockTransactionCountByHash",
                json!([nowhere]),
                json!(null),
            ),
            (
                "eth_getUncleCountByBlockNumber",
                json!(["latest"]),
                json!("0x0"),
            ),
            ("eth_getUncleCountByBlockHash", json!([hash]), json!("0x0")),
            (
                "eth_getUncleByBlockNumberAndIndex",
                json!(["latest", "0x0"]),
                json!(null),
            ),
            ("eth_syncing", json!([]), json!(false)),
            ("net_version", json!([]), json!("412346")),
            ("net_listening", json!([]), json!(true)),
            ("net_peerCount", json!([]), json!("0x0")),
            (
                "web3_sha3",
                json!(["0x68656c6c6f"]),
                json!(keccak256(b"hello")),
            ),
        ] {
            assert_eq!(
                ask(&provider, method, params.clone()).await.unwrap(),
                expected,
                "{name} {method} {params}"
            );
        }
        for method in ["eth_getBalance", "eth_getCode", "eth_getTransactionCount"] {
            let error = ask(&provider, method, json!([alice, absent]))
                .await
                .unwrap_err();
            assert_eq!(
                (error.code, &*error.message),
                (-32000, "header not found"),
                "{method}"
            );
        }
        let by_hash = json!([alice, {"blockHash": nowhere}]);
        let error = ask(&provider, "eth_getBalance", by_hash).await.unwrap_err();
        assert_eq!(&*error.message, "header for hash not found");
        assert!(
            ask(&provider, "web3_clientVersion", json!([]))
                .await
                .unwrap()
                .as_str()
                .unwrap()
                .starts_with("weir-chain/v")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fees_are_flat() {
    let chain = start();
    let provider = chain.provider();
    chain.mine(3).await.unwrap();
    let history = provider
        .get_fee_history(10, BlockNumberOrTag::Latest, &[10.0, 90.0])
        .await
        .unwrap();
    assert_eq!(history.oldest_block, 0);
    assert_eq!(history.base_fee_per_gas, vec![100_000_000; 5]);
    assert_eq!(history.reward, Some(vec![vec![0, 0]; 4]));
    assert_eq!(provider.get_gas_price().await.unwrap(), 100_000_000);
    assert_eq!(provider.get_max_priority_fee_per_gas().await.unwrap(), 0);
    let one = provider
        .get_fee_history(1, BlockNumberOrTag::Number(1), &[])
        .await
        .unwrap();
    assert_eq!((one.oldest_block, one.gas_used_ratio.len()), (1, 1));
    for bad in [
        json!(["0x2", "latest", [90, 10]]),
        json!(["0x2", "latest", [101]]),
    ] {
        assert_eq!(
            ask(&provider, "eth_feeHistory", bad)
                .await
                .unwrap_err()
                .code,
            -32602
        );
    }
}
