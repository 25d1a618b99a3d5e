//! `weir up --state` keeps the chain over restarts.

mod common;

use common::{Up, command, stderr};

#[test]
fn the_chain_survives_ctrl_c() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("weir.state");
    let file = file.to_str().unwrap().to_owned();

    let up = Up::start_in(home, &["--state", &file, "--seed", "7"]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    up.json(&["exit", "4", "--from", "alice"]);
    up.json(&["time", "epoch"]);
    let before = up.json(&["status", "alice"]);
    let vault = up.ready["contracts"].clone();
    let home = up.interrupt();

    let up = Up::start_in(home, &["--state", &file, "--seed", "7"]);
    assert_eq!(
        up.ready["contracts"], vault,
        "the contracts were deployed again"
    );
    let after = up.json(&["status", "alice"]);
    assert_eq!(after["accounts"], before["accounts"]);
    up.json(&["time", "settle"]);
    up.json(&["claim", "--from", "alice"]);
}

#[test]
fn a_port_in_use_is_told_with_what_to_do() {
    let up = Up::start(&["--bare"]);
    let port = up.rpc().rsplit(':').next().unwrap().to_owned();
    let output = command(up.home.path(), &["up", "--bare", "--port", &port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("is in use") && stderr(&output).contains("--port 0"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_state_file_that_is_none_is_refused_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.txt");
    std::fs::write(&file, "not a chain").unwrap();
    let output = command(
        home.path(),
        &["up", "--port", "0", "--state", file.to_str().unwrap()],
    )
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("not a state file"),
        "{}",
        stderr(&output)
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a chain");
}
