//! Operators and services on a chain of `weir up`, by hand.

mod common;

use common::{Up, stdout};

#[test]
fn an_operator_registers_and_takes_part_in_a_new_service() {
    let up = Up::start(&[]);
    let register = ["operator", "register", "--from", "dave"];
    let trial = up.json(&[&register[..], &["--dry-run"]].concat());
    assert_eq!(trial["calls"][0]["contract"], "hub");
    let nobody = up.json(&["operator", "status", "dave"]);
    assert_eq!(
        nobody["signer"], "0x0000000000000000000000000000000000000000",
        "a dry run sent something"
    );
    up.fails(4, &["operator", "opt-in", "attestation", "--from", "dave"]);

    let registered = up.json(&register);
    assert_eq!(registered["signer"], registered["operator"]);
    let changed = up.json(&[&register[..], &["--signer", "erin"]].concat());
    assert_eq!(changed["old_signer"], registered["signer"]);
    let status = up.json(&["operator", "status", "dave"]);
    assert_eq!(status["signer"], changed["signer"]);
    assert_eq!(status["services"].as_array().unwrap().len(), 0);

    let before = up.json(&["service", "list"]).as_array().unwrap().len();
    let service = up.json(&[
        "service",
        "register",
        "--slasher",
        "bob",
        "--resolver",
        "erin",
        "--max-slash",
        "12.5",
        "--window",
        "12h",
        "--from",
        "carol",
    ]);
    let id = service["service"].to_string();
    assert_eq!(service["service"], before + 1);
    let opted = up.json(&["operator", "opt-in", &id, "--from", "dave"]);
    let shown = up.json(&["service", "show", &id]);
    assert_eq!(opted["terms_hash"], shown["terms_hash"]);
    assert_eq!(shown["max_wad"], 125_000_000_000_000_000_u64);
    assert_eq!(shown["veto_window_s"], 43_200);
    assert_eq!(shown["vault_takes_part"], false);
    let services = up.json(&["operator", "status", "dave"])["services"].clone();
    assert_eq!(services[0]["service"], service["service"]);
    assert_eq!(services[0]["takes_part"], true);

    // The operator of the address book, in words.
    let words = stdout(&up.weir(&["operator", "status"]));
    assert!(
        words.contains("1 attestation") && words.contains("40"),
        "{words}"
    );
    let words = stdout(&up.weir(&["service", "show", "attestation"]));
    assert!(words.contains("slasher, up to 50"), "{words}");
}

#[test]
fn what_a_slash_would_cost_is_what_it_costs() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "weth", "--from", "alice"]);
    let cost = up.json(&["what-if", "attestation", "north", "20%"]);
    let wei = |text: &serde_json::Value| text.as_str().unwrap().parse::<u128>().unwrap();
    let parts = ["by_bond", "by_cover", "by_holders"].map(|part| wei(&cost[part]));
    assert_eq!(parts.iter().sum::<u128>(), wei(&cost["loss"]));
    assert!(wei(&cost["rate_after_wad"]) < wei(&cost["rate_wad"]));
    let words = stdout(&up.weir(&["what-if", "1", "north", "20"]));
    assert!(words.contains("holders"), "{words}");

    let filed = up.json(&["slash", "file", "20", "--from", "slasher"]);
    assert_eq!(filed["floor_rate_wad"], cost["floor_rate_wad"]);
    let status = up.json(&["status"]);
    assert_eq!(status["vault"]["retired"], false);
    assert!(wei(&status["vault"]["worst_loss"]) > 0);
    let shown = up.fails(4, &["retire", "--from", "bob"]);
    assert!(shown.contains("a millionth of 1"), "{shown}");
    up.fails(4, &["what-if", "77", "north", "20"]);
    up.fails(2, &["what-if", "1", "north", "200"]);
}

#[test]
fn what_is_wrong_is_said() {
    let up = Up::start(&[]);
    let shown = up.fails(2, &["operator", "status", "nobody"]);
    assert!(shown.contains("north"), "{shown}");
    up.fails(4, &["service", "show", "77"]);
    let shown = up.fails(2, &["service", "show", "nothing"]);
    assert!(shown.contains("attestation"), "{shown}");
    let args = ["--resolver", "erin", "--max-slash", "101", "--from", "dave"];
    up.fails(2, &[&["service", "register"], &args[..]].concat());
}
