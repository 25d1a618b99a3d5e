//! What is asked is answered, as of a block; what cannot be is refused with its reason.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use weir_node::api::RateLimit;
use weir_node::indexer::IndexConfig;
use weir_node::service::{Node, NodeConfig};
use weir_node::store::SqliteStore;

use crate::http::{get, get_with, post};
use crate::world::World;

async fn node(world: &World, rate_limit: RateLimit) -> Node {
    let index = IndexConfig {
        poll: Duration::from_millis(10),
        ..IndexConfig::default()
    };
    let config = NodeConfig {
        provider: world.chain.provider(),
        site: world.site(),
        store: Arc::new(SqliteStore::in_memory().await.unwrap()),
        index,
        listen: ([127, 0, 0, 1], 0).into(),
        dev: Vec::new(),
        rpc_url: None,
        rate_limit,
        metrics: None,
    };
    Node::start(config).await.unwrap()
}

/// Everything is allowed that a test asks.
const FREE: RateLimit = RateLimit {
    per_second: 100_000,
    burst: 100_000,
};

/// Waits until the node has published the chain's head.
async fn caught_up(node: &mut Node, world: &World) {
    let head = world.chain.head().await.unwrap().hash;
    let wait = node
        .published
        .wait_for(|state| state.head.is_some_and(|at| at.hash == head));
    tokio::time::timeout(Duration::from_secs(60), wait)
        .await
        .unwrap()
        .unwrap();
}

async fn lived(seed: u64, acts: usize) -> (World, Node) {
    let mut world = World::new(seed).await;
    world.open();
    for _ in 0..acts {
        world.act();
    }
    let mut node = node(&world, FREE).await;
    caught_up(&mut node, &world).await;
    (world, node)
}

const PATHS: [&str; 14] = [
    "/v1/vault",
    "/v1/rate",
    "/v1/rate/history",
    "/v1/rate/assets?asset=1",
    "/v1/exposure",
    "/v1/queue",
    "/v1/holders",
    "/v1/slashes",
    "/v1/parameters",
    "/v1/parameters/changes",
    "/v1/services",
    "/v1/fees",
    "/v1/events",
    "/v1/holders/0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266/activity",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_list_and_view_is_answered_at_the_head() {
    let (world, node) = lived(41, 60).await;
    let head = world.chain.head().await.unwrap();
    for path in PATHS {
        let reply = get(node.addr, path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        let answer = reply.json();
        assert_eq!(answer["block"]["hash"], json!(head.hash), "{path}");
        assert_eq!(answer["is_reconciled"], true, "{path}");
        assert_eq!(answer["behind_blocks"], 0, "{path}");
        // The same again costs nothing.
        let tag = format!("if-none-match: {}\r\n", reply.header("etag").unwrap());
        assert_eq!(get_with(node.addr, path, &tag).await.status, 304, "{path}");
        assert_eq!(
            get(
                node.addr,
                &format!(
                    "{path}{}at=finalized",
                    if path.contains('?') { '&' } else { '?' }
                )
            )
            .await
            .status,
            200,
            "{path}"
        );
    }
    let operator = world.account(5);
    let what_if = format!("/v1/what-if?service=1&operator={operator}&wad=100000000000000000");
    let what_if = get(node.addr, &what_if).await;
    assert_eq!(what_if.status, 200, "{}", what_if.body);
    assert_eq!(get(node.addr, "/livez").await.status, 200);
    assert_eq!(get(node.addr, "/readyz").await.status, 200);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_add_up_to_the_supply_and_pages_to_the_list() {
    let (_world, node) = lived(42, 60).await;
    let whole = get(node.addr, "/v1/holders?limit=500").await.json();
    let whole = whole["data"]["items"].as_array().unwrap().clone();
    let mut paged: Vec<Value> = Vec::new();
    let mut next = String::new();
    loop {
        let page = get(node.addr, &format!("/v1/holders?limit=2{next}"))
            .await
            .json();
        paged.extend(page["data"]["items"].as_array().unwrap().iter().cloned());
        match page["data"]["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(paged, whole);
    assert!(whole.len() > 4);
    let number = |value: &Value| value.as_str().unwrap().parse::<u128>().unwrap();
    let held: u128 = whole.iter().map(|holder| number(&holder["balance"])).sum();
    let queue = get(node.addr, "/v1/queue").await.json();
    let rate = get(node.addr, "/v1/rate").await.json();
    let supply = number(&rate["data"]["last"]["supply"]);
    // The escrow is no holder.
    let escrow: u128 = queue["data"]["batches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|batch| number(&batch["shares"]) - number(&batch["filled"]))
        .sum();
    assert_eq!(held + escrow, supply);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_is_built_and_does_what_it_says() {
    use alloy::primitives::{Bytes, U256};
    use weir_chain::UnsignedTx;

    let (world, mut node) = lived(43, 0).await;
    let (from, amount) = (world.account(4), "1000000000000000000");
    let body = json!({ "from": from, "asset": "wsteth", "amount": amount }).to_string();
    let built = post(node.addr, "/v1/tx/deposit", &body).await;
    assert_eq!(built.status, 200, "{}", built.body);
    let built = built.json();
    let data = &built["data"];
    assert_eq!(data["first"], json!([]), "the allowance is there");
    assert_eq!(data["trial"]["succeeds"], true, "{data}");
    let calldata: Bytes = data["call"]["data"].as_str().unwrap().parse().unwrap();
    let to = data["call"]["to"].as_str().unwrap().parse().unwrap();
    let sent = UnsignedTx::new(from)
        .to(to)
        .data(calldata)
        .gas_limit(30_000_000);
    assert!(world.chain.send(sent).await.unwrap().success);
    caught_up(&mut node, &world).await;
    let position = get(node.addr, &format!("/v1/holders/{from}")).await.json();
    let activity = get(node.addr, &format!("/v1/holders/{from}/activity?limit=1"))
        .await
        .json();
    assert_eq!(activity["data"]["items"][0]["kind"], "deposit");
    assert_eq!(activity["data"]["items"][0]["amounts"][0], amount);
    let value: U256 = position["data"]["value"].as_str().unwrap().parse().unwrap();
    assert!(value > U256::from(10u64.pow(18)));

    // Without an allowance the approval comes first.
    let stranger = world.account(7);
    let body = json!({ "from": stranger, "asset": "rETH", "amount": amount }).to_string();
    let built = post(node.addr, "/v1/tx/deposit", &body).await.json();
    assert_eq!(
        built["data"]["first"][0]["to"],
        json!(world.book.asset("reth").unwrap().token)
    );
    assert_eq!(built["data"]["trial"], Value::Null);

    // What the contract refuses is told in its words.
    let body = json!({ "from": stranger, "shares": amount }).to_string();
    let built = post(node.addr, "/v1/tx/request", &body).await.json();
    assert_eq!(built["data"]["trial"]["succeeds"], false);
    let refusal = built["data"]["trial"]["refusal"].as_str().unwrap();
    assert!(refusal.contains("ERC20InsufficientBalance"), "{refusal}");
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_with_a_reason_and_never_breaks_the_node() {
    let (_world, node) = lived(44, 0).await;
    let bad = [
        "/v1/nothing",
        "/v1/vault?at=never",
        "/v1/vault?at=%ff",
        "/v1/holders?limit=0",
        "/v1/holders?limit=501",
        "/v1/holders?limit=-1",
        "/v1/holders?limit=99999999999999999999",
        "/v1/holders?cursor=zz",
        "/v1/holders?cursor=00",
        "/v1/holders/alice",
        "/v1/holders/0x",
        "/v1/holders/%00%ff",
        "/v1/slashes/x",
        "/v1/slashes/-1",
        "/v1/slashes/18446744073709551616",
        "/v1/slashes/999",
        "/v1/rate/assets",
        "/v1/rate/assets?asset=256",
        "/v1/rate/history?cursor=ffffffffffffffffffff",
        "/v1/events?cursor=1",
        "/v1/events?cursor=-",
        "/v1/vault/",
        "//",
        "/v1/tx/deposit",
        "/v1/what-if",
        "/v1/what-if?service=1&operator=x&wad=1",
        "/v1/what-if?service=99&operator=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266&wad=1",
        "/v1/what-if?service=1&operator=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266&wad=1",
    ];
    for path in bad {
        let reply = get(node.addr, path).await;
        assert!(
            (400..500).contains(&reply.status),
            "{path}: {} {}",
            reply.status,
            reply.body
        );
        assert!(
            reply.json()["error"]["what"].is_string(),
            "{path}: {}",
            reply.body
        );
    }
    let a = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    let bodies = [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        "\u{0}".to_owned(),
        json!({ "from": a, "asset": "doge", "amount": "1" }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": 1 }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "0" }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "-1" }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "1e18" }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "9".repeat(200) }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "9".repeat(70) }).to_string(),
        json!({ "from": "me", "asset": "weth", "amount": "1" }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "1", "slippage_bps": 10_001 }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "1", "slippage_bps": -1 }).to_string(),
        json!({ "from": a, "asset": "weth", "amount": "1", "more": true }).to_string(),
        "[".repeat(10_000),
        format!("{{\"from\":\"{}\"}}", "x".repeat(20_000)),
    ];
    for body in &bodies {
        for path in ["deposit", "request", "cancel", "claim", "redeem"] {
            let reply = post(node.addr, &format!("/v1/tx/{path}"), body).await;
            let shown: String = body.chars().take(90).collect();
            assert!(
                (400..500).contains(&reply.status),
                "{path} {shown}: {} {}",
                reply.status,
                reply.body
            );
            assert!(reply.json()["error"]["code"].is_string(), "{path} {shown}");
        }
    }
    let huge = post(
        node.addr,
        "/v1/tx/deposit",
        &format!("\"{}\"", "x".repeat(20_000)),
    )
    .await;
    assert_eq!(huge.status, 413);
    assert_eq!(get(node.addr, "/v1/vault").await.status, 200);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_served_with_a_strict_policy() {
    let (world, node) = lived(47, 60).await;
    let mine = format!("/position?account={}", world.account(0));
    for path in [
        "/",
        "/exposure",
        "/queue",
        "/slashes",
        "/parameters",
        "/position",
        mine.as_str(),
    ] {
        let page = get(node.addr, path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert!(page.body.contains("agrees with the contracts"), "{path}");
        // What the policy would block is not there in the first place.
        assert!(
            !page.body.contains("style=") && !page.body.contains("onclick="),
            "{path}"
        );
    }
    let strange = get(node.addr, "/position?account=%3Cscript%3E").await;
    assert_eq!(strange.status, 200);
    assert!(strange.body.contains("&lt;script&gt;") && !strange.body.contains("<script>"));
    for file in ["style.css", "live.js", "wallet.js"] {
        assert_eq!(
            get(node.addr, &format!("/assets/{file}")).await.status,
            200,
            "{file}"
        );
    }
    assert_eq!(get(node.addr, "/assets/..%2fCargo.toml").await.status, 404);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_too_much_is_told_so() {
    let mut world = World::new(45).await;
    world.open();
    let few = RateLimit {
        per_second: 1,
        burst: 3,
    };
    let mut node = node(&world, few).await;
    caught_up(&mut node, &world).await;
    let mut refused = 0;
    for _ in 0..8 {
        let reply = get(node.addr, "/v1/rate").await;
        refused += u32::from(reply.status == 429);
        assert!([200, 429].contains(&reply.status));
    }
    assert!(refused >= 4, "only {refused} of 8 were refused");
    assert_eq!(
        get(node.addr, "/livez").await.status,
        200,
        "health is not limited"
    );
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn news_of_a_block_comes_by_the_stream() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (world, node) = lived(46, 0).await;
    let mut stream = tokio::net::TcpStream::connect(node.addr).await.unwrap();
    stream
        .write_all(b"GET /v1/stream HTTP/1.1\r\nhost: node\r\n\r\n")
        .await
        .unwrap();
    let mut heard = String::new();
    let mut buffer = [0; 4096];
    while !heard.contains("event: block") {
        let count = stream.read(&mut buffer).await.unwrap();
        heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    let head = world.chain.advance(1).await.unwrap();
    let mined = std::time::Instant::now();
    while !heard.contains(&head.hash.to_string()) {
        let count = stream.read(&mut buffer).await.unwrap();
        heard.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    let took = mined.elapsed();
    // The machine of the tests is shared: the bound is that of a person, the figure is printed.
    println!("from block to stream: {took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    drop(stream);
    node.stop().await.unwrap();
}
