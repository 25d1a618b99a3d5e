//! Wrong input is answered with what happened and what to do.

mod common;

use common::{Up, stderr, stdout, weir};
use serde_json::Value;

fn refused(args: &[&str], code: i32, words: &[&str]) {
    let output = weir(args);
    let shown = stderr(&output);
    assert_eq!(
        output.status.code(),
        Some(code),
        "weir {}: {shown}",
        args.join(" ")
    );
    assert!(output.stdout.is_empty(), "a failure printed a result");
    for word in words {
        assert!(
            shown.contains(word),
            "weir {}: no `{word}` in: {shown}",
            args.join(" ")
        );
    }
}

#[test]
fn without_a_chain() {
    // Port 9 is that of the discard service: nothing answers there.
    let nowhere = ["--rpc", "http://127.0.0.1:9"];
    refused(
        &[&["status"][..], &nowhere].concat(),
        3,
        &["cannot reach a chain", "--rpc"],
    );
    refused(&["status", "--rpc", "not a url"], 3, &["cannot reach"]);
    refused(
        &["deposit", "ten", "wsteth"],
        2,
        &["`ten` is not a decimal number"],
    );
    refused(
        &["deposit", "1.0000000000000000001", "wsteth"],
        2,
        &["more than 18 digits"],
    );
    refused(&["time", "warp", "soon"], 2, &["soon"]);
    refused(&["up", "--epoch", "30", "--port", "0"], 2, &["epoch_s"]);
    refused(
        &["up", "--mnemonic", "one two three", "--port", "0"],
        1,
        &["phrase"],
    );
    refused(&["deploy"], 2, &["--plan"]);
    refused(
        &["deploy", "--plan", "/nonexistent.toml"],
        2,
        &["--print-plan"],
    );
    refused(&["nonsense"], 2, &["nonsense"]);
}

#[test]
fn with_a_chain() {
    let up = Up::start(&[]);
    let fails = |code: i32, args: &[&str], words: &[&str]| {
        let shown = up.fails(code, args);
        for word in words {
            assert!(
                shown.contains(word),
                "weir {}: no `{word}` in: {shown}",
                args.join(" ")
            );
        }
    };
    fails(
        2,
        &["deposit", "1", "wbtc", "--from", "alice"],
        &["no asset `wbtc`", "wstETH, rETH, WETH"],
    );
    fails(
        2,
        &["deposit", "1", "wsteth", "--from", "mallory"],
        &["mallory", "alice"],
    );
    fails(
        2,
        &["deposit", "1", "wsteth"],
        &["no account to sign with", "--from alice"],
    );
    fails(
        4,
        &["deposit", "9999", "wsteth", "--from", "alice"],
        &["alice has 500 wstETH"],
    );
    fails(
        4,
        &["deposit", "0.001", "wsteth", "--from", "alice"],
        &["at least 0.01"],
    );
    fails(4, &["exit", "1", "--from", "alice"], &["it has none"]);
    fails(
        4,
        &["redeem", "1", "weth", "--from", "alice"],
        &["it has none"],
    );
    fails(4, &["cancel", "--from", "alice"], &["nothing to cancel"]);
    fails(
        4,
        &["slash", "file", "10", "--from", "alice"],
        &["does not hold the role"],
    );
    fails(
        2,
        &["slash", "file", "101", "--from", "slasher"],
        &["not a percentage"],
    );
    fails(
        4,
        &["slash", "veto", "3", "--from", "resolver"],
        &["no slash request 3"],
    );
    fails(2, &["status", "nobody"], &["`nobody` is not an account"]);
    fails(1, &["accrue", "weth", "1"], &["cannot be moved"]);
    fails(
        3,
        &["status", "--book", "/nonexistent.json"],
        &["no address book"],
    );

    let output = up.weir(&["exit", "1", "--from", "alice", "--json"]);
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["code"], 4);
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&weir(&["completions", shell]));
        for command in ["up", "demo", "deposit", "slash"] {
            assert!(
                script.contains(command),
                "{shell} completions have no {command}"
            );
        }
    }
}
