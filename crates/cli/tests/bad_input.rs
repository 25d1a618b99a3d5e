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
