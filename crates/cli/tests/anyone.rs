//! What holders pass on, and what anyone may do for all of them, on a chain of `weir up`.

mod common;

use common::{Up, wei};

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn shares_and_tickets_change_hands() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    up.json(&["give", "shares", "2", "bob", "--from", "alice"]);
    assert_eq!(
        wei(&up.json(&["status", "bob"])["accounts"][0]["shares"]),
        2 * ONE
    );
    up.fails(4, &["give", "shares", "3", "alice", "--from", "bob"]);

    up.json(&["exit", "3", "--from", "alice"]);
    let given = up.json(&["give", "ticket", "0", "carol", "--from", "alice"]);
    assert_eq!(wei(&given["shares"]), 3 * ONE);
    assert_eq!(
        wei(&up.json(&["status", "carol"])["accounts"][0]["queued"]),
        3 * ONE
    );
    let shown = up.fails(4, &["give", "ticket", "0", "bob", "--from", "alice"]);
    assert!(shown.contains("no such ticket"), "{shown}");
    up.json(&["time", "settle"]);
    assert_eq!(up.json(&["vault", "sync", "--from", "dave"])["done"], true);
    up.json(&["claim", "--from", "carol"]);
}

#[test]
fn fees_of_a_gain_are_taken_and_split_by_anyone() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let none = up.json(&["vault", "take-fee", "--from", "bob"]);
    assert_eq!(wei(&none["shares"]), 0);
    assert!(
        up.fails(4, &["vault", "collect-fees", "--from", "bob"])
            .contains("no fee shares")
    );

    up.json(&["time", "warp", "1d"]);
    up.json(&["accrue", "wsteth", "5"]);
    let poked = up.json(&["vault", "poke", "--from", "bob"]);
    assert_eq!(poked["wstETH"]["state"], "fresh");
    let taken = up.json(&["vault", "take-fee", "--from", "bob"]);
    assert!(wei(&taken["shares"]) > 0);
    let status = up.json(&["status", "governor"]);
    assert_eq!(status["vault"]["uncollected_fee"], taken["shares"]);
    assert!(wei(&status["vault"]["backing_wad"]) >= ONE - 1);
    let split = up.json(&["vault", "collect-fees", "--from", "bob"]);
    let parts = ["treasury", "cover", "operators"].map(|part| wei(&split[part]));
    assert_eq!(parts.iter().sum::<u128>(), wei(&taken["shares"]));
    assert_eq!(
        up.json(&["status", "governor"])["accounts"][0]["shares"],
        split["treasury"]
    );
}
