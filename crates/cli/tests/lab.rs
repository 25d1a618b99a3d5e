//! `weir lab` as a user runs it.

mod common;

use std::path::Path;

use common::{stderr, stdout, weir};
use serde_json::Value;

fn done(args: &[&str]) -> Value {
    let args = [&["lab"], args, &["--json"]].concat();
    let output = weir(&args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn refused(args: &[&str], code: i32, words: &[&str]) {
    let output = weir(&[&["lab"], args].concat());
    let shown = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {shown}");
    for word in words {
        assert!(shown.contains(word), "no `{word}` in: {shown}");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn paths_are_run_reported_and_merged() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (out, html) = (at("run"), at("run.html"));
    let run = ["stress", "bank-run", "--paths", "60", "--out", text(&out)];
    let result = done(&[&run[..], &["--html", text(&html)]].concat());
    assert_eq!(result["figures"]["paths"], 60);
    let page = std::fs::read_to_string(&html).unwrap();
    assert!(page.contains("A bank run before a slash") && page.contains("In short"));
    assert!(!page.contains("<script src="), "it loads nothing");

    refused(&run, 2, &["holds paths already", "--resume"]);
    let again = done(&[&run[..], &["--resume"]].concat());
    assert_eq!(
        (&again["paths_kept"], &again["paths_run"]),
        (&60.into(), &0.into())
    );

    for shard in ["0/2", "1/2"] {
        let folder = at(&shard.replace('/', "-"));
        done(&[
            "stress",
            "bank-run",
            "--paths",
            "60",
            "--shard",
            shard,
            "--out",
            text(&folder),
        ]);
    }
    let (one, two) = (at("one.parquet"), at("two.parquet"));
    done(&["merge", text(&out), "--out", text(&one)]);
    let merged = done(&[
        "merge",
        text(&at("1-2")),
        text(&at("0-2")),
        "--out",
        text(&two),
    ]);
    assert_eq!(merged["paths"], 60);
    assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
}

#[test]
fn a_scenario_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "[queue]\nvolatility = -1\n").unwrap();
    refused(
        &["stress", text(&file)],
        2,
        &["line 2", "-1", "a volatility from 0"],
    );
    refused(
        &["stress", "no-such"],
        2,
        &["there is no scenario no-such", "bank-run"],
    );
    refused(&["stress", "calm", "--shard", "2/2"], 2, &["I/N"]);
    refused(
        &["replay", "calm", "--from", "2022-02-30"],
        2,
        &["2022-02-30 is no day"],
    );
    std::fs::write(&file, "day,wait_days\n2022-01-01,3\n2022-01-02,x\n").unwrap();
    let csv = ["--csv", text(&file), "--column", "wait_days"];
    refused(
        &[&["replay", "calm", "--from", "2022-01-01"], &csv[..]].concat(),
        2,
        &["line 3", "\"x\"", "a finite number"],
    );
}
