//! The chain's levers: snapshots, time, mining, impersonation, edits, dumps.

mod common;

use std::time::Duration;

use alloy::{
    eips::BlockId,
    network::TransactionBuilder,
    primitives::{Address, B256, U256, utils::parse_ether},
    providers::Provider,
    rpc::types::TransactionRequest,
};
use common::{account, ask, clients, deploy_probe, start};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_brings_everything_back() {
    let chain = start();
    let (alice, bob) = (account(&chain, 0), account(&chain, 1));
    for (name, provider) in clients(&chain).await {
        let probe = deploy_probe(&provider, alice).await;
        let before = ask(&provider, "eth_getBlockByNumber", json!(["latest", true]))
            .await
            .unwrap();
        let balance = provider.get_balance(alice).await.unwrap();
        let id = ask(&provider, "evm_snapshot", json!([])).await.unwrap();

        probe
            .set(U256::from(1), U256::from(2))
            .from(alice)
            .send()
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        ask(&provider, "anvil_setBalance", json!([bob, "0x1"]))
            .await
            .unwrap();
        ask(&provider, "anvil_setCode", json!([bob, "0x6001"]))
            .await
            .unwrap();
        ask(
            &provider,
            "anvil_setStorageAt",
            json!([probe.address(), "0x5", B256::repeat_byte(1)]),
        )
        .await
        .unwrap();
        ask(&provider, "evm_increaseTime", json!([1000]))
            .await
            .unwrap();
        ask(
            &provider,
            "anvil_impersonateAccount",
            json!([Address::repeat_byte(3)]),
        )
        .await
        .unwrap();
        let inner = ask(&provider, "evm_snapshot", json!([])).await.unwrap();
        ask(&provider, "evm_mine", json!([])).await.unwrap();

        assert_eq!(
            ask(&provider, "evm_revert", json!([id])).await.unwrap(),
            json!(true),
            "{name}"
        );
        assert_eq!(
            ask(&provider, "eth_getBlockByNumber", json!(["latest", true]))
                .await
                .unwrap(),
            before
        );
        assert_eq!(provider.get_balance(alice).await.unwrap(), balance);
        assert_eq!(probe.value().call().await.unwrap(), U256::from(5));
        assert!(provider.get_code_at(bob).await.unwrap().is_empty());
        assert_eq!(
            provider
                .get_storage_at(*probe.address(), U256::from(5))
                .await
                .unwrap(),
            U256::ZERO
        );
        let sent = TransactionRequest::default()
            .with_from(Address::repeat_byte(3))
            .with_to(bob)
            .with_gas_limit(21_000);
        assert!(
            provider.send_transaction(sent).await.is_err(),
            "impersonation ended"
        );
        ask(&provider, "evm_mine", json!([])).await.unwrap();
        let after = ask(&provider, "eth_getBlockByNumber", json!(["latest", false]))
            .await
            .unwrap();
        assert_eq!(
            after["timestamp"], before["timestamp"],
            "the clock went back too"
        );
        for used in [id, inner, json!("0xffff")] {
            assert_eq!(
                ask(&provider, "evm_revert", json!([used])).await.unwrap(),
                json!(false)
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_the_callers() {
    let chain = start();
    let provider = chain.provider();
    let timestamp = async |tag: &str| {
        let block = ask(&provider, "eth_getBlockByNumber", json!([tag, false]))
            .await
            .unwrap();
        u64::from_str_radix(&block["timestamp"].as_str().unwrap()[2..], 16).unwrap()
    };
    let start_s = timestamp("latest").await;
    assert_eq!(start_s, 1_735_689_600);
    chain.mine(5).await.unwrap();
    assert_eq!(timestamp("latest").await, start_s, "time stands still");
    assert_eq!(
        ask(&provider, "evm_increaseTime", json!(["0x3c"]))
            .await
            .unwrap(),
        json!(60)
    );
    assert_eq!(timestamp("latest").await, start_s);
    chain.mine(2).await.unwrap();
    assert_eq!(timestamp("latest").await, start_s + 60);
    ask(
        &provider,
        "evm_setNextBlockTimestamp",
        json!([start_s + 100]),
    )
    .await
    .unwrap();
    ask(&provider, "evm_mine", json!([])).await.unwrap();
    assert_eq!(timestamp("latest").await, start_s + 100);
    let error = ask(&provider, "evm_setNextBlockTimestamp", json!([start_s]))
        .await
        .unwrap_err();
    assert!(
        error
            .message
            .contains("lower than the timestamp of the previous block"),
        "{}",
        error.message
    );
    ask(&provider, "evm_mine", json!([start_s + 200]))
        .await
        .unwrap();
    assert_eq!(timestamp("latest").await, start_s + 200);
    ask(&provider, "anvil_mine", json!(["0x3", "0xa"]))
        .await
        .unwrap();
    assert_eq!(timestamp("latest").await, start_s + 220);
    ask(&provider, "anvil_setBlockTimestampInterval", json!([12]))
        .await
        .unwrap();
    chain.mine(2).await.unwrap();
    assert_eq!(timestamp("latest").await, start_s + 244);
    ask(&provider, "anvil_removeBlockTimestampInterval", json!([]))
        .await
        .unwrap();
    assert_eq!(chain.advance(6).await.unwrap().timestamp_s, start_s + 250);
    assert!(chain.warp(start_s).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn mining_can_be_by_hand_or_by_interval() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let tx = TransactionRequest::default()
        .with_from(alice)
        .with_to(alice);
    ask(&provider, "evm_setAutomine", json!([false]))
        .await
        .unwrap();
    for _ in 0..3 {
        let _waits = provider.send_transaction(tx.clone()).await.unwrap();
    }
    assert_eq!(provider.get_block_number().await.unwrap(), 0);
    ask(&provider, "evm_mine", json!([{"blocks": 2}]))
        .await
        .unwrap();
    let block = provider
        .get_block_by_number(1.into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            block.transactions.len(),
            provider.get_block_number().await.unwrap()
        ),
        (3, 2)
    );

    ask(&provider, "evm_setIntervalMining", json!([1]))
        .await
        .unwrap();
    let receipt = provider.send_transaction(tx).await.unwrap().get_receipt();
    assert!(
        tokio::time::timeout(Duration::from_secs(20), receipt)
            .await
            .unwrap()
            .unwrap()
            .status()
    );
    ask(&provider, "evm_setIntervalMining", json!([0]))
        .await
        .unwrap();
    let error = ask(&provider, "anvil_mine", json!(["0xffffffffff"]))
        .await
        .unwrap_err();
    assert_eq!(error.code, -32005);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_can_be_edited_and_impersonated() {
    let chain = start();
    let alice = account(&chain, 0);
    for (name, provider) in clients(&chain).await {
        let probe = deploy_probe(&provider, alice).await;
        // A contract's own address: it has code and no key.
        let actor = *probe.address();
        ask(
            &provider,
            "hardhat_setBalance",
            json!([actor, format!("{:#x}", parse_ether("2").unwrap())]),
        )
        .await
        .unwrap();
        ask(&provider, "hardhat_impersonateAccount", json!([actor]))
            .await
            .unwrap();
        let gift = TransactionRequest::default()
            .with_from(actor)
            .with_to(alice)
            .with_value(parse_ether("1").unwrap());
        let receipt = provider
            .send_transaction(gift.clone())
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        assert_eq!((receipt.from, receipt.status()), (actor, true), "{name}");
        let tx = provider
            .get_transaction_by_hash(receipt.transaction_hash)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(tx.inner.signer(), actor);
        ask(
            &provider,
            "hardhat_stopImpersonatingAccount",
            json!([actor]),
        )
        .await
        .unwrap();
        assert!(provider.send_transaction(gift.clone()).await.is_err());
        ask(&provider, "anvil_autoImpersonateAccount", json!([true]))
            .await
            .unwrap();
        provider
            .send_transaction(gift.with_value(U256::ZERO))
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        ask(&provider, "anvil_autoImpersonateAccount", json!([false]))
            .await
            .unwrap();

        let edited = Address::repeat_byte(0xed);
        let head = provider.get_block_number().await.unwrap();
        ask(&provider, "anvil_setNonce", json!([edited, "0x7"]))
            .await
            .unwrap();
        ask(&provider, "anvil_setCode", json!([edited, "0x60016002"]))
            .await
            .unwrap();
        ask(
            &provider,
            "anvil_setStorageAt",
            json!([edited, "0x1", B256::repeat_byte(2)]),
        )
        .await
        .unwrap();
        assert_eq!(provider.get_transaction_count(edited).await.unwrap(), 7);
        assert_eq!(
            provider.get_code_at(edited).await.unwrap().to_string(),
            "0x60016002"
        );
        assert_eq!(
            provider
                .get_storage_at(edited, U256::from(1))
                .await
                .unwrap(),
            U256::from_be_bytes([2; 32])
        );
        assert_eq!(
            provider.get_block_number().await.unwrap(),
            head,
            "no block is needed"
        );
        ask(&provider, "anvil_setCode", json!([edited, "0x"]))
            .await
            .unwrap();
        ask(&provider, "anvil_setNonce", json!([edited, "0x0"]))
            .await
            .unwrap();
    }
    for (method, params) in [
        ("anvil_setLoggingEnabled", json!([true])),
        ("anvil_setNextBlockBaseFeePerGas", json!(["0x1"])),
        ("anvil_setCoinbase", json!([alice])),
        ("evm_setBlockGasLimit", json!(["0x1c9c380"])),
        ("anvil_setChainId", json!([1337])),
        ("evm_mine", json!([])),
    ] {
        ask(&chain.provider(), method, params)
            .await
            .unwrap_or_else(|error| panic!("{method}: {error}"));
    }
    let block = ask(
        &chain.provider(),
        "eth_getBlockByNumber",
        json!(["latest", false]),
    )
    .await
    .unwrap();
    assert_eq!(
        (&block["baseFeePerGas"], &block["gasLimit"]),
        (&json!("0x1"), &json!("0x1c9c380"))
    );
    assert_eq!(block["miner"], json!(alice.to_string().to_lowercase()));
    let info = ask(&chain.provider(), "anvil_nodeInfo", json!([]))
        .await
        .unwrap();
    assert_eq!(info["environment"]["chainId"], json!(1337));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_stays_readable() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    let mut expected = vec![(provider.get_block_number().await.unwrap(), U256::from(5))];
    for value in 10..20 {
        let sent = probe
            .set(U256::ZERO, U256::from(value))
            .from(alice)
            .send()
            .await
            .unwrap();
        expected.push((
            sent.get_receipt().await.unwrap().block_number.unwrap(),
            U256::from(value),
        ));
    }
    for (number, value) in expected {
        let block = BlockId::number(number);
        assert_eq!(probe.value().call().block(block).await.unwrap(), value);
        assert_eq!(
            provider
                .get_storage_at(*probe.address(), U256::ZERO)
                .number(number)
                .await
                .unwrap(),
            value
        );
        assert_eq!(
            provider
                .get_transaction_count(alice)
                .number(number)
                .await
                .unwrap(),
            number
        );
    }
    assert!(
        provider
            .get_code_at(*probe.address())
            .number(0)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_over_rpc_loads_into_another_chain() {
    let (chain, other) = (start(), start());
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    probe
        .set(U256::ZERO, U256::from(42))
        .from(alice)
        .send()
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let dump = ask(&provider, "anvil_dumpState", json!([])).await.unwrap();
    assert_eq!(
        ask(&other.provider(), "anvil_loadState", json!([dump]))
            .await
            .unwrap(),
        json!(true)
    );
    let everything = async |provider: &_| {
        let mut seen: Vec<Value> = Vec::new();
        for block in 0..=2 {
            seen.push(
                ask(
                    provider,
                    "eth_getBlockByNumber",
                    json!([format!("{block:#x}"), true]),
                )
                .await
                .unwrap(),
            );
            seen.push(
                ask(
                    provider,
                    "eth_getBlockReceipts",
                    json!([format!("{block:#x}")]),
                )
                .await
                .unwrap(),
            );
            seen.push(
                ask(
                    provider,
                    "eth_getStorageAt",
                    json!([probe.address(), "0x0", format!("{block:#x}")]),
                )
                .await
                .unwrap(),
            );
        }
        seen
    };
    assert_eq!(
        everything(&provider).await,
        everything(&other.provider()).await
    );
    let error = ask(&provider, "anvil_loadState", json!(["0x7b7d"]))
        .await
        .unwrap_err();
    assert!(
        error.message.contains("not a state file"),
        "{}",
        error.message
    );
    // A reset goes back to the first block.
    ask(&provider, "anvil_reset", json!([])).await.unwrap();
    assert_eq!(provider.get_block_number().await.unwrap(), 0);
    assert!(
        provider
            .get_code_at(*probe.address())
            .await
            .unwrap()
            .is_empty()
    );
    let error = ask(
        &provider,
        "anvil_reset",
        json!([{"forking": {"jsonRpcUrl": "http://x"}}]),
    )
    .await
    .unwrap_err();
    assert_eq!(error.code, -32602);
}
