//! `weir demo` tells the same story every time, and every wei of it adds up.

mod common;

use common::{command, stderr, stdout, wei};
use serde_json::Value;

fn story(args: &[&str]) -> Value {
    let home = tempfile::tempdir().unwrap();
    let output = command(home.path(), args).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_act_adds_up_to_the_wei_and_every_run_is_the_same() {
    let first = story(&["demo", "--json", "--quiet"]);
    assert_eq!(first["adds_up"], true);
    let acts = first["acts"].as_array().unwrap();
    assert!(acts.len() >= 8, "only {} acts", acts.len());
    for act in acts {
        let title = &act["title"];
        // Added up here from the parts, not taken from the verdict.
        for asset in act["conservation"]["assets"].as_array().unwrap() {
            let part = |name: &str| wei(&asset[name]);
            assert_eq!(
                part("wallets") + part("vault") + part("slashed"),
                part("supply"),
                "{title}: {asset}"
            );
            assert_eq!(part("vault"), part("ledger"), "{title}: {asset}");
            assert!(part("dust") < 100, "{title}: {asset}");
        }
        let shares = &act["conservation"]["shares"];
        let part = |name: &str| wei(&shares[name]);
        assert_eq!(
            part("wallets") + part("queued") + part("locked"),
            part("supply"),
            "{title}"
        );
    }
    let slashed = |act: &Value| {
        let assets = act["conservation"]["assets"].as_array().unwrap().clone();
        assets
            .iter()
            .map(|asset| wei(&asset["slashed"]))
            .sum::<u128>()
    };
    assert_eq!(slashed(&acts[0]), 0);
    assert!(
        slashed(acts.last().unwrap()) > 0,
        "nothing was slashed in the end"
    );
    assert_eq!(story(&["demo", "--json", "--quiet"]), first);
}

#[test]
fn the_story_is_told_in_words_too() {
    let home = tempfile::tempdir().unwrap();
    let output = command(home.path(), &["demo", "--seed", "3"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for words in [
        "1. Three holders",
        "contested",
        "vetoed",
        "burned",
        "erin's watcher sees both signatures",
        "12 hours later it executes it",
        "to the wei",
    ] {
        assert!(text.contains(words), "no `{words}` in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colours with NO_COLOR");
    let piped = command(home.path(), &["demo"])
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    assert!(!stdout(&piped).contains('\u{1b}'), "colours in a pipe");
    assert!(!stderr(&piped).contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn the_readme_shows_what_it_prints() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, excerpt) = readme.split_once("```text\n7. ").expect("the excerpt");
    let (excerpt, _) = excerpt.split_once("```").unwrap();
    let printed = stdout(&common::weir(&["demo"]));
    // The excerpt leaves out a table in the middle.
    for part in excerpt.trim_end().split("\n\n") {
        assert!(printed.contains(part), "not printed by the demo:\n{part}");
    }
}
