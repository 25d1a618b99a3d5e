//! Programs that expire, on a chain of `weir up`.

mod common;

use common::Up;

#[test]
fn programs_are_renewed_before_they_expire_and_activated_after() {
    let up = Up::start(&[]);
    let programs = up.json(&["keepalive", "status"]);
    let first = programs[0]["left_s"].as_u64().unwrap();
    assert!(first > 364 * 86_400);
    let run = ["keepalive", "run", "--from", "bob"];
    assert!(up.json(&run).as_array().unwrap().is_empty());

    up.json(&["time", "warp", "310d"]);
    let trial = up.json(&[&run[..], &["--dry-run"]].concat());
    let count = programs.as_array().unwrap().len();
    assert_eq!(trial["calls"].as_array().unwrap().len(), count);
    let renewed = up.json(&run);
    assert_eq!(renewed.as_array().unwrap().len(), count);
    assert_eq!(renewed[0]["what"], "renewed");
    assert_eq!(up.json(&["check"])["sound"], true);

    up.json(&["time", "warp", "370d"]);
    let output = up.weir(&["deposit", "1", "wsteth", "--from", "alice"]);
    assert!(!output.status.success(), "expired programs were called");
    let expired = up.json(&["keepalive", "status"]);
    assert!(expired[0]["left_s"].is_null());
    let activated = up.json(&run);
    assert_eq!(activated[0]["what"], "activated");
    up.json(&["deposit", "1", "wsteth", "--from", "alice"]);
}
