//! A holder's whole life on a chain of `weir up`, by hand.

mod common;

use common::{Up, wei};

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn a_deposit_earns_is_queued_cancelled_slashed_settled_claimed_and_redeemed() {
    let up = Up::start(&[]);

    // Deposit: the first one prices a share at one ETH and locks a thousandth of a share.
    let trial = up.json(&["deposit", "10", "wsteth", "--from", "alice", "--dry-run"]);
    assert_eq!(trial["dry_run"], true);
    assert_eq!(trial["calls"][0]["contract"], "vault");
    let before = up.json(&["status", "alice"]);
    assert_eq!(
        wei(&before["accounts"][0]["shares"]),
        0,
        "a dry run sent something"
    );
    let deposit = up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    assert_eq!(wei(&deposit["shares"]), wei(&trial["result"]["shares"]));
    assert_eq!(wei(&deposit["shares"]), 10 * ONE - ONE / 1_000);
    assert_eq!(deposit["spending"], "permit");
    let second = up.json(&["deposit", "all", "reth", "--from", "bob"]);
    assert_eq!(wei(&second["amount"]), wei(&second["shares"]));
    assert_eq!(
        up.json(&["deposit", "3", "weth", "--from", "2"])["spending"],
        "approval"
    );

    // Ether is wrapped on the way in.
    let trial = up.json(&["deposit", "2", "eth", "--from", "carol", "--dry-run"]);
    assert_eq!(trial["calls"][0]["contract"], "zap");
    let zapped = up.json(&["deposit", "2", "eth", "--from", "carol"]);
    assert_eq!(wei(&zapped["shares"]), 2 * ONE);
    assert_eq!(wei(&zapped["shares"]), wei(&trial["result"]["shares"]));
    assert!(
        up.fails(4, &["deposit", "2", "steth", "--from", "carol"])
            .contains("carol has no stETH")
    );

    // Yield.
    up.json(&["time", "warp", "1d"]);
    let accrued = up.json(&["accrue", "wsteth", "0.5"]);
    assert!(wei(&accrued["new_rate_wad"]) > wei(&accrued["old_rate_wad"]));
    let status = up.json(&["status"]);
    assert!(wei(&status["vault"]["rate_wad"]) > ONE);

    // Queue, and back.
    let exit = up.json(&["exit", "4", "--from", "alice"]);
    assert_eq!(exit["epoch"], 0);
    let cancel = up.json(&["cancel", "1", "--from", "alice"]);
    assert_eq!(wei(&cancel["shares"]), ONE);
    let alice = &up.json(&["status", "alice"])["accounts"][0];
    assert_eq!(wei(&alice["queued"]), 3 * ONE);
    assert_eq!(alice["tickets"][0]["can_cancel"], true);
    assert!(
        up.fails(4, &["claim", "--from", "alice"])
            .contains("nothing to claim")
    );

    // A slash, contested, then executed.
    let filed = up.json(&["slash", "file", "10", "--from", "slasher"]);
    assert_eq!(filed["id"], 1);
    assert!(wei(&filed["floor_rate_wad"]) < wei(&filed["rate_wad"]));
    assert!(
        up.fails(4, &["slash", "arm", "1", "--from", "bob"])
            .contains("veto window is open")
    );
    assert!(
        up.fails(4, &["slash", "veto", "1", "--from", "bob"])
            .contains("role")
    );
    up.json(&["time", "warp", "2d"]);
    up.json(&["slash", "arm", "1", "--from", "bob"]);
    up.json(&["time", "warp", "12h"]);
    let executed = up.json(&["slash", "execute", "1", "--from", "bob"]);
    assert_eq!(
        wei(&executed["rate_wad"]),
        wei(&filed["floor_rate_wad"]),
        "the loss is what the filing fixed"
    );
    assert!(wei(&up.json(&["slash", "pull", "wsteth", "--from", "bob"])["amount"]) > 0);

    // Settled and claimed in one asset, or by anyone for its owner.
    up.json(&["time", "epoch"]);
    up.json(&["time", "settle"]);
    let into = ["claim", "--from", "alice", "--into", "weth", "--min-out"];
    assert!(
        up.fails(4, &[&into[..], &["1000"]].concat())
            .contains("at least 1000 were asked for")
    );
    let trial = up.json(&[&into[..], &["0.01", "--dry-run"]].concat());
    assert_eq!(trial["calls"][0]["contract"], "router");
    assert!(wei(&trial["result"]["amount"]) > ONE / 100);
    let before = up.json(&["status", "alice"]);
    let claim = up.json(&["claim", "--from", "bob", "--of", "alice"]);
    assert_eq!(claim["tickets"][0]["finished"], true);
    let after = up.json(&["status", "alice"]);
    for paid in claim["tickets"][0]["paid"].as_array().unwrap() {
        let symbol = paid["asset"].as_str().unwrap();
        let wallet = |status: &serde_json::Value| wei(&status["accounts"][0]["wallet"][symbol]);
        assert_eq!(
            wallet(&after) - wallet(&before),
            wei(&paid["amount"]),
            "{symbol}"
        );
    }
    assert!(
        after["accounts"][0]["tickets"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // At once, at a fee.
    let redeemed = up.json(&["redeem", "1", "reth", "--from", "alice"]);
    assert!(wei(&redeemed["fee"]) > 0);
    assert!(
        up.fails(4, &["redeem", "all", "weth", "--from", "bob"])
            .contains("weir exit")
    );

    // Everything the vault has is in its ledger.
    for asset in up.json(&["status"])["vault"]["assets"].as_array().unwrap() {
        let parts = ["total", "held", "owed", "due", "unvested"].map(|part| wei(&asset[part]));
        assert_eq!(
            parts.iter().sum::<u128>(),
            wei(&asset["balance"]),
            "{}",
            asset["symbol"]
        );
    }
}

#[test]
fn an_exit_that_settles_under_a_slash_is_paid_in_two_parts() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    up.json(&["exit", "4", "--from", "alice"]);
    up.json(&["slash", "file", "10", "--from", "slasher"]);
    up.json(&["time", "settle"]);

    // The views count the settlement already; no call has made it yet.
    let ticket = |status: serde_json::Value| status["accounts"][0]["tickets"][0].clone();
    let before = ticket(up.json(&["status", "alice"]));
    assert_eq!(before["synced"], false);
    let first = up.json(&["claim", "--from", "alice"]);
    assert_eq!(first["tickets"][0]["finished"], false);
    let paid = |claim: &serde_json::Value| wei(&claim["tickets"][0]["paid"][0]["amount"]);
    assert_eq!(paid(&first), wei(&before["claimable"]["wstETH"]));

    // What was held comes when the request lapses.
    let after = ticket(up.json(&["status", "alice"]));
    assert_eq!(after["synced"], true);
    let held = wei(&after["held"]["wstETH"]);
    assert!(held > 0);
    up.json(&["slash", "lapse", "1", "--from", "bob"]);
    let second = up.json(&["claim", "--from", "alice"]);
    assert_eq!(second["tickets"][0]["finished"], true);
    assert_eq!(paid(&second), held);
}

/// The first start compiles every contract and takes more than a second; what stands then is as after any other start.
#[test]
fn a_slash_can_be_filed_in_the_first_epoch_however_slow_the_start() {
    let up = Up::start_cold(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let filed = up.json(&["slash", "file", "10", "--from", "slasher"]);
    assert!(wei(&filed["floor_rate_wad"]) < wei(&filed["rate_wad"]));
}
