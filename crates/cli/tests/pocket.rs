//! An asset fails on a chain of `weir up`, and is shared among who held it.

mod common;

use common::{Up, wei};

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn who_held_shares_when_an_asset_failed_is_computed_from_the_chain_and_paid() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    up.json(&["deposit", "20", "reth", "--from", "bob"]);
    up.json(&["deposit", "5", "reth", "--from", "carol"]);
    up.json(&[
        "operator",
        "bond",
        "1",
        "--operator",
        "north",
        "--from",
        "bob",
    ]);
    let none = up.fails(4, &["pocket", "tree", "reth"]);
    assert!(none.contains("is in no side pocket"), "{none}");

    // A loss out of bounds: the rate is suspicious, and stays so.
    up.json(&["accrue", "reth", "-20"]);
    let propose = |change: &[&str]| {
        let head = ["governor", "propose"];
        up.json(&[&head[..], change, &["--from", "governor"]].concat())
    };
    propose(&["delist", "reth"]);
    propose(&["pocket", "reth"]);
    up.json(&["time", "warp", "24d"]);
    up.json(&["governor", "execute", "1", "--from", "alice"]);
    // Shares in a ticket and in cover count for whose they are.
    up.json(&["exit", "4", "--from", "bob"]);
    up.json(&["cover", "deposit", "2", "--from", "carol"]);
    let pocketed = up.json(&["governor", "execute", "2", "--from", "alice"]);
    assert_eq!(wei(&pocketed["changes"][0]["before"]), 25 * ONE);
    // Who comes or goes later changes nothing.
    up.json(&["deposit", "3", "weth", "--from", "dave"]);

    let path = up.home.path().join("pocket.json");
    let file = path.to_str().unwrap();
    let tree = up.json(&["pocket", "tree", "reth", "--out", file]);
    let shares = |account: &str| {
        let account = up.json(&["status", account])["accounts"][0]["account"].clone();
        let holders = tree["holders"].as_array().unwrap();
        let holder = holders.iter().find(|holder| holder["account"] == account);
        holder.map_or(0, |holder| wei(&holder["shares"]))
    };
    assert_eq!(shares("alice"), 10 * ONE - ONE / 1_000);
    assert_eq!(shares("bob"), 19 * ONE);
    assert_eq!(shares("carol"), 5 * ONE);
    assert_eq!(shares("operator"), ONE);
    assert_eq!(shares("dave"), 0);
    assert_eq!(wei(&tree["nobodys"]), ONE / 1_000);
    assert_eq!(wei(&tree["supply"]), 35 * ONE);

    let early = up.fails(4, &["pocket", "claim", "reth", "--from", "bob"]);
    assert!(early.contains("not open"), "{early}");
    let opened = propose(&["open-pocket", "reth", "--tree", file]);
    assert_eq!(
        opened["call"]["function"],
        "openPocket(address,bytes32,uint256)"
    );
    up.json(&["time", "warp", "24d"]);
    up.json(&["governor", "execute", "3", "--from", "alice"]);
    let again = up.json(&["pocket", "tree", "reth"]);
    assert_eq!(again["named_root"], tree["root"]);

    let paid = up.json(&["pocket", "claim", "reth", "--from", "bob"]);
    assert_eq!(
        wei(&paid["amount"]),
        25 * ONE / 35 * 19 + 25 * ONE % 35 * 19 / 35
    );
    let paid = up.json(&[
        "pocket", "claim", "reth", "--of", "carol", "--tree", file, "--from", "bob",
    ]);
    assert!(wei(&paid["amount"]) > 0);
    let shown = up.fails(4, &["pocket", "claim", "reth", "--from", "bob"]);
    assert!(shown.contains("took its part"), "{shown}");
    let shown = up.fails(4, &["pocket", "claim", "reth", "--from", "dave"]);
    assert!(shown.contains("held no shares"), "{shown}");
    let status = up.json(&["pocket", "status", "reth", "carol"]);
    assert_eq!(status["accounts"][0]["taken"], paid["amount"]);
    let proof = up.json(&["pocket", "proof", "reth", "alice", "--tree", file]);
    assert!(!proof["proof"].as_array().unwrap().is_empty());
}
