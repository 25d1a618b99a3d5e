//! Scenarios that are refused, with the line, the value and what was expected.

use weir_lab::scenario::{GALLERY, Scenario};

/// What the refusal of a text says, and its line.
fn refusal(text: &str) -> (Option<usize>, String) {
    let error = Scenario::parse(text).unwrap_err();
    (error.line, error.to_string())
}

#[track_caller]
fn refused(text: &str, line: usize, words: &[&str]) {
    let (at, said) = refusal(text);
    assert_eq!(at, Some(line), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
}

#[test]
fn the_gallery_is_sound() {
    for named in GALLERY {
        let scenario = Scenario::named(named.name).unwrap_or_else(|error| panic!("{error}"));
        assert!(!scenario.title.is_empty() && !scenario.source.is_empty());
    }
}

#[test]
fn a_value_out_of_range_is_named_with_its_line() {
    refused(
        "[trading]\n# a comment\nnoise_eth = -5\n",
        3,
        &["trading.noise_eth", "-5", "ETH from 0"],
    );
    refused(
        "[queue]\nvolatility = -0.1",
        2,
        &["queue.volatility", "-0.1", "a volatility from 0"],
    );
    refused("[queue]\nwait_days = nan", 2, &["NaN", "days from"]);
    refused("[queue]\nwait_days = inf", 2, &["inf"]);
    refused("[holders]\nqueue_part = 1.2", 2, &["a part from 0 to 1"]);
}

#[test]
fn a_wrong_unit_is_an_unknown_key() {
    refused("[queue]\nwait_hours = 48", 2, &["wait_hours", "wait_days"]);
    refused(
        "[vault]\nidle_target_percent = 5",
        2,
        &["idle_target_percent", "idle_target_bps"],
    );
    refused(
        "[vault]\nepoch_days = \"5 days\"",
        2,
        &["epoch_days", "string", "f64"],
    );
}

#[test]
fn a_malformed_file_has_a_line() {
    refused("[queue]\nwait_days = = 3", 2, &["TOML"]);
    refused("[queue\nwait_days = 3", 1, &["TOML"]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    refused(
        "[lending]\nloan_to_value = [0.5, 0.95]",
        2,
        &["liquidation threshold of 0.93"],
    );
    refused(
        "[network]\nclient_parts = [0.5, 0.3]",
        2,
        &["together 0.8", "1 together"],
    );
    refused("[network]\nallocations = 65", 2, &["65"]);
    refused("[vault]\nepoch_days = 1.5", 2, &["whole number of steps"]);
    refused(
        "[slashing]\nveto_window_hours = 130",
        2,
        &["shorter than an epoch"],
    );
    refused(
        "[[event]]\nday = 400\ndo = \"sell_eth\"\namount = 1",
        2,
        &["inside the horizon"],
    );
    refused(
        "[[event]]\nday = 4\ndo = \"client_part\"\nwhich = 9\namount = 1",
        4,
        &["a number under 3"],
    );
    refused(
        "[stableswap]\nvalue_eth = 900000\n[holders]\ndeposits_eth = 1000",
        4,
        &["holders the rest"],
    );
}

#[test]
fn a_setting_is_checked_like_a_file() {
    let set = |text: &str| Scenario::load_with("calm", &[text.to_owned()]);
    assert_eq!(set("queue.wait_days=9").unwrap().queue.wait_days, 9.0);
    assert!(set("lending.oracle=floor").is_ok());
    let error = set("queue.wait_days=-9").unwrap_err().to_string();
    assert!(
        error.contains("-9") && error.contains("days from"),
        "{error}"
    );
    assert!(set("nonsense").is_err());
    assert!(
        Scenario::load("no-such")
            .unwrap_err()
            .to_string()
            .contains("bank-run")
    );
}
