//! Contracts as a client sees them: deployment, calls, reverts, estimates, overrides, traces.

mod common;

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256, address},
    providers::Provider,
    rpc::types::{
        BlockId, BlockOverrides, TransactionRequest,
        state::{AccountOverride, StateOverride},
    },
    sol_types::SolCall,
};
use common::{Probe, account, ask, clients, deploy_probe, payload, start};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn deploys_calls_and_emits_through_every_client() {
    let chain = start();
    let alice = account(&chain, 0);
    for (name, provider) in clients(&chain).await {
        let probe = deploy_probe(&provider, alice).await;
        assert_eq!(probe.value().call().await.unwrap(), U256::from(5), "{name}");
        let sent = probe
            .set(U256::from(7), U256::from(9))
            .from(alice)
            .send()
            .await
            .unwrap();
        let receipt = sent.get_receipt().await.unwrap();
        assert_eq!(
            receipt.gas_used, 50_793,
            "{name}: gas as every Ethereum node charges it"
        );
        let set = receipt.decoded_log::<Probe::Set>().unwrap();
        assert_eq!(
            (set.by, set.tag, set.value),
            (alice, U256::from(7), U256::from(9))
        );
        assert_eq!(probe.value().call().await.unwrap(), U256::from(9));
        assert_eq!(
            probe
                .value()
                .call()
                .block(BlockId::number(receipt.block_number.unwrap() - 1))
                .await
                .unwrap(),
            U256::from(5)
        );
        assert!(
            !provider
                .get_code_at(*probe.address())
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reverts_carry_their_reason_and_data() {
    let chain = start();
    for (name, provider) in clients(&chain).await {
        let probe = deploy_probe(&provider, account(&chain, 0)).await;

        let error = probe.failWithReason().call().await.unwrap_err();
        let error = error
            .as_revert_data()
            .map(|data| (data, error.to_string()))
            .unwrap();
        assert!(
            error.1.contains("execution reverted: not today"),
            "{name}: {}",
            error.1
        );

        let error = probe.failWithError(U256::from(3)).call().await.unwrap_err();
        let decoded = error.as_decoded_error::<Probe::TooSmall>().unwrap();
        assert_eq!(
            (decoded.given, decoded.least),
            (U256::from(3), U256::from(10))
        );

        let error = probe.failWithPanic(U256::ZERO).call().await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("execution reverted: division or modulo by zero"),
            "{error}"
        );

        let tx = TransactionRequest::default()
            .with_to(*probe.address())
            .with_input(Probe::failSilentlyCall {}.abi_encode());
        let error = payload(provider.call(tx.clone()).await.unwrap_err());
        assert_eq!((error.code, &*error.message), (3, "execution reverted"));
        assert_eq!(error.data.unwrap().get(), "\"0x\"");
        let error = payload(provider.estimate_gas(tx).await.unwrap_err());
        assert_eq!((error.code, &*error.message), (3, "execution reverted"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mined_revert_has_status_zero_and_its_data_in_the_receipt() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    let sent = probe
        .failWithError(U256::from(3))
        .from(alice)
        .gas(100_000)
        .send()
        .await
        .unwrap();
    let hash = *sent.tx_hash();
    let receipt = ask(&provider, "eth_getTransactionReceipt", json!([hash]))
        .await
        .unwrap();
    assert_eq!(receipt["status"], "0x0");
    assert_eq!(receipt["logs"], json!([]));
    assert!(
        receipt["revertReason"]
            .as_str()
            .unwrap()
            .starts_with("0xe94fe3af")
    );
    // What ran out of gas has used all of it and has no data.
    let sent = probe.spin().from(alice).gas(100_000).send().await.unwrap();
    let receipt = ask(
        &provider,
        "eth_getTransactionReceipt",
        json!([sent.tx_hash()]),
    )
    .await
    .unwrap();
    assert_eq!(
        (&receipt["status"], &receipt["gasUsed"]),
        (&json!("0x0"), &json!("0x186a0"))
    );
    assert!(receipt.get("revertReason").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_estimate_is_enough_and_one_less_is_not() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    let calls: Vec<(&str, Bytes)> = vec![
        (
            "a store",
            Probe::setCall {
                tag: U256::ZERO,
                to: U256::from(6),
            }
            .abi_encode()
            .into(),
        ),
        (
            "a refund behind an inner call",
            Probe::clearCall {}.abi_encode().into(),
        ),
        (
            "many logs",
            Probe::notesCall {
                count: U256::from(20),
            }
            .abi_encode()
            .into(),
        ),
        (
            "a creation",
            Probe::createCall { salt: B256::ZERO }.abi_encode().into(),
        ),
        (
            "memory",
            Probe::growCall {
                bytes_: U256::from(100_000),
            }
            .abi_encode()
            .into(),
        ),
    ];
    for (name, data) in calls {
        let tx = TransactionRequest::default()
            .with_from(alice)
            .with_to(*probe.address())
            .with_input(data);
        let gas = provider.estimate_gas(tx.clone()).await.unwrap();
        assert!(
            provider.call(tx.clone().with_gas_limit(gas)).await.is_ok(),
            "{name}: {gas} is enough"
        );
        assert!(
            provider.call(tx.with_gas_limit(gas - 1)).await.is_err(),
            "{name}: {gas} is the least"
        );
    }
    let transfer = TransactionRequest::default()
        .with_from(alice)
        .with_to(account(&chain, 1))
        .with_value(U256::from(1));
    assert_eq!(provider.estimate_gas(transfer).await.unwrap(), 21_000);
    let endless = TransactionRequest::default()
        .with_from(alice)
        .with_to(*probe.address())
        .with_input(Probe::spinCall {}.abi_encode());
    let error = payload(provider.estimate_gas(endless).await.unwrap_err());
    assert!(
        error.message.starts_with("gas required exceeds allowance"),
        "{}",
        error.message
    );
    let poor = Address::repeat_byte(0x77);
    let gift = TransactionRequest::default()
        .with_from(poor)
        .with_to(alice)
        .with_value(U256::from(1));
    let error = payload(provider.estimate_gas(gift).await.unwrap_err());
    assert!(
        error
            .message
            .starts_with("insufficient funds for gas * price + value"),
        "{}",
        error.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_can_pretend_another_state_and_block() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;

    let slot_zero = |value: u64| {
        [(B256::ZERO, B256::from(U256::from(value)))]
            .into_iter()
            .collect()
    };
    let pretended = AccountOverride {
        state_diff: Some(slot_zero(77)),
        ..Default::default()
    };
    let overrides: StateOverride = [(*probe.address(), pretended)].into_iter().collect();
    assert_eq!(
        probe.value().call().overrides(overrides).await.unwrap(),
        U256::from(77)
    );

    // Another account's code at an address that has none, with whole storage replaced.
    let code = provider.get_code_at(*probe.address()).await.unwrap();
    let elsewhere = address!("00000000000000000000000000000000000000ee");
    let pretended = AccountOverride {
        code: Some(code),
        state: Some(slot_zero(88)),
        balance: Some(U256::from(3)),
        nonce: Some(9),
        ..Default::default()
    };
    let overrides: StateOverride = [(elsewhere, pretended)].into_iter().collect();
    let there = Probe::new(elsewhere, provider.clone());
    assert_eq!(
        there.value().call().overrides(overrides).await.unwrap(),
        U256::from(88)
    );
    assert!(
        provider.get_code_at(elsewhere).await.unwrap().is_empty(),
        "nothing is kept"
    );

    let later = BlockOverrides {
        time: Some(123),
        number: Some(U256::from(1_000)),
        base_fee: Some(U256::from(7)),
        ..Default::default()
    };
    let tx = TransactionRequest::default()
        .with_to(*probe.address())
        .with_input(Probe::worldCall {}.abi_encode());
    let world = provider.call(tx).with_block_overrides(later).await.unwrap();
    let world = Probe::worldCall::abi_decode_returns(&world).unwrap();
    assert_eq!(
        (world.number, world.timestamp),
        (U256::from(1_000), U256::from(123))
    );
    assert_eq!(world.chainId, U256::from(412_346));

    let both = json!([{"to": elsewhere}, "latest", {elsewhere.to_string(): {"state": {}, "stateDiff": {}}}]);
    let error = ask(&provider, "eth_call", both).await.unwrap_err();
    assert!(
        error.message.contains("has both 'state' and 'stateDiff'"),
        "{}",
        error.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn contracts_see_their_block() {
    let chain = start();
    let provider = chain.provider();
    let probe = deploy_probe(&provider, account(&chain, 0)).await;
    let head = chain.warp(1_800_000_000).await.unwrap();
    let world = probe.world().call().await.unwrap();
    assert_eq!(world.timestamp, U256::from(1_800_000_000));
    assert_eq!(world.chainId, U256::from(412_346));
    assert_eq!(
        world.parent,
        provider
            .get_block_by_number((head.number - 1).into())
            .await
            .unwrap()
            .unwrap()
            .header
            .hash
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_list_names_what_is_touched_and_saves_what_it_says() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    let set = Probe::setCall {
        tag: U256::ZERO,
        to: U256::from(6),
    }
    .abi_encode();
    let tx = TransactionRequest::default()
        .with_from(alice)
        .with_to(*probe.address())
        .with_input(set);
    let listed = provider.create_access_list(&tx).await.unwrap();
    assert_eq!(listed.error, None);
    assert_eq!(listed.access_list.0.len(), 1);
    assert_eq!(listed.access_list.0[0].storage_keys.len(), 2);
    let sent = provider
        .send_transaction(tx.with_access_list(listed.access_list))
        .await
        .unwrap();
    let receipt = sent.get_receipt().await.unwrap();
    assert_eq!(U256::from(receipt.gas_used), listed.gas_used);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_shows_every_frame() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    // A block with another transaction before the traced one.
    ask(&provider, "evm_setAutomine", json!([false]))
        .await
        .unwrap();
    let _first = probe
        .set(U256::from(1), U256::from(2))
        .from(alice)
        .gas(200_000)
        .send()
        .await
        .unwrap();
    let sent = probe.clear().from(alice).gas(200_000).send().await.unwrap();
    let hash = *sent.tx_hash();
    ask(&provider, "evm_mine", json!([])).await.unwrap();
    let receipt = provider
        .get_transaction_receipt(hash)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(receipt.transaction_index, Some(1));

    let options = json!({"tracer": "callTracer", "tracerConfig": {"withLog": true}});
    let trace = ask(&provider, "debug_traceTransaction", json!([hash, options]))
        .await
        .unwrap();
    assert_eq!(trace["type"], "CALL");
    assert_eq!(trace["gasUsed"], json!(format!("{:#x}", receipt.gas_used)));
    assert_eq!(
        trace["calls"][0]["to"],
        json!(probe.address().to_string().to_lowercase())
    );
    assert_eq!(
        trace["calls"][0]["output"],
        json!(format!("{:#066x}", 2)),
        "the inner call saw the first transaction's write"
    );
    assert_eq!(trace["calls"][0]["logs"].as_array().unwrap().len(), 1);

    let call = json!([{"to": probe.address(), "input": Bytes::from(Probe::failWithReasonCall {}.abi_encode())}, "latest", {"tracer": "callTracer"}]);
    let trace = ask(&provider, "debug_traceCall", call).await.unwrap();
    assert_eq!(
        (&trace["error"], &trace["revertReason"]),
        (&json!("execution reverted"), &json!("not today"))
    );
    let error = ask(&provider, "debug_traceTransaction", json!([hash]))
        .await
        .unwrap_err();
    assert!(error.message.contains("callTracer"), "{}", error.message);
}
