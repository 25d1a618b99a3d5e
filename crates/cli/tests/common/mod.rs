//! The real binary, run as a user runs it.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Compiled contracts are shared by all tests of a run; everything else a test keeps for itself.
fn cache_dir() -> std::path::PathBuf {
    std::env::temp_dir().join("weir-cli-tests")
}

/// A command with a data folder of its own.
pub fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command
        .args(args)
        .env("WEIR_HOME", home)
        .env("XDG_CACHE_HOME", cache_dir())
        .env("NO_COLOR", "1");
    for variable in [
        "WEIR_RPC",
        "WEIR_BOOK",
        "WEIR_KEYSTORE",
        "WEIR_KEYSTORE_PASSWORD",
        "WEIR_PRIVATE_KEY",
    ] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command that needs no chain.
pub fn weir(args: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    command(home.path(), args).output().unwrap()
}

/// stderr as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// stdout as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An amount of a JSON result, wei.
pub fn wei(value: &Value) -> u128 {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not an amount"))
        .parse()
        .unwrap()
}

/// `weir up` on a free port.
pub struct Up {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it printed.
    pub ready: Value,
    /// Its data folder.
    pub home: TempDir,
}

impl Up {
    /// Starts it and waits until it is ready.
    pub fn start(args: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), args)
    }

    /// Starts it with a given data folder.
    pub fn start_in(home: TempDir, args: &[&str]) -> Self {
        Self::start_with(home, args, &cache_dir())
    }

    /// Starts it as on a machine where it never ran, so that every contract is compiled as it is deployed.
    pub fn start_cold(args: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().join("cache");
        Self::start_with(home, args, &cache)
    }

    fn start_with(home: TempDir, args: &[&str], cache: &Path) -> Self {
        let mut all = vec!["up", "--json", "--quiet", "--port", "0"];
        all.extend(args);
        let mut child = command(home.path(), &all)
            .env("XDG_CACHE_HOME", cache)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: `{line}`"));
        Self {
            child,
            stdout,
            ready,
            home,
        }
    }

    /// Where it answers.
    pub fn rpc(&self) -> &str {
        self.ready["rpc"].as_str().unwrap()
    }

    /// Runs a command against it.
    pub fn weir(&self, args: &[&str]) -> Output {
        command(self.home.path(), args)
            .env("WEIR_RPC", self.rpc())
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed, and reads its JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let output = self.weir(&all);
        assert!(
            output.status.success(),
            "weir {}: {}",
            args.join(" "),
            stderr(&output)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs a command that must fail with this code; returns stderr.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.weir(args);
        assert_eq!(
            output.status.code(),
            Some(code),
            "weir {}: {}",
            args.join(" "),
            stderr(&output)
        );
        assert!(
            output.stdout.is_empty(),
            "a failure printed a result: {}",
            stdout(&output)
        );
        stderr(&output)
    }

    /// Stops it with Ctrl-C, waits, and gives its data folder back.
    pub fn interrupt(mut self) -> TempDir {
        let sent = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "weir up does not stop at Ctrl-C"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "weir up ended with {status}");
        let mut more = String::new();
        self.stdout.read_to_string(&mut more).unwrap();
        assert_eq!(more, "", "more than one JSON document on stdout");
        std::mem::replace(&mut self.home, tempfile::tempdir().unwrap())
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
