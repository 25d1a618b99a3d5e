//! Bonds, cover and stakes on a chain of `weir up`, by hand.

mod common;

use common::{Up, stdout, wei};

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn bond_and_cover_bear_a_loss_before_holders_and_leave_as_stake_does() {
    let up = Up::start(&[]);
    up.json(&["deposit", "20", "wsteth", "--from", "alice"]);
    let bond = [
        "operator",
        "bond",
        "1",
        "--operator",
        "north",
        "--from",
        "alice",
    ];
    let trial = up.json(&[&bond[..], &["--dry-run"]].concat());
    let functions: Vec<&str> = trial["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["function"].as_str().unwrap())
        .collect();
    assert_eq!(
        functions,
        ["approve(address,uint256)", "bond(address,uint256)"]
    );
    let bonded = up.json(&bond);
    assert_eq!(wei(&bonded["total"]), ONE);

    up.json(&["cover", "deposit", "1", "--from", "alice"]);
    up.json(&["cover", "cancel", "deposit", "--from", "alice"]);
    let shown = up.fails(4, &["cover", "cancel", "deposit", "--from", "alice"]);
    assert!(shown.contains("weir cover status"), "{shown}");
    let entered = up.json(&["cover", "deposit", "3", "--from", "alice"]);
    assert!(entered["counts_s"].as_u64().unwrap() > 0);
    let early = up.fails(4, &["cover", "exit", "9", "--from", "alice"]);
    assert!(early.contains("weir cover deposit"), "{early}");
    up.json(&["time", "epoch"]);
    let status = up.json(&["cover", "status", "alice"]);
    assert_eq!(wei(&status["shares"]), 3 * ONE);
    assert_eq!(wei(&status["members"][0]["shares"]), 3 * ONE);
    assert_eq!(wei(&status["bonds"][0]["shares"]), ONE);

    // 20 % of 40 % of 19 wstETH is more than the bond.
    let filed = up.json(&["slash", "file", "20", "--from", "slasher"]);
    assert_eq!(
        filed["rate_wad"], filed["floor_rate_wad"],
        "holders would lose nothing"
    );
    let status = up.json(&["cover", "status"]);
    assert_eq!(wei(&status["locks"][0]["from_bond"]), ONE);
    assert!(wei(&status["locks"][0]["from_cover"]) > 0);
    let words = stdout(&up.weir(&["operator", "status"]));
    assert!(words.contains("bond"), "{words}");
    let shown = up.fails(4, &["operator", "collect", "--from", "operator"]);
    assert!(shown.contains("no notice"), "{shown}");
    up.json(&["slash", "veto", "1", "--from", "resolver"]);

    // Out, two epochs and the grace later.
    let notice = up.json(&["operator", "unbond", "all", "--from", "operator"]);
    assert_eq!(wei(&notice["shares"]), ONE);
    up.json(&["cover", "exit", "1", "--from", "alice"]);
    up.json(&["cover", "cancel", "exit", "--from", "alice"]);
    up.json(&["cover", "exit", "all", "--from", "alice"]);
    let shown = up.fails(4, &["cover", "claim", "--from", "bob", "--of", "alice"]);
    assert!(shown.contains("matures"), "{shown}");
    up.json(&["time", "settle"]);
    let paid = up.json(&["cover", "claim", "--from", "bob", "--of", "alice"]);
    assert_eq!(wei(&paid["shares"]), 3 * ONE);
    let paid = up.json(&[
        "operator",
        "collect",
        "--operator",
        "north",
        "--from",
        "bob",
    ]);
    assert_eq!(wei(&paid["shares"]), ONE);
}

#[test]
fn services_stake_and_take_back_what_is_free() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    up.json(&["service", "fund", "attestation", "2", "--from", "alice"]);
    assert_eq!(
        wei(&up.json(&["service", "show", "attestation"])["stake_free"]),
        2 * ONE
    );
    up.fails(
        4,
        &["service", "defund", "attestation", "1", "--from", "bob"],
    );
    let back = up.json(&[
        "service",
        "defund",
        "attestation",
        "all",
        "--from",
        "slasher",
    ]);
    assert_eq!(wei(&back["shares"]), 2 * ONE);
    let slasher = up.json(&["status", "slasher"]);
    assert_eq!(wei(&slasher["accounts"][0]["shares"]), 2 * ONE);
    assert!(
        up.fails(4, &["cover", "earn", "--from", "bob"])
            .contains("no fees")
    );
    assert!(
        up.fails(4, &["cover", "surrender", "--from", "bob"])
            .contains("forfeited")
    );
}
