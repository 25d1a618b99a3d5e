//! Governor, curator and guardian on a chain of `weir up`, by hand.

mod common;

use common::{Up, stdout, wei};
use serde_json::Value;

const ONE: u128 = 1_000_000_000_000_000_000;

fn cap(up: &Up, symbol: &str) -> u128 {
    let status = up.json(&["status"]);
    let assets = status["vault"]["assets"].as_array().unwrap();
    let asset = assets.iter().find(|asset| asset["symbol"] == symbol);
    wei(&asset.unwrap()["cap"])
}

fn propose(up: &Up, change: &[&str]) -> Value {
    let head = ["governor", "propose"];
    up.json(&[&head[..], change, &["--from", "governor"]].concat())
}

#[test]
fn what_removes_risk_counts_at_once_and_what_adds_it_waits() {
    let up = Up::start(&[]);
    // Nobody holds shares yet, so nobody is there to be warned.
    let first = propose(&up, &["cap", "reth", "2000000"]);
    assert_eq!(first["wait_s"], 0);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);

    let lower = propose(&up, &["cap", "reth", "4"]);
    assert_eq!(lower["call"]["function"], "setCap(address,uint256)");
    assert_eq!(wei(&lower["changes"][0]["after"]), 4 * ONE);
    assert_eq!(cap(&up, "rETH"), 4 * ONE);

    let raise = ["governor", "propose", "cap", "reth", "8"];
    let shown = up.fails(4, &[&raise[..], &["--from", "alice"]].concat());
    assert!(shown.contains("it is for the governor"), "{shown}");
    let trial = up.json(&[&raise[..], &["--from", "governor", "--dry-run"]].concat());
    assert_eq!(trial["calls"][0]["contract"], "governor");
    assert_eq!(
        trial["result"]["wait_s"],
        (2 * 432_000 + 172_800) + (2 * 432_000 + 43_200) + 86_400
    );
    assert!(
        up.json(&["governor", "list"])
            .as_array()
            .unwrap()
            .is_empty()
    );

    let scheduled = propose(&up, &["cap", "reth", "8"]);
    assert_eq!(scheduled["id"], 1);
    let waiting = up.json(&["governor", "list"]);
    assert_eq!(waiting[0]["state"], "waiting");
    assert_eq!(waiting[0]["ripe_s"], scheduled["ripe_s"]);
    let shown = up.json(&["governor", "show", "1"]);
    assert_eq!(wei(&shown["changes"][0]["before"]), 4 * ONE);
    assert_eq!(wei(&shown["changes"][0]["after"]), 8 * ONE);
    let words = stdout(&up.weir(&["governor", "show", "1"]));
    assert!(
        words.contains("vault.setCap(token: rETH, cap: 8)"),
        "{words}"
    );
    let early = up.fails(4, &["governor", "execute", "1", "--from", "bob"]);
    assert!(early.contains("it waits until"), "{early}");

    up.json(&["time", "warp", "24d"]);
    assert_eq!(up.json(&["governor", "list"])[0]["state"], "ripe");
    up.json(&["governor", "execute", "1", "--from", "bob"]);
    assert_eq!(cap(&up, "rETH"), 8 * ONE);
    let again = up.fails(4, &["governor", "execute", "1", "--from", "bob"]);
    assert!(again.contains("executed before"), "{again}");

    // The guardian may take back what the governor scheduled.
    let fee = propose(&up, &["deposit-fee", "reth", "0.1"]);
    assert_eq!(fee["wait_s"], 172_800);
    up.fails(4, &["governor", "cancel", "2", "--from", "alice"]);
    up.json(&["governor", "cancel", "2", "--from", "curator"]);
    assert!(
        up.json(&["governor", "list"])
            .as_array()
            .unwrap()
            .is_empty()
    );
    let all = up.json(&["governor", "list", "--all"]);
    assert_eq!(
        (&all[0]["state"], &all[1]["state"]),
        (&"cancelled".into(), &"executed".into())
    );

    let history = up.json(&["governor", "history"]);
    let events = history
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap());
    let events: Vec<&str> = events.filter(|event| *event != "acted").collect();
    assert_eq!(events, ["scheduled", "executed", "scheduled", "cancelled"]);
    let status = up.json(&["governor", "status"]);
    assert_eq!(status["scheduled"], 2);
    assert_ne!(status["governor"], status["curator"]);
}

#[test]
fn every_change_has_a_name_and_any_call_can_be_made() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let steth = up.ready["contracts"]["steth"]["address"]
        .as_str()
        .unwrap_or("steth")
        .to_owned();
    let cases: [(&[&str], &str, bool); 18] = [
        (&["list-asset", &steth], "listAsset", true),
        (&["delist", "reth"], "delist", true),
        (&["pocket", "reth"], "pocket", true),
        (&["cap", "reth", "0"], "setCap", false),
        (&["deposit-fee", "reth", "1"], "setDepositFee", true),
        (&["idle-target", "8"], "setIdleTarget", true),
        (&["fee-curve", "--base", "0.1"], "setFeeCurve", true),
        (&["performance-fee", "8"], "setPerformanceFee", true),
        (
            &["fee-split", "--cover", "cover", "--cover-part", "20"],
            "setFeeSplit",
            true,
        ),
        (
            &[
                "rate-source",
                "reth",
                "--source",
                "reth",
                "--call",
                "getExchangeRate()",
                "--max-drop",
                "1",
            ],
            "listSource",
            true,
        ),
        (&["second-source", "reth"], "setSecond", true),
        (&["accept-rate", "reth", "1.01"], "accept", true),
        (&["limits", "--operator", "90"], "setLimits", false),
        (&["groups", "north", "geth", "aws"], "setGroups", false),
        (&["opt-in", "custody"], "optInVault", true),
        (&["roles", "--curator", "dave"], "setRoles", true),
        (
            &["call", "vault", "setIdleTarget", "800"],
            "setIdleTarget",
            true,
        ),
        (&["call", "lrt", "transfer", "alice", "1"], "transfer", true),
    ];
    for (change, function, waits) in cases {
        let head = ["governor", "propose"];
        let tail = ["--from", "governor", "--dry-run"];
        let trial = up.json(&[&head[..], change, &tail].concat());
        let result = &trial["result"];
        let name = result["call"]["function"].as_str().unwrap();
        assert_eq!(name.split('(').next().unwrap(), function, "{change:?}");
        assert_eq!(result["wait_s"].as_u64().unwrap() > 0, waits, "{change:?}");
    }
    // What the contract would refuse is said before the wait begins.
    let early = propose(&up, &["pocket", "reth"]);
    assert!(
        early["refused_now"]
            .as_str()
            .unwrap()
            .contains("still takes deposits")
    );
    let data = early["call"]["data"].as_str().unwrap();
    assert_eq!(
        propose(&up, &["call", "vault", data])["call"],
        early["call"]
    );
    let wrong = [
        "governor", "propose", "call", "vault", "setCaps", "1", "--from", "governor",
    ];
    assert!(up.fails(2, &wrong).contains("setIdleTarget"));
    let wrong = [
        "governor", "propose", "call", "vault", "setCap", "reth", "--from", "governor",
    ];
    assert!(up.fails(2, &wrong).contains("token:address cap:uint256"));
}

#[test]
fn the_curator_allocates_within_limits_that_it_can_tighten() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let risk = |report: &Value, place: &str| -> Value {
        let limits = report["limits"].as_array().unwrap();
        let found = limits.iter().find(|limit| limit["place"] == place);
        found
            .unwrap_or_else(|| panic!("no {place} in {report}"))
            .clone()
    };
    let before = up.json(&["curator", "exposure"]);
    assert_eq!(before["allocations"].as_array().unwrap().len(), 4);
    assert_eq!(
        risk(&before, "operator north")["at_risk_wad"],
        750_000_000_000_000_000_u64
    );
    let words = stdout(&up.weir(&["curator", "exposure"]));
    assert!(
        words.contains("1 attestation") && words.contains("north"),
        "{words}"
    );

    let allocate = ["curator", "allocate", "30", "attestation"];
    let shown = up.fails(4, &[&allocate[..], &["--from", "alice"]].concat());
    assert!(shown.contains("the curator"), "{shown}");
    let done = up.json(&[&allocate[..], &["--from", "curator"]].concat());
    assert_eq!(done["changes"][0]["before"], "400000000000000000");
    let after = up.json(&["curator", "exposure"]);
    assert_eq!(
        after["allocations"][0]["leaving_wad"],
        100_000_000_000_000_000_u64
    );

    // Tighter at once, wider through the governor.
    up.json(&["curator", "limits", "--operator", "80", "--from", "curator"]);
    let limits = up.json(&["curator", "limits"]);
    assert_eq!(
        risk(&limits, "operator north")["headroom_wad"],
        50_000_000_000_000_000_u64
    );
    let wider = ["curator", "limits", "--operator", "90", "--from", "curator"];
    assert!(up.fails(4, &wider).contains("the governor"));
    let above = ["curator", "allocate", "40", "oracle", "--from", "curator"];
    let shown = up.fails(4, &above);
    assert!(shown.contains("north may have 80 % at risk"), "{shown}");

    // What a new limit leaves over it, anyone trims.
    up.json(&["curator", "limits", "--operator", "60", "--from", "curator"]);
    let over = up.json(&["curator", "exposure"]);
    assert_eq!(
        risk(&over, "operator north")["over_wad"],
        150_000_000_000_000_000_u64
    );
    let trim = up.json(&["curator", "trim", "attestation", "--from", "bob"]);
    assert_eq!(trim["new_magnitude_wad"], 250_000_000_000_000_000_u64);
    let shown = up.fails(4, &["curator", "trim", "attestation", "--from", "bob"]);
    assert!(shown.contains("over no limit"), "{shown}");
    let worst = up.json(&["curator", "worst-case"]);
    assert_eq!(worst[0]["who"].as_array().unwrap().len(), 1);
    assert!(wei(&worst[0]["loss"]) > 0);

    up.json(&["curator", "group", "north", "geth", "--from", "curator"]);
    let more = up.json(&["curator", "group", "north", "aws", "--from", "curator"]);
    assert_eq!(more["changes"][0]["after"], "geth, aws");
    let grouped = up.json(&["curator", "exposure"]);
    assert_eq!(
        risk(&grouped, "group aws")["at_risk_wad"],
        750_000_000_000_000_000_u64
    );
}

#[test]
fn the_guardian_pauses_for_a_time_and_then_has_to_rest() {
    let up = Up::start(&[]);
    up.json(&["deposit", "10", "wsteth", "--from", "alice"]);
    let pause = [
        "guardian", "pause", "deposits", "--for", "12h", "--from", "curator",
    ];
    up.json(&pause);
    let shown = up.fails(4, &["deposit", "1", "wsteth", "--from", "bob"]);
    assert!(shown.contains("deposits are paused"), "{shown}");
    let status = up.json(&["guardian", "status"]);
    assert_eq!(status[0]["paused"], true);
    assert_eq!(status[1]["paused"], false);
    assert_eq!(status[1]["cool_until_s"], 0);

    up.json(&["time", "warp", "1h"]);
    up.json(&["guardian", "unpause", "deposits", "--from", "curator"]);
    up.json(&["deposit", "1", "wsteth", "--from", "bob"]);
    let shown = up.fails(4, &pause);
    assert!(shown.contains("as long a rest"), "{shown}");
    let status = up.json(&["guardian", "status"]);
    assert!(status[0]["cool_until_s"].as_u64().unwrap() > 0);
    let long = [
        "guardian", "pause", "instant", "--for", "4d", "--from", "curator",
    ];
    assert!(up.fails(4, &long).contains("3 days at most"));
    up.json(&["guardian", "pause", "allocations", "--from", "curator"]);
    let raise = [
        "curator",
        "allocate",
        "50",
        "attestation",
        "--from",
        "curator",
    ];
    assert!(
        up.fails(4, &raise)
            .contains("raises of allocations are paused")
    );
}
