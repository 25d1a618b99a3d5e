//! Bad input gets the error that a real node gives and leaves the chain unharmed.

mod common;

use std::time::Duration;

use alloy::{
    primitives::{Address, B256, Bytes, U256},
    providers::Provider,
    sol_types::SolCall,
};
use common::{Probe, account, ask, deploy_probe, start};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use weir_chain::{Chain, Config, Limits};

/// Posts `body` and gives status and answer.
async fn post(addr: std::net::SocketAddr, body: impl Into<Vec<u8>>) -> (u16, String) {
    let body = body.into();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {addr}\r\norigin: http://wallet.example\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A server that refuses a body may close before it has read all of it.
    let _refused = stream.write_all(&body).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned())
        .unwrap_or_default();
    (status, body)
}

fn small_limits() -> Limits {
    Limits {
        request_bytes: 100_000,
        response_bytes: 20_000,
        batch_requests: 50,
        ..Limits::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_are_answered_with_the_right_code() {
    let chain = Chain::start(Config {
        limits: small_limits(),
        ..Config::default()
    })
    .unwrap();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let deep = "[".repeat(40_000) + &"]".repeat(40_000);
    let cases: Vec<(String, i64)> = vec![
        (String::new(), -32700),
        ("hello".into(), -32700),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"".into(), -32700),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"} trailing".into(), -32700),
        ("[]".into(), -32600),
        ("5".into(), -32600),
        ("null".into(), -32600),
        ("\"eth_chainId\"".into(), -32600),
        ("{}".into(), -32600),
        (r#"{"id":1,"method":"eth_chainId"}"#.into(), -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#.into(), -32600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}"#.into(), -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#.into(), -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":5}"#.into(), -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_doesNotExist"}"#.into(), -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":""}"#.into(), -32601),
        (format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(50_000)), -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":{}}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}"#.into(), -32602),
        (format!(r#"{{"jsonrpc":"2.0","id":1,"method":"evm_increaseTime","params":["0x{}"]}}"#, "f".repeat(90_000)), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"evm_increaseTime","params":["0x10000000000000000"]}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"evm_increaseTime","params":[-5]}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"evm_increaseTime","params":[1e400]}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["sideways",false]}"#.into(), -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["nothex"]}"#.into(), -32602),
        (format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{deep}]}}"#), -32602),
        (deep.clone(), -32600),
        (format!("[{}]", vec!["1"; 51].join(",")), -32005),
    ];
    for (body, code) in cases {
        let shown = body.chars().take(80).collect::<String>();
        let (status, answer) = post(addr, body).await;
        let answer: Value = serde_json::from_str(&answer)
            .unwrap_or_else(|_| panic!("{shown}: no JSON in {answer:?}"));
        let answer = if answer.is_array() {
            answer[0].clone()
        } else {
            answer
        };
        assert_eq!(
            (status, answer["error"]["code"].as_i64()),
            (200, Some(code)),
            "{shown}: {answer}"
        );
        assert_eq!(answer["jsonrpc"], "2.0");
    }
    let (status, answer) = post(addr, vec![b' '; 100_001]).await;
    assert_eq!(
        (status, answer.contains("request too large")),
        (413, true),
        "{answer}"
    );
    let (status, _) = post(addr, vec![0xff, 0xfe, 0x00]).await;
    assert_eq!(status, 200);
    assert_eq!(chain.head().await.unwrap().number, 0);
    assert_eq!(
        chain.provider().get_chain_id().await.unwrap(),
        412_346,
        "the chain lives"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_mix_good_and_bad_and_keep_their_order() {
    let chain = Chain::start(Config {
        limits: small_limits(),
        ..Config::default()
    })
    .unwrap();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let batch = r#"[
        {"jsonrpc":"2.0","id":1,"method":"evm_mine"},
        {"jsonrpc":"2.0","method":"evm_mine"},
        7,
        {"jsonrpc":"2.0","id":"two","method":"eth_blockNumber"},
        {"jsonrpc":"2.0","id":null,"method":"nothing_here"}
    ]"#;
    let (_, answer) = post(addr, batch).await;
    let answers: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        answers.len(),
        4,
        "the notification gets no answer: {answer}"
    );
    assert_eq!(
        answers[0],
        json!({"jsonrpc": "2.0", "id": 1, "result": "0x0"})
    );
    assert_eq!(answers[1]["error"]["code"], -32600);
    assert_eq!(
        answers[2],
        json!({"jsonrpc": "2.0", "id": "two", "result": "0x2"}),
        "the notification was done"
    );
    assert_eq!(
        (&answers[3]["id"], &answers[3]["error"]["code"]),
        (&json!(null), &json!(-32601))
    );

    let (status, answer) = post(addr, r#"{"jsonrpc":"2.0","method":"evm_mine"}"#).await;
    assert_eq!((status, answer.as_str()), (204, ""));
    assert_eq!(chain.head().await.unwrap().number, 3);

    // Answers that would be too large are refused one by one.
    let blocks = vec![
        r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x0",true]}"#;
        50
    ]
    .join(",");
    let (_, answer) = post(addr, format!("[{blocks}]")).await;
    let answers: Vec<Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(answers.len(), 50);
    assert!(answers[0]["error"].is_null());
    assert_eq!(answers[49]["error"]["code"], -32005);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_uses_of_the_port_are_refused() {
    let chain = start();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    for (request, expected) in [
        (
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 405",
        ),
        (
            "GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 404",
        ),
        (
            "DELETE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 405",
        ),
        ("\u{16}\u{3}\u{1}garbage\r\n\r\n", "HTTP/1.1 400"),
        (
            "OPTIONS / HTTP/1.1\r\nhost: x\r\norigin: http://wallet.example\r\naccess-control-request-method: POST\r\naccess-control-request-headers: content-type\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 200",
        ),
    ] {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with(expected), "{request:?}: {answer:?}");
        if request.starts_with("OPTIONS") {
            assert!(
                answer
                    .to_lowercase()
                    .contains("access-control-allow-origin: *"),
                "browsers may ask: {answer}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_and_greedy_code_is_stopped() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    let probe = deploy_probe(&provider, alice).await;
    let call =
        |data: Vec<u8>| json!([{"from": alice, "to": probe.address(), "input": Bytes::from(data)}]);
    let error = ask(&provider, "eth_call", call(Probe::spinCall {}.abi_encode()))
        .await
        .unwrap_err();
    assert_eq!((error.code, &*error.message), (-32000, "out of gas"));
    for bytes_ in [U256::from(1u64 << 40), U256::from(100_000_000)] {
        let error = ask(
            &provider,
            "eth_call",
            call(Probe::growCall { bytes_ }.abi_encode()),
        )
        .await
        .unwrap_err();
        assert!(
            error.message.contains("out of gas") || error.message.contains("out of memory"),
            "{}",
            error.message
        );
    }
    // Code that is no code, in a call and as a creation.
    for code in [
        "0xfe",
        "0xef",
        "0xef0100",
        "0xef010011",
        "0xeff00000",
        "0xeff000ff00",
        "0x5b600056",
        "0x600160ff57",
    ] {
        let _any = ask(
            &provider,
            "eth_call",
            json!([{"from": alice, "input": code}]),
        )
        .await;
        let _any = ask(
            &provider,
            "eth_estimateGas",
            json!([{"from": alice, "input": code}]),
        )
        .await;
        ask(
            &provider,
            "anvil_setCode",
            json!([
                B256::repeat_byte(7)[..20]
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect::<String>(),
                code
            ]),
        )
        .await
        .unwrap();
        let _any = ask(
            &provider,
            "eth_call",
            json!([{"to": "0x0707070707070707070707070707070707070707"}]),
        )
        .await;
    }
    assert_eq!(
        probe.value().call().await.unwrap(),
        U256::from(5),
        "the chain lives"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_cannot_exhaust_memory() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    // Calls an empty account with 100,000 bytes, again and again: some 400,000 times, or 40 GB of call data.
    let code = "0x5b5f5f620186a05f5f60995ff1505f56";
    let looping = Address::repeat_byte(0x77);
    ask(&provider, "anvil_setCode", json!([looping, code]))
        .await
        .unwrap();
    let tracer = json!({"tracer": "callTracer"});
    let call = json!({"from": alice, "to": looping});
    let error = ask(
        &provider,
        "debug_traceCall",
        json!([call, "latest", tracer]),
    )
    .await
    .unwrap_err();
    assert_eq!(error.code, -32005);
    assert!(
        error.message.starts_with("trace too large"),
        "{}",
        error.message
    );

    let sent = json!([{"from": alice, "to": looping, "gas": "0x1312d00"}]);
    let hash = ask(&provider, "eth_sendTransaction", sent).await.unwrap();
    let error = ask(&provider, "debug_traceTransaction", json!([hash, tracer]))
        .await
        .unwrap_err();
    assert_eq!(error.code, -32005);
    assert_eq!(chain.head().await.unwrap().number, 1, "the chain lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_survives_nonsense_and_ends_on_floods() {
    let limits = Limits {
        request_bytes: 10_000,
        connections: 2,
        subscriptions: 2,
        ..Limits::default()
    };
    let chain = Chain::start(Config {
        limits,
        ..Config::default()
    })
    .unwrap();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let url = format!("ws://{addr}");
    let (mut socket, _) = tokio_tungstenite::connect_async(&url).await.unwrap();
    let mut exchange = async |text: &str| -> Value {
        socket.send(text.into()).await.unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(10), socket.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        serde_json::from_str(answer.to_text().unwrap()).unwrap()
    };
    assert_eq!(exchange("{").await["error"]["code"], -32700);
    assert_eq!(exchange("[]").await["error"]["code"], -32600);
    let subscribe = r#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"#;
    assert_eq!(exchange(subscribe).await["result"], "0x1");
    assert_eq!(exchange(subscribe).await["result"], "0x2");
    assert_eq!(exchange(subscribe).await["error"]["code"], -32005);
    assert_eq!(
        exchange(r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#).await["result"],
        "0x64aba"
    );
    let unsubscribe = r#"{"jsonrpc":"2.0","id":1,"method":"eth_unsubscribe","params":["0x2"]}"#;
    assert_eq!(exchange(unsubscribe).await["result"], true);
    assert_eq!(
        exchange(unsubscribe).await["error"]["message"],
        "subscription not found"
    );
    for params in [
        "[]",
        r#"["weather"]"#,
        r#"["syncing"]"#,
        r#"["logs",{"address":5}]"#,
        r#"["newPendingTransactions",true]"#,
    ] {
        let request =
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":{params}}}"#);
        assert_eq!(
            exchange(&request).await["error"]["code"],
            -32602,
            "{params}"
        );
    }
    // A message above the limit ends the connection.
    let _sent = socket.send(" ".repeat(20_000).into()).await;
    let ended = tokio::time::timeout(Duration::from_secs(10), async {
        while let Some(Ok(message)) = socket.next().await {
            if message.is_close() {
                break;
            }
        }
    });
    ended.await.expect("the connection ends");

    let _first = tokio_tungstenite::connect_async(&url).await.unwrap();
    let _second = tokio_tungstenite::connect_async(&url).await;
    let third = tokio_tungstenite::connect_async(&url).await;
    assert!(third.is_err(), "two connections at a time");
    assert_eq!(chain.provider().get_chain_id().await.unwrap(), 412_346);
}
