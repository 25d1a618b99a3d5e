//! `weir up --state` keeps the chain over restarts.

mod common;

use common::{Up, command, stderr};

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
