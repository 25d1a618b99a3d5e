//! The operator's daemon and the watcher, as processes against `weir up`.

mod common;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use common::{Up, command, stderr};
use serde_json::Value;

/// A command that runs until it is stopped, and tells events as lines of JSON.
struct Daemon {
    child: Child,
    events: Receiver<Value>,
}

impl Daemon {
    fn start(up: &Up, args: &[&str]) -> Self {
        let all = [args, &["--json", "--poll", "50ms"]].concat();
        let mut child = command(up.home.path(), &all)
            .env("WEIR_RPC", up.rpc())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self { child, events }
    }

    /// The next event of a kind; others are passed over.
    fn next(&self, kind: &str) -> Value {
        loop {
            let event = self.events.recv_timeout(Duration::from_secs(60));
            let event = event.unwrap_or_else(|_| panic!("no event `{kind}`"));
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// Every event that is there.
    fn all(&self) -> Vec<Value> {
        self.events.try_iter().collect()
    }

    fn interrupt(mut self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "it ended with {status}");
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const OPERATOR: [&str; 4] = ["operator", "run", "--from", "operator"];

#[test]
fn who_equivocates_is_found_filed_and_slashed_with_nobody_asking() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let first = Daemon::start(&up, &["service", "watch", "--from", "dave"]);
    let second = Daemon::start(&up, &["service", "watch", "--from", "erin"]);
    let args = ["--service", "blocks", "--misbehave", "equivocate"];
    let operator = Daemon::start(&up, &[&OPERATOR[..], &args].concat());
    let lie = operator.next("equivocated");
    operator.interrupt();

    // One of the two was first, and the other takes that for done.
    let found = |watcher: &Daemon| loop {
        let event = watcher
            .events
            .recv_timeout(Duration::from_secs(60))
            .unwrap();
        if event["event"] == "filed" || event["event"] == "already_filed" {
            return event;
        }
    };
    let finds = [found(&first), found(&second)];
    let filed: Vec<_> = finds
        .iter()
        .filter(|find| find["event"] == "filed")
        .collect();
    assert!(
        !filed.is_empty() && filed.iter().all(|find| find["id"] == 1),
        "{finds:?}"
    );
    for find in &finds {
        assert_eq!(
            (&find["height"], &find["service"]),
            (&lie["height"], &lie["service"])
        );
    }
    second.interrupt();
    let undecided = up.json(&["status"])["vault"]["undecided"].clone();
    assert_eq!(undecided.as_array().unwrap().len(), 1, "{undecided}");

    // Started anew, a watcher knows from the chain what is to be done.
    first.kill();
    up.json(&["time", "warp", "2d"]);
    let watcher = Daemon::start(&up, &["service", "watch", "--from", "dave"]);
    assert_eq!(watcher.next("armed")["id"], 1);
    let before = up.json(&["status"])["vault"]["rate_wad"].clone();
    up.json(&["time", "warp", "12h"]);
    assert_eq!(watcher.next("executed")["id"], 1);
    assert_ne!(up.json(&["status"])["vault"]["rate_wad"], before);
    watcher.interrupt();
}

#[test]
fn an_honest_operator_is_final_and_survives_being_killed() {
    let up = Up::start(&[]);
    for _ in 0..3 {
        let operator = Daemon::start(&up, &OPERATOR);
        operator.next("attested");
        operator.kill();
        up.json(&["time", "warp", "1m"]);
    }
    // Two daemons with one key: the second does not get the file.
    let operator = Daemon::start(&up, &OPERATOR);
    operator.next("attested");
    let other = up.weir(&[&OPERATOR[..], &["--once"]].concat());
    assert_eq!(other.status.code(), Some(1));
    assert!(
        stderr(&other).contains("one key, one daemon"),
        "{}",
        stderr(&other)
    );
    operator.interrupt();
    up.json(&["time", "warp", "1m"]);
    let once = up.weir(&[&OPERATOR[..], &["--once", "--misbehave", "withhold"]].concat());
    assert!(
        stderr(&once).contains("MISBEHAVIOUR IS ON"),
        "{}",
        stderr(&once)
    );
    assert!(
        stderr(&once).contains("signed nothing"),
        "{}",
        stderr(&once)
    );

    let watcher = Daemon::start(&up, &["service", "watch", "--from", "dave"]);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(
        watcher.all(),
        Vec::<Value>::new(),
        "an honest operator was accused"
    );
    watcher.interrupt();
}

#[test]
fn a_blob_is_held_answered_for_and_slashed_when_it_is_not() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let file = up.home.path().join("blob");
    std::fs::write(&file, vec![7; 5_000]).unwrap();
    let held = up.json(&[
        "operator",
        "hold",
        file.to_str().unwrap(),
        "--from",
        "operator",
    ]);
    assert_eq!(
        (&held["holding"], &held["length"]),
        (&1.into(), &5_000.into())
    );

    let challenge = ["service", "challenge", "1", "--from", "bob"];
    let asked = up.json(&challenge);
    assert!(asked["chunk"].as_u64().unwrap() < 5);
    let operator = Daemon::start(&up, &[&OPERATOR[..], &["--service", "custody"]].concat());
    let answered = operator.next("answered");
    assert_eq!(
        (&answered["challenge"], &answered["chunk"]),
        (&1.into(), &asked["chunk"])
    );
    operator.interrupt();

    for (args, words) in [
        (["--chunk", "5"], "5 chunks, numbered from 0"),
        (["--chunk", "99"], "5 chunks"),
    ] {
        let shown = up.fails(4, &[&challenge[..], &args].concat());
        assert!(shown.contains(words), "{shown}");
    }
    let shown = up.fails(4, &["service", "challenge", "9", "--from", "bob"]);
    assert!(shown.contains("there is no holding 9"), "{shown}");
    let check = up.json(&["check"]);
    let findings = check["findings"].as_array().unwrap();
    let services = findings.iter().filter(|found| {
        let what = found["what"].as_str().unwrap();
        what.starts_with("service ") && found["sound"] == true
    });
    assert_eq!(services.count(), 3, "{check}");

    // Told to answer nothing, it is slashed when the time is over.
    let args = ["--service", "custody", "--misbehave", "withhold"];
    let operator = Daemon::start(&up, &[&OPERATOR[..], &args].concat());
    let watcher = Daemon::start(&up, &["service", "watch", "--from", "dave"]);
    assert_eq!(up.json(&challenge)["challenge"], 2);
    assert_eq!(operator.next("unanswered")["challenge"], 2);
    up.json(&["time", "warp", "61m"]);
    let filed = watcher.next("filed_lost");
    assert_eq!((&filed["challenge"], &filed["id"]), (&2.into(), &1.into()));
    operator.interrupt();
    watcher.interrupt();
}

#[test]
fn what_is_wrong_is_said() {
    let up = Up::start(&[]);
    let shown = up.fails(2, &["operator", "run", "--once", "--from", "dave"]);
    assert!(shown.contains("takes part in no service"), "{shown}");
    let args = [
        "operator",
        "run",
        "--once",
        "--operator",
        "operator",
        "--from",
        "dave",
    ];
    let shown = up.fails(2, &args);
    assert!(shown.contains("signs with the key of"), "{shown}");
}
