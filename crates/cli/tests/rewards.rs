//! Rewards on a chain of `weir up`, by hand.

mod common;

use common::{Up, wei};

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn a_reward_is_paid_streams_and_is_claimed() {
    let up = Up::start(&[]);
    up.json(&["deposit", "100", "wsteth", "--from", "alice"]);
    let set = up.json(&["rewards", "set-commission", "1000", "--from", "operator"]);
    assert_eq!(set["from_epoch"], 1, "a rise counts from the next epoch");
    up.json(&["time", "warp", "6d"]);

    let fund = ["rewards", "fund", "10", "weth", "--operator", "operator"];
    let fund = |more: &[&'static str]| [&fund[..], &["--from", "dave"], more].concat();
    let trial = up.json(&fund(&["--dry-run"]));
    assert_eq!(trial["calls"][1]["contract"], "rewards");
    assert!(
        up.fails(4, &fund(&["--max-commission", "999"]))
            .contains("at most 9.99 % is accepted")
    );
    let funded = up.json(&fund(&[]));
    assert_eq!(wei(&funded["commission"]), ONE);
    assert_eq!(funded["end_epoch"], trial["result"]["end_epoch"]);
    up.fails(2, &fund(&["--for", "90d"]));

    let list = up.json(&["rewards", "list"]);
    let streams = list["streams"].as_array().unwrap();
    let stream = streams.iter().find(|stream| stream["asset"] == "WETH");
    let stream = stream.expect("WETH is an asset");
    assert!(wei(&stream["left"]) <= 9 * ONE);
    assert_eq!(stream["ends"][0]["epoch"], funded["end_epoch"]);
    assert_eq!(list["operators"][0]["commission_bps"], 1_000);
    let before = wei(&up.json(&["status"])["vault"]["rate_wad"]);
    up.json(&["time", "warp", "4d"]);
    let after = wei(&up.json(&["status"])["vault"]["rate_wad"]);
    assert!(after > before, "{after}");

    let claim = ["rewards", "claim-commission", "--from", "operator"];
    let claimed = up.json(&claim);
    assert_eq!(claimed["paid"][0]["token"], "WETH");
    assert_eq!(wei(&claimed["paid"][0]["amount"]), ONE);
    assert!(up.fails(4, &claim).contains("nothing waits for operator"));
}

#[test]
fn fee_shares_go_to_treasury_cover_and_operators() {
    let up = Up::start(&[]);
    up.json(&["deposit", "100", "wsteth", "--from", "alice"]);
    up.json(&["time", "warp", "10d"]);
    up.json(&["accrue", "wsteth", "0.5"]);
    let collected = up.json(&["rewards", "collect", "--from", "bob"]);
    let part = |name: &str| wei(&collected[name]);
    assert!(part("treasury") > 0 && part("operators") > 0);
    // Half, a fifth and three tenths, but for roundings.
    let all = part("treasury") + part("cover") + part("operators");
    assert!(part("cover").abs_diff(all / 5) <= 1);
    assert!(part("operators").abs_diff(all * 3 / 10) <= 1);
    assert!(part("shared") > 0 && part("shared") <= part("operators"));
    up.json(&["rewards", "claim-commission", "--from", "operator"]);
    let again = up.json(&["rewards", "collect", "--from", "bob"]);
    assert_eq!(wei(&again["operators"]), 0);
}

#[test]
fn nothing_is_for_sale_before_the_governor_says_so() {
    let up = Up::start(&[]);
    assert_eq!(up.json(&["auction", "list"]).as_array().unwrap().len(), 0);
    let token = "0x912ce59144191c1204e64559fe8253a0e49e6548";
    up.fails(4, &["auction", "start", token, "--from", "bob"]);
    let refused = up.fails(4, &["auction", "bid", token, "--from", "bob"]);
    assert!(refused.contains("no lot"), "{refused}");
}
