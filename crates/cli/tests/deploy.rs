//! `weir deploy` on a bare chain.

mod common;

use std::fs;

use common::{Up, command, stderr, stdout, wei, weir};
use serde_json::Value;

/// The test vector of the Web3 Secret Storage Definition (ethereum.org).
const KEYSTORE: &str = r#"{
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": { "iv": "6087dab2f9fdbbfaddc31a909735c1e6" },
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf": "pbkdf2",
        "kdfparams": {
            "c": 262144,
            "dklen": 32,
            "prf": "hmac-sha256",
            "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"
        },
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3
}"#;

#[test]
fn the_printed_plan_is_deployed_verified_and_usable() {
    let up = Up::start(&["--bare"]);
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.toml");
    fs::write(&plan, weir(&["deploy", "--print-plan"]).stdout).unwrap();
    let plan = plan.to_str().unwrap();

    // Without a terminal it must be told to send.
    let refused = up.fails(2, &["deploy", "--plan", plan, "--from", "governor"]);
    assert!(refused.contains("--yes"), "{refused}");
    let trial = up.json(&["deploy", "--plan", plan, "--from", "governor", "--dry-run"]);
    assert!(wei(&trial["cost"]["total_wei"]) > 0);
    assert_eq!(trial["contracts"].as_array().unwrap().len(), 0);

    let deployed = up.json(&["deploy", "--plan", plan, "--from", "governor", "--yes"]);
    assert_eq!(deployed["complete"], true);
    assert_eq!(deployed["differences"].as_array().unwrap().len(), 0);
    assert!(deployed["checked"].as_u64().unwrap() > 40);
    let again = up.json(&["deploy", "--plan", plan, "--from", "governor", "--yes"]);
    assert_eq!(again["contracts"], deployed["contracts"]);
    assert_eq!(again["cost"]["steps"], 0);

    let book = deployed["book"].as_str().unwrap();
    let status: Value =
        serde_json::from_slice(&up.weir(&["status", "--book", book, "--json"]).stdout).unwrap();
    assert_eq!(status["vault"]["epoch"], 0);
    assert_eq!(wei(&status["vault"]["supply"]), 0);
}

#[test]
fn a_bad_plan_is_answered_with_line_value_and_expectation() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.toml");
    let text = stdout(&weir(&["deploy", "--print-plan"]))
        .replace("grace_s = 172_800", "grace_s = 999_999");
    let line = text
        .lines()
        .position(|line| line.contains("999_999"))
        .unwrap()
        + 1;
    fs::write(&plan, text).unwrap();
    let output = weir(&[
        "deploy",
        "--plan",
        plan.to_str().unwrap(),
        "--from",
        "governor",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let shown = stderr(&output);
    assert!(
        shown.contains(&format!("line {line}: vault.grace_s")),
        "{shown}"
    );
    assert!(
        shown.contains("999999") && shown.contains("shorter than an epoch"),
        "{shown}"
    );
}

#[test]
fn a_keystore_signs_and_a_poor_account_is_told_what_it_lacks() {
    let up = Up::start(&["--bare"]);
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.toml");
    fs::write(&plan, weir(&["deploy", "--print-plan"]).stdout).unwrap();
    let keystore = folder.path().join("key.json");
    fs::write(&keystore, KEYSTORE).unwrap();
    let args = [
        "deploy",
        "--plan",
        plan.to_str().unwrap(),
        "--keystore",
        keystore.to_str().unwrap(),
        "--dry-run",
    ];

    let without = up.fails(2, &args);
    assert!(without.contains("WEIR_KEYSTORE_PASSWORD"), "{without}");
    let run = |password: &str| {
        let mut command = command(up.home.path(), &args);
        command
            .env("WEIR_RPC", up.rpc())
            .env("WEIR_KEYSTORE_PASSWORD", password)
            .output()
            .unwrap()
    };
    let wrong = run("guess");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("cannot open the keystore"),
        "{}",
        stderr(&wrong)
    );
    let poor = run("testpassword");
    assert_eq!(poor.status.code(), Some(1));
    assert!(stderr(&poor).contains("ETH more"), "{}", stderr(&poor));
}
