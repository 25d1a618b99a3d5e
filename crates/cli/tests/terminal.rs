//! What a person meets who is new to the command: own keys, slips of the hand, other readers than eyes.

mod common;

use std::fs;
use std::path::Path;

use common::{Up, command, stderr, stdout, weir};
use serde_json::Value;

#[test]
fn a_wrong_argument_is_json_too_where_json_was_asked_for() {
    for args in [
        &["deposit", "1", "weth", "--nonsense", "--json"][..],
        &["--json", "deposit", "1,5", "weth"],
        &["--json", "nothing"],
    ] {
        let output = weir(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(error["error"]["code"], 2, "{args:?}");
        let what = error["error"]["what"].as_str().unwrap();
        assert!(!what.starts_with("error"), "{what}");
    }
    let help = weir(&["--json", "deposit", "--help"]);
    assert!(help.status.success());
    assert!(stdout(&help).contains("Usage: weir deposit"));
}

/// One man's decimal point is another's separator of thousands, and the difference is a factor of ten or a thousand.
#[test]
fn an_amount_with_a_comma_is_refused() {
    for amount in ["1,5", "1,000", "1,000.5"] {
        let output = weir(&["deposit", amount, "weth"]);
        assert_eq!(output.status.code(), Some(2), "{amount}");
        assert!(stderr(&output).contains("comma"), "{}", stderr(&output));
    }
}

#[test]
fn a_keystore_is_made_once_and_opened_by_its_password_alone() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.json");
    let key = key.to_str().unwrap();
    let run = |args: &[&str], password: Option<&str>| {
        let mut command = command(folder.path(), args);
        if let Some(password) = password {
            command.env("WEIR_KEYSTORE_PASSWORD", password);
        }
        command.output().unwrap()
    };
    let refused = |args: &[&str], password: Option<&str>, words: &str| {
        let output = run(args, password);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    };
    refused(&["account", "new", key], None, "needs a password");
    refused(&["account", "new", key], Some(""), "empty password");
    assert!(!Path::new(key).exists(), "a refusal left a file behind");

    let made = run(&["account", "new", key, "--json"], Some("open sesame"));
    assert!(made.status.success(), "{}", stderr(&made));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let shown = run(&["account", "show", key, "--json"], Some("open sesame"));
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(made["address"], shown["address"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(key).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the keystore");
    }

    let before = fs::read(key).unwrap();
    refused(&["account", "new", key], Some("another"), "already");
    assert_eq!(fs::read(key).unwrap(), before);
    refused(
        &["account", "show", key],
        Some("another"),
        "password is wrong",
    );
}

#[test]
fn a_sound_deployment_is_told_from_one_that_expired() {
    let up = Up::start(&[]);
    let sound = up.json(&["check"]);
    assert_eq!(sound["sound"], true);
    assert!(sound["findings"].as_array().unwrap().len() >= 19);

    // A program expires a year after its activation.
    up.json(&["time", "warp", "310d"]);
    let found = |output: &std::process::Output| -> Value {
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let soon = up.weir(&["check", "--json"]);
    assert_eq!(soon.status.code(), Some(5), "{}", stderr(&soon));
    let soon = found(&soon);
    assert_eq!(soon["sound"], false);
    assert_eq!(soon["findings"][0]["sound"], false);
    up.json(&["time", "warp", "60d"]);
    let expired = up.weir(&["check", "--json"]);
    assert_eq!(expired.status.code(), Some(5), "{}", stderr(&expired));
    let next = found(&expired)["findings"][0]["next"].clone();
    assert!(next.as_str().unwrap().contains("activateProgram"), "{next}");
}

#[test]
fn the_lines_of_up_fit_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let mut up = command(home.path(), &["up", "--quiet", "--port", "0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    let stdout = std::io::BufReader::new(up.stdout.take().unwrap());
    for line in std::io::BufRead::lines(stdout) {
        let line = line.unwrap();
        let is_last = line.starts_with("Ctrl-C");
        lines.push(line);
        if is_last {
            break;
        }
    }
    up.kill().unwrap();
    up.wait().unwrap();
    assert!(lines.len() > 30, "{lines:?}");
    for line in lines {
        // A command of another program may be long; an address or a key that is broken cannot be copied.
        let is_command =
            line.trim_start().starts_with("cast ") || line.contains(home.path().to_str().unwrap());
        assert!(
            is_command || line.len() <= 80,
            "{} columns: {line}",
            line.len()
        );
    }
}
